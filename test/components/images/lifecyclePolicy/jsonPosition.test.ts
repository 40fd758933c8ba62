import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { describePosition, jsonErrorOffset } from "../../../../components/images/lifecyclePolicy/jsonPosition";

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe("jsonErrorOffset", () => {
  const cases: readonly [text: string, offset: number | undefined][] = [
    ['{"a": [1, -2.5e3, true, null, "\\u00e9\\n"]}', undefined],
    ["", 0],
    [" ", 1],
    ["{", 1],
    ['{"a" 1}', 5],
    ['{"a": 1,}', 8],
    ["[1,]", 3],
    ["[,]", 1],
    ["[1 2]", 3],
    ["01", 1],
    ["{'a': 1}", 1],
    ['{"a": tru}', 6],
    ['"open', 0],
    ['"a\nb"', 0],
    ["[1}", 2],
    ["1 // one", 2],
  ];
  for (const [text, offset] of cases) {
    it(`finds where ${JSON.stringify(text)} stops being JSON`, () => assert.equal(jsonErrorOffset(text), offset));
  }

  it("calls JSON what JSON.parse does, whatever was changed in it", () => {
    const change = fc.record({
      at: fc.nat(),
      remove: fc.nat(2),
      insert: fc.constantFrom(..."{}[]:,\"'\\ \n0-.etn", ""),
    });
    fc.assert(
      fc.property(fc.json(), change, (json, { at, remove, insert }) => {
        const place = at % (json.length + 1);
        const text = json.slice(0, place) + insert + json.slice(place + remove);
        assert.equal(jsonErrorOffset(text) === undefined, isJson(text), text);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("describePosition", () => {
  it("counts lines and columns from 1", () => {
    assert.equal(describePosition('{\n  "a": x', 9), "line 2, column 8");
    assert.equal(describePosition("x", 0), "line 1, column 1");
  });
});
