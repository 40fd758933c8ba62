/** What is wrong in an event pattern: where, and what is expected there. */
export interface PatternProblem {
  readonly path: readonly PropertyKey[];
  readonly expected: string;
}

/** Most characters of a pattern. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html */
export const PATTERN_MAX = 4096;

/** Every event has these, and nothing beside them: a pattern that asks for another matches none. */
const EVENT_FIELDS = [
  "source",
  "detail-type",
  "detail",
  "resources",
  "account",
  "region",
  "time",
  "id",
  "version",
  "$or",
] as const;

/** Comparisons of texts. */
const TEXT_OPERATORS: readonly string[] = ["prefix", "suffix", "equals-ignore-case", "wildcard"];
const OPERATORS = [...TEXT_OPERATORS, "anything-but", "numeric", "cidr", "exists"];
const COMPARISONS = ["<", "<=", "=", ">", ">="];
const LARGEST = 5_000_000_000;

type Found = readonly PatternProblem[];
type Path = readonly PropertyKey[];

/**
 * What is wrong with an event pattern: objects down to lists of values and comparisons.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function eventPatternProblems(pattern: unknown): Found {
  if (!isMap(pattern) || Object.keys(pattern).length === 0)
    return said([], "an object of lists, like { source: [aws.s3] }");
  const foreign = Object.keys(pattern).filter((key) => !EVENT_FIELDS.some((field) => field === key));
  const size = JSON.stringify(pattern).length;
  return [
    ...foreign.flatMap((key) => said([key], `one of ${EVENT_FIELDS.join(", ")}: events have nothing else`)),
    ...fields(pattern, []),
    ...(size > PATTERN_MAX ? said([], `at most ${PATTERN_MAX} characters, these are ${size}`) : []),
  ];
}

function fields(pattern: Readonly<Record<string, unknown>>, path: Path): Found {
  return Object.entries(pattern).flatMap(([key, value]): Found => {
    const at = [...path, key];
    if (key === "$or") return alternatives(value, at);
    if (isMap(value)) return Object.keys(value).length === 0 ? said(at, "fields, or a list") : fields(value, at);
    if (!Array.isArray(value)) return said(at, `a list of what it may be, like [${JSON.stringify(value)}]`);
    if (value.length === 0) return said(at, "a list with something in it");
    return value.flatMap((choice: unknown, index) => choiceProblems(choice, [...at, index]));
  });
}

function alternatives(value: unknown, at: Path): Found {
  if (!Array.isArray(value) || value.length < 2) return said(at, "a list of two patterns or more");
  return value.flatMap((one: unknown, index): Found => {
    const where = [...at, index];
    return isMap(one) && Object.keys(one).length > 0 ? fields(one, where) : said(where, "a pattern");
  });
}

function choiceProblems(choice: unknown, at: Path): Found {
  if (choice === null || ["string", "boolean"].includes(typeof choice)) return [];
  if (typeof choice === "number") return Math.abs(choice) <= LARGEST ? [] : said(at, `a number up to ${LARGEST}`);
  if (!isMap(choice)) return said(at, "a text, a number, true, false, null or a comparison");
  const [[operator = "", argument] = [], ...more] = Object.entries(choice);
  if (more.length > 0 || !OPERATORS.includes(operator)) return said(at, `one comparison of ${OPERATORS.join(", ")}`);
  const expected = operatorProblem(operator, argument);
  return expected === undefined ? [] : said([...at, operator], expected);
}

function operatorProblem(operator: string, argument: unknown): string | undefined {
  switch (operator) {
    case "exists":
      return typeof argument === "boolean" ? undefined : "true or false";
    case "cidr":
      return typeof argument === "string" && /^[0-9a-fA-F.:]+\/\d{1,3}$/.test(argument)
        ? undefined
        : "a range like 10.0.0.0/24";
    case "numeric":
      return isRange(argument) ? undefined : 'a comparison like [">", 0] or [">", 0, "<=", 5]';
    case "anything-but":
      return isOther(argument) ? undefined : "a text or a number, a list of them, or a comparison of texts";
    default:
      return isComparedText(operator, argument) ? undefined : "a text";
  }
}

/** `{ prefix: { equals-ignore-case: ... } }` is one, too. A wildcard has no two stars beside one another. */
function isComparedText(operator: string, argument: unknown): boolean {
  if (typeof argument === "string") return operator !== "wildcard" || !argument.includes("**");
  if (!isMap(argument) || !["prefix", "suffix"].includes(operator)) return false;
  const [[inner, text] = [], ...more] = Object.entries(argument);
  return more.length === 0 && inner === "equals-ignore-case" && typeof text === "string";
}

function isRange(argument: unknown): boolean {
  if (!Array.isArray(argument) || ![2, 4].includes(argument.length)) return false;
  return argument.every((part: unknown, index) =>
    index % 2 === 0
      ? typeof part === "string" && COMPARISONS.includes(part)
      : typeof part === "number" && Math.abs(part) <= LARGEST,
  );
}

function isOther(argument: unknown): boolean {
  const isPlain = (value: unknown) => typeof value === "string" || typeof value === "number";
  const isList = (value: unknown) => Array.isArray(value) && value.length > 0 && value.every(isPlain);
  if (!isMap(argument)) return isPlain(argument) || isList(argument);
  const [[operator = "", value] = [], ...more] = Object.entries(argument);
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
  return (
    more.length === 0 &&
    TEXT_OPERATORS.includes(operator) &&
    texts.length > 0 &&
    texts.every((text) => isComparedText(operator === "wildcard" ? "wildcard" : "", text))
  );
}

function said(path: Path, expected: string): Found {
  return [{ path, expected }];
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
