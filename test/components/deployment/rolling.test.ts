import assert from "node:assert/strict";
import { ecsCanary } from "../../../components/deployment/ecsNative";
import { type RollingArgs, rolling } from "../../../components/deployment/rolling";
import type { EcsServiceArgs } from "../../../components/service/args";
import type { Graph } from "../../support/graph";
import { allowed, at, documentStatements } from "../../support/read";
import { arn, CLUSTER, serviceGraph, TARGETS, targetedGraph } from "../../support/service";

describe("rolling", () => {
  let graph: Graph;
  before(async () => {
    graph = await targetedGraph({ deployment: rolling() });
  });

  it("adds two alarms to service and load balancer, and nothing else", async () => {
    const withoutTargets = await serviceGraph();
    assert.equal(withoutTargets.all("aws:cloudwatch/metricAlarm:MetricAlarm").length, 0);
    assert.equal(graph.all("aws:cloudwatch/metricAlarm:MetricAlarm").length, 2);
    for (const { type } of graph.resources) assert.doesNotMatch(type, /^aws:(codedeploy|sfn)\/|listenerRule/);
    assert.equal(graph.all("aws:iam/role:Role").length, 2);
  });

  it("replaces tasks under ECS's controller, and goes back by circuit breaker and alarms", () => {
    const { inputs } = graph.only("aws:ecs/service:Service");
    assert.deepEqual(inputs.deploymentController, { type: "ECS" });
    assert.deepEqual(inputs.deploymentCircuitBreaker, { enable: true, rollback: true });
    assert.deepEqual(inputs.deploymentConfiguration, { strategy: "ROLLING" });
    assert.equal(inputs.forceNewDeployment, true);
    assert.equal(at(inputs.loadBalancers, 0, "advancedConfiguration"), undefined);
    const names = graph.all("aws:cloudwatch/metricAlarm:MetricAlarm").map(({ outputs }) => outputs.name);
    const { alarmNames, ...rest } = at(inputs, "alarms") as { alarmNames: string[] };
    assert.deepEqual([...alarmNames].sort(), names.sort());
    assert.deepEqual(rest, { enable: true, rollback: true });
  });

  it("has no alarms to watch without a load balancer, and none is switched on", async () => {
    const { inputs } = (await serviceGraph()).only("aws:ecs/service:Service");
    assert.equal("alarms" in inputs, false);
  });

  it("hands over the image by name, through the Amazon ECS action", () => {
    const { action, buildFiles, buildEnvironment } = graph.recorded.stackOutputs;
    assert.equal(at(action, "provider"), "ECS");
    assert.equal(at(action, "configuration", "ClusterName"), CLUSTER.name);
    assert.equal(at(action, "configuration", "ServiceName"), graph.only("aws:ecs/service:Service").outputs.name);
    assert.deepEqual(buildFiles, ["imagedefinitions.json"]);
    assert.deepEqual(buildEnvironment, { CONTAINER_NAME: "api" });
  });

  it("lets the action update this service, and pass on its two roles", () => {
    const statements = documentStatements(graph.recorded.stackOutputs.actionPolicy);
    const service = graph.only("aws:ecs/service:Service").id ?? "";
    const [execution, task] = ["api-execution", "api-task"].map((name) =>
      String(graph.named("aws:iam/role:Role", name).outputs.arn),
    );
    assert.deepEqual(
      allowed(statements),
      [
        `ecs:DescribeServices ${service}`,
        `ecs:UpdateService ${service}`,
        "ecs:DescribeTaskDefinition *",
        `ecs:RegisterTaskDefinition ${arn("ecs", "task-definition/api:*")}`,
        `ecs:TagResource ${arn("ecs", "task-definition/api:*")}`,
        `iam:PassRole ${execution ?? ""}`,
        `iam:PassRole ${task ?? ""}`,
      ].sort(),
    );
    const pass = statements.find(({ Action }) => Action.includes("iam:PassRole"));
    assert.deepEqual(pass?.Condition, {
      StringEquals: { "iam:PassedToService": ["ecs.amazonaws.com", "ecs-tasks.amazonaws.com"] },
    });
  });

  it("balances zones only where a task may start before another stops", async () => {
    const zones = async (args: RollingArgs) =>
      (await serviceGraph({ deployment: rolling(args), desiredCount: 2 })).only("aws:ecs/service:Service").inputs
        .availabilityZoneRebalancing;
    assert.equal(await zones({}), "ENABLED");
    assert.equal(await zones({ minimumHealthyPercent: 50, maximumPercent: 100 }), "DISABLED");
  });

  const refused: [what: string, args: RollingArgs, message: string][] = [
    [
      "less than nothing healthy",
      { minimumHealthyPercent: -1 },
      "minimumHealthyPercent: expected a whole number from 0 to 100 percent, got -1",
    ],
    [
      "thrice the tasks",
      { maximumPercent: 300 },
      "maximumPercent: expected a whole number from 100 to 200 percent, got 300",
    ],
    [
      "waiting for longer than the action can",
      { timeoutInMinutes: 61 },
      "timeoutInMinutes: expected a whole number from 1 to 60 minutes, got 61",
    ],
    [
      "limits between which no task can be replaced",
      { maximumPercent: 100 },
      "maximumPercent: more than 100, or minimumHealthyPercent less: else no task can ever be replaced",
    ],
  ];
  for (const [what, args, message] of refused) {
    it(`refuses ${what}`, () => assert.deepEqual(rolling(args).problems, [message]));
  }
});

describe("rolling, and how many tasks it takes", () => {
  const limits: readonly [least: number, most: number, tasks: number][] = [
    [100, 200, 1],
    [0, 100, 1],
    [50, 100, 2],
    [100, 150, 2],
    [100, 110, 10],
    [99, 100, 100],
  ];
  for (const [minimumHealthyPercent, maximumPercent, tasks] of limits) {
    it(`replaces one of ${tasks} or more with ${minimumHealthyPercent} and ${maximumPercent} percent, none of fewer`, async () => {
      const deployment = rolling({ minimumHealthyPercent, maximumPercent });
      await serviceGraph({ deployment, desiredCount: tasks });
      await serviceGraph({ deployment, desiredCount: 0 });
      if (tasks === 1) return;
      await assert.rejects(
        serviceGraph({ deployment, desiredCount: tasks - 1 }),
        new RegExp(`desiredCount: .*none of ${tasks - 1} can ever be replaced; use ${tasks} or more`),
      );
    });
  }

  it("counts the fewest that scaling may leave", async () => {
    const deployment = rolling({ maximumPercent: 150 });
    await assert.rejects(
      serviceGraph({ deployment, desiredCount: 3, scaling: { minCapacity: 0, maxCapacity: 4 } }),
      /scaling\.minCapacity: .*none of 1 can ever be replaced/,
    );
  });
});

describe("rolling, with what ECS moves traffic with", () => {
  it("makes the very resources that ECS's own strategies make, so that nothing of them goes when the strategy changes", async () => {
    const kinds = ["aws:lb/listenerRule:ListenerRule", "aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy"];
    const made = async (deployment: EcsServiceArgs["deployment"]) => {
      const graph = await serviceGraph({ targets: TARGETS, deployment });
      const of = kinds.flatMap((type) => graph.all(type).map(({ urn }) => urn)).sort();
      return { of, service: graph.only("aws:ecs/service:Service") };
    };
    const [prepared, canary] = [await made(rolling({ advancedConfiguration: true })), await made(ecsCanary())];
    assert.deepEqual(prepared.of, canary.of);
    assert.deepEqual(prepared.service.inputs.loadBalancers, canary.service.inputs.loadBalancers);
    assert.deepEqual(prepared.service.inputs.deploymentConfiguration, { strategy: "ROLLING" });
    assert.deepEqual(prepared.service.ignoreChanges, [], "the load balancer's part of the service is to change");
  });
});
