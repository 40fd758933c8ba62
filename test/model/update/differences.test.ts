import assert from "node:assert";
import { differences } from "../../../model/update/differences";
import { present } from "../../support/present";

const same = (before: unknown, after: unknown) => assert.deepStrictEqual(differences(before, after), []);

describe("differences", () => {
  it("takes an empty list of a container for none, as the provider does, and one with something in it for what it is", () => {
    const of = (container: object) => ({ containerDefinitions: JSON.stringify([{ name: "api", ...container }]) });
    assert.deepEqual(differences(of({ environment: [], secrets: [] }), of({})), []);
    assert.deepEqual(
      differences(of({ environment: [] }), of({ environment: [{ name: "A", value: "b" }] })).map(({ path }) => path),
      ["containerDefinitions[api].environment[A]"],
    );
    assert.equal(differences({ subnets: [] }, {}).length, 1);
  });

  it("are none between equal values, however their JSON text is written", () => {
    same({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] });
    same({ policy: '{"a":1,"b":[2]}' }, { policy: '{ "b": [2], "a": 1 }' });
    same(undefined, undefined);
  });

  it("are said property by property, with what was and what is", () => {
    assert.deepStrictEqual(
      present(differences({ cpu: 256, tags: { team: "a" } }, { cpu: 512, tags: { owner: "b" } })),
      [
        { path: "cpu", before: 256, after: 512 },
        { path: "tags.team", before: "a" },
        { path: "tags.owner", after: "b" },
      ],
    );
    assert.deepStrictEqual(differences({ "a:b": { "c d": 1 } }, { "a:b": { "c d": 2 } }), [
      { path: 'a:b["c d"]', before: 1, after: 2 },
    ]);
  });

  it("look into JSON texts", () => {
    const definitions = (memory: number) => JSON.stringify([{ name: "api", memory }, { name: "log" }]);
    assert.deepStrictEqual(
      differences({ containerDefinitions: definitions(512) }, { containerDefinitions: definitions(1024) }),
      [{ path: "containerDefinitions[api].memory", before: 512, after: 1024 }],
    );
    assert.deepStrictEqual(differences({ text: "{ broken" }, { text: "{}" }), [
      { path: "text", before: "{ broken", after: "{}" },
    ]);
  });

  it("know items by their name, wherever they stand, and say when their order is another one", () => {
    const [a, b, c] = ["a", "b", "c"].map((name) => ({ name, value: 1 }));
    assert.deepStrictEqual(present(differences([a, b], [c, a, { ...b, value: 2 }], "list")), [
      { path: "list[b].value", before: 1, after: 2 },
      { path: "list[c]", after: c },
    ]);
    assert.deepStrictEqual(differences([a, b], [b, a], "list"), [
      { path: "list[] order", before: "a, b", after: "b, a" },
    ]);
    assert.deepStrictEqual(present(differences([], [a], "list")), [{ path: "list[a]", after: a }]);
  });

  it("take other lists for sets, unless only their order differs", () => {
    assert.deepStrictEqual(present(differences(["a", "b", "c"], ["b", "d", "e"], "list")), [
      { path: "list[]", before: "a" },
      { path: "list[]", before: "c" },
      { path: "list[]", after: "d" },
      { path: "list[]", after: "e" },
    ]);
    assert.deepStrictEqual(differences(["a", "b"], ["a", "c"], "list"), [{ path: "list[]", before: "b", after: "c" }]);
    assert.deepStrictEqual(differences([1, 2], [2, 1], "list"), [{ path: "list", before: [1, 2], after: [2, 1] }]);
  });

  it("keep to the place of an item that only changed, and name the one that came", () => {
    const [first, second, third] = [{ effect: "Allow" }, { effect: "Deny" }, { effect: "Maybe" }];
    assert.deepStrictEqual(differences([first, second], [first, third], "list"), [
      { path: "list[1].effect", before: "Deny", after: "Maybe" },
    ]);
    assert.deepStrictEqual(present(differences([first, second], [first, third, second], "list")), [
      { path: "list[]", after: third },
    ]);
  });

  it("show values of another kind whole", () =>
    assert.deepStrictEqual(differences({ a: [1] }, { a: { b: 1 } }), [{ path: "a", before: [1], after: { b: 1 } }]));
});
