/** Text in a page: no tag, no entity, no end of an attribute. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** An element of children that are HTML already. Attributes are text. */
export function element(
  tag: string,
  attributes: Readonly<Record<string, string>>,
  ...children: readonly string[]
): string {
  const given = Object.entries(attributes).map(([name, value]) => ` ${name}="${escaped(value)}"`);
  return `<${tag}${given.join("")}>${children.join("")}</${tag}>`;
}

/** A table with a caption that screen readers read first; cells are HTML. Each row is found by itself unless `row` says otherwise. */
export function table(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  row: Readonly<Record<string, string>> = { class: "item" },
): string {
  if (rows.length === 0) return "";
  const heading = element("tr", {}, ...head.map((text) => element("th", { scope: "col" }, escaped(text))));
  const body = rows.map((cells) => element("tr", row, ...cells.map((cell) => element("td", {}, cell))));
  return element(
    "div",
    { class: "wide", role: "group", tabindex: "0", "aria-label": caption },
    element(
      "table",
      {},
      element("caption", {}, escaped(caption)),
      `<thead>${heading}</thead>`,
      `<tbody>${body.join("")}</tbody>`,
    ),
  );
}

/** Texts as code, each on a line of its own. */
export function codes(texts: readonly string[]): string {
  return texts.map((text) => element("code", {}, escaped(text))).join("<br>");
}
