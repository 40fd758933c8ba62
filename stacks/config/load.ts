import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { unwrap } from "../../components/settings/words";
import { type Profiles, profiles } from "../profiles";
import { keyOf, valueAtPath } from "./commands";
import { type StackConfig, stackConfigKeys } from "./keys";
import { NAMESPACE } from "./namespace";
import { type ConfigProblem, problemsOf, renderProblems } from "./problems";
import { stackConfigSchema } from "./rules";
import { type OutsideProblem, outsideProblems, placeProblems } from "./stackItself";

export type { StackConfig } from "./keys";
export type { ServiceConfig } from "./service";

/**
 * Reads the stack's configuration, whole and once. Throws one RunError that lists every problem, each with its key, the
 * value got, what is allowed and the command that mends it. `known` are the shapes that an environment may have.
 * https://www.pulumi.com/docs/iac/concepts/config/
 */
export function loadStackConfig(known: Profiles = profiles): StackConfig {
  const stack = pulumi.getStack();
  return loadConfig(stackConfigSchema(known, stack), stackConfigKeys, {
    defaults: { environment: stack },
    outside: outsideProblems(Object.keys(stackConfigKeys.shape)),
    more: (raw) => [...placeProblems(raw), ...regionOfRelease(raw)],
  });
}

/** Another region has an artifact store of its own; the stack's own has one already. */
function regionOfRelease({ releaseTo }: Readonly<Record<string, unknown>>): ConfigProblem[] {
  const region = valueAtPath(releaseTo, ["region"]);
  if (typeof region !== "string" || region !== new pulumi.Config("aws").get("region")) return [];
  const path = ["releaseTo", "region"];
  const text = `expected another region than the stack's own, got "${region}"`;
  return [{ path, text, fixes: [{ path, remove: true }] }];
}

/** What is said of a configuration beside what its schema says. */
interface Besides {
  /** What stands where nothing is set. @default - nothing */
  readonly defaults?: Readonly<Record<string, unknown>>;
  /** What is wrong outside of the program's keys. @default - nothing */
  readonly outside?: readonly OutsideProblem[];
  /** What is wrong with the values where they are. @default - nothing */
  readonly more?: (raw: Readonly<Record<string, unknown>>) => readonly ConfigProblem[];
}

/** The same for another set of keys: `keys` are the top level of `schema`. */
export function loadConfig<T extends z.ZodType>(
  schema: T,
  keys: z.ZodObject,
  { defaults = {}, outside = [], more = () => [] }: Besides = {},
): z.output<T> {
  const config = new pulumi.Config(NAMESPACE);
  const raw: Record<string, unknown> = {};
  for (const key of givenKeys(Object.keys(keys.shape))) {
    const text = config.get(key);
    if (text !== undefined) raw[key] = readValue(key, text, keys);
  }
  const parsed = schema.safeParse({ ...defaults, ...raw }, { reportInput: true });
  const found = parsed.success ? [] : problemsOf(parsed.error, schema, raw);
  const problems = [...found, ...besides(more(raw), found)];
  if (parsed.success && problems.length === 0 && outside.length === 0) return parsed.data;
  throw new pulumi.RunError(renderProblems(pulumi.getStack(), problems, { raw, outside }));
}

/** One problem for each key is enough, and none inside of what is wrong as a whole, or what another one's mend takes away. */
function besides(more: readonly ConfigProblem[], found: readonly ConfigProblem[]): readonly ConfigProblem[] {
  const keys = found.map(({ path }) => keyOf(path));
  const gone = found.flatMap(({ fixes }) => fixes.flatMap((fix) => ("remove" in fix ? keyOf(fix.path) : [])));
  return more.filter(({ path }) => {
    const around = path.map((_, at) => keyOf(path.slice(0, at + 1)));
    // A whole list is about what stands between its items: each of them may have problems of its own.
    return (
      !keys.includes(keyOf(path)) &&
      !around.slice(1).some((key) => keys.includes(key)) &&
      !around.some((key) => gone.includes(key))
    );
  });
}

/** Keys the schema knows, and those the stack file has beside them: a typing error must not be a silent default. */
function givenKeys(known: readonly string[]): string[] {
  const prefix = `${NAMESPACE}:`;
  const given = Object.keys(pulumi.runtime.allConfig()).filter((key) => key.startsWith(prefix));
  return [...new Set([...known, ...given.map((key) => key.slice(prefix.length))])];
}

/** Lists and maps arrive as JSON text, everything else as it stands; the schema says what is wrong with the rest. */
function readValue(key: string, text: string, keys: z.ZodObject): unknown {
  const schema: unknown = keys.shape[key];
  const kind = schema instanceof z.ZodType ? unwrap(schema).def.type : "string";
  if (kind === "string" || kind === "enum" || kind === "boolean") return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
