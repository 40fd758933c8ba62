import assert from "node:assert/strict";
import { ScheduledTask, type ScheduledTaskArgs } from "../../../components/service/scheduledTask";
import { type Graph, recordGraph, refusal } from "../../support/graph";
import { at, json } from "../../support/read";
import { arn, CLUSTER } from "../../support/service";

const ARGS: ScheduledTaskArgs = {
  task: {
    cluster: CLUSTER,
    family: "dev-api",
    containerName: "api",
    capacity: [{ capacityProvider: "FARGATE", weight: 1 }],
    subnetIds: ["subnet-c"],
    securityGroupIds: ["sg-tasks"],
    passRoleArns: [arn("iam", "role/task")],
  },
  command: ["node", "clean-up.js"],
  schedule: "cron(0 3 * * ? *)",
};

describe("ScheduledTask", () => {
  let graph: Graph;
  before(async () => {
    graph = await recordGraph(() => new ScheduledTask("api-clean-up", ARGS));
  });

  it("runs the command in the service's own container, with what was last delivered", () => {
    const { inputs } = graph.only("aws:scheduler/schedule:Schedule");
    assert.deepEqual(json(at(inputs, "target", "input")), {
      containerOverrides: [{ name: "api", command: ["node", "clean-up.js"] }],
    });
    const parameters = at(inputs, "target", "ecsParameters");
    assert.equal(at(parameters, "taskDefinitionArn"), arn("ecs", "task-definition/dev-api"));
    assert.equal(at(parameters, "launchType"), "FARGATE");
    assert.deepEqual(at(parameters, "networkConfiguration", "subnets"), ["subnet-c"]);
    assert.equal(at(parameters, "networkConfiguration", "assignPublicIp"), false);
    assert.deepEqual([inputs.scheduleExpression, inputs.scheduleExpressionTimezone], ["cron(0 3 * * ? *)", "UTC"]);
  });

  it("may run tasks of this family in this cluster, and hand over these roles to tasks", () => {
    const [run, tag, pass] = graph.statements("api-clean-up");
    const family = arn("ecs", "task-definition/dev-api");
    assert.deepEqual(at(run, "Resource"), [family, `${family}:*`]);
    assert.deepEqual(at(run, "Condition"), { ArnEquals: { "ecs:cluster": CLUSTER.arn } });
    assert.deepEqual(at(tag, "Resource"), [arn("ecs", "task/shop/*")]);
    assert.deepEqual(at(pass, "Resource"), [arn("iam", "role/task")]);
    assert.deepEqual(at(pass, "Condition"), { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } });
  });

  it("runs on the service's own capacity", async () => {
    const task = { ...ARGS.task, capacity: [{ capacityProvider: "FARGATE_SPOT", weight: 1 }] };
    const spot = await recordGraph(() => new ScheduledTask("api-clean-up", { ...ARGS, task }));
    const parameters = at(spot.only("aws:scheduler/schedule:Schedule").inputs, "target", "ecsParameters");
    assert.equal(at(parameters, "launchType"), undefined);
    assert.deepEqual(at(parameters, "capacityProviderStrategies"), [{ capacityProvider: "FARGATE_SPOT", weight: 1 }]);
  });

  it("is as large as it says, and gets its own variables", async () => {
    const own = await recordGraph(
      () => new ScheduledTask("api-clean-up", { ...ARGS, cpu: 1024, memory: 2048, environment: { LEVEL: "debug" } }),
    );
    assert.deepEqual(json(at(own.only("aws:scheduler/schedule:Schedule").inputs, "target", "input")), {
      containerOverrides: [
        { name: "api", command: ["node", "clean-up.js"], environment: [{ name: "LEVEL", value: "debug" }] },
      ],
      cpu: "1024",
      memory: "2048",
    });
  });

  it("is tried again as often as it says, and leaves what could not be started in a queue", async () => {
    const deadLetterQueue = { arn: arn("sqs", "not-started") };
    const retryPolicy = { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 0 };
    const own = await recordGraph(() => new ScheduledTask("api-clean-up", { ...ARGS, retryPolicy, deadLetterQueue }));
    const { target } = own.only("aws:scheduler/schedule:Schedule").inputs;
    assert.deepEqual(at(target, "retryPolicy"), retryPolicy);
    assert.deepEqual(at(target, "deadLetterConfig"), deadLetterQueue);
    const send = own.statements("api-clean-up").find(({ Action }) => Action.includes("sqs:SendMessage"));
    assert.deepEqual(at(send, "Resource"), [deadLetterQueue.arn]);
    assert.ok(!JSON.stringify(graph.statements("api-clean-up")).includes("sqs:"));
  });

  it("refuses a size that Fargate has not, on Fargate alone", async () => {
    const task = { ...ARGS.task, cpu: 256, memory: 512 };
    for (const [changes, expected] of [
      [{ cpu: 1024 }, /memory: expected 2048, 3072 \.\.\. 8192 MiB, which go with cpu 1024 on Fargate, got 512/],
      [{ cpu: 300, memory: 512 }, /cpu: expected one of 256, 512/],
      [{ memory: 4096 }, /memory: expected 512, 1024, 2048 MiB/],
    ] as const) {
      assert.match(await refusal(() => new ScheduledTask("api-clean-up", { ...ARGS, task, ...changes })), expected);
    }
    const instances = { ...task, capacity: [{ capacityProvider: "machines", weight: 1 }] };
    await recordGraph(() => new ScheduledTask("api-clean-up", { ...ARGS, task: instances, cpu: 300 }));
  });

  it("refuses a schedule or a time zone that is none", async () => {
    const message = await refusal(
      () => new ScheduledTask("api-clean-up", { ...ARGS, schedule: "nightly", timeZone: "Paris" }),
    );
    assert.match(
      message,
      /ScheduledTask "api-clean-up" has 2 problem\(s\):\n {2}schedule: expected rate.*\n {2}timeZone: /,
    );
  });
});
