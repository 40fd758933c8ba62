import { z } from "zod";
import type { SettingWords } from "./setting";

/** The words of the setting at a path. */
export function wordsAt(schema: z.ZodType, path: readonly PropertyKey[]): SettingWords | undefined {
  for (let inner = rawAt(schema, path); inner; inner = unwrapOnce(inner)) {
    const { expected, missing, hint, example, hidden, owned, unit } = inner.meta() ?? {};
    if (typeof expected !== "string" || !isExample(example)) continue;
    return {
      expected,
      example,
      hidden: hidden === true,
      owned: owned === true,
      missing: textOf(missing),
      hint: textOf(hint),
      unit: textOf(unit),
    };
  }
  return undefined;
}

/** The schema at a path, without its wrappers. */
export function schemaAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  const at = rawAt(schema, path);
  return at && unwrap(at);
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

/** Whether the value at a path may be left out. */
export function isOptionalAt(schema: z.ZodType, path: readonly PropertyKey[]): boolean {
  return rawAt(schema, path) instanceof z.ZodOptional;
}

/** The schema at a path, with its wrappers. */
export function rawAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  return path.reduce<z.ZodType | undefined>((at, key) => at && step(at, key), schema);
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

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function isExample(value: unknown): value is SettingWords["example"] {
  return ["string", "number", "boolean"].includes(typeof value);
}

function asType(schema: unknown): z.ZodType | undefined {
  return schema instanceof z.ZodType ? schema : undefined;
}
