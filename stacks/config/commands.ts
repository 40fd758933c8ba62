import type { Scalar } from "../../components/settings/setting";
import { inQuotes } from "../../components/shellWord";
import { NAMESPACE } from "./namespace";

/** Keys and indices from the top of a stack's configuration. */
export type Path = readonly PropertyKey[];

/** What to do about a problem: remove a key, set a value, or set one that only a person knows. */
export type ConfigFix =
  | { readonly path: Path; readonly remove: true }
  | { readonly path: Path; readonly value: Scalar }
  | { readonly path: Path; readonly needs: string };

/** A path as the CLI reads it: `ecs-delivery:services[0].container.port`. */
export function keyOf([first = "", ...rest]: Path): string {
  const steps = rest.map((key) => {
    if (typeof key === "number") return `[${key}]`;
    return /^[A-Za-z0-9_]+$/.test(String(key)) ? `.${String(key)}` : quotedStep(String(key));
  });
  const top = /^[A-Za-z0-9_-]+$/.test(String(first)) ? String(first) : quotedStep(String(first));
  return `${NAMESPACE}:${top}${steps.join("")}`;
}

/** A step in brackets. Inside the quotes the CLI knows one escape, `\"`; a line break must not look like a new line. */
function quotedStep(key: string): string {
  return `["${key.replaceAll('"', '\\"')}"]`;
}

/** Whether the CLI can be told of a path: it reads no key with a colon, none that ends in a backslash, and lines are lines. */
function canBeSaid(path: Path): boolean {
  return path.every((key) => typeof key === "number" || /^(?!.*\\$)[^\p{Cc}\u2028\u2029:]+$/u.test(String(key)));
}

/** A key of a map that only a person knows; the CLI reads no colon in it. */
export function keyPlaceholder(expected: string): string {
  return `<${expected.replaceAll(":", ",")}>`;
}

/** The `pulumi config` commands of fixes to `raw`, the configuration as it is; nothing where only an editor helps. */
export function commandsOf(stack: string, fixes: readonly ConfigFix[], raw: unknown): string[] {
  if (!fixes.every(({ path }) => canBeSaid(path))) return [];
  const removed = new Set<string>();
  return fixes.flatMap((fix) => {
    if ("remove" in fix) {
      removed.add(keyOf(fix.path));
      return [remove(stack, fix.path)];
    }
    const command = set(stack, fix.path, "value" in fix ? oneLine(fix.value) : `<${fix.needs}>`);
    const wrong = wrongParent(fix.path, raw);
    if (wrong === undefined || wrong.some((_, at) => removed.has(keyOf(wrong.slice(0, at + 1))))) return [command];
    removed.add(keyOf(wrong));
    return [remove(stack, wrong), command];
  });
}

/** A text of several lines cannot stand in a line: only a person can set it. */
function oneLine(value: Scalar): Scalar {
  return /[\p{Cc}\u2028\u2029]/u.test(String(value)) ? "<the same text, of several lines>" : value;
}

/** The first value on the way to a path that cannot hold the next step: the CLI sets nothing through a text or a list. */
function wrongParent(path: Path, raw: unknown): Path | undefined {
  let at = raw;
  for (const [depth, key] of path.entries()) {
    const fits = typeof key === "number" ? Array.isArray(at) : isObject(at);
    if (!fits) return at === undefined ? undefined : path.slice(0, depth);
    at = stepInto(at, key);
  }
  return undefined;
}

/** The value at one key of a map, or at one index of a list. */
export function stepInto(value: unknown, key: PropertyKey): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return new Map<string, unknown>(Object.entries(value)).get(String(key));
}

/** The value at a path. */
export function valueAtPath(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(stepInto, value);
}

/** Whether a value is a map. */
export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function remove(stack: string, path: Path): string {
  return `pulumi config rm --stack ${shellWord(stack)} --path ${inQuotes(keyOf(path))}`;
}

function set(stack: string, path: Path, value: Scalar): string {
  const text = String(value);
  return `pulumi config set --stack ${shellWord(stack)} --path ${inQuotes(keyOf(path))} ${text.startsWith("-") ? "-- " : ""}${shellWord(text)}`;
}

/** A command of the CLI that is given in words; nothing where the CLI would not read the key. */
export function wholeCommand(stack: string, [config = "", verb = "", ...words]: readonly string[]): string[] {
  const key = words.find((word) => word.includes(":")) ?? "";
  if (!/^[^:]+:[^:]+$/.test(key) || /[\p{Cc}\u2028\u2029]/u.test(words.join(""))) return [];
  return [["pulumi", config, verb, "--stack", shellWord(stack), ...words.map(shellWord)].join(" ")];
}

/** A word that a shell takes as it is. */
function shellWord(value: string): string {
  return /^[\w./:@-]+$/.test(value) ? value : inQuotes(value);
}
