/** Stands after a character and keeps it apart from the next: nobody sees it, and GitHub finds no name, number or address there. */
const APART = "\u200b";

/**
 * What GitHub makes a link or a call of in text, also where Markdown itself sees nothing: people and teams, issues by number
 * or by another tracker's key, addresses, and pictures by their name.
 * https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls
 */
const FOUND = [
  /@(?=\w)/g,
  /#(?=\d)/g,
  /\bgh-(?=\d)/gi,
  /\b[A-Z][A-Z0-9]+-(?=\d)/g,
  /:(?=\/\/)/g,
  /\bwww(?=\.)/gi,
  /:(?=[\w+-]+:)/g,
] as const;

/** What may be a commit: GitHub takes seven digits or more for one. */
const COMMIT = /\b[0-9a-f]{7,}\b/gi;

/** Text in which GitHub finds nobody and nothing; what is Markdown in it stays so. */
export function calm(text: string): string {
  const calmed = FOUND.reduce((one, found) => one.replace(found, `$&${APART}`), text);
  return calmed.replace(COMMIT, (digits) => digits.replace(/.{6}(?=.)/g, `$&${APART}`));
}

/** Text as it is, inside HTML: no tag, no entity. */
export function htmlText(text: string): string {
  return calm(text).replace(/\s+/g, " ").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Text as it is, in a line of Markdown or in a cell of a table: nothing in it is markup, ends the cell, or calls someone. */
export function plainText(text: string): string {
  return htmlText(text).replace(/[\\`*_{}[\]|#~$]/g, "\\$&");
}

/** Text as it is, in a code span: the marks are longer than any in the text. */
export function codeSpan(text: string): string {
  const line = text.replace(/\s+/g, " ");
  const marks = "`".repeat(Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  const room = /^`|`$/.test(line) ? " " : "";
  return `${marks}${room}${line}${room}${marks}`;
}
