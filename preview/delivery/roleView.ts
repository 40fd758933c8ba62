import { globExpression } from "../../model/graph/eventPattern";
import type { RecordedGraph, RecordedResource } from "../../model/graph/graph";
import { policiesOf, type RecordedStatement, statementsIn } from "../../model/graph/iam";
import { mapOf, textsOf } from "../../model/graph/read";
import { arnOf, className, ofType, TYPES } from "../../model/graph/resources";
import { WHYS } from "./whys";

/** What a statement lets a role do, each ARN of the graph as its resource's class and name. */
export interface StatementView {
  readonly denies: boolean;
  readonly may: readonly string[];
  readonly on: readonly string[];
  readonly when: readonly ConditionView[];
  readonly why: string;
}

/** A condition of a statement. */
export interface ConditionView {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** A role of a stack: who takes it, and what it may do then. */
export interface RoleView {
  readonly name: string;
  readonly takenBy: readonly { readonly who: readonly string[]; readonly when: readonly ConditionView[] }[];
  readonly statements: readonly StatementView[];
}

/** Every role of a stack. */
export function rolesIn(graph: RecordedGraph): readonly RoleView[] {
  return ofType(graph, TYPES.role).map((role) => viewRole(graph, role));
}

/** A role as a person reads it. */
export function viewRole(graph: RecordedGraph, role: RecordedResource): RoleView {
  return {
    name: role.name,
    takenBy: statementsIn(role.inputs.assumeRolePolicy).map((one) => {
      const { AWS, Service, Federated } = mapOf(one.principal);
      return {
        who: [...textsOf(Service), ...textsOf(AWS), ...textsOf(Federated).map(providerName)],
        when: conditionsOf(graph, one),
      };
    }),
    statements: policiesOf(graph, role)
      .flatMap(({ text }) => statementsIn(text))
      .map((one) => ({
        denies: one.effect === "Deny",
        may: one.actions,
        on: [...new Set(one.resources.map((text) => placeOf(graph, text)))],
        when: conditionsOf(graph, one),
        why: whyOf(one),
      })),
  };
}

/** `GitHub Actions`, or an identity provider by its own name: `id.example.com`. */
function providerName(provider: string): string {
  const name = provider.replace(/^arn:[^:]*:iam::\d*:(?:oidc|saml)-provider\//, "");
  return name === "token.actions.githubusercontent.com" ? "GitHub Actions" : name;
}

function placeOf(graph: RecordedGraph, text: string): string {
  const known = graph.resources
    .flatMap((resource) => {
      // What is given an ARN is about something else, which has it.
      const arn = resource.inputs.arn === undefined ? arnOf(resource) : undefined;
      return arn !== undefined && (text === arn || text.startsWith(`${arn}/`) || text.startsWith(`${arn}:`))
        ? [{ resource, arn }]
        : [];
    })
    .sort((a, b) => b.arn.length - a.arn.length)[0];
  if (known) return `${className(known.resource.type)} ${known.resource.name}${text.slice(known.arn.length)}`;
  // What has a name of its own: the account and the region are those of the stack.
  const [, , service, , , ...rest] = text.split(":");
  return text.startsWith("arn:") ? `${service ?? ""} ${rest.join(":")}` : text;
}

function conditionsOf(graph: RecordedGraph, { condition }: RecordedStatement): readonly ConditionView[] {
  return Object.entries(condition).flatMap(([operator, block]) =>
    Object.entries(mapOf(block)).map(([key, values]) => ({
      operator,
      key,
      values: textsOf(values).map((text) => placeOf(graph, text)),
    })),
  );
}

/** What a statement is there for. */
export function whyOf({ actions, ...rest }: RecordedStatement): string {
  const said = JSON.stringify(rest);
  const texts = actions.flatMap((called) => {
    const found = WHYS.find(
      ({ action, about }) => globExpression(action, "i").test(called) && (about === undefined || about.test(said)),
    );
    return found?.why ?? [];
  });
  return [...new Set(texts)].join("; ");
}
