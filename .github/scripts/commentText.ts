import { calm } from "../../preview/render/plainText";

/** Characters a comment may have, less what is put around the text: GitHub takes 65,536. */
export const COMMENT_MAX = 60_000;

/** Languages of fences that are shown as they are written, but for `mermaid`, which GitHub draws. */
const LANGUAGES = ["", "text", "diff", "mermaid"];

/**
 * Markdown that comes from someone else: it calls nobody, links nowhere, shows no picture, has no tags but those that fold, and
 * is not longer than a comment may be.
 */
export function harmless(markdown: string, max = COMMENT_MAX): string {
  const shown = [...markdown.replaceAll("\r\n", "\n")].filter(isShown).join("");
  const text = blocks(shown.split("\n")).join("\n");
  if (text.length <= max) return text;
  const head = text.slice(0, max);
  const cut = head.slice(0, Math.max(head.lastIndexOf("\n"), 0)).split("\n");
  const open = openFence(cut);
  return `${cut.join("\n")}${open ? `\n${open}` : ""}\n\nThe rest did not fit: see the summary of the run.`;
}

/** Lines with their fences kept, and closed; every other line is calmed. */
function blocks(lines: readonly string[]): readonly string[] {
  const written: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const marks = opening(line);
    if (marks === undefined) {
      written.push(calmLine(line));
      continue;
    }
    const rest = lines.slice(at + 1);
    const length = rest.findIndex((one) => closes(one, marks));
    const inside = length < 0 ? rest : rest.slice(0, length);
    // What stands before may be a block in which a fence is none: an empty line ends it.
    if ((written.at(-1) ?? "") !== "") written.push("");
    written.push(`${marks}${languageOf(line.slice(marks.length).trim(), inside)}`, ...inside, marks);
    at += inside.length + 1;
  }
  return written;
}

/** The marks of a line that opens a fence; one that is indented, or of other marks, is none here. */
function opening(line: string): string | undefined {
  return /^(`{3,})[^`]*$/.exec(line)?.[1];
}

/** https://spec.commonmark.org/0.31.2/#fenced-code-blocks */
function closes(line: string, marks: string): boolean {
  const [, own = ""] = /^ {0,3}(`{3,})[ \t]*$/.exec(line) ?? [];
  return own.length >= marks.length;
}

function languageOf(given: string, inside: readonly string[]): string {
  if (!LANGUAGES.includes(given)) return "text";
  return given === "mermaid" && !isPlainDiagram(inside) ? "text" : given;
}

/** A flowchart, and nothing that it has no need of: links, pictures, settings of its own, markup in labels. */
function isPlainDiagram(lines: readonly string[]): boolean {
  const text = lines.join("\n");
  const besidesLabels = text.replace(/"[^"]*"/g, '""');
  return (
    /^flowchart (?:LR|TB)$/.test(lines[0] ?? "") &&
    !/<(?!br\/>)|`/.test(text) &&
    !/\b(?:click|href|call|callback)\b|@\s*\{|%%/i.test(besidesLabels)
  );
}

function openFence(lines: readonly string[]): string | undefined {
  return lines.reduce<string | undefined>((open, line) => {
    if (open === undefined) return opening(line);
    return closes(line, open) ? undefined : open;
  }, undefined);
}

/** A line outside of fences: of tags only those that fold, of entities only those that stand for what a tag is made of. */
function calmLine(line: string): string {
  if (line === "</details>") return line;
  const [, summary] = /^<details><summary>(.*)<\/summary>$/.exec(line) ?? [];
  if (summary !== undefined) return `<details><summary>${withoutMarkup(summary)}</summary>`;
  // Three marks that are no fence here must be none on GitHub: it would take what follows for code, or end it where this does not.
  return withoutMarkup(line).replace(/^([\s>*+-]|\d+[.)])*(?:`{3,}|~{3,})/, (marks) => marks.replace(/[`~]/g, "\\$&"));
}

/** A bracket with what would make a link or a picture of it behind; after a backslash it is none. */
const LINK = /!(?=\[)|(?<!(?<!\\)(?:\\\\)*\\)\](?=[(:[])/g;

function withoutMarkup(text: string): string {
  return calm(text)
    .replace(/&(?!(?:amp|lt|gt);)/g, "&amp;")
    .replaceAll("<", "&lt;")
    .replace(LINK, "$&\u200b");
}

/** The end of an output as preformatted HTML: where a command says why it failed. */
export function tail(output: string, max = COMMENT_MAX): string {
  const shown = [...output].filter(isShown).join("");
  const escaped = shown.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  if (escaped.length <= max) return `<pre>\n${escaped}\n</pre>`;
  const end = escaped.slice(-max);
  return `<pre>\n(the beginning did not fit)\n${end.slice(end.indexOf("\n") + 1)}\n</pre>`;
}

/** No control characters but the ends of lines and tabs. */
function isShown(character: string): boolean {
  return character >= " " || character === "\n" || character === "\t";
}
