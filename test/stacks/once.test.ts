import assert from "node:assert/strict";
import { once } from "../../stacks/once";

describe("once", () => {
  for (const result of [undefined, 0, "made"]) {
    it(`calls what it is given a single time, also when the result is ${String(result)}`, () => {
      let calls = 0;
      const get = once(() => {
        calls += 1;
        return result;
      });
      assert.deepEqual([get(), get(), calls], [result, result, 1]);
    });
  }

  it("calls nothing before somebody asks", () => {
    once(() => assert.fail("called"));
  });

  it("tries again after a failure", () => {
    let calls = 0;
    const get = once(() => {
      calls += 1;
      if (calls === 1) throw new Error("not yet");
      return calls;
    });
    assert.throws(get, /not yet/);
    assert.equal(get(), 2);
  });
});
