/** Characters a comment may have, less what is put around the text: GitHub takes 65,536. */
export const COMMENT_MAX = 60_000;

/** Markdown that comes from someone else: it calls nobody, and is not longer than a comment may be. */
export function harmless(markdown: string, max = COMMENT_MAX): string {
  // After the sign stands a space of no width: no name follows it, and nobody sees it.
  const calm = [...markdown.replaceAll("\r\n", "\n").replaceAll(/@(?=\w)/g, "@\u200b")].filter(isShown).join("");
  if (calm.length <= max) return calm;
  const head = calm.slice(0, max);
  const cut = head.slice(0, Math.max(head.lastIndexOf("\n"), 0));
  const open = (cut.match(/^```/gm)?.length ?? 0) % 2 === 1;
  return `${cut}${open ? "\n```" : ""}\n\nThe rest did not fit: see the summary of the run.`;
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
