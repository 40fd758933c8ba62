/** The word that was meant by another: the same in another case, one that it is part of or has in it, a typing error. */
export function meantWord(given: string, words: readonly string[]): string | undefined {
  const plain = (word: string) => word.toLowerCase().replace(/[^a-z0-9]/g, "");
  const same = words.filter((word) => plain(word) === plain(given));
  if (same.length === 1) return same[0];
  if (plain(given).length < 2) return undefined;
  const near = words.filter((word) => distance(word, given) <= Math.min(2, Math.floor(given.length / 2)));
  if (near.length > 0)
    return near.reduce((best, word) => (distance(word, given) < distance(best, given) ? word : best));
  const parts = words.filter((word) => plain(word).includes(plain(given)) || plain(given).includes(plain(word)));
  return plain(given).length >= 4 && parts.length === 1 ? parts[0] : undefined;
}

/** Edits between two words: how far a typing error is from what was meant. */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, from] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, to] of [...b].entries()) {
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (from === to ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
