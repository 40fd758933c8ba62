import { z } from "zod";

/** What a value's schema says to people: the message of a problem, the command that mends it and the reference use it. */
export interface LeafMeta {
  /** In words, after "expected". */
  readonly expected: string;
  /** A value that is right. */
  readonly example: string | number | boolean;
  /** Whether a wrong value may be a secret that stands where its name should: then it is not shown. @default false */
  readonly hidden?: boolean;
}

/** Gives a schema its words and an example. */
export function leaf<T extends z.ZodType>(schema: T, expected: string, example: LeafMeta["example"]): T {
  return schema.meta({ expected, example });
}

/** Text that matches a pattern. */
export function text(rule: { pattern: RegExp; max?: number; expected: string }, example: string) {
  return leaf(
    z
      .string()
      .max(rule.max ?? 2048)
      .regex(rule.pattern),
    rule.expected,
    example,
  );
}

/** A whole number; the CLI may have written it as text. */
export function wholeNumber(min: number, max: number, example: number, what = "") {
  const number = z.number().int().min(min).max(max);
  return leaf(
    z.preprocess((value) => (typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : value), number),
    `a whole number from ${min} to ${max}${what && `, ${what}`}`,
    example,
  );
}

/** true or false; the CLI may have written it as text. */
export function flag(example: boolean) {
  return leaf(
    z.preprocess((value) => (value === "true" ? true : value === "false" ? false : value), z.boolean()),
    "true or false",
    example,
  );
}

/** One of a list of words. */
export function oneOf<const T extends readonly [string, ...string[]]>(words: T, example: T[number] = words[0]) {
  return leaf(z.enum(words), `one of ${words.join(", ")}`, example);
}

/** `{ existing: <name or ARN> }`: someone else's, which the program neither creates nor changes. */
export function existing(what: string, example: string, pattern = /^[A-Za-z0-9_./:@-]+$/) {
  return z.strictObject({
    existing: text({ pattern, expected: what }, example).describe(
      "The one that is there already; it is neither created nor changed",
    ),
  });
}

/** Where a rule's problem stands, and what would be right there. */
export interface RuleOptions<T> {
  readonly path: readonly string[];
  readonly mend?: (value: T) => LeafMeta["example"];
  /** Whether nothing is right there: the command that mends it removes the key. */
  readonly remove?: boolean;
}

/** How a rule is handed to `refine`, and what it says of a value that would be right. */
export interface RuleParams {
  path: string[];
  when: (payload: { value: unknown }) => boolean;
  error: (issue: { input?: unknown }) => string;
  params: { rule: (value: unknown) => LeafMeta["example"] | undefined; remove: boolean };
}

/**
 * Arguments of `refine` for a rule over several fields: it runs as soon as those fields are right in themselves, so that
 * all problems come in one message. `problem` says what is expected, or nothing.
 */
export function rule<T extends z.ZodType>(
  fields: T,
  problem: (value: z.output<T>) => string | undefined,
  options: RuleOptions<z.output<T>>,
): [check: (value: unknown) => boolean, how: RuleParams] {
  const read = (value: unknown) => fields.safeParse(value);
  const said = (value: unknown) => {
    const { success, data } = read(value);
    return success ? problem(data) : undefined;
  };
  return [
    (value: unknown) => said(value) === undefined,
    {
      path: [...options.path],
      when: ({ value }: { value: unknown }) => read(value).success,
      error: ({ input }: { input?: unknown }) => said(input) ?? "",
      params: {
        rule: (value: unknown) => options.mend?.(fields.parse(value)),
        remove: options.remove ?? false,
      },
    },
  ];
}

/** The schema at a path, without its wrappers. */
export function schemaAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  const at = rawAt(schema, path);
  return at && unwrap(at);
}

/** The words of the schema at a path. */
export function metaAt(schema: z.ZodType, path: readonly PropertyKey[]): LeafMeta | undefined {
  for (let inner = rawAt(schema, path); inner; inner = unwrapOnce(inner)) {
    const { expected, example, hidden } = inner.meta() ?? {};
    if (typeof expected === "string" && isExample(example)) return { expected, example, hidden: hidden === true };
  }
  return undefined;
}

function rawAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  return path.reduce<z.ZodType | undefined>((at, key) => at && step(at, key), schema);
}

function isExample(value: unknown): value is LeafMeta["example"] {
  return ["string", "number", "boolean"].includes(typeof value);
}

/** The schema inside `optional`, `default` or `preprocess`. */
export function unwrapOnce(schema: z.ZodType): z.ZodType | undefined {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return asType(schema.unwrap());
  return schema instanceof z.ZodPipe ? asType(schema.out) : undefined;
}

/** The schema without its wrappers. */
export function unwrap(schema: z.ZodType): z.ZodType {
  const inner = unwrapOnce(schema);
  return inner ? unwrap(inner) : schema;
}

function step(schema: z.ZodType, key: PropertyKey): z.ZodType | undefined {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject) return asType(inner.shape[String(key)]);
  if (inner instanceof z.ZodArray) return asType(inner.element);
  if (inner instanceof z.ZodUnion) {
    return inner.options.map((option) => step(asType(option) ?? z.never(), key)).find((found) => found);
  }
  return inner instanceof z.ZodRecord ? asType(inner.valueType) : undefined;
}

function asType(schema: unknown): z.ZodType | undefined {
  return schema instanceof z.ZodType ? schema : undefined;
}
