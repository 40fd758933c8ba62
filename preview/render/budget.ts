/** Characters of a text for a comment on GitHub, which takes 65,536: there is room for what is put around it. */
const COMMENT_MAX = 59_000;

/** A paragraph of Markdown. */
export interface Part {
  readonly text: string;
  /** How to say it in at most about so many characters; a part without it is never shortened. */
  readonly shorten?: (characters: number) => string;
}

/** Characters below which a part is not worth showing. */
const WORTH_SHOWING = 500;

/** Joins paragraphs, and while that is too long halves the longest. */
export function fitted(parts: readonly Part[], limit: number = COMMENT_MAX): string {
  const texts = parts.map(({ text }) => text);
  const sizes = parts.map(({ text, shorten }) => (shorten ? text.length : 0));
  for (let text = joined(texts); text.length > limit; text = joined(texts)) {
    const size = Math.max(...sizes);
    const index = sizes.indexOf(size);
    const shorten = parts[index]?.shorten;
    if (size === 0 || !shorten) return text.slice(0, limit);
    const half = Math.floor(size / 2);
    sizes[index] = half < WORTH_SHOWING ? 0 : half;
    texts[index] = shorten(sizes[index] ?? 0);
  }
  return joined(texts);
}

function joined(texts: readonly string[]): string {
  return texts.join("\n\n");
}

/** A part that is shown whole or not at all. */
export function whole(text: string, instead: string): Part {
  return { text, shorten: () => instead };
}

/** A part of lines between a beginning and an end; what is left out is said after it. */
export function ofLines(
  [beginning, end]: readonly [string, string],
  lines: readonly string[],
  describe: (left: number) => string,
): Part {
  const around = (shown: readonly string[]) => [beginning, ...shown, end].join("\n");
  return {
    text: around(lines),
    shorten: (characters) => {
      const shown = firstLines(lines, characters);
      const note = describe(lines.length - shown.length);
      return shown.length === 0 ? note : `${around(shown)}\n\n${note}`;
    },
  };
}

function firstLines(lines: readonly string[], characters: number): readonly string[] {
  let used = 0;
  return lines.filter((line) => {
    used += line.length + 1;
    return used <= characters;
  });
}
