/** What stands in a record where a value is not known before `pulumi up`. */
export const UNKNOWN = "<unknown>";

const UNKNOWN_MARK = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** A value as the engine sees it, without wrappers: secrets opened, references as their id, unknowns as a word. */
export function plain(value: unknown): unknown {
  if (value === UNKNOWN_MARK) return UNKNOWN;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const of = (key: string) => entries.find(([name]) => name === key)?.[1] as unknown;
  if (of("__pulumiUnknown") === true) return UNKNOWN;
  if (of(SIGNATURE) === SECRET) return plain(of("value"));
  if (of(SIGNATURE) !== undefined) return plain(of("id") ?? of("urn"));
  return Object.fromEntries(entries.map(([key, inner]) => [key, plain(inner)]));
}
