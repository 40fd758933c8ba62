import { matchesGlob } from "../graph/eventPattern";
import type { RecordedStatement } from "../graph/iam";
import { mapOf, textsOf, type Values } from "../graph/read";
import { conditionKeys, conditionsHold } from "./evaluate/conditions";
import { type AccessCaller, type Context, contextOf } from "./evaluate/request";
import type { Need } from "./need";

/** What statements allow and nobody needs, each as the end of a sentence that begins with who may. */
export function excessIn(
  statements: readonly RecordedStatement[],
  needs: readonly Need[],
  caller: AccessCaller,
): readonly string[] {
  return statements
    .filter(({ effect }) => effect === "Allow")
    .flatMap((statement) => excessOf(statement, needs, caller));
}

function excessOf(statement: RecordedStatement, needs: readonly Need[], caller: AccessCaller): readonly string[] {
  const { actions, resources } = statement;
  const calls = actions.map((action) => ({
    action,
    needs: needs.filter((need) => need.actions.some((one) => isIn(action, one))),
  }));
  const open = calls.filter((call) => call.needs.length > 0 && isOpen(call.action));
  const idle = calls.filter((call) => call.needs.length === 0).map(({ action }) => action);
  const used = calls.filter((call) => call.needs.length > 0);
  const wide = used.flatMap(({ action, needs: some }) =>
    resources
      .filter((resource) => !some.some((need) => isWithin(resource, need)))
      .map((resource) => ({ action, resource, scopes: some.flatMap(scopesOf) })),
  );
  const bare = used.flatMap(({ needs: some }) => {
    const here = some.filter(
      (need) => resources.length === 0 || resources.some((resource) => isWithin(resource, need)),
    );
    // Where something else makes the call on the same and has no such key, the statement cannot ask for it.
    const isFree = (key: string) => here.some(({ context = {} }) => context[key] === undefined);
    return here.flatMap((need) => unasked(statement, need, caller)).filter((key) => !isFree(key));
  });
  return [
    ...(idle.length > 0
      ? [`may ${idle.join(", ")}${on(resources)}, which nothing that it is used for calls; take it away`]
      : []),
    ...open.map(({ action, needs: some }) => {
      const needed = [...new Set(some.flatMap(({ actions: all }) => all.filter((one) => isIn(action, one))))];
      return `may ${action}${on(resources)}, and needs ${few(needed)}; name the calls`;
    }),
    ...[...new Set(wide.map(({ resource }) => resource))].map((resource) => {
      const some = wide.filter((one) => one.resource === resource);
      const scopes = [...new Set(some.flatMap((one) => one.scopes))];
      return `may ${some.map(({ action }) => action).join(", ")} on ${resource}, and needs it on ${few(scopes)}; name that`;
    }),
    ...[...new Set(bare)].map(
      (key) =>
        `may ${used.map(({ action }) => action).join(", ")}${on(resources)} whatever ${key} is; add the condition`,
    ),
  ];
}

/** Whether a statement is about nothing but calls that are needed, and on something that they are needed on. */
export function isAbout({ actions, resources }: RecordedStatement, needs: readonly Need[]): boolean {
  return actions.every((action) =>
    needs.some(
      (need) => need.actions.some((one) => isIn(action, one)) && resources.some((resource) => isWithin(resource, need)),
    ),
  );
}

/** How many of a list messages name. */
const NAMED = 3;

function few(list: readonly string[]): string {
  const more = list.length - NAMED;
  return more > 0 ? `${list.slice(0, NAMED).join(", ")} and ${more} more` : list.join(", ");
}

function on(resources: readonly string[]): string {
  return resources.length === 0 ? "" : ` on ${few(resources)}`;
}

/** Calls that AWS's own pages name by their beginning: each is one right in two forms. */
const ONE_RIGHT = ["kms:generatedatakey*", "kms:reencrypt*"];

function isOpen(pattern: string): boolean {
  return /[*?]/.test(pattern) && !ONE_RIGHT.includes(pattern.toLowerCase());
}

function isIn(pattern: string, action: string): boolean {
  return matchesGlob(pattern.toLowerCase(), action.toLowerCase());
}

function scopesOf({ within, resources }: Need): readonly string[] {
  return within ?? resources;
}

function isWithin(resource: string, need: Need): boolean {
  return scopesOf(need).some((scope) => matchesGlob(scope, resource));
}

/** The keys of a call that a statement lets be anything. */
export function unasked(
  statement: RecordedStatement,
  { context = {}, beside = {} }: Pick<Need, "context" | "beside">,
  caller: AccessCaller,
): readonly string[] {
  const all = contextOf({ caller, action: "", resource: "", context: { ...beside, ...context } });
  if (!conditionsHold(statement, all)) return [];
  const strange = foreignIn(beside);
  return keysOf(context).filter((key) =>
    conditionsHold(statement, { ...all, ...strange, ...foreignIn({ [key]: context[key] }) }),
  );
}

/** The keys that are in a request. */
export function keysOf(context: Context): readonly string[] {
  return Object.keys(context).filter((key) => context[key] !== undefined);
}

function foreignIn(context: Context): Context {
  return Object.fromEntries(
    Object.entries(context).flatMap(([key, value]) =>
      value === undefined ? [] : [[key.toLowerCase(), foreign(value)]],
    ),
  );
}

/** A value of the same form that is somebody else's. */
function foreign(value: NonNullable<Context[string]>): string {
  const [text = ""] = textsOf(value);
  if (/^\d{12}$/.test(text)) return "000000000000";
  if (!text.startsWith("arn:")) return `other-${text}`;
  return /:\d{12}:/.test(text) ? text.replace(/:\d{12}:.*$/, ":000000000000:other") : text.replace(/[^:]*$/, "other");
}

/**
 * What is wrong with a policy that admits an AWS principal: everybody, or every role of an account where one is meant; or
 * nobody, where the account and the role that it asks for are not the same.
 */
export function openTo(statement: RecordedStatement, principal: string): readonly string[] {
  if (principal === "*") {
    const keys = conditionKeys(statement);
    return keys.some((key) => /^aws:(principal|source)/.test(key)) ? [] : ["admits everybody; name who is meant"];
  }
  const account = /^(?:arn:[^:]+:iam::)?(\d{12})(?::root)?$/.exec(principal)?.[1];
  if (account === undefined) return [];
  const partition = principal.split(":")[1] ?? "aws";
  const anyone = { arn: `arn:${partition}:iam::${account}:role/somebody-else`, account };
  // Whatever else it asks for: every role can have that.
  if (conditionsHold(ofWho(statement), contextOf({ caller: anyone, action: "", resource: "" }))) {
    return [`admits every role of account ${account}; add the condition aws:PrincipalArn`];
  }
  const named = Object.values(statement.condition).flatMap((block) => textsOf(mapOf(block)["aws:PrincipalArn"]));
  const strays = named.filter((arn) => arn.split(":")[4] !== account);
  return strays.length === 0
    ? []
    : [`admits account ${account} and asks for ${strays.join(", ")}, so nobody; name one account`];
}

/** What a statement asks of who calls. */
function ofWho({ condition }: RecordedStatement): Pick<RecordedStatement, "condition"> {
  const blocks = Object.entries(condition).map(([operator, block]): [string, Values] => [
    operator,
    Object.fromEntries(Object.entries(mapOf(block)).filter(([key]) => /^aws:principal/i.test(key))),
  ]);
  return { condition: Object.fromEntries(blocks) };
}
