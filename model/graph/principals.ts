import { globExpression } from "./eventPattern";
import type { RecordedStatement } from "./iam";
import { isMap, mapOf, textsOf } from "./read";

/** A role that a policy admits: its name, or the beginning of it and `*`. */
export interface AdmittedRole {
  readonly role: string;
  readonly account: string;
}

/** The roles that a policy admits: as principals, or by a condition on who they are. */
export function admittedRoles(statements: readonly RecordedStatement[]): readonly AdmittedRole[] {
  const arns = statements
    .filter(({ effect }) => effect === "Allow")
    .flatMap(({ principal, condition }) => [
      ...textsOf(mapOf(principal).AWS),
      ...Object.values(condition).flatMap((block) => (isMap(block) ? textsOf(block["aws:PrincipalArn"]) : [])),
    ]);
  return [...new Set(arns)].flatMap((arn) => {
    const [, account = "", role] = /^arn:[^:]+:iam::(\d*):role\/(.+)$/.exec(arn) ?? [];
    return role === undefined ? [] : [{ role, account }];
  });
}

/** A call of a role on something of someone else; in a trust policy the role itself is what it is on. */
interface Call {
  /** ARN of who makes it. */
  readonly roleArn: string;
  readonly action: string;
  readonly resource?: string;
}

/**
 * Whether the policy of a resource lets a role make a call. Conditions on who it is are looked at, all others count as
 * met; a Deny under one of those does not count.
 */
export function admits(statements: readonly RecordedStatement[], call: Call): boolean {
  const applying = statements.filter((statement) => appliesTo(statement, call));
  const denied = applying.some(({ effect, condition }) => effect === "Deny" && testsIn(condition).every(isOfWho));
  return !denied && applying.some(({ effect }) => effect === "Allow");
}

function appliesTo(
  { actions, resources, principal, condition }: RecordedStatement,
  { roleArn, action, resource }: Call,
): boolean {
  return (
    actions.some((pattern) => globExpression(pattern, "i").test(action)) &&
    (resource === undefined || resources.some((pattern) => globExpression(pattern).test(resource))) &&
    isMeant(principal, roleArn) &&
    testsIn(condition).every((test) => !isOfWho(test) || holds(test, roleArn))
  );
}

/** A role, its whole account, or everyone. */
function isMeant(principal: unknown, roleArn: string): boolean {
  const account = roleArn.split(":")[4] ?? "";
  const root = `${roleArn.split(":role/")[0] ?? ""}:root`;
  const meant = principal === "*" ? ["*"] : textsOf(mapOf(principal).AWS);
  return meant.some((one) => ["*", roleArn, root, account].includes(one));
}

interface ConditionTest {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

function testsIn(condition: RecordedStatement["condition"]): readonly ConditionTest[] {
  return Object.entries(condition).flatMap(([operator, block]) =>
    Object.entries(mapOf(block)).map(([key, values]) => ({
      operator: operator.replace(/IfExists$/, ""),
      key: key.toLowerCase(),
      values: textsOf(values),
    })),
  );
}

function isOfWho({ key }: ConditionTest): boolean {
  return key === "aws:principalarn" || key === "aws:principalaccount";
}

function holds({ operator, key, values }: ConditionTest, roleArn: string): boolean {
  const who = key === "aws:principalarn" ? roleArn : (roleArn.split(":")[4] ?? "");
  const exact = /^String(Not)?Equals/.test(operator);
  const matches = values.some((value) => (exact ? value === who : globExpression(value).test(who)));
  return operator.includes("Not") ? !matches : matches;
}
