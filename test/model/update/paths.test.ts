import assert from "node:assert";
import { segmentsOf, valueAt, withValueAt } from "../../../model/update/paths";

describe("property paths", () => {
  const values = { a: 1, list: [{ x: 1, y: 2 }, { x: 3 }], tags: { "a.b": "c" } };
  const set = (path: string, value: unknown) => withValueAt(values, segmentsOf(path), value);

  it("are read as Pulumi writes them", () => {
    assert.deepStrictEqual(segmentsOf("loadBalancers[0].targetGroupArn"), ["loadBalancers", 0, "targetGroupArn"]);
    assert.deepStrictEqual(segmentsOf('tags["a.b"]'), ["tags", "a.b"]);
    assert.deepStrictEqual(segmentsOf("desiredCount"), ["desiredCount"]);
  });

  it("lead to a value, or to nothing", () => {
    assert.deepStrictEqual(valueAt(values, segmentsOf("list[1].x")), 3);
    assert.deepStrictEqual(valueAt(values, segmentsOf('tags["a.b"]')), "c");
    assert.deepStrictEqual(
      [valueAt(values, segmentsOf("list[2].x")), valueAt(values, segmentsOf("a.b"))],
      [undefined, undefined],
    );
  });

  it("take another value, and leave the rest as it is", () => {
    assert.deepStrictEqual(set("list[0].x", 9), { ...values, list: [{ x: 9, y: 2 }, { x: 3 }] });
    assert.deepStrictEqual(set("b", 2), { ...values, b: 2 });
    assert.deepStrictEqual(set("a", undefined), { list: values.list, tags: values.tags });
    assert.deepStrictEqual(set("list[0].y", undefined), { ...values, list: [{ x: 1 }, { x: 3 }] });
  });

  it("change nothing where nothing leads there", () => {
    assert.deepStrictEqual(set("list[5].x", 1), values);
    assert.deepStrictEqual(set("a.b.c", 1), values);
  });
});
