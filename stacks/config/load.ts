import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { unwrap } from "../../components/settings/words";
import { type Profiles, profiles } from "../profiles";
import { type StackConfig, stackConfigKeys } from "./keys";
import { NAMESPACE } from "./namespace";
import { problemsOf, renderProblems } from "./problems";
import { stackConfigSchema } from "./rules";

export type { StackConfig } from "./keys";
export type { ServiceConfig } from "./service";

/**
 * Reads the stack's configuration, whole and once. Throws one RunError that lists every problem, each with its key, the
 * value got, what is allowed and the command that mends it. `known` are the shapes that an environment may have.
 * https://www.pulumi.com/docs/iac/concepts/config/
 */
export function loadStackConfig(known: Profiles = profiles): StackConfig {
  const config = loadConfig(stackConfigSchema(known), stackConfigKeys, { environment: pulumi.getStack() });
  const region = config.releaseTo?.region;
  if (region !== undefined && region === new pulumi.Config("aws").get("region")) {
    const path = ["releaseTo", "region"];
    const text = `expected another region than the stack's own, got "${region}"`;
    throw new pulumi.RunError(renderProblems(pulumi.getStack(), [{ path, text, fixes: [{ path, remove: true }] }], {}));
  }
  return config;
}

/** The same for another set of keys: `keys` are the top level of `schema`, `defaults` what stands where nothing is set. */
export function loadConfig<T extends z.ZodType>(
  schema: T,
  keys: z.ZodObject,
  defaults: Readonly<Record<string, unknown>> = {},
): z.output<T> {
  const config = new pulumi.Config(NAMESPACE);
  const raw: Record<string, unknown> = {};
  for (const key of givenKeys(Object.keys(keys.shape))) {
    const text = config.get(key);
    if (text !== undefined) raw[key] = readValue(key, text, keys);
  }
  const parsed = schema.safeParse({ ...defaults, ...raw }, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw new pulumi.RunError(renderProblems(pulumi.getStack(), problemsOf(parsed.error, schema, raw), raw));
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
