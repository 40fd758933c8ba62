import assert from "node:assert";
import type { RecordedGraph } from "../../../model/graph/graph";
import { TYPES } from "../../../model/graph/resources";
import { changedProperties, withFollowers } from "../../../model/update/followers";
import { pairUp } from "../../../model/update/pairs";
import { planUpdate, precedence, type Step } from "../../../model/update/plan";
import { schedule } from "../../../model/update/schedule";
import { graphOf } from "../../preview/rules/handMade";
import { made, shopUrn } from "../shop";

const ROLE = TYPES.role;
const GROUP = TYPES.targetGroup;
const TOPIC = TYPES.topic;

const plan = (before: RecordedGraph, after: RecordedGraph) => {
  const paired = pairUp(before, after);
  const changed = withFollowers(paired.pairs.map((pair) => ({ ...pair, properties: changedProperties(pair) })));
  return planUpdate(after, paired, changed);
};
const words = (steps: readonly Step[]) =>
  schedule(steps).map(({ step }) => `${step.kind} ${step.urn.split("::").at(-1) ?? ""}`);

/** A topic that stands on another. */
const on = (type: string, name: string, below: string, inputs = {}) =>
  made(
    type,
    name,
    { below, ...inputs },
    { dependencies: [shopUrn(type, below)], propertyDependencies: { below: [shopUrn(type, below)] } },
  );

describe("planUpdate", () => {
  it("has nothing to do where nothing changed", () => {
    const graph = graphOf(made(TOPIC, "a", { displayName: "A" }));
    assert.deepStrictEqual(plan(graph, graph), []);
  });

  it("makes what something stands on first, and deletes it last", () => {
    const all = graphOf(on(TOPIC, "c", "b"), on(TOPIC, "b", "a"), made(TOPIC, "a", {}));
    assert.deepStrictEqual(words(plan(graphOf(), all)), ["create a", "create b", "create c"]);
    assert.deepStrictEqual(words(plan(all, graphOf())), ["delete c", "delete b", "delete a"]);
  });

  it("waits for what something stands on also where something unchanged is between them", () => {
    const graph = (a: string, c: string) =>
      graphOf(on(TOPIC, "c", "b", { displayName: c }), on(TOPIC, "b", "a"), made(TOPIC, "a", { displayName: a }));
    const steps = plan(graph("1", "1"), graph("2", "2"));
    assert.deepStrictEqual(words(steps), ["update a", "update c"]);
    const [a, c] = [
      steps.find(({ urn }) => urn === shopUrn(TOPIC, "a")),
      steps.find(({ urn }) => urn === shopUrn(TOPIC, "c")),
    ];
    assert(a && c);
    assert.deepStrictEqual([precedence(steps)(a, c), precedence(steps)(c, a)], [true, false]);
  });

  it("makes a replacement before the old one goes, which goes after everything else", () => {
    const graph = (port: number, displayName: string) =>
      graphOf(made(GROUP, "blue", { port }), made(TOPIC, "z", { displayName }));
    const steps = plan(graph(80, "A"), graph(81, "B"));
    assert.deepStrictEqual(words(steps), ["create blue", "update z", "delete blue"]);
  });

  it("makes a new revision of a task definition, and deletes none", () => {
    const graph = (memory: string) => graphOf(made(TYPES.taskDefinition, "api", { family: "api", memory }));
    assert.deepStrictEqual(words(plan(graph("512"), graph("1024"))), ["create api"]);
  });

  it("deletes the old one first of what there is one of, whatever its name", () => {
    const policy = (text: string) =>
      graphOf(made(TYPES.lifecyclePolicy, "api", { repository: "dev/api", policy: text }));
    assert.deepStrictEqual(words(plan(policy("a"), policy("b"))), ["delete api", "create api"]);
  });

  it("deletes first what has a fixed name, and before it what is replaced because of it", () => {
    const role = (path: string) => made(ROLE, "role", { name: "fixed", path });
    const policy = made(
      "aws:iam/rolePolicy:RolePolicy",
      "policy",
      { name: "policy", role: "role-0a1b2c3" },
      {
        dependencies: [shopUrn(ROLE, "role")],
        propertyDependencies: { role: [shopUrn(ROLE, "role")] },
      },
    );
    const steps = plan(graphOf(role("/"), policy), graphOf(role("/a/"), policy));
    assert.deepStrictEqual(words(steps), ["delete policy", "delete role", "create role", "create policy"]);
  });

  it("leaves alone what only Pulumi ignores, or the provider keeps", () => {
    const service = (inputs: object, ignoreChanges: readonly string[] = []) =>
      graphOf(made(TYPES.service, "api", { name: "api", ...inputs }, { ignoreChanges }));
    assert.deepStrictEqual(plan(service({ desiredCount: 1 }), service({ desiredCount: 2 }, ["desiredCount"])), []);
    assert.deepStrictEqual(plan(service({ launchType: "FARGATE" }), service({})), []);
    assert.deepStrictEqual(words(plan(service({ desiredCount: 1 }), service({ desiredCount: 2 }))), ["update api"]);
  });

  it("does as told by an alias, and takes what only looks alike for another one", () => {
    const before = graphOf(made(TOPIC, "old", { displayName: "A" }));
    const alias = JSON.stringify({ spec: { name: "old" } });
    const kept = made(TOPIC, "young", { displayName: "A" }, { aliases: [alias] });
    assert.deepStrictEqual(plan(before, graphOf(kept)), []);
  });
});
