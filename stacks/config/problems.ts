import { z } from "zod";
import { isOptionalAt, rawAt, schemaAt, unwrap, wordsAt } from "../../components/settings/words";
import {
  type ConfigFix,
  commandsOf,
  isObject,
  keyOf,
  keyPlaceholder,
  type Path,
  stepInto,
  valueAtPath,
  wholeCommand,
} from "./commands";
import { keyProblem } from "./keyProblem";
import { leavesOf, neededLeaves } from "./leaves";
import { meantValue, wordsOf } from "./meant";
import type { RuleParams } from "./rule";
import type { OutsideProblem } from "./stackItself";

/** One thing that is wrong with a stack's configuration. */
export interface ConfigProblem {
  readonly path: Path;
  /** What is wrong, after the key. */
  readonly text: string;
  /** What mends it. */
  readonly fixes: readonly ConfigFix[];
}

/** Turns what the schema found in `raw` into problems that a person can act on. */
export function problemsOf(error: z.ZodError, schema: z.ZodType, raw: unknown): ConfigProblem[] {
  const found = error.issues.map((issue) => ({ issue, problems: problemsOfIssue(issue, [], schema, raw) }));
  const wrong = new Set(
    found.flatMap(({ issue, problems }) => (isSaidOver(issue) ? [] : problems.map(({ path }) => keyOf(path)))),
  );
  // What is wrong in itself needs no second word from a rule over several settings.
  const once = found.flatMap(({ issue, problems }) =>
    isSaidOver(issue)
      ? problems.filter(
          ({ path, fixes }) => ![path, ...fixes.map((fix) => fix.path)].some((at) => wrong.has(keyOf(at))),
        )
      : problems,
  );
  return handedOn(outsideOfRemoved(distinct(once)));
}

/** Whether an issue is about how settings go together. */
function isSaidOver(issue: z.core.$ZodIssue): boolean {
  return (
    issue.code === "custom" && issue.params?.twice !== true && (isRule(issue.params) || Boolean(issue.params?.said))
  );
}

/** What stands in something that has to go needs no mend. */
function outsideOfRemoved(problems: readonly ConfigProblem[]): ConfigProblem[] {
  const gone = new Set(
    problems.flatMap(({ path, fixes: [fix, ...others] }) =>
      fix && others.length === 0 && "remove" in fix && keyOf(fix.path) === keyOf(path) ? [keyOf(path)] : [],
    ),
  );
  return problems.filter(({ path }) => !path.some((_, at) => at > 0 && gone.has(keyOf(path.slice(0, at)))));
}

/** A value that stands at a wrong key is what is missing at the right one: no example takes its place. */
function handedOn(problems: readonly ConfigProblem[]): ConfigProblem[] {
  const sets = problems.flatMap(({ fixes }) =>
    fixes.length > 1 && fixes[0] && "remove" in fixes[0] ? fixes.slice(1) : [],
  );
  const moved = new Map(sets.map((fix) => [keyOf(fix.path), fix]));
  return problems.map((problem) => {
    const [only, ...others] = problem.fixes;
    const found = only && others.length === 0 && !("remove" in only) ? moved.get(keyOf(only.path)) : undefined;
    return found ? { ...problem, fixes: [found] } : problem;
  });
}

function problemsOfIssue(
  issue: z.core.$ZodIssue,
  above: Path,
  schema: z.ZodType,
  raw: unknown,
): readonly ConfigProblem[] {
  const path = [...above, ...issue.path];
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => keyProblem(path, key, schema, raw));
  if (issue.code === "invalid_key") return [wrongKey(path, schema, raw)];
  if (issue.code === "custom") return [ruleProblem(issue, path, schema, raw)];
  if (issue.code === "invalid_union") return unionProblems(issue, path, schema, raw);
  return [valueProblem(path, valueAtPath(raw, path), schema)];
}

/** What is wrong with a value that fits none of several forms: said of the form that it is nearest to. */
function unionProblems(
  issue: z.core.$ZodIssueInvalidUnion,
  path: Path,
  schema: z.ZodType,
  raw: unknown,
): readonly ConfigProblem[] {
  if (issue.discriminator !== undefined) return wrongWord(path, schema, raw);
  const at = schemaAt(schema, path);
  const got = valueAtPath(raw, path);
  const forms = at instanceof z.ZodUnion ? at.options : [];
  const shared = forms.map((form) => (form instanceof z.ZodObject && isObject(got) ? sharedKeys(form, got) : 0));
  const best = shared.indexOf(Math.max(...shared));
  const form = forms[best];
  const issues = issue.errors[best] ?? [];
  if (!(form instanceof z.ZodObject) || (shared[best] ?? 0) === 0) return [valueProblem(path, got, schema)];
  return issues.flatMap((inner) => {
    const where = [...path, ...inner.path];
    if (inner.code === "unrecognized_keys") return inner.keys.map((key) => foreignKey([...where, key], form));
    return problemsOfIssue(inner, path, schema, raw);
  });
}

function sharedKeys(form: z.ZodObject, got: object): number {
  return Object.keys(got).filter((key) => key in form.shape).length;
}

/** A key that the form which the rest makes does not have. */
function foreignKey(path: Path, form: z.ZodObject): ConfigProblem {
  const others = Object.keys(form.shape).join(", ");
  return { path, text: `unknown key beside the others; allowed here: ${others}`, fixes: [{ path, remove: true }] };
}

/** A word that picks among forms, and picks none. */
function wrongWord(path: Path, schema: z.ZodType, raw: unknown): readonly ConfigProblem[] {
  const above = path.slice(0, -1);
  const union = schemaAt(schema, above);
  const words = union instanceof z.ZodDiscriminatedUnion ? wordsOfUnion(union) : [];
  // A word alone stands for the map in which it is the choice.
  const whole = valueAtPath(raw, above);
  const [to, got] = typeof whole === "string" ? [above, whole] : [path, valueAtPath(raw, path)];
  const meant = typeof got === "string" ? meantValue(z.enum(words), got) : undefined;
  const needs = `one of ${words.join(", ")}`;
  const [first = ""] = words;
  const value = got === undefined ? (wordElsewhere(words, whole) ?? wordOfKeys(union, whole) ?? first) : meant;
  const text = `expected ${needs}, ${inWords(got)}`;
  if (typeof value !== "string") return [{ path, text, fixes: [{ path: to, needs }] }];
  const rest = to === path ? restOfForm(union, value, path, whole) : [];
  const others = isObject(whole) && to === path ? inForm(path, value, schema, raw) : [];
  const set = new Set([path, ...rest.map((fix) => fix.path)].map(keyOf));
  return [
    { path, text, fixes: [{ path: to, value }, ...rest] },
    ...others.filter((other) => !set.has(keyOf(other.path))),
  ];
}

/** What else is wrong once the word is the one that was meant. */
function inForm(path: Path, word: string, schema: z.ZodType, raw: unknown): readonly ConfigProblem[] {
  const above = path.slice(0, -1);
  const mended = withValue(raw, path, word);
  const parsed = schemaAt(schema, above)?.safeParse(valueAtPath(mended, above), { reportInput: true });
  return (parsed?.error?.issues ?? []).flatMap((issue) => problemsOfIssue(issue, above, schema, mended));
}

/** The same with another value at a path. */
function withValue(value: unknown, [key, ...rest]: Path, to: string): unknown {
  if (key === undefined) return to;
  const inner = withValue(stepInto(value, key), rest, to);
  if (Array.isArray(value)) return value.map((item: unknown, index) => (index === key ? inner : item));
  return isObject(value) ? { ...value, [key]: inner } : { [key]: inner };
}

/** The word where it stands at another key: `type: rolling`. */
function wordElsewhere(words: readonly string[], whole: unknown): string | undefined {
  const values: readonly unknown[] = isObject(whole) ? Object.values(whole) : [];
  return words.find((word) => values.includes(word));
}

/** The word of the form that has all the keys which are there. */
function wordOfKeys(union: z.ZodType | undefined, whole: unknown): string | undefined {
  if (!(union instanceof z.ZodDiscriminatedUnion) || !isObject(whole)) return undefined;
  const form = union.options.map(asType).find((option) => {
    const inner = unwrap(option);
    return inner instanceof z.ZodObject && Object.keys(whole).every((key) => key in inner.shape);
  });
  return form && wordsOf(schemaAt(form, [union.def.discriminator]))[0];
}

/** What the form that a word picks needs besides. */
function restOfForm(union: z.ZodType | undefined, word: string, path: Path, whole: unknown): readonly ConfigFix[] {
  if (!(union instanceof z.ZodDiscriminatedUnion)) return [];
  const { discriminator } = union.def;
  const form = union.options.find((option) => wordsOf(schemaAt(asType(option), [discriminator])).includes(word));
  return neededLeaves(asType(form), []).flatMap((fix) => {
    const [key] = fix.path;
    const there = key === discriminator || (key !== undefined && isObject(whole) && String(key) in whole);
    return there ? [] : [{ ...fix, path: [...path.slice(0, -1), ...fix.path] }];
  });
}

function wordsOfUnion(union: z.ZodDiscriminatedUnion): readonly string[] {
  return union.options.flatMap((option) =>
    unwrap(asType(option)) instanceof z.ZodObject ? wordsOf(schemaAt(asType(option), [union.def.discriminator])) : [],
  );
}

function asType(schema: unknown): z.ZodType {
  return schema instanceof z.ZodType ? schema : z.never();
}

/** A name that people choose and that AWS would refuse: the value moves to one that it takes. */
function wrongKey(path: Path, schema: z.ZodType, raw: unknown): ConfigProblem {
  const record = schemaAt(schema, path.slice(0, -1));
  const { expected = "another name" } =
    record instanceof z.ZodRecord && record.keyType instanceof z.ZodType ? (wordsAt(record.keyType, []) ?? {}) : {};
  const words = record instanceof z.ZodRecord ? wordsOf(asType(record.keyType)) : [];
  const key = String(path.at(-1));
  const value = valueAtPath(raw, path);
  const meant = words.length > 0 ? meantValue(z.enum(words), key) : undefined;
  const to = [...path.slice(0, -1), typeof meant === "string" ? meant : keyPlaceholder(expected)];
  const moved = leavesOf(value, to);
  return {
    path,
    text: `expected ${words.length > 0 ? `one of ${words.join(", ")}` : expected} as the key, got ${JSON.stringify(key)}`,
    fixes: [{ path, remove: true }, ...(moved ?? [])],
  };
}

/** A value of the wrong form, or none where one is needed. */
function valueProblem(path: Path, got: unknown, schema: z.ZodType): ConfigProblem {
  const words = wordsAt(schema, path);
  const at = schemaAt(schema, path);
  const missing = got === undefined ? words?.missing : undefined;
  const expected = missing ?? words?.expected ?? (at ? formOf(at) : "another value");
  const kept = words?.hidden ?? (at instanceof z.ZodRecord && wordsAt(asType(at.valueType), [])?.hidden);
  const shown = kept && got !== undefined && got !== null && got !== "";
  const hint = words?.hint === undefined ? "" : `; ${words.hint}`;
  const said = shown ? `got something else (not shown: it may be a secret)${hint}` : inWords(got);
  return { path, text: `expected ${expected}, ${said}`, fixes: fixesOf(path, got, schema, expected) };
}

function fixesOf(path: Path, got: unknown, schema: z.ZodType, expected: string): readonly ConfigFix[] {
  const at = rawAt(schema, path);
  if (got === null || got === "") {
    if (isOptionalAt(schema, path) || Number(path.at(-1)) > 0) return [{ path, remove: true }];
    // What a person named has a value that only they know.
    return schemaAt(schema, path.slice(0, -1)) instanceof z.ZodRecord
      ? [{ path, needs: expected }]
      : neededLeaves(schema, path);
  }
  if (at === undefined || got === undefined) return neededLeaves(schema, path);
  const { example = "", hidden, owned } = wordsAt(schema, path) ?? {};
  // What may be a secret is not printed, nor anything made of it.
  const meant = hidden ? undefined : meantValue(at, got);
  if (typeof meant === "object") {
    const first: ConfigFix = { path, remove: true };
    return [first, ...meant.map((value, index) => ({ path: [...path, index], value }))];
  }
  if (meant !== undefined) return [{ path, value: meant }];
  const needs = example === "" || owned ? expected : `${expected}, for example ${String(example)}`;
  return formFixes(path, got, schema) ?? [{ path, needs }];
}

/** What mends a map, a list or a text that stands where another of them belongs. */
function formFixes(path: Path, got: unknown, schema: z.ZodType): readonly ConfigFix[] | undefined {
  const at = schemaAt(schema, path);
  const remove: ConfigFix = { path, remove: true };
  if (at instanceof z.ZodArray && isObject(got)) {
    const moved = byTheirNames(got, path, at) ?? leavesOf(got, [...path, 0]);
    return moved && [remove, ...moved];
  }
  if (at instanceof z.ZodArray && !Array.isArray(got)) return [remove, ...itemsIn(path, got, at)];
  if (at instanceof z.ZodArray && Array.isArray(got) && got.length === 0) {
    return isOptionalAt(schema, path) ? [remove] : neededLeaves(schema, path);
  }
  if (at instanceof z.ZodArray && Array.isArray(got)) return [];
  if (at instanceof z.ZodRecord && Array.isArray(got)) return recordFixes(path, got, at, remove);
  if (!(at instanceof z.ZodObject) && !(at instanceof z.ZodRecord) && !(at instanceof z.ZodUnion)) return undefined;
  const moved = Array.isArray(got) && got.length === 1 && isObject(got[0]) ? leavesOf(got[0], path) : undefined;
  if (moved) return [remove, ...moved];
  const needed = neededLeaves(schema, path);
  const [only, ...others] = needed;
  // A text where a map with one key belongs is that key's value.
  const meant = only && others.length === 0 ? meantValue(rawAt(schema, only.path) ?? z.never(), got) : undefined;
  if (only && typeof meant !== "object" && meant !== undefined) return [remove, { path: only.path, value: meant }];
  if (isObject(got)) return needed.length > 0 ? needed : [remove];
  return [remove, ...needed.map((fix) => asked(fix, schema))];
}

/** Something was meant: an example must not take its place. */
function asked(fix: ConfigFix, schema: z.ZodType): ConfigFix {
  if (!("value" in fix)) return fix;
  const union = schemaAt(schema, fix.path.slice(0, -1));
  const words = union instanceof z.ZodDiscriminatedUnion ? wordsOfUnion(union) : [];
  const expected = words.length > 0 ? `one of ${words.join(", ")}` : wordsAt(schema, fix.path)?.expected;
  return { path: fix.path, needs: `${expected ?? "a value"}, for example ${String(fix.value)}` };
}

/** A map of names to maps where each of a list has its name: an item for each. */
function byTheirNames(got: object, path: Path, at: z.ZodArray): readonly ConfigFix[] | undefined {
  const item = unwrap(asType(at.element));
  const entries: [string, unknown][] = Object.entries(got);
  if (!(item instanceof z.ZodObject) || !("name" in item.shape) || entries.length === 0) return undefined;
  if (!entries.every(([key, value]) => !(key in item.shape) && isObject(value) && !("name" in value))) return undefined;
  return leavesOf(
    entries.map(([name, value]) =>
      Object.fromEntries([["name", name], ...Object.entries(isObject(value) ? value : {})]),
    ),
    path,
  );
}

/** What a list is made of that was written as one text: its parts between commas, or what only a person knows. */
function itemsIn(path: Path, got: unknown, at: z.ZodArray): readonly ConfigFix[] {
  const item = asType(at.element);
  const parts = typeof got === "string" ? got.split(/[,;]/).map((part) => part.trim()) : [];
  if (parts.length > 1 && parts.every((part) => item.safeParse(part).success)) {
    return parts.map((value, index) => ({ path: [...path, index], value }));
  }
  return needsOf(item, [...path, 0]);
}

function needsOf(item: z.ZodType, path: Path): readonly ConfigFix[] {
  return neededLeaves(item, []).map((fix) => {
    const { path: at, ...given } = asked(fix, item);
    return { path: [...path, ...at], ...given };
  });
}

/** A list where names belong to the values: only a person knows which. */
function recordFixes(path: Path, got: readonly unknown[], at: z.ZodRecord, remove: ConfigFix): readonly ConfigFix[] {
  const { expected = "a name" } = wordsAt(asType(at.keyType), []) ?? {};
  const item = asType(at.valueType);
  const { hidden = false, expected: needs = "its value" } = wordsAt(item, []) ?? {};
  const fixes = got.flatMap((one, index): readonly ConfigFix[] => {
    const { name, value } = namedPair(one);
    const known = name !== undefined && asType(at.keyType).safeParse(name).success;
    const to = [...path, known ? name : keyPlaceholder(`${expected} ${index + 1}`)];
    // What may be a secret is not printed.
    return hidden && !item.safeParse(value).success ? [{ path: to, needs }] : (leavesOf(value, to) ?? []);
  });
  return [remove, ...fixes];
}

/** A name and its value as other tools write them: `A=1`, `{ name: A, value: 1 }` or `{ name: A, valueFrom: /a }`. */
function namedPair(one: unknown): { readonly name?: string | undefined; readonly value: unknown } {
  const [, before, after] = typeof one === "string" ? (/^([^=]+)=(.*)$/s.exec(one) ?? []) : [];
  if (before !== undefined) return { name: before, value: after };
  const name = stepInto(one, "name");
  const value = stepInto(one, "value") ?? stepInto(one, "valueFrom");
  return typeof name === "string" && value !== undefined ? { name, value } : { value: one };
}

function isRule(params: unknown): params is RuleParams["params"] {
  return typeof params === "object" && params !== null && "rule" in params;
}

function ruleProblem(
  { message, params, input }: z.core.$ZodIssueCustom,
  above: Path,
  schema: z.ZodType,
  raw: unknown,
): ConfigProblem {
  if (params?.twice === true) {
    return { path: above, text: `expected ${message}`, fixes: [{ path: above, remove: true }] };
  }
  if (!isRule(params)) {
    const got = valueAtPath(raw, above);
    return params?.said ? saidProblem(above, message, got, schema) : valueProblem(above, got, schema);
  }
  const inner = params.at(input);
  const path = [...above.slice(0, above.length - params.depth), ...inner];
  const got = valueAtPath(input, inner);
  const kept = wordsAt(schema, path)?.hidden === true && got !== undefined;
  const said = kept || (typeof got === "object" && got !== null) ? "" : `, ${inWords(got)}`;
  return { path, text: `expected ${message}${said}`, fixes: ruleFixes(params, path, schema, input, got) };
}

function ruleFixes(
  params: RuleParams["params"],
  path: Path,
  schema: z.ZodType,
  input: unknown,
  got: unknown,
): readonly ConfigFix[] {
  const base = path.slice(0, path.length - params.at(input).length);
  const also = params.also(input).map((fix) => ({ path: [...base, ...fix.path], value: fix.value }));
  if (params.remove) return [{ path, remove: true }, ...also];
  const mended = params.rule(input);
  if (mended !== undefined) return [{ path, value: mended }];
  if (got === undefined || got === null) return [...neededLeaves(schema, path), ...also];
  const { expected = "another value" } = wordsAt(schema, path) ?? {};
  return isObject(got) || Array.isArray(got) ? [] : [{ path, needs: expected }];
}

/** What a component says of a setting: which one comes first in it. */
function saidProblem(path: Path, text: string, got: unknown, schema: z.ZodType): ConfigProblem {
  const [, inner = ""] = /^([\w.[\]]+): /.exec(text) ?? [];
  const steps = [...inner.matchAll(/(\w+)|\[(\d+)\]/g)].map(([, key, index]) => key ?? Number(index));
  const where = typeof got === "string" ? path : [...path, ...steps];
  const nothing = /expected nothing|: unknown;/.test(text);
  const known = wordsAt(schema, where)?.expected ?? "another value";
  const [, needs = known] = /expected (.*), (?:got|it is)/.exec(text) ?? [];
  return {
    path,
    text,
    fixes: [nothing && where.length > path.length ? { path: where, remove: true } : { path: where, needs }],
  };
}

function inWords(got: unknown): string {
  if (got === undefined) return "it is not set";
  if (got === null || got === "") return "it is empty";
  // Of a map only the keys: there may be a secret somewhere in it.
  if (isObject(got)) {
    const keys = Object.keys(got).map((key) => JSON.stringify(key));
    return `got a map with ${keys.join(", ") || "nothing"}`;
  }
  if (Array.isArray(got) && got.some((item) => typeof item === "object")) return `got a list of ${got.length}`;
  const text = JSON.stringify(got);
  return `got ${text.length > 300 ? `${text.slice(0, 300)}...` : text}`;
}

function formOf(schema: z.ZodType): string {
  if (schema instanceof z.ZodArray) return "a list";
  if (schema instanceof z.ZodObject) return `a map with ${Object.keys(schema.shape).join(", ")}`;
  if (schema instanceof z.ZodDiscriminatedUnion) return `a map with ${schema.def.discriminator}`;
  return schema instanceof z.ZodRecord ? "a map" : "text";
}

function distinct(problems: readonly ConfigProblem[]): ConfigProblem[] {
  const keys = problems.map(({ path, text }) => `${keyOf(path)} ${text}`);
  return problems.filter((_, index) => keys.indexOf(keys[index] ?? "") === index);
}

/** The message: every problem, and below it the commands that mend it. */
export function renderProblems(
  stack: string,
  problems: readonly ConfigProblem[],
  { raw, outside }: { readonly raw: unknown; readonly outside: readonly OutsideProblem[] },
): string {
  const others = outside.flatMap(({ key, text, commands }) => [
    oneLine(`  ${/^[\w:.' -]+$/.test(key) ? key : JSON.stringify(key)}: ${text}`),
    ...commands.flatMap((words) => wholeCommand(stack, words)).map((command) => `    ${command}`),
  ]);
  const lines = ordered(problems).flatMap(({ path, text, fixes }) => {
    const commands = commandsOf(stack, fixes, raw);
    const byHand = commands.length > 0 ? "" : `; no command says what: correct it in Pulumi.${stack}.yaml`;
    return [oneLine(`  ${keyOf(path)}: ${text}${byHand}`), ...commands.map((command) => `    ${command}`)];
  });
  return [`Pulumi.${stack}.yaml has ${outside.length + problems.length} problem(s):`, ...others, ...lines].join("\n");
}

/** Removing an item of a list moves those behind it: the last comes first, after everything that counts them. */
function ordered(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  const index = ({ fixes: [fix] }: ConfigProblem) => {
    const last = fix && "remove" in fix ? fix.path.at(-1) : undefined;
    return typeof last === "number" ? last : -1;
  };
  const [items, others] = [problems.filter((one) => index(one) >= 0), problems.filter((one) => index(one) < 0)];
  return [...others, ...items.sort((a, b) => index(b) - index(a))];
}

/** What came from a file must not look like a line of its own. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, (char) => JSON.stringify(char).slice(1, -1));
}
