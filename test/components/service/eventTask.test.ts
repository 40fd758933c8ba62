import assert from "node:assert/strict";
import { DeadLetterQueue } from "../../../components/service/deadLetterQueue";
import { EventTask, type EventTaskArgs } from "../../../components/service/eventTask";
import { findingsOf } from "../../../preview/rules";
import { matches, transformed } from "../../support/eventPattern";
import { type Graph, recordGraph, refusal } from "../../support/graph";
import { at, json } from "../../support/read";
import { arn, CLUSTER } from "../../support/service";

const ARGS: EventTaskArgs = {
  task: {
    cluster: CLUSTER,
    family: "dev-api",
    containerName: "api",
    capacity: [{ capacityProvider: "FARGATE", weight: 1 }],
    cpu: 256,
    memory: 512,
    subnetIds: ["subnet-c"],
    securityGroupIds: ["sg-tasks"],
    passRoleArns: [arn("iam", "role/task")],
  },
  command: ["node", "import.js", "s3://<bucket>/<key>"],
  environment: { SIZE: "<size>" },
  inputPathsMap: { bucket: "$.detail.bucket.name", key: "$.detail.object.key", size: "$.detail.object.size-text" },
  eventPattern: { source: ["aws.s3"], "detail-type": ["Object Created"], detail: { bucket: { name: ["uploads"] } } },
};
const EVENT = {
  source: "aws.s3",
  "detail-type": "Object Created",
  detail: { bucket: { name: "uploads" }, object: { key: "in/a.csv", "size-text": "12" } },
};
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const RULE = "aws:cloudwatch/eventRule:EventRule";
const POLICY = "aws:sqs/queuePolicy:QueuePolicy";

const graphOf = (changes: Partial<EventTaskArgs> = {}) =>
  recordGraph(() => new EventTask("api-import", { ...ARGS, ...changes }));

describe("EventTask", () => {
  let graph: Graph;
  before(async () => {
    graph = await graphOf();
  });

  it("is started by the events that the pattern means, on the default bus", () => {
    const { inputs } = graph.only(RULE);
    assert.ok(matches(inputs.eventPattern, EVENT));
    assert.ok(!matches(inputs.eventPattern, { ...EVENT, source: "aws.ecr" }));
    assert.equal(inputs.eventBusName, undefined);
  });

  it("hands what the event has to the container, in its command and in its variables", () => {
    const { inputTransformer, input } = graph.only(TARGET).inputs;
    assert.equal(input, undefined);
    assert.deepEqual(transformed(inputTransformer, EVENT), {
      containerOverrides: [
        {
          name: "api",
          command: ["node", "import.js", "s3://uploads/in/a.csv"],
          environment: [{ name: "SIZE", value: "12" }],
        },
      ],
    });
  });

  it("hands over what stands there where nothing of the event is asked for", async () => {
    const plain = await graphOf({
      command: ["x"],
      environment: undefined,
      inputPathsMap: undefined,
      cpu: 512,
      memory: 1024,
    });
    const { inputTransformer, input } = plain.only(TARGET).inputs;
    assert.equal(inputTransformer, undefined);
    assert.deepEqual(json(input), {
      containerOverrides: [{ name: "api", command: ["x"] }],
      cpu: "512",
      memory: "1024",
    });
  });

  it("runs what was last delivered, once, in the service's network", () => {
    const target = at(graph.only(TARGET).inputs, "ecsTarget");
    assert.equal(at(target, "taskDefinitionArn"), arn("ecs", "task-definition/dev-api"));
    assert.deepEqual([at(target, "launchType"), at(target, "taskCount")], ["FARGATE", 1]);
    assert.deepEqual(at(target, "networkConfiguration", "securityGroups"), ["sg-tasks"]);
    assert.deepEqual(graph.only(TARGET).inputs.retryPolicy, { maximumEventAgeInSeconds: 900, maximumRetryAttempts: 2 });
  });

  it("may run tasks of this family in this cluster, and hand over these roles to tasks", () => {
    const [run, tag, pass, ...more] = graph.statements("api-import");
    const family = arn("ecs", "task-definition/dev-api");
    assert.deepEqual(at(run, "Action"), ["ecs:RunTask"]);
    assert.deepEqual(at(run, "Resource"), [family, `${family}:*`]);
    assert.deepEqual(at(run, "Condition"), { ArnEquals: { "ecs:cluster": CLUSTER.arn } });
    assert.deepEqual(at(tag, "Resource"), [arn("ecs", "task/shop/*")]);
    assert.deepEqual(at(pass, "Resource"), [arn("iam", "role/task")]);
    assert.deepEqual(at(pass, "Condition"), { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } });
    assert.deepEqual(more, []);
  });

  it("lets EventBridge take its role for this rule alone", () => {
    const trust = json(graph.only("aws:iam/role:Role").inputs.assumeRolePolicy);
    const rule = graph.only(RULE).outputs.arn;
    assert.match(JSON.stringify(trust), /events\.amazonaws\.com/);
    assert.ok(JSON.stringify(trust).includes(String(rule)));
  });

  it("keeps events in a queue that admits this rule alone", async () => {
    const kept = await recordGraph(() => {
      const deadLetterQueue = new DeadLetterQueue("api-import", { alarmTopic: { arn: arn("sns", "t") } });
      new EventTask("api-import", { ...ARGS, deadLetterQueue });
    });
    const queue = kept.only("aws:sqs/queue:Queue");
    assert.equal(queue.inputs.sqsManagedSseEnabled, true);
    assert.deepEqual(kept.only(TARGET).inputs.deadLetterConfig, { arn: queue.outputs.arn });
    const policy = json(kept.only(POLICY).inputs.policy);
    const statement = at(policy, "Statement", 0);
    assert.deepEqual(at(statement, "Principal"), { Service: "events.amazonaws.com" });
    assert.deepEqual(at(statement, "Condition"), {
      ArnEquals: { "aws:SourceArn": kept.only(RULE).outputs.arn },
    });
    const alarm = kept.only("aws:cloudwatch/metricAlarm:MetricAlarm").inputs;
    assert.deepEqual(alarm.dimensions, { QueueName: queue.outputs.name });
    assert.deepEqual(alarm.alarmActions, [arn("sns", "t")]);
    assert.deepEqual(
      findingsOf(kept.recorded).filter(({ level }) => level === "error"),
      [],
    );
    // EventBridge sends in no role.
    assert.ok(!JSON.stringify(kept.statements("api-import")).includes("sqs:"));
  });

  it("finds a queue that does not admit the rule", async () => {
    const kept = await recordGraph(() => {
      const { arn: queue } = new DeadLetterQueue("api-import");
      new EventTask("api-import", { ...ARGS, deadLetterQueue: { arn: queue } });
    });
    assert.match(
      findingsOf(kept.recorded)
        .map(({ message }) => message)
        .join("\n"),
      /expected to admit events\.amazonaws\.com to sqs:SendMessage/,
    );
  });

  it("leaves the policy of a queue that is someone else's alone", async () => {
    const theirs = await graphOf({ deadLetterQueue: { arn: arn("sqs", "theirs") } });
    assert.equal(theirs.count(POLICY), 0);
  });

  it("listens on a bus of its own where it is told to", async () => {
    const other = await graphOf({ eventBusName: "orders" });
    assert.equal(other.only(RULE).inputs.eventBusName, "orders");
    assert.equal(other.only(TARGET).inputs.eventBusName, "orders");
  });

  it("has a name that fits, however long the task's is", async () => {
    const long = await recordGraph(() => new EventTask(`${"a".repeat(50)}-${"b".repeat(30)}`, ARGS));
    assert.ok(long.only(RULE).name.length <= 56);
  });

  it("refuses a pattern, a size and names that AWS would refuse", async () => {
    const message = await refusal(
      () =>
        new EventTask("api-import", {
          ...ARGS,
          eventPattern: { source: "aws.s3" },
          environment: { SIZE: "<weight>" },
          memory: 600,
          retryPolicy: { maximumRetryAttempts: 186 },
        }),
    );
    for (const expected of [
      /eventPattern\.source: expected a list of what it may be, like \["aws\.s3"\]/,
      /inputPathsMap: expected a path for <weight>, it is not set/,
      /inputPathsMap\.size: expected nothing: <size> stands in no command and no variable/,
      /memory: expected 512, 1024, 2048 MiB, which go with cpu 256 on Fargate, got 600/,
      /retryPolicy\.maximumRetryAttempts: expected a whole number from 0 to 185, got 186/,
    ])
      assert.match(message, expected);
  });
});
