import type { PropertyChange } from "../../model/update/change";
import type { Difference } from "../../model/update/differences";

/** Characters of a value that are shown. */
const ROOM = 100;

/** Lines of a text that are shown. */
const LINES = 12;

/** Characters around what differs that say where it is. */
const AROUND = 30;

/** `memory: 512 → 1024`; of long texts only where they differ, of texts with lines those lines. */
export function renderDifference({ path, before, after }: Difference): readonly string[] {
  const [old, young] = [textOf(before), textOf(after)];
  if (old === undefined || young === undefined) {
    const [word, text = ""] = old === undefined ? ["now", young] : ["no longer", old];
    return [`${path}: ${word} ${shortened(text)}`];
  }
  if ([old, young].some((text) => text.trim().includes("\n"))) return [`${path}:`, ...changedLines(old, young)];
  const [was, is] = Math.max(old.length, young.length) > ROOM ? whereTheyDiffer(old, young) : [old, young];
  return [`${path}: ${was} → ${is}`];
}

/** A value as it was and as it is, beside one another: of long texts only where they differ. */
export function renderSides({ before, after, follows }: PropertyChange): readonly [before: string, after: string] {
  const [old, young] = [textOf(before), textOf(after)];
  if (follows !== undefined) return [shortened(old ?? "nothing"), `follows ${follows}`];
  if (old === undefined || young === undefined) return [shortened(old ?? "nothing"), shortened(young ?? "nothing")];
  if ([old, young].some((text) => text.trim().includes("\n"))) {
    const lines = changedLines(old, young);
    const of = (mark: string) => lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(2));
    return [of("-").join("\n"), [...of("+"), ...lines.filter((line) => line.startsWith("…"))].join("\n")];
  }
  return Math.max(old.length, young.length) > ROOM ? whereTheyDiffer(old, young) : [old, young];
}

/** A property, and what its change comes to. */
export function renderProperty(property: PropertyChange): readonly string[] {
  const { path, follows } = property;
  const [first = "", ...rest] = follows === undefined ? renderDifference(property) : [`${path}: follows ${follows}`];
  const note = noteOf(property);
  return [first + (note && `  (${note})`), ...rest];
}

/** What becomes of a change: whether AWS replaces the resource for it, or it is left alone. */
export function noteOf({ replaces, mayReplace, ignored, kept }: PropertyChange): string {
  if (replaces) return "replaces";
  if (mayReplace) return "may replace: not known here, pulumi preview says";
  if (ignored) return "left alone: ignoreChanges";
  return kept ? "left as it is" : "";
}

function textOf(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === "string" && value !== "" ? value : JSON.stringify(value);
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > ROOM ? `${line.slice(0, ROOM - 1)}…` : line;
}

function whereTheyDiffer(old: string, young: string): readonly [string, string] {
  const start = Math.max(0, commonStart([...old], [...young]) - AROUND);
  const most = Math.min(old.length, young.length) - start;
  const end = Math.max(0, Math.min(most, commonStart([...old].reverse(), [...young].reverse())) - AROUND);
  const cut = (text: string) => {
    const middle = shortened(text.slice(start, text.length - end));
    return `${start > 0 ? "…" : ""}${middle}${end > 0 && !middle.endsWith("…") ? "…" : ""}`;
  };
  return [cut(old), cut(young)];
}

/** How many items two lists begin with alike. */
function commonStart(a: readonly string[], b: readonly string[]): number {
  const index = a.findIndex((item, at) => item !== b[at]);
  return index < 0 ? a.length : index;
}

function changedLines(old: string, young: string): readonly string[] {
  const [before, after] = [old.split("\n"), young.split("\n")];
  const start = commonStart(before, after);
  const most = Math.min(before.length, after.length) - start;
  const end = Math.min(most, commonStart([...before].reverse(), [...after].reverse()));
  const marked = (mark: string, lines: readonly string[]) =>
    lines.slice(start, lines.length - end).map((line) => `${mark} ${shortened(line)}`);
  const all = [...marked("-", before), ...marked("+", after)];
  const left = all.length - LINES;
  return left > 1 ? [...all.slice(0, LINES), `… ${left} more lines`] : all;
}
