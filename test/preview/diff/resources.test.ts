import assert from "node:assert";
import * as aws from "@pulumi/aws";
import type { RecordedGraph, RecordedResource } from "../../../model/graph/graph";
import { pairUp } from "../../../model/update/pairs";
import { withKeptNames } from "../../../preview/diff/keptNames";
import { resourceChanges } from "../../../preview/diff/resources";
import { recordProgram } from "../../../preview/record/recordGraph";
import { graphOf, resource } from "../rules/handMade";

const SERVICE = "aws:ecs/service:Service";
const TOPIC = "aws:sns/topic:Topic";

const changes = (before: RecordedGraph, after: RecordedGraph) => resourceChanges(pairUp(before, after));
const between = (before: RecordedResource, after: RecordedResource) => changes(graphOf(before), graphOf(after));
const urn = (type: string, name: string) => `urn:pulumi:dev::shop::${type}::${name}`;
const identity = (type: string, name: string) => ({ urn: urn(type, name), type, name });

describe("resourceChanges", () => {
  it("are none between equal graphs", () => {
    const graph = graphOf(resource(TOPIC, "news", { tags: { a: "b" } }));
    assert.deepStrictEqual(changes(graph, graph), []);
  });

  it("names what is added and what is removed, with what is lost", () => {
    const [old, young] = [resource("aws:ecr/repository:Repository", "api", {}), resource(TOPIC, "news", {})];
    assert.deepStrictEqual(between(old, young), [
      {
        fate: "removed",
        ...identity("aws:ecr/repository:Repository", "api"),
        properties: [],
        lost: "every image in it; AWS refuses until it is empty",
      },
      { fate: "added", ...identity(TOPIC, "news"), properties: [] },
    ]);
  });

  it("says property by property what changed in place", () => {
    const [found] = between(
      resource(SERVICE, "api", { desiredCount: 1 }),
      resource(SERVICE, "api", { desiredCount: 2 }),
    );
    assert.deepStrictEqual(found, {
      fate: "changed",
      ...identity(SERVICE, "api"),
      properties: [{ path: "desiredCount", before: 1, after: 2 }],
    });
  });

  it("says what replaces, in which order, and what the old one takes along", () => {
    const [old, young] = ["eu", "us"].map((cluster) => resource(SERVICE, "api", { cluster, name: "api" }));
    assert(old && young);
    const properties = [{ path: "cluster", before: "eu", after: "us", replaces: true }];
    const lost = "its running tasks: nobody serves until another one does";
    assert.deepStrictEqual(between(old, young), [
      { fate: "replaced", ...identity(SERVICE, "api"), properties, lost, deletedFirst: true },
    ]);
    const madeUp = ({ inputs, ...rest }: RecordedResource) => ({ ...rest, inputs: { cluster: inputs.cluster } });
    assert.strictEqual("deletedFirst" in (between(madeUp(old), madeUp(young))[0] ?? {}), false);
    const told = { ...madeUp(young), deleteBeforeReplace: true };
    assert.strictEqual(between({ ...madeUp(old), deleteBeforeReplace: true }, told)[0]?.deletedFirst, true);
  });

  it("says what is lost of a resource that stays and keeps less", () => {
    const log = (days: number) => resource("aws:cloudwatch/logGroup:LogGroup", "api", { retentionInDays: days });
    const [found] = between(log(30), log(7));
    assert.deepStrictEqual(
      [found?.fate, found?.lost, found?.keepsLess],
      ["changed", "its log but for the last 7 days", true],
    );
    assert.strictEqual(between(log(7), log(30))[0]?.lost, undefined);
  });

  it("says what Pulumi is told to leave alone", () => {
    const ignoring = (count: number) => ({
      ...resource(SERVICE, "api", { desiredCount: count }),
      ignoreChanges: ["desiredCount"],
    });
    const [kept] = between(ignoring(1), ignoring(2));
    assert.deepStrictEqual(
      [kept?.fate, kept?.properties],
      ["kept", [{ path: "desiredCount", before: 1, after: 2, ignored: true }]],
    );
    const part = (image: string, other: string) => ({
      ...resource(SERVICE, "api", { networkConfiguration: { image, other } }),
      ignoreChanges: ["networkConfiguration.image"],
    });
    assert.deepStrictEqual(
      between(part("a", "x"), part("b", "y"))[0]?.properties.map(({ ignored = false }) => ignored),
      [true, false],
    );
  });

  it("compares nothing with a resource of another type", () => {
    const found = between(resource("aws:lb/targetGroup:TargetGroup", "a", {}), resource(TOPIC, "a", {}));
    assert.deepStrictEqual(
      found.map(({ fate }) => fate),
      ["removed", "added"],
    );
  });

  it("tells of options that decide over a deletion", () => {
    const [found] = between(resource(TOPIC, "news", {}), { ...resource(TOPIC, "news", {}), protect: true });
    assert.deepStrictEqual(
      [found?.fate, found?.properties],
      ["changed", [{ path: "options.protect", before: false, after: true }]],
    );
  });

  it("warns of a rename that no alias tells of: the old one is deleted", () => {
    const [found, ...others] = between(
      resource("aws:s3/bucket:Bucket", "old", {}),
      resource("aws:s3/bucket:Bucket", "new", {}),
    );
    assert.deepStrictEqual(
      [found, others],
      [
        {
          fate: "renamed",
          ...identity("aws:s3/bucket:Bucket", "new"),
          properties: [],
          aliased: false,
          formerUrn: urn("aws:s3/bucket:Bucket", "old"),
          lost: "every object in it; AWS refuses until it is empty",
        },
        [],
      ],
    );
  });
});

describe("what follows from a replacement", () => {
  const program = (port: number, ignoreChanges: string[] = []) =>
    recordProgram(() => {
      const group = new aws.lb.TargetGroup("blue", { port });
      new aws.lb.Listener(
        "web",
        { loadBalancerArn: "lb", defaultActions: [{ type: "forward", targetGroupArn: group.arn }] },
        { ignoreChanges },
      );
    });

  it("is that whoever holds its id changes too", async () => {
    const found = changes(await program(80), await program(81));
    assert.deepStrictEqual(
      found.map(({ name, fate, properties }) => [name, fate, properties]),
      [
        ["blue", "replaced", [{ path: "port", before: 80, after: 81, replaces: true }]],
        ["web", "changed", [{ path: "defaultActions", follows: 'aws.lb.TargetGroup "blue"' }]],
      ],
    );
    const kept = changes(await program(80, ["defaultActions"]), await program(81, ["defaultActions"]));
    assert.deepStrictEqual(
      kept.map(({ fate }) => fate),
      ["replaced", "kept"],
    );
  });

  it("goes on where that replaces it in turn", async () => {
    const chain = (internal: boolean) =>
      recordProgram(() => {
        const balancer = new aws.lb.LoadBalancer("web", { internal });
        const front = new aws.lb.Listener("web", {
          loadBalancerArn: balancer.arn,
          defaultActions: [{ type: "fixed-response" }],
        });
        new aws.lb.ListenerRule("web", {
          listenerArn: front.arn,
          actions: [{ type: "fixed-response" }],
          conditions: [],
        });
      });
    const found = changes(await chain(true), await chain(false));
    assert.deepStrictEqual(
      found.map(({ type, fate, properties }) => [type.split(":")[2], fate, properties.map(({ path }) => path)]),
      [
        ["Listener", "replaced", ["loadBalancerArn"]],
        ["ListenerRule", "replaced", ["listenerArn"]],
        ["LoadBalancer", "replaced", ["internal"]],
      ],
    );
  });

  it("is nothing where the name is given: the new one has the same", async () => {
    const named = (path: string) =>
      recordProgram(() => {
        const role = new aws.iam.Role("task", { name: "task", path, assumeRolePolicy: "{}" });
        new aws.iam.RolePolicy("task", { role: role.name, policy: "{}" });
      });
    const found = changes(await named("/a/"), await named("/b/"));
    assert.deepStrictEqual(
      found.map(({ type, fate }) => [type, fate]),
      [["aws:iam/role:Role", "replaced"]],
    );
  });

  it("takes a task definition's revision for a new one", async () => {
    const service = (memory: string) =>
      recordProgram(() => {
        const definition = new aws.ecs.TaskDefinition("api", { family: "api", memory, containerDefinitions: "[]" });
        new aws.ecs.Service("api", { taskDefinition: definition.arn });
      });
    const found = changes(await service("512"), await service("1024"));
    assert.deepStrictEqual(
      found.map(({ type, fate }) => [type, fate]),
      [
        ["aws:ecs/taskDefinition:TaskDefinition", "replaced"],
        ["aws:ecs/service:Service", "changed"],
      ],
    );
  });
});

describe("withKeptNames", () => {
  const program = (name: string, text: string, options: object = {}) =>
    recordProgram(() => {
      const topic = new aws.sns.Topic(name, { displayName: text }, options);
      new aws.sns.TopicPolicy("news", { arn: topic.arn, policy: "{}" });
      return { topic: topic.name };
    });

  it("has nothing that refers to a renamed resource change, if an alias keeps it", async () => {
    const before = await program("news", "News");
    const after = withKeptNames(before, await program("told", "Told", { aliases: [{ name: "news" }] }));
    assert.deepStrictEqual(
      changes(before, after).map(({ fate, name, aliased, properties }) => [fate, name, aliased, properties]),
      [["renamed", "told", true, [{ path: "displayName", before: "News", after: "Told" }]]],
    );
    assert.deepStrictEqual(after.stackOutputs, before.stackOutputs);
  });

  it("leaves the names that AWS gives where nothing keeps the old ones", async () => {
    const [before, after] = [await program("news", "News"), await program("told", "News")];
    assert.strictEqual(withKeptNames(before, after), after);
    assert.deepStrictEqual(
      changes(before, after).map(({ fate, type }) => [fate, type]),
      [
        ["replaced", "aws:sns/topicPolicy:TopicPolicy"],
        ["renamed", TOPIC],
      ],
    );
  });
});
