import assert from "node:assert";
import { matchesPattern } from "../../../model/graph/eventPattern";

const EVENT = { source: "aws.ecr", resources: ["arn:one"], detail: { name: "shop/api", tag: "v1" } };

describe("matchesPattern", () => {
  const cases: readonly (readonly [boolean, unknown])[] = [
    [true, {}],
    [true, { source: ["aws.s3", "aws.ecr"], detail: { name: ["shop/api"] } }],
    [false, { detail: { other: ["x"] } }],
    [true, { resources: ["arn:one"] }],
    [true, { detail: { name: [{ prefix: "shop/" }], tag: [{ "anything-but": ["latest"] }] } }],
    [false, { detail: { tag: [{ "anything-but": { prefix: "v" } }] } }],
    [true, { detail: { name: [{ wildcard: "*/api" }], tag: [{ exists: true }], none: [{ exists: false }] } }],
    [true, { detail: { tag: [{ "equals-ignore-case": "V1" }] } }],
    [false, { detail: { tag: [{ numeric: [">", 1] }] } }],
    [false, "not a pattern"],
  ];
  for (const [expected, pattern] of cases) {
    it(`says ${expected ? "yes" : "no"} to ${JSON.stringify(pattern)}`, () => {
      assert.strictEqual(matchesPattern(pattern, EVENT), expected);
    });
  }
});
