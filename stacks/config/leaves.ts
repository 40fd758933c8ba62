import { z } from "zod";
import type { Scalar } from "../../components/settings/setting";
import { rawAt, unwrap, wordsAt } from "../../components/settings/words";
import { type ConfigFix, isObject, keyPlaceholder, type Path } from "./commands";
import { wordsOf } from "./meant";

/** Commands that a person still reads. */
const MOST = 12;

/** What sets a value below a path, one command for each text or number in it; nothing where those are too many. */
export function leavesOf(value: unknown, path: Path): readonly ConfigFix[] | undefined {
  const leaves = all(value, path);
  return leaves.length <= MOST ? leaves : undefined;
}

function all(value: unknown, path: Path): ConfigFix[] {
  if (isScalar(value)) return [{ path, value }];
  if (Array.isArray(value)) return value.flatMap((item, index) => all(item, [...path, index]));
  return isObject(value) ? Object.entries(value).flatMap(([key, inner]) => all(inner, [...path, key])) : [];
}

function isScalar(value: unknown): value is Scalar {
  return ["string", "number", "boolean"].includes(typeof value);
}

/** What has to be set where nothing is: every setting that may not be left out. */
export function neededLeaves(schema: z.ZodType, path: Path): readonly ConfigFix[] {
  const at = rawAt(schema, path);
  return at ? needed(at, path) : [];
}

function needed(schema: z.ZodType, path: Path): readonly ConfigFix[] {
  const words = wordsAt(schema, []);
  if (words?.owned) return [{ path, needs: words.expected }];
  if (words && words.example !== "") return [{ path, value: words.example }];
  const inner = unwrap(schema);
  const [word] = wordsOf(inner);
  if (word !== undefined) return [{ path, value: word }];
  if (inner instanceof z.ZodUnion) return ofFirst(inner, path);
  if (inner instanceof z.ZodArray) return needed(asType(inner.element), [...path, 0]);
  if (inner instanceof z.ZodRecord) return ofRecord(inner, path);
  if (!(inner instanceof z.ZodObject)) return [{ path, needs: words?.expected ?? "text" }];
  return Object.entries(inner.shape).flatMap(([key, field]) =>
    field instanceof z.ZodType && !(field instanceof z.ZodOptional) ? needed(field, [...path, key]) : [],
  );
}

function ofFirst(union: z.ZodUnion, path: Path): readonly ConfigFix[] {
  const [first] = union.options;
  return needed(asType(first), path);
}

function ofRecord(record: z.ZodRecord, path: Path): readonly ConfigFix[] {
  const { expected = "a name" } = wordsAt(asType(record.keyType), []) ?? {};
  return needed(asType(record.valueType), [...path, keyPlaceholder(expected)]);
}

function asType(schema: unknown): z.ZodType {
  return schema instanceof z.ZodType ? schema : z.never();
}
