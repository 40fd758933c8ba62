import assert from "node:assert/strict";
import { checkPushFilter, type PushFilter } from "../../../components/pipeline/pushFilter";

const problems = (filter: Partial<PushFilter>) =>
  checkPushFilter({ branches: {}, tags: {}, filePaths: {}, ...filter }).list;
const patterns = (count: number, length = 1) => Array<string>(count).fill("x".repeat(length));

describe("checkPushFilter", () => {
  it("takes one to eight patterns of up to 255 characters, and lists that are not given", () => {
    assert.deepEqual(problems({ branches: { branch: patterns(1) } }), []);
    assert.deepEqual(
      problems({ branches: { branch: patterns(8, 255) }, filePaths: { filePaths: patterns(8, 255) } }),
      [],
    );
    assert.deepEqual(problems({ tags: { tags: ["v*"] }, filePaths: { filePaths: undefined } }), []);
  });

  it("names the field of a list that is empty or too long, and of a pattern that is", () => {
    assert.deepEqual(problems({ branches: { "branches.includes": [] } }), [
      "branches.includes: expected 1 to 8 patterns, got 0",
    ]);
    assert.deepEqual(problems({ tags: { tags: patterns(9) } }), ["tags: expected 1 to 8 patterns, got 9"]);
    const long = "x".repeat(256);
    assert.deepEqual(problems({ branches: { branch: ["main"] }, filePaths: { excluded: ["", "a", long] } }), [
      'excluded: expected patterns of 1 to 255 characters, got 0: ""',
      `excluded: expected patterns of 1 to 255 characters, got 256: "${long}"`,
    ]);
  });

  it("takes files beside a branch only, and no filter of nothing", () => {
    assert.deepEqual(problems({ tags: { tags: ["v*"] }, filePaths: { filePaths: ["a/**"] } }), [
      "filePaths: goes with a branch, not with tags; leave one of the two out",
    ]);
    assert.deepEqual(problems({ filePaths: { filePaths: ["a/**"] } }), [
      "branches, tags: expected patterns of one of the two, got none",
    ]);
  });
});
