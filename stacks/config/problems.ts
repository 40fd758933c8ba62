import { z } from "zod";
import type { Scalar } from "../../components/settings/setting";
import { schemaAt, unwrap, wordsAt } from "../../components/settings/words";
import { NAMESPACE } from "./namespace";
import type { RuleParams } from "./rule";

type Path = readonly PropertyKey[];

/** One thing that is wrong with a stack's configuration. */
export interface ConfigProblem {
  readonly path: Path;
  /** What is wrong, after the key. */
  readonly text: string;
  /** Arguments of the `pulumi config` commands that mend it: `set` with a value, or `rm`. */
  readonly fixes: readonly ConfigFix[];
}

/** A value to set, or (without one) a key to remove. */
export interface ConfigFix {
  readonly path: Path;
  readonly value?: Scalar;
}

/** Turns what the schema found into problems that a person can act on. */
export function problemsOf(error: z.ZodError, schema: z.ZodType): ConfigProblem[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => unknownKey(schema, issue.path, key, issue.input));
    if (issue.code === "custom") return [ruleProblem(issue, schema)];
    if (issue.code === "invalid_union" && issue.discriminator) return [wrongWord(issue.path, issue.input, schema)];
    return [valueProblem(issue.path, issue.input, schema)];
  });
}

/** A word that picks among forms, and picks none: the words are those of the value it stands in. */
function wrongWord(path: Path, whole: unknown, schema: z.ZodType): ConfigProblem {
  const { expected = "another word", example } = wordsAt(schema, path.slice(0, -1)) ?? {};
  const got = valueAt(whole, path.at(-1));
  return { path, text: `expected ${expected}, ${describe(got)}`, fixes: example ? [{ path, value: example }] : [] };
}

/** What to set where a map is missing; which item of a list is meant nobody can say. */
function missingLeaves(schema: z.ZodType, path: Path): readonly ConfigFix[] {
  const at = schemaAt(schema, path);
  return at instanceof z.ZodArray ? [] : requiredLeaves(at, path);
}

function valueAt(whole: unknown, key: PropertyKey | undefined): unknown {
  if (typeof whole !== "object" || whole === null || Array.isArray(whole)) return undefined;
  return Object.entries(whole).find(([name]) => name === key)?.[1] as unknown;
}

/** A value of the wrong form, or none where one is needed. */
export function valueProblem(path: Path, got: unknown, schema: z.ZodType): ConfigProblem {
  const meta = wordsAt(schema, path);
  const at = schemaAt(schema, path);
  const expected =
    (got === undefined ? meta?.missing : undefined) ?? meta?.expected ?? (at ? formOf(at) : "another value");
  const fixes = meta && meta.example !== "" ? [{ path, value: meta.example }] : requiredLeaves(at, path);
  const said = meta?.hidden && got !== undefined ? "got something else (not shown: it may be a secret)" : describe(got);
  return { path, text: `expected ${expected}, ${said}`, fixes };
}

function unknownKey(schema: z.ZodType, path: Path, key: string, whole: unknown): ConfigProblem {
  const at = schemaAt(schema, path);
  const elsewhere = at instanceof z.ZodDiscriminatedUnion ? keyOfOthers(at, key, whole) : undefined;
  if (elsewhere !== undefined) return { path: [...path, key], text: elsewhere, fixes: [{ path: [...path, key] }] };
  const allowed = at ? keysOf(at) : [];
  const near = allowed.find((name) => distance(name, key) <= 2);
  const text =
    `unknown key${near ? `, did you mean ${near}?` : "; allowed here:"} ${near ? "" : allowed.join(", ")}`.trim();
  return { path: [...path, key], text, fixes: [{ path: [...path, key] }] };
}

/** What to say of a key that other forms of a union have. */
function keyOfOthers(union: z.ZodDiscriminatedUnion, key: string, whole: unknown): string | undefined {
  const { discriminator } = union.def;
  const forms = union.options.flatMap((option) => (option instanceof z.ZodObject && key in option.shape ? option : []));
  if (forms.length === 0) return undefined;
  const words = forms.flatMap((form) => wordsOf(asType(form.shape[discriminator])).slice(0, 1));
  const said = union.meta()?.elsewhere === "nothing" ? "expected nothing" : "unknown key";
  return `${said}, because only ${words.join(" and ")} has it and the ${discriminator} is ${String(valueAt(whole, discriminator))}`;
}

/** The words that a literal or an enumeration takes. */
function wordsOf(schema: z.ZodType | undefined): readonly string[] {
  if (schema instanceof z.ZodLiteral) return [...schema.values].map(String);
  return schema instanceof z.ZodEnum ? schema.options.map(String) : [];
}

function asType(schema: unknown): z.ZodType | undefined {
  return schema instanceof z.ZodType ? schema : undefined;
}

function isRule(params: unknown): params is RuleParams["params"] {
  return typeof params === "object" && params !== null && "rule" in params;
}

function keysOf(schema: z.ZodType): string[] {
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape);
  if (!(schema instanceof z.ZodUnion)) return [];
  return [...new Set(schema.options.flatMap((option) => (option instanceof z.ZodType ? keysOf(option) : [])))];
}

function ruleProblem(issue: z.core.$ZodIssueCustom, schema: z.ZodType): ConfigProblem {
  const { path, message, params } = issue;
  if (!isRule(params)) {
    return params?.said ? { path, text: message, fixes: [{ path }] } : valueProblem(path, issue.input, schema);
  }
  const whole = issue.input;
  const got = valueAt(whole, path.at(-1));
  const mended = params.rule(whole);
  const value = mended ?? wordsAt(schema, path)?.example;
  const said = Array.isArray(whole) || typeof got === "object" ? "" : `, ${describe(got)}`;
  if (params.remove) return { path, text: `expected ${message}${said}`, fixes: [{ path }] };
  return {
    path,
    text: `expected ${message}${said}`,
    fixes: value === undefined || value === "" ? missingLeaves(schema, path) : [{ path, value }],
  };
}

function describe(got: unknown): string {
  return got === undefined ? "it is not set" : `got ${JSON.stringify(got)}`;
}

function formOf(schema: z.ZodType): string {
  if (schema instanceof z.ZodArray) return "a list";
  if (!(schema instanceof z.ZodObject)) return "a map";
  return `a map with ${Object.keys(schema.shape).join(", ")}`;
}

/** What has to be set below a path: the examples of every field that has no default. */
function requiredLeaves(schema: z.ZodType | undefined, path: Path): ConfigFix[] {
  if (schema instanceof z.ZodArray && schema.element instanceof z.ZodType) {
    return requiredLeaves(unwrap(schema.element), [...path, 0]);
  }
  if (schema instanceof z.ZodRecord && schema.valueType instanceof z.ZodType) {
    const key = schema.keyType instanceof z.ZodType ? wordsAt(schema.keyType, []) : undefined;
    const value = wordsAt(schema.valueType, []);
    return key && value ? [{ path: [...path, String(key.example)], value: value.example }] : [];
  }
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const [first] = schema.options;
    return requiredLeaves(asType(first), path);
  }
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).flatMap(([key, field]) => {
    if (!(field instanceof z.ZodType) || field instanceof z.ZodOptional) return [];
    const [word] = wordsOf(field);
    if (word !== undefined) return [{ path: [...path, key], value: word }];
    const meta = wordsAt(field, []);
    return meta ? [{ path: [...path, key], value: meta.example }] : requiredLeaves(unwrap(field), [...path, key]);
  });
}

/** The message: every problem, and below it the command that mends it. */
export function renderProblems(stack: string, problems: readonly ConfigProblem[]): string {
  const lines = problems.flatMap(({ path, text, fixes }) => [
    `  ${keyOf(path)}: ${text}`,
    ...fixes.map((fix) => `    ${commandOf(stack, fix)}`),
  ]);
  return [`Pulumi.${stack}.yaml has ${problems.length} problem(s):`, ...lines].join("\n");
}

/** A path as the CLI writes it: `ecs-delivery:services[0].container.port`. */
export function keyOf(path: Path): string {
  const [first = "", ...rest] = path;
  const steps = rest.map((key) => {
    if (typeof key === "number") return `[${key}]`;
    return /^[A-Za-z0-9_]+$/.test(String(key)) ? `.${String(key)}` : `["${String(key)}"]`;
  });
  return `${NAMESPACE}:${String(first)}${steps.join("")}`;
}

function commandOf(stack: string, { path, value }: ConfigFix): string {
  const key = `--stack ${stack} --path '${keyOf(path)}'`;
  return value === undefined ? `pulumi config rm ${key}` : `pulumi config set ${key} ${quote(String(value))}`;
}

function quote(value: string): string {
  return /^[\w./:@-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}

/** Edits between two words: how far a typing error is from what was meant. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, from] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, to] of [...b].entries()) {
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (from === to ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
