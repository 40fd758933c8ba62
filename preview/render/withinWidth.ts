import { stripVTControlCharacters } from "node:util";

/** A style that is switched on or off in the middle of a text. */
const PAINT = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, "g");

/** Ends every style. */
const PLAIN = [22, 39].map((code) => `${String.fromCharCode(27)}[${code}m`);

/**
 * A line of columns in as many as it takes: broken before a column where that leaves no more than half a line empty, else
 * after a word. All but the first begin with `side`, and go on `indent` characters further in.
 */
export function withinWidth(line: string, { side = "", indent }: Hanging, width: number): readonly string[] {
  const shown = stripVTControlCharacters(line);
  if (shown.length <= width) return [line];
  const column = shown.lastIndexOf("  ", width);
  const cut = column >= Math.max(indent + 1, width / 2) ? column : shown.lastIndexOf(" ", width);
  // A word that no line is wide enough for.
  if (cut <= indent) return [line];
  const at = inPainted(line, cut);
  const [first, rest] = [line.slice(0, at).trimEnd(), line.slice(at)];
  const open = openIn(first);
  const beneath = `${side}${" ".repeat(indent - stripVTControlCharacters(side).length)}`;
  const words = `${open.join("")}${rest.replace(/^ +/, "")}`;
  return [
    `${first}${open.length > 0 ? PLAIN.join("") : ""}`,
    ...withinWidth(`${beneath}${words}`, { side, indent }, width),
  ];
}

/** How what does not fit goes on. */
export interface Hanging {
  /** What the picture has at the left. @default - nothing */
  readonly side?: string;
  readonly indent: number;
}

/** Where in a painted text the character is that nobody has painted at `index`. */
function inPainted(text: string, index: number): number {
  let [shown, painted] = [0, 0];
  for (const { 0: paint, index: start } of text.matchAll(PAINT)) {
    if (shown + start - painted > index) break;
    shown += start - painted;
    painted = start + paint.length;
  }
  return painted + index - shown;
}

/** Styles that are on at the end of a text. */
function openIn(text: string): readonly string[] {
  const open: string[] = [];
  for (const [paint] of text.matchAll(PAINT)) {
    if (PLAIN.includes(paint)) open.pop();
    else open.push(paint);
  }
  return open;
}
