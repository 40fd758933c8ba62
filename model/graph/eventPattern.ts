import { isMap, listOf, mapOf, textOf } from "./read";

/**
 * Whether an EventBridge pattern matches an event. Of the comparison operators those that name texts; an operator it
 * does not know matches nothing.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function matchesPattern(pattern: unknown, event: unknown): boolean {
  if (!isMap(pattern)) return false;
  return Object.entries(pattern).every(([key, expected]) => {
    const value = mapOf(event)[key];
    if (isMap(expected)) return matchesPattern(expected, value);
    return listOf(expected).some((choice) => matchesValue(choice, value));
  });
}

function matchesValue(choice: unknown, value: unknown): boolean {
  if (isMap(choice)) return matchesOperator(choice, value);
  return listOf(value).some((item) => item === choice);
}

function matchesOperator(choice: Readonly<Record<string, unknown>>, value: unknown): boolean {
  const [[operator, argument] = ["", undefined]] = Object.entries(choice);
  if (operator === "exists") return (value !== undefined) === argument;
  return listOf(value).some((item) => {
    const text = textOf(item) ?? "";
    switch (operator) {
      case "prefix":
        return text.startsWith(textOf(argument) ?? "\0");
      case "suffix":
        return text.endsWith(textOf(argument) ?? "\0");
      case "equals-ignore-case":
        return text.toLowerCase() === textOf(argument)?.toLowerCase();
      case "wildcard":
        return globExpression(textOf(argument) ?? "").test(text);
      case "anything-but":
        return isMap(argument) ? !matchesOperator(argument, item) : !listOf(argument).includes(item);
      default:
        return false;
    }
  });
}

/** Expressions that were made, by their pattern: policies say the same thing again and again. */
const expressions = new Map<string, RegExp>();

/** Whether a pattern in which `*` stands for any text, and `?` for any character, means a text. */
export function matchesGlob(pattern: string, text: string): boolean {
  if (pattern === text || pattern === "*") return true;
  if (!pattern.includes("*") && !pattern.includes("?")) return false;
  const known = expressions.get(pattern) ?? globExpression(pattern);
  if (expressions.size > 10_000) expressions.clear();
  expressions.set(pattern, known);
  return known.test(text);
}

/** An expression for a pattern in which `*` stands for any text and, in IAM, `?` for any character. */
export function globExpression(pattern: string, flags = ""): RegExp {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${escaped}$`, `s${flags}`);
}
