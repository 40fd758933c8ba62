import assert from "node:assert";
import { fitted, ofLines, whole } from "../../../preview/render/budget";

const lines = (count: number) => Array.from({ length: count }, () => "x".repeat(99));
const left = (number: number) => `${number} left`;

describe("fitted", () => {
  it("leaves what fits as it is", () =>
    assert.strictEqual(
      fitted([{ text: "a" }, whole("b", "c"), ofLines(["(", ")"], ["d"], left)]),
      "a\n\nb\n\n(\nd\n)",
    ));

  it("halves the longest until all fits", () => {
    const [long, longer] = [ofLines(["[", "]"], lines(20), left), ofLines(["(", ")"], lines(40), left)];
    assert.strictEqual(
      fitted([long, longer], 4500),
      `[\n${lines(20).join("\n")}\n]\n\n(\n${lines(20).join("\n")}\n)\n\n20 left`,
    );
    const both = fitted([long, longer], 2500);
    assert.match(both, /^\[\n(x+\n){10}\]\n\n10 left\n\n\(\n(x+\n){10}\)\n\n30 left$/);
  });

  it("leaves out what would be too short to tell anything", () => {
    const text = fitted(
      [{ text: "heading" }, ofLines(["(", ")"], lines(6), left), whole("y".repeat(600), "note")],
      100,
    );
    assert.strictEqual(text, "heading\n\n6 left\n\nnote");
  });

  it("cuts what even so is too long", () =>
    assert.strictEqual(fitted([{ text: "a".repeat(200) }, whole("b", "c")], 100), "a".repeat(100)));
});
