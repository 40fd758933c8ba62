/** A sentence in lines of at most so many characters, all but the first further in. */
export function hanging(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(lines.length === 0 ? `  ${word}` : `    ${word}`);
  }
  return lines;
}
