import { globExpression } from "../../model/graph/eventPattern";
import type { RecordedStatement } from "../../model/graph/iam";
import { isMap, listOf, mapOf, textsOf, type Values } from "../../model/graph/read";
import type { Widening } from "./change";

/** One call on one resource that one statement allows or denies. */
interface Grant {
  readonly allows: boolean;
  /** Who may; empty in a policy of a role. */
  readonly principal: string;
  readonly action: string;
  /** Empty in a trust policy. */
  readonly resource: string;
  readonly condition: string;
  readonly tests: readonly Test[];
}

/** One key that a condition compares: a request passes with one of the values, or with none of them where it says not. */
interface Test {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** What the statements of two policies make possible and impossible, in words. */
export function compareStatements(before: readonly RecordedStatement[], after: readonly RecordedStatement[]): Widening {
  const [old, young] = [grantsIn(before), grantsIn(after)];
  const come = young.filter((grant) => !old.some((other) => covers(other, grant)));
  const gone = old.filter((grant) => !young.some((other) => covers(other, grant)));
  const [allowed, denied] = [come.filter(({ allows }) => allows), come.filter(({ allows }) => !allows)];
  const [refused, freed] = [gone.filter(({ allows }) => allows), gone.filter(({ allows }) => !allows)];
  const [formerly, now] = [otherwise("before", old), otherwise("now", young)];
  return {
    widened: [...sentences(allowed, "", formerly), ...sentences(freed, "no longer denied: ")],
    narrowed: [...sentences(refused, "", now), ...sentences(denied, "denied: ")],
  };
}

function grantsIn(statements: readonly RecordedStatement[]): readonly Grant[] {
  return statements.flatMap((statement) => {
    const { effect, actions, notActions, resources, notResources } = statement;
    const called = notActions.length > 0 ? [`every call but ${notActions.join(", ")}`] : actions;
    const on = notResources.length > 0 ? [`everything but ${notResources.join(", ")}`] : resources;
    const { principals, condition } = whoIn(statement);
    const tests = testsIn(condition);
    return principals.flatMap((principal) =>
      called.flatMap((action) =>
        (on.length > 0 ? on : [""]).map((resource) => ({
          allows: effect === "Allow",
          principal,
          action,
          resource,
          condition: conditionWords(tests),
          tests,
        })),
      ),
    );
  });
}

/**
 * Who a statement is about: one empty text where it names nobody. An account of which a condition leaves one role means
 * that role.
 */
function whoIn({ principal, condition }: RecordedStatement): { principals: readonly string[]; condition: Values } {
  if (principal === undefined) return { principals: [""], condition };
  const principals = isMap(principal) ? Object.values(principal).flatMap(textsOf) : textsOf(principal);
  const { ArnLike, ...others } = condition;
  const { "aws:PrincipalArn": arns, ...rest } = mapOf(ArnLike);
  if (arns === undefined || !principals.every((one) => one.endsWith(":root"))) return { principals, condition };
  return {
    principals: textsOf(arns),
    condition: Object.keys(rest).length > 0 ? { ...others, ArnLike: rest } : others,
  };
}

function testsIn(condition: Values): readonly Test[] {
  return Object.entries(condition).flatMap(([operator, block]) =>
    Object.entries(mapOf(block)).map(([key, value]) => ({
      operator,
      key,
      values: listOf(value).map(String).sort(),
    })),
  );
}

/** `ArnLike aws:PrincipalArn arn:...; StringEquals ...`, the same for conditions that mean the same. */
function conditionWords(tests: readonly Test[]): string {
  return tests
    .map(({ operator, key, values }) => `${operator} ${key} ${values.join(" or ")}`)
    .sort()
    .join("; ");
}

/** Whether one grant includes another: its patterns match at least as much, and it asks no more. */
function covers(wide: Omit<Grant, "condition">, narrow: Grant): boolean {
  return (
    wide.allows === narrow.allows &&
    globExpression(wide.principal).test(narrow.principal) &&
    wide.tests.every((test) => narrow.tests.some((other) => passes(test, other))) &&
    globExpression(wide.action, "i").test(narrow.action) &&
    globExpression(wide.resource).test(narrow.resource)
  );
}

/** Whether what passes the narrow test passes the wide one. */
function passes(wide: Test, narrow: Test): boolean {
  if (wide.operator !== narrow.operator || wide.key !== narrow.key) return false;
  const isIn = (one: string, all: readonly string[]) =>
    all.some((other) => other === one || (/Like(?:IfExists)?$/.test(wide.operator) && globExpression(other).test(one)));
  return /(?:^|:)(?:String|Arn|Numeric|Date)?Not/.test(wide.operator)
    ? wide.values.every((one) => isIn(one, narrow.values))
    : narrow.values.every((one) => isIn(one, wide.values));
}

/** One sentence for calls on the same resource. */
function sentences(
  grants: readonly Grant[],
  prefix: string,
  addition: (grant: Grant) => string = () => "",
): readonly string[] {
  const groups = new Map<string, { readonly start: string; readonly actions: string[]; readonly end: string }>();
  for (const grant of grants) {
    const { principal, action, resource, condition } = grant;
    const start = `${prefix}${principal && `${principal}: `}`;
    const end = `${resource && ` on ${resource}`}${condition && ` (${condition})`}${addition(grant)}`;
    const group = groups.get(start + end) ?? { start, actions: [], end };
    group.actions.push(action);
    groups.set(start + end, group);
  }
  return [...groups.values()].map(({ start, actions, end }) => start + [...new Set(actions)].join(", ") + end);
}

/** Says so if the other side has the same under another condition. */
function otherwise(when: string, others: readonly Grant[]): (grant: Grant) => string {
  return (grant) => {
    if (grant.condition !== "") return "";
    const other = others.find((one) => covers({ ...one, tests: [] }, grant));
    return other ? `, ${when} only if ${other.condition}` : "";
  };
}
