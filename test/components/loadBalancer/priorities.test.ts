import assert from "node:assert/strict";
import { rulePriorities } from "../../../components/loadBalancer/priorities";

const prioritiesOf = (...rules: Parameters<typeof rulePriorities>[0]) => rulePriorities(rules);

describe("priorities of the rules of a listener", () => {
  it("put host and path before host, host before path, and longer before shorter", () => {
    const hosts = ["shop.example.com"];
    const rules = [
      { name: "a", paths: ["/api/*"] },
      { name: "b", paths: ["/api/v2/*", "/api/v2"] },
      { name: "c", hosts },
      { name: "d", hosts: ["*.example.com"] },
      { name: "e", hosts, paths: ["/api/*"] },
      { name: "f", hosts, paths: ["/api/*", "/*"] },
    ];
    const found = prioritiesOf(...rules);
    const order = rules.map(({ name }, index) => [found[index] ?? 0, name] as const).sort(([a], [b]) => a - b);
    assert.deepEqual(
      order.map(([, name]) => name),
      ["e", "f", "c", "d", "b", "a"],
    );
    assert.ok(found.every((one) => one >= 1000 && one < 50_000));
  });

  it("stay when others come after, and when paths of the same length are said", () => {
    const one = { name: "api", paths: ["/api/*"] };
    assert.deepEqual(prioritiesOf(one, { name: "web", paths: ["/web/*"] })[0], prioritiesOf(one)[0]);
    assert.deepEqual(prioritiesOf({ name: "api", paths: ["/apx/*"] }), prioritiesOf(one));
  });

  it("are all different, and none is one that somebody has said", () => {
    const many = Array.from({ length: 49 }, (_, index) => ({ name: `s${index}`, paths: [`/${index + 10}/*`] }));
    assert.equal(new Set(prioritiesOf(...many)).size, 49);
    const [worked = 0] = prioritiesOf({ name: "api", paths: ["/api/*"] });
    const taken = prioritiesOf({ name: "api", paths: ["/api/*"] }, { name: "web", hosts: ["a.b"], priority: worked });
    assert.deepEqual(taken, [worked + 1, worked]);
    assert.ok(prioritiesOf({ name: "long", paths: [`/${"a".repeat(120)}`] }).every((one) => one >= 1000));
  });
});
