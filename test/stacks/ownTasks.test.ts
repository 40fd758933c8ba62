import assert from "node:assert/strict";
import { findingsOf } from "../../preview/rules";
import { onPaper } from "../rehearse/play";
import type { Graph } from "../support/graph";
import { at, json } from "../support/read";
import { service, stackGraph, stackRefusal } from "../support/stack";

const scheduled = { name: "clean-up", schedule: "rate(1 day)", command: ["clean"] };
const event = {
  name: "import",
  command: ["import", "<key>"],
  inputPathsMap: { key: "$.detail.object.key" },
  eventPattern: { source: ["aws.s3"], "detail-type": ["Object Created"] },
};
const api = (changes: Readonly<Record<string, unknown>>) => ({ services: service("dev", changes) });
const tasks = (changes: Readonly<Record<string, unknown>>) =>
  api({ scheduledTasks: [{ ...scheduled, ...changes }], eventTasks: [{ ...event, ...changes }] });

const SCHEDULE = "aws:scheduler/schedule:Schedule";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const QUEUE = "aws:sqs/queue:Queue";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

const queueAlarms = (graph: Graph) => graph.all(ALARM).filter(({ inputs }) => inputs.namespace === "AWS/SQS");
const errors = (graph: Graph) =>
  findingsOf(graph.recorded).flatMap(({ level, message }) => (level === "notice" ? [] : [message]));
const importTarget = (graph: Graph) => graph.named(TARGET, "api-import");

describe("tasks of a service's own", function () {
  this.timeout(60_000);

  for (const strategy of ["rolling", "ecsBlueGreen", "codeDeployBlueGreen"]) {
    it(`may do what they need and no more, with ${strategy}`, async () => {
      const graph = await stackGraph("dev", {
        changes: { ...tasks({ deadLetterQueue: "created", cpu: 512, memory: 1024 }), deployment: { strategy } },
      });
      const plain = await stackGraph("dev", { changes: { deployment: { strategy } } });
      assert.deepEqual(errors(graph), errors(plain));
      assert.equal(graph.count(QUEUE), 2);
      assert.ok((await onPaper([graph.recorded], { stacks: ["dev"] })).reached);
    });
  }

  it("run in the service's network and roles, what was last delivered", async () => {
    const graph = await stackGraph("dev", { changes: tasks({}) });
    const started = [
      at(graph.named(SCHEDULE, "api-clean-up").inputs, "target", "ecsParameters"),
      importTarget(graph).inputs.ecsTarget,
    ];
    const [first] = started;
    assert.match(String(at(first, "taskDefinitionArn")), /task-definition\/dev-api$/);
    for (const one of started) {
      assert.equal(at(one, "taskDefinitionArn"), at(first, "taskDefinitionArn"));
      assert.deepEqual(at(one, "networkConfiguration"), at(first, "networkConfiguration"));
    }
    const { executionRoleArn, taskRoleArn } = graph.only("aws:ecs/taskDefinition:TaskDefinition").inputs;
    for (const role of ["api-clean-up", "api-import"]) {
      const pass = graph.statements(role).find(({ Action }) => Action.includes("iam:PassRole"));
      assert.deepEqual(
        [...(at(pass, "Resource") as string[])].sort(),
        [executionRoleArn, taskRoleArn].map(String).sort(),
      );
    }
  });

  it("tell the topic of what could not be started where alarms do", async () => {
    const told = await stackGraph("dev", {
      changes: { ...tasks({ deadLetterQueue: "created" }), notificationEmails: ["team@example.com"] },
    });
    const topic = told.only("aws:sns/topic:Topic").outputs.arn;
    assert.deepEqual(
      queueAlarms(told).map(({ inputs }) => inputs.alarmActions),
      [[topic], [topic]],
    );
    assert.deepEqual(
      errors(told),
      errors(await stackGraph("dev", { changes: { notificationEmails: ["team@example.com"] } })),
    );
    const silent = await stackGraph("dev", { changes: tasks({ deadLetterQueue: "created" }) });
    assert.deepEqual(
      queueAlarms(silent).map(({ inputs }) => inputs.alarmActions),
      [undefined, undefined],
    );
  });

  it("tell the topic of a worker's, that no load balancer's alarm would", async () => {
    const graph = await stackGraph("dev", {
      changes: {
        ...api({
          container: { name: "api" },
          healthCheck: undefined,
          scheduledTasks: [{ ...scheduled, deadLetterQueue: "created" }],
        }),
        notificationEmails: ["team@example.com"],
        tests: undefined,
      },
    });
    const policy = JSON.stringify(json(graph.only("aws:sns/topicPolicy:TopicPolicy").inputs.policy));
    assert.match(policy, /cloudwatch\.amazonaws\.com/);
    assert.deepEqual(errors(graph), []);
  });

  it("use a queue that is there already, by name or ARN, and watch it", async () => {
    for (const existing of ["theirs", "arn:aws:sqs:eu-west-1:111122223333:theirs"]) {
      const graph = await stackGraph("dev", {
        changes: { ...tasks({ deadLetterQueue: { existing } }), notificationEmails: ["team@example.com"] },
      });
      assert.equal(graph.count(QUEUE), 0);
      const arn = "arn:aws:sqs:eu-west-1:111122223333:theirs";
      assert.deepEqual(importTarget(graph).inputs.deadLetterConfig, { arn });
      assert.deepEqual(
        queueAlarms(graph).map(({ inputs }) => inputs.dimensions),
        [{ QueueName: "theirs" }, { QueueName: "theirs" }],
      );
      const send = graph.statements("api-clean-up").find(({ Action }) => Action.includes("sqs:SendMessage"));
      assert.deepEqual(at(send, "Resource"), [arn]);
    }
  });

  it("are refused where AWS would refuse them, each at its place", async () => {
    const cases: readonly (readonly [changes: Readonly<Record<string, unknown>>, RegExp])[] = [
      [tasks({ cpu: 1024 }), /scheduledTasks\[0\]\.memory: expected 2048, 3072 \.\.\. 8192 MiB/],
      [tasks({ cpu: 300 }), /eventTasks\[0\]\.cpu: expected one of 256, 512/],
      [tasks({ retryPolicy: { maximumEventAgeInSeconds: 59 } }), /maximumEventAgeInSeconds: expected .*60 to 86400/],
      [tasks({ retryPolicy: { maximumRetryAttempts: 186 } }), /maximumRetryAttempts: expected .*0 to 185/],
      [tasks({ deadLetterQueue: { existing: "theirs.fifo" } }), /deadLetterQueue.*standard SQS queue/],
      [tasks({ eventPattern: {} }), /unknown key|eventPattern/],
      [
        api({ eventTasks: [{ ...event, eventPattern: { source: "aws.s3" } }] }),
        /eventTasks\[0\]\.eventPattern\.source: expected a list/,
      ],
      [
        api({ eventTasks: [{ ...event, inputPathsMap: undefined }] }),
        /eventTasks\[0\]\.inputPathsMap\.key: expected the path in the event of <key>/,
      ],
      [
        api({ eventTasks: [{ ...event, command: ["x"] }] }),
        /eventTasks\[0\]\.inputPathsMap: expected nothing: <key> stands in no command/,
      ],
      [
        api({ eventTasks: [{ ...event, inputPathsMap: { key: "$['detail']" } }] }),
        /inputPathsMap\.key: expected a path in the event with dots/,
      ],
      [
        api({ scheduledTasks: [scheduled], eventTasks: [{ ...event, name: "clean-up" }] }),
        /eventTasks\[0\]\.name: expected another name: a task of this stack is named api-clean-up already/,
      ],
    ];
    for (const [changes, expected] of cases) assert.match(await stackRefusal("dev", changes), expected);
  });

  it("are refused a pair of sizes with a command that mends it", async () => {
    const message = await stackRefusal("dev", api({ scheduledTasks: [{ ...scheduled, cpu: 1024 }] }));
    assert.match(
      message,
      /config set --stack dev --path 'ecs-delivery:services\[0\]\.scheduledTasks\[0\]\.memory' 2048/,
    );
  });
});
