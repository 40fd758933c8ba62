import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { describeProblems, Problems } from "../../../components/checks/problems";
import { recordGraph, refusal } from "../../support/graph";

const rule = { pattern: /^[a-z]+$/, max: 3, expected: "1 to 3 small letters" };

class Checked extends pulumi.ComponentResource {
  constructor(problems: Problems) {
    super("test:index:Checked", "one");
    problems.throwFor(this, 'Checked "one"');
  }
}

describe("Problems", () => {
  it("leaves what is not set to its default", () => {
    assert.deepEqual(new Problems().add(undefined).range("a", undefined, 1, 2).text("b", undefined, rule).list, []);
  });

  it("takes the limits themselves, and refuses what is beyond them, broken or no number", () => {
    const found = (value: number) => new Problems().range("minutes", value, 1, 60, "minutes").list;
    for (const good of [1, 60]) assert.deepEqual(found(good), []);
    for (const bad of [0, 61, 1.5, Number.NaN]) {
      assert.deepEqual(found(bad), [`minutes: expected a whole number from 1 to 60 minutes, got ${bad}`]);
    }
  });

  it("takes broken shares, but none beyond its limits", () => {
    const found = (value: number) => new Problems().share("percent", value, 0.1, 100).list;
    for (const good of [0.1, 33.3, 100]) assert.deepEqual(found(good), []);
    for (const bad of [0, 100.1, Number.NaN]) assert.equal(found(bad).length, 1, String(bad));
  });

  it("refuses a text that is too long or has other characters, and shows it", () => {
    const found = (value: string) => new Problems().text("name", value, rule).list;
    assert.deepEqual(found("abc"), []);
    for (const bad of ["abcd", "A", ""]) {
      assert.deepEqual(found(bad), [`name: expected 1 to 3 small letters, got "${bad}"`]);
    }
  });

  it("keeps all of them, in order", () => {
    assert.deepEqual(new Problems().add("one").addAll(["two", "three"]).add("four").list, [
      "one",
      "two",
      "three",
      "four",
    ]);
  });

  it("stops a component once, with all of them, and not at all without any", async () => {
    const message = await refusal(() => new Checked(new Problems().add("one").add("two")));
    assert.equal(message, describeProblems('Checked "one"', ["one", "two"]));
    assert.equal(message, 'Checked "one" has 2 problem(s):\n  one\n  two');
    const graph = await recordGraph(() => new Checked(new Problems()));
    assert.equal(graph.resources.length, 1);
  });
});
