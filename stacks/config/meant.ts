import { z } from "zod";
import { meantWord } from "../../components/settings/meantWord";
import type { Scalar } from "../../components/settings/setting";
import { unwrap, unwrapOnce } from "../../components/settings/words";

/** The words that a literal or an enumeration takes. */
export function wordsOf(schema: z.ZodType | undefined): readonly string[] {
  if (schema instanceof z.ZodLiteral) return [...schema.values].map(String);
  return schema instanceof z.ZodEnum ? schema.options.map(String) : [];
}

/** What a value of the wrong form says in the right one, if that is beyond doubt. */
export function meantValue(schema: z.ZodType, given: unknown): Scalar | readonly Scalar[] | undefined {
  const found = [ownReading(schema, given), commonReading(unwrap(schema), given)];
  return found.find((value) => value !== undefined && schema.safeParse(value).success);
}

/** What the setting itself reads in it. */
function ownReading(schema: z.ZodType, given: unknown): Scalar | readonly Scalar[] | undefined {
  for (let at: z.ZodType | undefined = schema; at; at = unwrapOnce(at)) {
    const { meant } = at.meta() ?? {};
    if (typeof meant !== "function") continue;
    const value: unknown = Reflect.apply(meant, undefined, [given]);
    return isReading(value) ? value : undefined;
  }
  return undefined;
}

function isReading(value: unknown): value is Scalar | readonly Scalar[] {
  return ["string", "number", "boolean"].includes(typeof value) || Array.isArray(value);
}

const YES = ["yes", "on", "1", "y"];
const NO = ["no", "off", "0", "n"];

function commonReading(schema: z.ZodType, given: unknown): Scalar | readonly Scalar[] | undefined {
  if (schema instanceof z.ZodArray) return isScalar(given) ? [given] : undefined;
  if (Array.isArray(given)) return given.length === 1 && isScalar(given[0]) ? given[0] : undefined;
  if (!isScalar(given)) return undefined;
  const text = String(given).trim();
  if (schema instanceof z.ZodBoolean) {
    if (YES.includes(text.toLowerCase())) return true;
    if (NO.includes(text.toLowerCase())) return false;
    return /^(?:true|false)$/i.test(text) ? text.toLowerCase() === "true" : undefined;
  }
  if (schema instanceof z.ZodNumber)
    return /^\d+(?:[_,]\d{3})+$/.test(text) ? Number(text.replace(/[_,]/g, "")) : undefined;
  const words = wordsOf(schema);
  return words.length > 0 ? meantWord(text, words) : text;
}

function isScalar(value: unknown): value is Scalar {
  return ["string", "number", "boolean"].includes(typeof value);
}
