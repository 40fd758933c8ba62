import assert from "node:assert/strict";
import { stripVTControlCharacters as unpainted } from "node:util";
import { styleFor } from "../../../preview/render/style";
import { withinWidth } from "../../../preview/render/withinWidth";

const style = styleFor(true);

describe("withinWidth", () => {
  it("leaves a line that fits as it is, whatever is painted in it", () => {
    const line = `| ${style.cyan("one")}  ${style.dim("two")}`;
    assert.deepEqual(withinWidth(line, { indent: 4 }, 10), [line]);
  });

  it("breaks before a column where that fills half a line, else after a word", () => {
    assert.deepEqual(withinWidth("| one two three  four five six", { side: "|", indent: 4 }, 22), [
      "| one two three",
      "|   four five six",
    ]);
    assert.deepEqual(withinWidth("| one  two three four five six", { side: "|", indent: 4 }, 16), [
      "| one  two three",
      "|   four five",
      "|   six",
    ]);
  });

  it("leaves a word alone that no line is wide enough for", () => {
    assert.deepEqual(withinWidth("one arn:aws:ecs:eu-west-1", { indent: 2 }, 10), ["one", "  arn:aws:ecs:eu-west-1"]);
  });

  it("goes on in the same colour, and leaves none on at the end of a line", () => {
    const line = `${style.dim("|")} ${style.bold("name")}  ${style.cyan("one two three four")} ${style.yellow("five")}`;
    const lines = withinWidth(line, { side: style.dim("|"), indent: 4 }, 16);
    assert.deepEqual(lines.map(unpainted), ["| name  one two", "|   three four", "|   five"]);
    assert.ok(lines[1]?.includes(style.dim("|")));
    for (const [index, text] of lines.entries()) {
      const codes = [...text.matchAll(/\[(\d+)m/g)].map(([, code]) => Number(code));
      assert.ok([22, 39].includes(codes.at(-1) ?? 0), `line ${String(index)}: ${codes.join(" ")}`);
      assert.ok(unpainted(text).length <= 16);
    }
    assert.match(lines[1] ?? "", /\[36mthree four/);
  });
});
