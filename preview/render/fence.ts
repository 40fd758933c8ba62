/** Text as it is, in Markdown: the fence is longer than any in the text, so that nothing in it becomes markup or calls someone. */
export function fence(text: string): string {
  return "`".repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
}
