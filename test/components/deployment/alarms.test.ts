import assert from "node:assert/strict";
import { codeDeployBlueGreen } from "../../../components/deployment/codeDeployBlueGreen";
import { ecsCanary } from "../../../components/deployment/ecsNative";
import { rolling } from "../../../components/deployment/rolling";
import type { Graph } from "../../support/graph";
import { at, list } from "../../support/read";
import { serviceGraph, TARGETS } from "../../support/service";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const LOAD_BALANCER = "app/shop/50dc6c495c0c9188";
const BLUE = { LoadBalancer: LOAD_BALANCER, TargetGroup: "targetgroup/blue/73e2d6bc24d8a067" };
const GREEN = { LoadBalancer: LOAD_BALANCER, TargetGroup: "targetgroup/green/83e2d6bc24d8a067" };

describe("the alarms that guard a deployment", () => {
  let graph: Graph;
  before(async () => {
    graph = await serviceGraph({ targets: TARGETS, deployment: codeDeployBlueGreen({ maximumErrorPercent: 1 }) });
  });

  it("are two where nothing moves traffic, of the group that tasks register in", async () => {
    const watched = async (deployment: ReturnType<typeof rolling>) =>
      (await serviceGraph({ targets: TARGETS, deployment })).all(ALARM).map(({ name }) => name);
    assert.deepEqual(await watched(rolling()), ["api-blue-5xx", "api-blue-unhealthy"]);
    assert.equal((await watched(rolling({ advancedConfiguration: true }))).length, 4, "before ECS's own strategies");
  });

  it("are two for each group, because either may be the new one", () => {
    assert.deepEqual(
      graph.all(ALARM).map(({ name }) => name),
      ["api-blue-5xx", "api-blue-unhealthy", "api-green-5xx", "api-green-unhealthy"],
    );
  });

  it("watch one group each, as CloudWatch names load balancer and group", () => {
    for (const [colour, dimensions] of Object.entries({ blue: BLUE, green: GREEN })) {
      assert.deepEqual(graph.named(ALARM, `api-${colour}-unhealthy`).inputs.dimensions, dimensions);
      const queries = list(graph.named(ALARM, `api-${colour}-5xx`).inputs.metricQueries);
      const metrics = queries.filter((query) => at(query, "metric") !== undefined);
      assert.equal(metrics.length, 2);
      for (const query of metrics) assert.deepEqual(at(query, "metric", "dimensions"), dimensions);
    }
  });

  it("ring for a share of errors, not for a number: one expression over two metrics that are there", () => {
    const { inputs } = graph.named(ALARM, "api-blue-5xx");
    const queries = list(inputs.metricQueries);
    const ids = queries.map((query) => at(query, "id"));
    const returned = queries.filter((query) => at(query, "returnData") === true);
    assert.equal(returned.length, 1);
    const words = String(at(returned[0], "expression")).match(/\b[a-z]\w*/g) ?? [];
    assert.deepEqual(
      words.filter((word) => !ids.includes(word)),
      [],
    );
    assert.equal(inputs.threshold, 1);
  });

  it("ring for a single task that fails its check, and for five percent of errors, in two minutes of three", async () => {
    const usual = await serviceGraph({ targets: TARGETS, deployment: rolling() });
    for (const { name, inputs } of usual.all(ALARM)) {
      assert.equal(inputs.comparisonOperator, "GreaterThanThreshold");
      assert.equal(inputs.threshold, name.endsWith("5xx") ? 5 : 0);
      assert.deepEqual([inputs.datapointsToAlarm, inputs.evaluationPeriods], [2, 3]);
    }
  });

  it("stay quiet for a group without traffic", () => {
    for (const { inputs } of graph.all(ALARM)) assert.equal(inputs.treatMissingData, "notBreaching");
  });

  it("stand beside alarms of your own", async () => {
    const other = await serviceGraph({ targets: TARGETS, deployment: rolling({ alarmNames: ["checkout-is-slow"] }) });
    const names = list(at(other.only("aws:ecs/service:Service").inputs, "alarms", "alarmNames"));
    assert.equal(names.length, 3);
    assert.ok(names.includes("checkout-is-slow"));
  });

  it("are your own alone for a worker, which has no target group", async () => {
    const worker = await serviceGraph({ deployment: rolling({ alarmNames: ["queue-is-long"] }) });
    assert.equal(worker.all(ALARM).length, 0);
    assert.deepEqual(at(worker.only("aws:ecs/service:Service").inputs, "alarms"), {
      alarmNames: ["queue-is-long"],
      enable: true,
      rollback: true,
    });
  });

  it("are wired to the service or to CodeDeploy's group, never to both", async () => {
    const native = await serviceGraph({ targets: TARGETS, deployment: ecsCanary() });
    assert.equal(list(at(native.only("aws:ecs/service:Service").inputs, "alarms", "alarmNames")).length, 4);
    assert.equal(native.all("aws:codedeploy/deploymentGroup:DeploymentGroup").length, 0);
    const code = await serviceGraph({ targets: TARGETS, deployment: codeDeployBlueGreen({ alarmNames: ["mine"] }) });
    const group = code.only("aws:codedeploy/deploymentGroup:DeploymentGroup").inputs;
    assert.equal(list(at(group, "alarmConfiguration", "alarms")).length, 5);
    assert.equal("alarms" in code.only("aws:ecs/service:Service").inputs, false);
  });
});
