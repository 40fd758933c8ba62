import { z } from "zod";

/** What people read of a setting, beside its documentation. */
export interface SettingWords {
  /** What it takes, after "expected". */
  readonly expected: string;
  /** What is said instead where it is not set. @default - `expected` */
  readonly missing?: string | undefined;
  /** What helps to see what is wrong with a value that is not shown. @default - nothing */
  readonly hint?: string | undefined;
  /** What a number counts: seconds, tasks. @default - nothing that has a name */
  readonly unit?: string | undefined;
  /** A value that is right; "" where none can be made up. */
  readonly example: Scalar;
  /** Whether a wrong value may be a secret that stands where its name should: then it is not shown. @default false */
  readonly hidden?: boolean | undefined;
  /** Whether it names something of someone's, so that an example would be a lie. @default false */
  readonly owned?: boolean | undefined;
  /** What a wrong value says in the right form, if that is beyond doubt. @default - nothing is read into it */
  readonly meant?: ((given: unknown) => Scalar | readonly Scalar[] | undefined) | undefined;
}

/** A value that can be written in one word. */
export type Scalar = string | number | boolean;

/** A setting that has a default. */
export interface Defaulted<T> extends z.ZodOptional<z.ZodType<T>> {
  /** What stands where it is left out. */
  readonly fallback: T;
}

/** What stands where a setting is left out, or a value that is right where it must be given. */
export type Given<T> = { readonly default: T; readonly example?: Scalar } | { readonly example: Scalar };

/** A setting of this type: one with a default may be left out. */
export type Setting<T, G> = G extends { readonly default: T } ? Defaulted<T> : z.ZodType<T>;

/** A setting: what it takes, as a schema and in words, and its default or an example. */
export function setting<T, G extends Given<T>>(
  schema: z.ZodType<T>,
  words: Omit<SettingWords, "example">,
  given: G,
): Setting<T, G>;
export function setting<T>(
  schema: z.ZodType<T>,
  words: Omit<SettingWords, "example">,
  given: Given<T>,
): z.ZodType<T> | Defaulted<T> {
  const fallback = "default" in given ? given.default : undefined;
  const example = given.example ?? (isScalar(fallback) ? fallback : "");
  const described = schema.meta({ ...schema.meta(), ...words, example });
  return fallback === undefined ? described : Object.assign(described.optional(), { fallback });
}

/** A whole number; the CLI may have written it as text. `words` are said in the place of its range. */
export function wholeNumber<const G extends Given<number>>(
  min: number,
  max: number,
  given: G & { readonly unit?: string; readonly words?: string },
): Setting<number, G> {
  const { unit, words } = given;
  const expected = words ?? `a whole number from ${min} to ${max}${unit === undefined ? "" : `, ${unit}`}`;
  return setting<number, G>(z.preprocess(readNumber, z.number().int().min(min).max(max)), { expected, unit }, given);
}

/** A whole number of minutes. */
export function minutes<const G extends Given<number>>(min: number, max: number, given: G): Setting<number, G> {
  return wholeNumber(min, max, { ...given, unit: "minutes" });
}

/** A whole number of seconds. */
export function seconds<const G extends Given<number>>(min: number, max: number, given: G): Setting<number, G> {
  return wholeNumber(min, max, { ...given, unit: "seconds" });
}

/** A TCP port. */
export function port<const G extends Given<number>>(given: G): Setting<number, G> {
  return wholeNumber(1, 65_535, given);
}

/** A number above 0. */
export function positiveNumber<const G extends Given<number>>(given: G): Setting<number, G> {
  return setting<number, G>(z.preprocess(readNumber, z.number().positive()), { expected: "a number above 0" }, given);
}

/** One of a list of numbers. */
export function oneOfNumbers<const G extends Given<number>>(numbers: readonly number[], given: G): Setting<number, G> {
  const schema = z.preprocess(
    readNumber,
    z.number().refine((value) => numbers.includes(value)),
  );
  return setting<number, G>(schema, { expected: `one of ${numbers.join(", ")}` }, given);
}

/** A share in percent. Fractions are well. */
export function percent<const G extends Given<number>>(min: number, max: number, given: G): Setting<number, G> {
  const schema = z.preprocess(readNumber, z.number().min(min).max(max));
  return setting<number, G>(schema, { expected: `${min} to ${max} percent` }, given);
}

/** true or false; the CLI may have written it as text. */
export function flag<const G extends Given<boolean>>(given: G): Setting<boolean, G> {
  const schema = z.preprocess((value) => (value === "true" ? true : value === "false" ? false : value), z.boolean());
  return setting<boolean, G>(schema, { expected: "true or false" }, given);
}

/** One of a list of words. */
export function oneOf<const W extends readonly [string, ...string[]], const G extends Given<W[number]>>(
  words: W,
  given: G,
): Setting<W[number], G> {
  return setting<W[number], G>(z.enum(words), { expected: `one of ${words.join(", ")}` }, given);
}

/** What AWS allows in a text. */
interface TextRule {
  readonly pattern: RegExp;
  /** Most characters. @default 2048 */
  readonly max?: number;
  /** In words, for messages. */
  readonly expected: string;
  /** In words, where it is not set. @default - `expected` */
  readonly missing?: string;
  /** Whether a wrong value may be a secret. @default false */
  readonly hidden?: boolean;
  /** Whether it names something of someone's. @default false */
  readonly owned?: boolean;
  /** What a wrong text says in the right form, if that is beyond doubt. @default - nothing is read into it */
  readonly meant?: SettingWords["meant"];
}

/** Text that matches a pattern. */
export function text<const G extends Given<string>>(rule: TextRule, given: G): Setting<string, G> {
  const { pattern, max = 2048, ...words } = rule;
  const schema = z.string().max(max).regex(pattern);
  // A number or a flag is text where AWS wants text; where a secret's name belongs it is not.
  return setting<string, G>(words.hidden ? schema : z.preprocess(readText, schema), words, given);
}

/** Text of which a function says what is wrong. */
export function checkedText<const G extends Given<string>>(
  problems: (value: string) => readonly string[] | string | undefined,
  expected: string,
  given: G & { readonly meant?: SettingWords["meant"] },
): Setting<string, G> {
  const { meant } = given;
  const isRight = (value: string) => (problems(value)?.length ?? 0) === 0;
  return setting<string, G>(z.string().refine(isRight), { expected, meant }, given);
}

/** How many a list may have, and in words what it is. */
interface ListRule {
  /** Fewest. @default 0 */
  readonly min?: number;
  /** Most. @default - as many as there are */
  readonly max?: number;
  /** In words, for messages. @default "a list" */
  readonly expected?: string;
  /** Whether nothing may be there twice; of maps, no name. @default false */
  readonly distinct?: boolean;
}

/** A list of settings. */
export function listSetting<T>(
  item: z.ZodType<T>,
  { min = 0, max, expected = "a list", distinct = false }: ListRule = {},
): z.ZodType<readonly T[]> {
  const list = max === undefined ? z.array(item).min(min) : z.array(item).min(min).max(max);
  return (distinct ? list.superRefine(refuseTwice) : list).meta({ expected, example: "" });
}

/** Says of each item that was there before that it is there twice. */
function refuseTwice(items: readonly unknown[], context: z.core.$RefinementCtx): void {
  const names = items.map((item) => JSON.stringify(nameOf(item)));
  names.forEach((name, index) => {
    if (name === undefined || names.indexOf(name) === index) return;
    const message = `no second ${name}`;
    context.addIssue({ code: "custom", path: [index], message, input: items[index], params: { twice: true } });
  });
}

function nameOf(item: unknown): unknown {
  return typeof item === "object" && item !== null && "name" in item ? item.name : item;
}

/** Settings that belong together. */
export function group<T>(definitions: z.ZodRawShape & GroupOf<T>): z.ZodType<T>;
export function group(definitions: z.ZodRawShape): z.ZodType {
  return z.strictObject(definitions);
}

type GroupOf<T> = { readonly [K in keyof Required<T>]: z.ZodType<T[K]> };

/** Values by names that people choose. */
export function mapSetting<T>(
  name: TextRule & { readonly example: string },
  item: z.ZodType<T>,
): z.ZodType<Readonly<Record<string, T>>> {
  const { pattern, max = 2048, expected, example } = name;
  return z.record(z.string().max(max).regex(pattern).meta({ expected, example }), item);
}

function readNumber(value: unknown): unknown {
  return typeof value === "string" && /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
}

/** Numbers and flags in words; a number that has lost digits on the way is left alone. */
export function readText(value: unknown): unknown {
  if (typeof value === "boolean") return String(value);
  return typeof value === "number" && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? String(value) : value;
}

function isScalar(value: unknown): value is Scalar {
  return ["string", "number", "boolean"].includes(typeof value);
}
