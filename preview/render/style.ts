/** Puts colour on text, or leaves it as it is. */
export type Paint = (text: string) => string;

/** The colours a preview uses. */
export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly cyan: Paint;
}

/** Colours for a terminal, or none. */
export function styleFor(coloured: boolean): Style {
  const paint =
    (open: number, close: number): Paint =>
    (text) =>
      coloured && text !== "" ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
    cyan: paint(36, 39),
  };
}

/** Joins items to lines of at most `width` characters. */
export function wrap(items: readonly string[], separator: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    const joined = last === undefined ? item : last + separator + item;
    if (lines.length > 0) lines.pop();
    if (last !== undefined && joined.length > width) lines.push(last + separator.trimEnd(), item);
    else lines.push(joined);
  }
  return lines;
}

/** A text as a sentence begins. */
export function capital(text: string): string {
  return text.replace(/^./, (first) => first.toUpperCase());
}

/** Width of the widest text. */
export function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(({ length }) => length));
}
