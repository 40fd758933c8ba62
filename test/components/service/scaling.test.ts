import assert from "node:assert/strict";
import { ecsBlueGreen } from "../../../components/deployment/ecsNative";
import { EcsService } from "../../../components/service/ecsService";
import { checkScaling, type ScalingArgs } from "../../../components/service/scaling";
import { type Graph, recordGraph } from "../../support/graph";
import { at, list } from "../../support/read";
import { CLUSTER, DELIVERED, serviceGraph, TARGETS, TEST_NETWORK } from "../../support/service";

const TARGET = "aws:appautoscaling/target:Target";
const POLICY = "aws:appautoscaling/policy:Policy";
const scaling = { minCapacity: 2, maxCapacity: 6 };

describe("scaling of a service", () => {
  let graph: Graph;
  before(async () => {
    graph = await serviceGraph({ scaling }, DELIVERED);
  });

  it("is a target on this service, and one policy: CPU at 60 percent", () => {
    const target = graph.only(TARGET);
    assert.equal(target.inputs.resourceId, "service/shop/api");
    assert.deepEqual([target.inputs.minCapacity, target.inputs.maxCapacity], [2, 6]);
    const policy = graph.only(POLICY);
    const tracking = policy.inputs.targetTrackingScalingPolicyConfiguration;
    assert.equal(at(tracking, "targetValue"), 60);
    assert.equal(
      at(tracking, "predefinedMetricSpecification", "predefinedMetricType"),
      "ECSServiceAverageCPUUtilization",
    );
    assert.ok(policy.dependencies.includes(target.urn));
  });

  it("counts memory too when that is asked for", async () => {
    const other = await serviceGraph({ scaling: { ...scaling, targetCpuPercent: 50, targetMemoryPercent: 80 } });
    const policies = other.all(POLICY).map(({ name, inputs }) => {
      return [name, at(inputs, "targetTrackingScalingPolicyConfiguration", "targetValue")];
    });
    assert.deepEqual(policies, [
      ["api-cpu", 50],
      ["api-memory", 80],
    ]);
  });

  it("decides how many tasks run, from the fewest on: Pulumi does not undo it", () => {
    const service = graph.only("aws:ecs/service:Service");
    assert.equal(service.inputs.desiredCount, 2);
    assert.deepEqual(service.ignoreChanges, ["desiredCount"]);
  });

  it("starts with as many tasks as are asked for beside it", async () => {
    const counts = await recordGraph(() => {
      const args = { cluster: CLUSTER, network: TEST_NETWORK, container: { name: "api" }, scaling };
      return {
        least: new EcsService("least", args).desiredCount,
        given: new EcsService("given", { ...args, desiredCount: 4 }).desiredCount,
      };
    });
    assert.deepEqual(counts.recorded.stackOutputs, { least: 2, given: 4 });
  });

  it("may be suspended by a deployment: Pulumi neither sets nor undoes that", () => {
    const target = graph.only(TARGET);
    assert.deepEqual(target.ignoreChanges, ["suspendedState"]);
    assert.equal("suspendedState" in target.inputs, false);
  });

  it("is not there unless it is asked for", async () => {
    const other = await serviceGraph();
    assert.deepEqual([other.all(TARGET).length, other.all(POLICY).length], [0, 0]);
    assert.deepEqual(other.only("aws:ecs/service:Service").ignoreChanges, []);
  });

  const refused: [what: string, args: Partial<ScalingArgs>, message: string][] = [
    [
      "fewer than no tasks",
      { minCapacity: -1 },
      "scaling.minCapacity: expected a whole number from 0 to 5000 tasks, got -1",
    ],
    [
      "more than 5000 tasks",
      { maxCapacity: 5001 },
      "scaling.maxCapacity: expected a whole number from 1 to 5000 tasks, got 5001",
    ],
    [
      "no CPU",
      { targetCpuPercent: 0 },
      "scaling.targetCpuPercent: expected a whole number from 1 to 100 percent, got 0",
    ],
    [
      "101 percent",
      { targetMemoryPercent: 101 },
      "scaling.targetMemoryPercent: expected a whole number from 1 to 100 percent, got 101",
    ],
    ["fewer at most than at least", { minCapacity: 7 }, "scaling.maxCapacity: expected at least minCapacity 7, got 6"],
  ];
  for (const [what, args, message] of refused) {
    it(`refuses ${what}`, () => assert.deepEqual(checkScaling({ ...scaling, ...args }), [message]));
  }

  it("may have as many tasks at most as at least", () => {
    assert.deepEqual(checkScaling({ minCapacity: 1, maxCapacity: 1 }), []);
    assert.deepEqual(checkScaling({ minCapacity: 0, maxCapacity: 1 }), []);
  });
});

describe("scaling by requests and by the clock", () => {
  it("counts the requests of its own target group at its own load balancer", async () => {
    const graph = await serviceGraph({ scaling: { ...scaling, targetRequestsPerMinute: 600 }, targets: TARGETS });
    const { inputs } = graph.named(POLICY, "api-requests");
    const tracking = inputs.targetTrackingScalingPolicyConfiguration;
    assert.equal(at(tracking, "targetValue"), 600);
    assert.deepEqual(at(tracking, "predefinedMetricSpecification"), {
      predefinedMetricType: "ALBRequestCountPerTarget",
      resourceLabel: "app/shop/50dc6c495c0c9188/targetgroup/blue/73e2d6bc24d8a067",
    });
  });

  it("does not count them where traffic moves between target groups, or where there is none", async () => {
    const byRequests = { ...scaling, targetRequestsPerMinute: 600 };
    await assert.rejects(
      serviceGraph({ scaling: byRequests, targets: TARGETS, deployment: ecsBlueGreen() }),
      /scaling\.targetRequestsPerMinute: goes with rolling; use CPU or memory with ecsBlueGreen/,
    );
    await assert.rejects(serviceGraph({ scaling: byRequests }), /a service without targets gets no requests/);
  });

  it("counts what waits in a queue, for each task that runs", async () => {
    const graph = await serviceGraph({
      scaling: { ...scaling, targetQueue: { queueName: "jobs", messagesPerTask: 50 } },
    });
    const tracking = graph.named(POLICY, "api-queue").inputs.targetTrackingScalingPolicyConfiguration;
    assert.equal(at(tracking, "targetValue"), 50);
    const metrics = list(at(tracking, "customizedMetricSpecification", "metrics"));
    assert.deepEqual(
      metrics.map((metric) => [at(metric, "id"), at(metric, "returnData")]),
      [
        ["waiting", false],
        ["running", false],
        ["each", true],
      ],
    );
    assert.deepEqual(at(metrics[0], "metricStat", "metric", "dimensions"), [{ name: "QueueName", value: "jobs" }]);
    assert.deepEqual(at(metrics[1], "metricStat", "metric", "dimensions"), [
      { name: "ClusterName", value: "shop" },
      { name: "ServiceName", value: "api" },
    ]);
  });

  it("counts any other metric", async () => {
    const sessions = {
      name: "sessions",
      namespace: "Shop/Api",
      metricName: "Sessions",
      dimensions: { Service: "api" },
      statistic: "Maximum" as const,
      targetValue: 0.5,
    };
    const graph = await serviceGraph({ scaling: { ...scaling, targetMetrics: [sessions] } });
    const tracking = graph.named(POLICY, "api-metric-sessions").inputs.targetTrackingScalingPolicyConfiguration;
    assert.deepEqual(tracking, {
      customizedMetricSpecification: {
        namespace: "Shop/Api",
        metricName: "Sessions",
        dimensions: [{ name: "Service", value: "api" }],
        statistic: "Maximum",
      },
      targetValue: 0.5,
      scaleOutCooldown: 60,
      scaleInCooldown: 300,
    });
  });

  it("refuses a queue by its address, and a target that no metric can fall to", () => {
    const [address, none] = [
      checkScaling({ ...scaling, targetQueue: { queueName: "https://sqs/jobs", messagesPerTask: 1 } }),
      checkScaling({
        ...scaling,
        targetMetrics: [{ name: "a", namespace: ":A", metricName: "B", targetValue: 0 }],
      }),
    ];
    assert.deepEqual(address, [
      'scaling.targetQueue.queueName: expected the name of an SQS queue, got "https://sqs/jobs"',
    ]);
    assert.deepEqual(none, [
      'scaling.targetMetrics.0.namespace: expected a CloudWatch namespace, 1 to 255 letters, digits and . - _ / # : that do not begin with a colon, got ":A"',
      "scaling.targetMetrics.0.targetValue: expected a number above 0, got 0",
    ]);
  });

  it("has other limits from a time on", async () => {
    const night = { name: "night", schedule: "cron(0 22 * * ? *)", minCapacity: 1, maxCapacity: 2 };
    const graph = await serviceGraph({ scaling: { ...scaling, schedules: [night] } });
    const { inputs } = graph.named("aws:appautoscaling/scheduledAction:ScheduledAction", "api-night");
    assert.deepEqual(inputs.scalableTargetAction, { minCapacity: 1, maxCapacity: 2 });
    assert.deepEqual([inputs.schedule, inputs.timezone], ["cron(0 22 * * ? *)", "UTC"]);
    assert.equal(inputs.resourceId, "service/shop/api");
  });

  it("refuses a schedule that is none, and limits that exclude one another", () => {
    const bad = { name: "night", schedule: "nightly", timeZone: "Paris", minCapacity: 3, maxCapacity: 2 };
    const problems = checkScaling({ ...scaling, schedules: [bad] });
    assert.equal(problems.length, 3);
    assert.equal(problems[0], "scaling.schedules night.maxCapacity: expected at least minCapacity 3, got 2");
    assert.match(problems[1] ?? "", /^scaling\.schedules night\.schedule: expected rate/);
    assert.match(problems[2] ?? "", /^scaling\.schedules night\.timeZone: /);
  });
});
