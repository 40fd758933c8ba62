import assert from "node:assert/strict";
import { eventPatternProblems } from "../../../components/checks/eventPattern";

const said = (pattern: unknown) =>
  eventPatternProblems(pattern).map(({ path, expected }) => `${path.map(String).join(".")}: ${expected}`);

describe("an event pattern", () => {
  const right: Readonly<Record<string, unknown>> = {
    "of an object in a bucket": {
      source: ["aws.s3"],
      "detail-type": ["Object Created"],
      detail: { bucket: { name: ["uploads"] }, object: { key: [{ prefix: "in/" }, { suffix: ".csv" }] } },
    },
    "of any number, and none": { detail: { size: [{ numeric: [">", 0, "<=", 5.5] }], error: [{ exists: false }] } },
    "of anything but": {
      detail: {
        a: [{ "anything-but": "x" }],
        b: [{ "anything-but": ["x", 2] }],
        c: [{ "anything-but": { prefix: "x" } }],
        d: [{ "anything-but": { wildcard: ["a*", "b*"] } }],
      },
    },
    "in either of two ways": { detail: { $or: [{ a: [1] }, { b: [{ cidr: "10.0.0.0/24" }] }] } },
    "without case": { detail: { a: [{ prefix: { "equals-ignore-case": "x" } }], b: [null, true] } },
    "with a star": { detail: { a: [{ wildcard: "a*b*" }] } },
  };
  for (const [what, pattern] of Object.entries(right)) {
    it(`is taken ${what}`, () => assert.deepEqual(said(pattern), []));
  }

  const wrong: Readonly<Record<string, readonly [pattern: unknown, RegExp]>> = {
    "nothing at all": [{}, /^: an object of lists/],
    "a text where a list belongs": [{ source: "aws.s3" }, /^source: a list .*\["aws\.s3"\]/],
    "a list of nothing": [{ source: [] }, /^source: a list with something/],
    "an object of nothing": [{ detail: {} }, /^detail: fields/],
    "a field that no event has": [{ detailType: ["x"] }, /^detailType: one of source, detail-type/],
    "a comparison that is none": [{ detail: { a: [{ startsWith: "x" }] } }, /^detail\.a\.0: one comparison of prefix/],
    "two comparisons in one": [{ detail: { a: [{ prefix: "x", suffix: "y" }] } }, /^detail\.a\.0: one comparison/],
    "a number as a text in a comparison": [
      { detail: { a: [{ numeric: [">", "5"] }] } },
      /^detail\.a\.0\.numeric: a comp/,
    ],
    "a list in a list": [{ detail: { a: [["x"]] } }, /^detail\.a\.0: a text/],
    "one alternative": [{ $or: [{ source: ["x"] }] }, /^\$or: a list of two/],
    "two stars beside one another": [{ detail: { a: [{ wildcard: "a**" }] } }, /wildcard: a text/],
    "whether it exists as a word": [{ detail: { a: [{ exists: "yes" }] } }, /exists: true or false/],
    "more than a rule holds": [{ source: ["x".repeat(4100)] }, /^: at most 4096 characters/],
  };
  for (const [what, [pattern, message]] of Object.entries(wrong)) {
    it(`is refused: ${what}`, () => assert.match(said(pattern).join("\n"), message));
  }
});
