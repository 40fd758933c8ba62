import { element, escaped } from "./html";

/** A part of a stack's section, which goes when nothing in it is found. */
export function block(title: string, ...inner: readonly string[]): string {
  return element("div", { class: "block" }, element("h3", {}, escaped(title)), ...inner);
}

/** Sentences, each found by itself. */
export function sentenceList(sentences: readonly string[], title?: string): string {
  if (sentences.length === 0) return "";
  const items = sentences.map((text) => element("li", { class: "item" }, escaped(text)));
  return (title === undefined ? "" : element("h4", {}, escaped(title))) + element("ul", {}, ...items);
}

/** What a reader opens who wants to know how a number comes about. */
export function fold(title: string, ...inner: readonly string[]): string {
  return element("details", {}, element("summary", {}, escaped(title)), ...inner);
}
