import { z } from "zod";
import { rawAt, unwrap, wordsAt } from "../../components/settings/words";

/** Keys and indices down to a setting. */
export type SettingPath = readonly (string | number)[];

/** Every setting below a schema: of a list its first item, of a map one key, of several forms each. */
export function settingPaths(schema: z.ZodType, above: SettingPath = []): SettingPath[] {
  const inner = unwrap(schema);
  const below = (type: unknown, key: string | number): SettingPath[] =>
    type instanceof z.ZodType ? [[...above, key], ...settingPaths(type, [...above, key])] : [];
  if (inner instanceof z.ZodObject) return Object.entries(inner.shape).flatMap(([key, field]) => below(field, key));
  if (inner instanceof z.ZodArray) return below(inner.element, 0);
  if (inner instanceof z.ZodRecord) return below(inner.valueType, keyOf(inner));
  if (!(inner instanceof z.ZodUnion)) return [];
  const all = inner.options.flatMap((option) => (option instanceof z.ZodType ? settingPaths(option, above) : []));
  return [...new Map(all.map((path) => [JSON.stringify(path), path])).values()];
}

function keyOf({ keyType }: z.ZodRecord): string {
  if (!(keyType instanceof z.ZodType)) return "key";
  if (keyType instanceof z.ZodEnum) return String(keyType.options[0]);
  return String(wordsAt(keyType, [])?.example ?? "key");
}

/** A value that a schema takes, with what it cannot do without. */
export function sample(schema: z.ZodType): unknown {
  const inner = unwrap(schema);
  const example = wordsAt(schema, [])?.example;
  if (example !== undefined && example !== "") return example;
  if (inner instanceof z.ZodLiteral) return [...inner.values][0];
  if (inner instanceof z.ZodEnum) return inner.options[0];
  if (inner instanceof z.ZodArray) return inner.element instanceof z.ZodType ? [sample(inner.element)] : [];
  if (inner instanceof z.ZodRecord)
    return { [keyOf(inner)]: inner.valueType instanceof z.ZodType ? sample(inner.valueType) : "x" };
  if (inner instanceof z.ZodUnion) {
    const [first] = inner.options;
    return first instanceof z.ZodType ? sample(first) : {};
  }
  if (!(inner instanceof z.ZodObject)) return "x";
  const needed = Object.entries(inner.shape).filter(([, field]) => !(field instanceof z.ZodOptional));
  return Object.fromEntries(needed.map(([key, field]) => [key, field instanceof z.ZodType ? sample(field) : "x"]));
}

/** Values with one more at a path; what is missing on the way is made of samples. */
export function withValue(values: unknown, schema: z.ZodType, path: SettingPath, value: unknown): unknown {
  return path.length === 0 ? value : put(structuredClone(values), schema, path, 0, value);
}

function put(at: unknown, schema: z.ZodType, path: SettingPath, depth: number, value: unknown): unknown {
  const key = path[depth];
  if (key === undefined) return value;
  const found = rawAt(schema, path.slice(0, depth));
  const made = typeof at === "object" && at !== null ? at : found ? sample(found) : {};
  const holder = (typeof made === "object" && made !== null ? made : {}) as Record<string | number, unknown>;
  holder[key] = put(holder[key], schema, path, depth + 1, value);
  return holder;
}
