import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { UNKNOWN } from "../../../preview/record/plain";
import { recordProgram as record } from "../../../preview/record/recordGraph";
import { recordGraph, refusal } from "../../support/graph";
import { withoutKey } from "../../support/read";

const GROUP = "test:index:Group";
const PART = "test:index:Part";
const TOPIC = "aws:sns/topic:Topic";
const ROLE = "aws:iam/role:Role";

/** A topic in a component, in another one if it has a parent. */
class Part extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super(PART, name, {}, opts);
    this.registerOutputs({ topicArn: new aws.sns.Topic(name, {}, { parent: this }).arn });
  }
}

const group = (name: string) => new pulumi.ComponentResource(GROUP, name);
const nested = () => void new Part("orders", { parent: group("orders") });
const role = (name: string, opts?: pulumi.CustomResourceOptions) =>
  new aws.iam.Role(name, { assumeRolePolicy: "{}" }, opts);

const plainRole = () => void role("plain");

const fails = (error: Error) => () => {
  throw error;
};

const failureOf = (program: () => unknown): Promise<unknown> =>
  record(program).then(
    () => assert.fail("the program did not fail"),
    (error: unknown) => error,
  );

describe("recordGraph: names and parents", () => {
  it("writes URNs as the engine does: the types of all ancestors but the stack", async () => {
    const graph = await recordGraph(nested);
    const at = (chain: string) => `urn:pulumi:dev::ecs-delivery::${chain}::orders`;
    assert.equal(graph.only(GROUP).urn, at(GROUP));
    assert.equal(graph.only(PART).urn, at(`${GROUP}$${PART}`));
    assert.equal(graph.only(TOPIC).urn, at(`${GROUP}$${PART}$${TOPIC}`));
  });

  it("has a parent that is no component in the chain, too", async () => {
    const graph = await recordGraph(() => void role("child", { parent: new aws.sns.Topic("above") }));
    assert.equal(graph.only(ROLE).urn, `urn:pulumi:dev::ecs-delivery::${TOPIC}$${ROLE}::child`);
    assert.equal(graph.only(ROLE).parent, graph.only(TOPIC).urn);
  });

  it("says who is whose child, and keeps the stack itself out", async () => {
    const graph = await recordGraph(nested);
    const part = graph.child(graph.only(GROUP), PART);
    assert.equal(graph.parentOf(graph.child(part, TOPIC)), part);
    assert.deepEqual([graph.parentOf(graph.only(GROUP)), graph.only(GROUP).parent], [undefined, undefined]);
    assert.deepEqual(graph.types(), [TOPIC, GROUP, PART]);
    assert.deepEqual([part.custom, graph.only(TOPIC).custom, part.id], [false, true, undefined]);
    assert.throws(() => graph.child(graph.only(GROUP), TOPIC), /expected one aws:sns.* under "orders", got none/);
  });

  it("takes cousins of one name and type, which the mocks alone would mix up", async () => {
    const graph = await recordGraph(() => {
      const other = new pulumi.ComponentResource("test:index:Other", "b");
      for (const parent of [group("a"), other]) new Part("same", { parent });
    });
    assert.deepEqual([graph.count(PART), graph.count(TOPIC)], [2, 2]);
  });

  it("refuses the same URN twice, as the engine does", async () => {
    const message = await refusal(() => void [role("twice"), role("twice")]);
    assert.match(message, /Duplicate resource URN 'urn:pulumi:dev::ecs-delivery::aws:iam\/role:Role::twice'/);
  });

  it("plays in the default project, stack and organization, or in those it is given", async () => {
    const program = () => ({ at: [pulumi.getProject(), pulumi.getStack(), pulumi.getOrganization()] });
    assert.deepEqual((await record(program)).stackOutputs.at, ["ecs-delivery", "dev", "organization"]);
    const other = await record(program, { project: "shop", stack: "qa" });
    assert.deepEqual([other.project, other.stack], ["shop", "qa"]);
    assert.deepEqual(other.stackOutputs.at, ["shop", "qa", "organization"]);
  });
});

describe("recordGraph: what is recorded", () => {
  it("has the options that the engine would see", async () => {
    const graph = await recordGraph(() => {
      const first = new aws.sns.Topic("first");
      role("kept", {
        dependsOn: first,
        ignoreChanges: ["description"],
        protect: true,
        deleteBeforeReplace: true,
        retainOnDelete: true,
        aliases: [{ name: "formerly" }],
      });
    });
    const { dependencies, ignoreChanges, protect, deleteBeforeReplace, retainOnDelete, aliases } = graph.only(ROLE);
    assert.deepEqual(dependencies, [graph.only(TOPIC).urn]);
    assert.deepEqual(ignoreChanges, ["description"]);
    assert.deepEqual([protect, deleteBeforeReplace, retainOnDelete], [true, true, true]);
    assert.deepEqual([aliases.length, aliases[0]?.includes("formerly")], [1, true]);
  });

  it("has none of them where none was given", async () => {
    const resource = withoutKey(
      { ...(await recordGraph(plainRole)).only(ROLE) },
      "urn",
      "id",
      "parent",
      "inputs",
      "outputs",
    );
    const off = { protect: false, deleteBeforeReplace: false, retainOnDelete: false };
    const none = { dependencies: [], propertyDependencies: {}, ignoreChanges: [], replaceOnChanges: [], aliases: [] };
    assert.deepEqual(resource, { type: ROLE, name: "plain", custom: true, ...off, ...none });
  });

  it("says through which property one depends on another", async () => {
    const graph = await recordGraph(() => {
      const topic = new aws.sns.Topic("news");
      new aws.sns.TopicPolicy("news", { arn: topic.arn, policy: "{}" });
    });
    const { urn, outputs } = graph.only(TOPIC);
    const policy = graph.only("aws:sns/topicPolicy:TopicPolicy");
    assert.deepEqual(policy.propertyDependencies, { arn: [urn] });
    assert.deepEqual(policy.dependencies, [urn]);
    assert.equal(policy.inputs.arn, outputs.arn);
  });

  it("has what a component registers as its outputs", async () => {
    const graph = await recordGraph(nested);
    assert.deepEqual(graph.only(PART).outputs, { topicArn: graph.only(TOPIC).outputs.arn });
  });

  it("opens secrets", async () => {
    const graph = await recordGraph(() => void new aws.sns.Topic("news", { displayName: pulumi.secret("s3cret") }));
    const { inputs, outputs } = graph.only(TOPIC);
    assert.deepEqual([inputs.displayName, outputs.displayName], ["s3cret", "s3cret"]);
  });

  it("has what a slow apply makes", async () => {
    const graph = await recordGraph(() => {
      const later = new Promise<string>((resolve) => setTimeout(() => resolve("late"), 100));
      new aws.sns.Topic("soon").arn.apply(async () => role(await later));
    });
    assert.equal(graph.only(ROLE).name, "late");
  });

  it("gives the outputs of the stack as plain values, those of a program that is a function too", async () => {
    const graph = await record(() => async () => {
      const topic = new aws.sns.Topic("news", { name: "news" });
      return { deep: { list: [topic.arn] }, secret: pulumi.secret("s3cret"), two: await Promise.resolve(2) };
    });
    const arn = "arn:aws:sns:eu-west-1:111122223333:news";
    assert.deepEqual(graph.stackOutputs, { deep: { list: [arn] }, secret: "s3cret", two: 2 });
  });

  it("answers hooks, which hang for ever under mocks alone", async () => {
    const graph = await recordGraph(() => {
      const hook = new pulumi.ResourceHook("after", () => undefined);
      role("hooked", { hooks: { afterCreate: [hook] } });
    });
    assert.equal(graph.count(ROLE), 1);
  });
});

describe("recordGraph: failures", () => {
  it("throws what fails inside an apply, that very error", async () => {
    const error = new TypeError("inside");
    assert.equal(await failureOf(() => void new aws.sns.Topic("news").arn.apply(fails(error))), error);
  });

  it("throws what fails in an apply that waits for something else", async () => {
    const thrown = await failureOf(() => {
      new aws.sns.Topic("news").arn.apply(async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        throw new Error("late");
      });
    });
    assert.equal((thrown as Error).message, "late");
  });

  it("throws the first of several", async () => {
    const [first, second] = [new Error("first"), new Error("second")];
    const thrown = await failureOf(() => {
      pulumi.output("x").apply(fails(first));
      new aws.sns.Topic("news").arn.apply(fails(second));
    });
    assert.equal(thrown, first);
  });

  it("leaves RunError and ResourceError what they are", async () => {
    const refused = await failureOf(() => Promise.reject(new pulumi.RunError("set the region")));
    assert.ok(pulumi.RunError.isInstance(refused));
    assert.equal(refused.message, "set the region");
    const wrong = await failureOf(() => fails(new pulumi.ResourceError("too small", new Part("orders"), true))());
    assert.ok(pulumi.ResourceError.isInstance(wrong));
    assert.match(String(wrong), /too small/);
  });

  it("goes on after a failure: nothing of it is in the next run, and no listener stays", async () => {
    const before = process.listenerCount("unhandledRejection");
    const late = pulumi.output("").apply((): string => {
      throw new Error("too late");
    });
    await failureOf(() => void new aws.iam.Role("jobs", { assumeRolePolicy: late }));
    assert.deepEqual((await recordGraph(plainRole)).types(), [ROLE]);
    assert.equal(process.listenerCount("unhandledRejection"), before);
  });
});

describe("recordGraph: what it costs", () => {
  it("has Pulumi write no stack trace of what goes well", async () => {
    const before = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
    let written = 0;
    Error.prepareStackTrace = (error) => {
      written += 1;
      return String(error);
    };
    try {
      await record(nested);
    } finally {
      if (before) Object.defineProperty(Error, "prepareStackTrace", before);
      else Reflect.deleteProperty(Error, "prepareStackTrace");
    }
    assert.equal(written, 0);
  });
});

describe("recordGraph: several runs", () => {
  it("keeps stacks apart, and says the same of the same one", async () => {
    const size = () => new pulumi.Config("ecs-delivery").get("size") ?? "none";
    const program = () => ({ id: role("deployer").uniqueId, size: size() });
    const small = { config: { "ecs-delivery:size": "small" } };
    const [dev, qa, again] = [
      await record(program, small),
      await record(program, { stack: "qa" }),
      await record(program, small),
    ];
    assert.deepEqual([dev.stackOutputs.size, qa.stackOutputs.size], ["small", "none"]);
    assert.notEqual(dev.stackOutputs.id, qa.stackOutputs.id);
    assert.deepEqual(again, dev);
    assert.match(qa.resources[0]?.urn ?? "", /^urn:pulumi:qa::/);
  });
});

describe("recordGraph: as a first pulumi preview", () => {
  const program = () => {
    const topic = new aws.sns.Topic("news", { displayName: "News" });
    new aws.sns.TopicPolicy("news", { arn: topic.arn, policy: "{}" });
    new Part("orders");
    return { arn: topic.arn, displayName: topic.displayName };
  };

  it("knows inputs, and neither ids nor what AWS works out", async () => {
    const graph = await recordGraph(program, { preview: true });
    const { id, inputs, outputs } = graph.named(TOPIC, "news");
    assert.deepEqual([id, inputs.displayName, outputs.displayName, outputs.arn], [undefined, "News", "News", UNKNOWN]);
    assert.equal(graph.only("aws:sns/topicPolicy:TopicPolicy").inputs.arn, UNKNOWN);
    assert.deepEqual(graph.only(PART).outputs, { topicArn: UNKNOWN });
    assert.deepEqual(graph.recorded.stackOutputs, { arn: UNKNOWN, displayName: "News" });
  });

  it("registers the same resources as an update", async () => {
    const [preview, update] = [await recordGraph(program, { preview: true }), await recordGraph(program)];
    assert.equal(preview.identity(), update.identity());
  });

  it("shows what is made only once something is known", async () => {
    const hidden = () => void new aws.sns.Topic("news").arn.apply(() => role("hidden"));
    assert.equal((await recordGraph(hidden, { preview: true })).count(ROLE), 0);
    assert.equal((await recordGraph(hidden)).count(ROLE), 1);
  });

  it("reads what exists", async () => {
    const read = () => ({ id: aws.iam.Role.get("deployer", "the-deployer").id });
    assert.equal((await record(read, { preview: true })).stackOutputs.id, "the-deployer");
  });
});
