/** `text` between quotes, whatever it holds: one word of a bash command. */
export function inQuotes(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** `text` as one word of a bash command, whatever it holds. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./-]+$/.test(text) ? text : inQuotes(text);
}
