import { globExpression } from "../../graph/eventPattern";
import type { RecordedStatement } from "../../graph/iam";
import { mapOf, textsOf } from "../../graph/read";
import type { Context } from "./request";

/**
 * Whether the conditions of a statement hold in a request: all operators, all keys; of a key's values any one.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 */
export function conditionsHold({ condition }: Pick<RecordedStatement, "condition">, context: Context): boolean {
  return Object.entries(condition).every(([operator, block]) =>
    Object.entries(mapOf(block)).every(([key, values]) =>
      holds(
        operator,
        valuesOf(context[key.toLowerCase()]),
        textsOf(values).map((text) => filled(text, context)),
      ),
    ),
  );
}

/** The keys that a statement's conditions ask for, in lower case. */
export function conditionKeys({ condition }: Pick<RecordedStatement, "condition">): readonly string[] {
  return Object.values(condition).flatMap((block) => Object.keys(mapOf(block)).map((key) => key.toLowerCase()));
}

function valuesOf(value: string | readonly string[] | undefined): readonly string[] | undefined {
  return typeof value === "string" ? [value] : value;
}

function holds(operator: string, given: readonly string[] | undefined, expected: readonly string[]): boolean {
  const [, set, name = operator, ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  if (name === "Null") return expected.includes(String(given === undefined || given.length === 0));
  if (given === undefined || given.length === 0)
    return ifExists !== undefined || set === "ForAllValues" || isNegative(name);
  const matches = (value: string) => {
    const some = expected.some((one) => compare(name.replace("Not", ""), value, one));
    return isNegative(name) ? !some : some;
  };
  return set === "ForAnyValue" ? given.some(matches) : given.every(matches);
}

function isNegative(name: string): boolean {
  return name.includes("Not");
}

/** One value against one expectation. An operator that is not known holds for nothing. */
function compare(operator: string, value: string, expected: string): boolean {
  switch (operator) {
    case "StringEquals":
      return value === expected;
    case "StringEqualsIgnoreCase":
      return value.toLowerCase() === expected.toLowerCase();
    case "StringLike":
      return globExpression(expected).test(value);
    case "ArnEquals":
    case "ArnLike":
      return arnLike(expected, value);
    case "Bool":
      return value.toLowerCase() === expected.toLowerCase();
    case "NumericEquals":
      return Number(value) === Number(expected);
    case "NumericLessThan":
      return Number(value) < Number(expected);
    case "NumericLessThanEquals":
      return Number(value) <= Number(expected);
    case "NumericGreaterThan":
      return Number(value) > Number(expected);
    case "NumericGreaterThanEquals":
      return Number(value) >= Number(expected);
    case "DateLessThan":
      return Date.parse(value) < Date.parse(expected);
    case "DateGreaterThan":
      return Date.parse(value) > Date.parse(expected);
    default:
      return false;
  }
}

/** Each of the six parts of an ARN by itself: a star in one of them covers no colon. */
function arnLike(pattern: string, arn: string): boolean {
  const [parts, values] = [splitArn(pattern), splitArn(arn)];
  if (parts.length !== 6 || values.length !== 6) return globExpression(pattern).test(arn);
  return parts.every((part, index) => globExpression(part).test(values[index] ?? ""));
}

function splitArn(arn: string): readonly string[] {
  const [head, resource] = [arn.split(":").slice(0, 5), arn.split(":").slice(5).join(":")];
  return [...head, resource];
}

/**
 * A policy variable, `${aws:PrincipalAccount}`, with its value in the request; one that is not there matches nothing.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function filled(text: string, context: Context): string {
  if (!text.includes("${")) return text;
  return text.replace(/\$\{([^}]+)\}/g, (whole, key: string) => {
    if (["*", "?", "$"].includes(key)) return key;
    const [value] = valuesOf(context[key.trim().toLowerCase()]) ?? [];
    return value ?? whole;
  });
}
