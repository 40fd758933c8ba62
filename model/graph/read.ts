/** A map of values nobody has looked at yet. */
export type Values = Readonly<Record<string, unknown>>;

/** Whether a value is a map (no list, not null). */
export function isMap(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value as a map; an empty one for anything else. */
export function mapOf(value: unknown): Values {
  return isMap(value) ? value : {};
}

/** The value as a list; a single value becomes a list of one, nothing an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

/** The maps in a list. */
export function mapsOf(value: unknown): readonly Values[] {
  return listOf(value).filter(isMap);
}

/** The value as text: numbers and booleans in words, undefined for anything else. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

/** The texts in a list. */
export function textsOf(value: unknown): readonly string[] {
  return listOf(value).flatMap((item) => textOf(item) ?? []);
}

/** The value as a number, also when it is written as text; undefined for anything else. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : undefined;
}

/** JSON text as the value it stands for; a value that is no text stays as it is, broken text is undefined. */
export function jsonOf(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return undefined;
  }
}
