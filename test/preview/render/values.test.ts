import assert from "node:assert";
import { renderDifference, renderProperty } from "../../../preview/render/values";

const shown = (before: unknown, after: unknown) => renderDifference({ path: "p", before, after });

describe("renderDifference", () => {
  it("shows what was and what is", () => {
    assert.deepStrictEqual(shown(512, 1024), ["p: 512 → 1024"]);
    assert.deepStrictEqual(shown("", "a"), ['p: "" → a']);
    assert.deepStrictEqual(shown(true, null), ["p: true → null"]);
    assert.deepStrictEqual(shown([1], { a: "b" }), ['p: [1] → {"a":"b"}']);
  });

  it("shows what came and what went", () => {
    assert.deepStrictEqual(renderDifference({ path: "p", after: { a: 1 } }), ['p: now {"a":1}']);
    assert.deepStrictEqual(renderDifference({ path: "p", before: "x" }), ["p: no longer x"]);
  });

  it("shows long texts only where they differ, with something around it", () => {
    const [start, end] = ["s".repeat(90), "e".repeat(90)];
    const [left, right] = [`…${"s".repeat(30)}`, `${"e".repeat(30)}…`];
    assert.deepStrictEqual(shown(`${start}a${end}`, `${start}bc${end}`), [`p: ${left}a${right} → ${left}bc${right}`]);
    assert.deepStrictEqual(shown("x".repeat(300), "y"), [`p: ${"x".repeat(99)}… → y`]);
    assert.deepStrictEqual(renderDifference({ path: "p", after: "x ".repeat(300) }), [`p: now ${"x ".repeat(49)}x…`]);
    const same = "a".repeat(120);
    assert.deepStrictEqual(shown(same, same + same), [`p: …${"a".repeat(30)} → …${"a".repeat(99)}…`]);
  });

  it("shows of texts with lines those that differ, and not too many", () => {
    const text = (...lines: readonly string[]) => ["#!/bin/sh", ...lines, "exit 0"].join("\n");
    assert.deepStrictEqual(shown(text("one", "two"), text("one", "three", "four")), [
      "p:",
      "- two",
      "+ three",
      "+ four",
    ]);
    const many = Array.from({ length: 20 }, (_, index) => `line ${index}`);
    const found = shown(text(), text(...many));
    assert.deepStrictEqual([found.length, found.at(-2), found.at(-1)], [14, "+ line 11", "… 8 more lines"]);
  });
});

describe("renderProperty", () => {
  it("puts what a change comes to on its first line", () => {
    const lines = { path: "p", before: "a\nb", after: "a\nc" };
    assert.deepStrictEqual(renderProperty({ ...lines, replaces: true }), ["p:  (replaces)", "- b", "+ c"]);
    const [maybe] = renderProperty({ path: "p", before: 1, after: 2, mayReplace: true });
    assert.equal(maybe, "p: 1 → 2  (may replace: not known here, pulumi preview says)");
    assert.deepStrictEqual(renderProperty({ ...lines, ignored: true })[0], "p:  (left alone: ignoreChanges)");
    assert.deepStrictEqual(renderProperty({ path: "p", follows: "x", replaces: true }), ["p: follows x  (replaces)"]);
  });
});
