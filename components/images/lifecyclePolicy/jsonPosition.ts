/** What may come next. */
type Expected = "value" | "firstItem" | "firstKey" | "key" | "colon" | "more" | "end";

const BLANKS = /[ \t\n\r]*/y;
const TOKEN =
  /[{}[\],:]|"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/**
 * Where `text` stops being JSON, in characters from 0; undefined if it is JSON. `JSON.parse` says so in some cases
 * only, and in words that change with the version of Node.
 */
export function jsonErrorOffset(text: string): number | undefined {
  const open: string[] = [];
  let expected: Expected = "value";
  let offset = endOf(BLANKS, text, 0);
  while (offset < text.length) {
    const end = endOf(TOKEN, text, offset);
    const next: Expected | undefined = end > offset ? step(text.slice(offset, end), expected, open) : undefined;
    if (next === undefined) return offset;
    expected = next;
    offset = endOf(BLANKS, text, end);
  }
  return expected === "end" ? undefined : offset;
}

/** `offset` in words a reader can use. */
export function describePosition(text: string, offset: number): string {
  const before = text.slice(0, offset).split("\n");
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

function endOf(regExp: RegExp, text: string, offset: number): number {
  regExp.lastIndex = offset;
  return regExp.test(text) ? regExp.lastIndex : offset;
}

/** What may follow `token`; undefined when `token` may not stand here. `open` holds the brackets to close. */
function step(token: string, expected: Expected, open: string[]): Expected | undefined {
  const closes = token === open.at(-1);
  switch (expected) {
    case "value":
    case "firstItem":
      if (closes && expected === "firstItem") return close(open);
      if (token === "{") return opened("}", "firstKey", open);
      if (token === "[") return opened("]", "firstItem", open);
      return "}],:".includes(token) ? undefined : afterValue(open);
    case "key":
    case "firstKey":
      if (closes && expected === "firstKey") return close(open);
      return token.startsWith('"') ? "colon" : undefined;
    case "colon":
      return token === ":" ? "value" : undefined;
    case "more":
      if (closes) return close(open);
      if (token !== ",") return undefined;
      return open.at(-1) === "}" ? "key" : "value";
    case "end":
      return undefined;
    default: {
      const never: never = expected;
      return never;
    }
  }
}

function opened(bracket: string, next: Expected, open: string[]): Expected {
  open.push(bracket);
  return next;
}

function close(open: string[]): Expected {
  open.pop();
  return afterValue(open);
}

function afterValue(open: readonly string[]): Expected {
  return open.length > 0 ? "more" : "end";
}
