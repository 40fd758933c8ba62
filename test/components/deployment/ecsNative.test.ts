import assert from "node:assert/strict";
import { ecsBlueGreen, ecsCanary, ecsLinear } from "../../../components/deployment/ecsNative";
import type { DeploymentStrategy } from "../../../components/deployment/strategy";
import { EcsService } from "../../../components/service/ecsService";
import { type Graph, refusal } from "../../support/graph";
import { at, list } from "../../support/read";
import { CLUSTER, serviceGraph, TARGETS, TEST_NETWORK, targetedGraph } from "../../support/service";

const RULE = "aws:lb/listenerRule:ListenerRule";
const service = (graph: Graph) => graph.only("aws:ecs/service:Service");

describe("ecsBlueGreen", () => {
  let graph: Graph;
  before(async () => {
    graph = await targetedGraph({ deployment: ecsBlueGreen() });
  });

  it("adds two rules, a role and four alarms, and nothing of CodeDeploy", () => {
    const counts = graph.counts();
    assert.equal(counts[RULE], 2);
    assert.equal(counts["aws:iam/role:Role"], 3);
    assert.equal(counts["aws:iam/rolePolicy:RolePolicy"], 2);
    assert.equal(counts["aws:cloudwatch/metricAlarm:MetricAlarm"], 4);
    assert.equal(counts["aws:ssm/parameter:Parameter"], 1);
    for (const type of Object.keys(counts)) assert.doesNotMatch(type, /^aws:(codedeploy|sfn|lambda)\//);
  });

  it("is asked of ECS's controller, without the circuit breaker of rolling deployments", () => {
    const { inputs } = service(graph);
    assert.deepEqual(inputs.deploymentController, { type: "ECS" });
    assert.deepEqual(inputs.deploymentConfiguration, {
      strategy: "BLUE_GREEN",
      bakeTimeInMinutes: "5",
      lifecycleHooks: [],
    });
    assert.equal("deploymentCircuitBreaker" in inputs, false);
    assert.equal(list(at(inputs, "alarms", "alarmNames")).length, 4);
  });

  it("tells ECS the other group, a rule of each listener, and the role", () => {
    const [production, test] = ["api-production", "api-test"].map((name) => graph.named(RULE, name));
    assert.deepEqual(at(service(graph).inputs.loadBalancers, 0, "advancedConfiguration"), {
      alternateTargetGroupArn: graph.named("aws:lb/targetGroup:TargetGroup", "api-green").outputs.arn,
      productionListenerRule: production?.outputs.arn,
      testListenerRule: test?.outputs.arn,
      roleArn: graph.named("aws:iam/role:Role", "api-infrastructure").outputs.arn,
    });
    assert.deepEqual(
      [production, test].map((rule) => rule?.inputs.listenerArn),
      ["api-production", "api-test"].map((name) => graph.named("aws:lb/listener:Listener", name).outputs.arn),
    );
  });

  it("has rules that catch everything, and that hold both groups from the start", () => {
    for (const { inputs, ignoreChanges } of graph.all(RULE)) {
      assert.deepEqual(inputs.conditions, [{ pathPattern: { values: ["/*"] } }]);
      const groups = list(at(inputs.actions, 0, "forward", "targetGroups"));
      assert.deepEqual(
        groups.map((group) => at(group, "weight")),
        [100, 0],
      );
      assert.deepEqual(ignoreChanges, ["actions"]);
    }
  });

  it("has the service wait for the rules and for the policy of the role", () => {
    const needed = [...graph.all(RULE), graph.named("aws:iam/rolePolicy:RolePolicy", "api-infrastructure")];
    for (const { urn } of needed) assert.ok(service(graph).dependencies.includes(urn), urn);
  });

  it("lets Pulumi keep the task definition and the container's port, and ECS swap the groups", () => {
    assert.deepEqual(service(graph).ignoreChanges, [
      "loadBalancers[0].targetGroupArn",
      "loadBalancers[0].advancedConfiguration",
    ]);
    assert.equal(service(graph).inputs.forceNewDeployment, true);
    assert.equal(graph.only("aws:ecs/taskDefinition:TaskDefinition").inputs.trackLatest, true);
  });

  it("is deployed by the Amazon ECS action, which waits as long as it can", async () => {
    const timeout = (of: Graph) => at(of.recorded.stackOutputs.action, "configuration", "DeploymentTimeout");
    assert.equal(at(graph.recorded.stackOutputs.action, "provider"), "ECS");
    assert.equal(timeout(graph), "60");
    const other = await serviceGraph({ targets: TARGETS, deployment: ecsBlueGreen({ timeoutInMinutes: 30 }) });
    assert.equal(timeout(other), "30");
  });

  it("works on listeners that someone else owns, with rules of its own", async () => {
    const other = await serviceGraph({ targets: TARGETS, deployment: ecsBlueGreen() });
    assert.equal(other.all(RULE).length, 2);
    assert.equal(other.all("aws:lb/listener:Listener").length, 0);
  });

  it("and its relations refuse a service without targets", async () => {
    for (const deployment of [ecsBlueGreen(), ecsLinear(), ecsCanary()]) {
      const args = { cluster: CLUSTER, network: TEST_NETWORK, container: { name: "job" }, deployment };
      const message = await refusal(() => new EcsService("api", args));
      assert.match(message, new RegExp(`deployment ${deployment.kind}: moves traffic between target groups; give`));
    }
  });
});

describe("ecsLinear and ecsCanary", () => {
  const configuration = async (deployment: DeploymentStrategy) =>
    service(await serviceGraph({ targets: TARGETS, deployment })).inputs.deploymentConfiguration;

  it("move traffic in equal steps, or a share first: minutes are text, shares are numbers", async () => {
    assert.deepEqual(await configuration(ecsLinear({ stepPercent: 20, stepBakeTimeInMinutes: 2 })), {
      strategy: "LINEAR",
      bakeTimeInMinutes: "5",
      lifecycleHooks: [],
      linearConfiguration: { stepPercent: 20, stepBakeTimeInMinutes: "2" },
    });
    assert.deepEqual(await configuration(ecsCanary({ canaryPercent: 0.5, bakeTimeInMinutes: 0 })), {
      strategy: "CANARY",
      bakeTimeInMinutes: "0",
      lifecycleHooks: [],
      canaryConfiguration: { canaryPercent: 0.5, canaryBakeTimeInMinutes: "10" },
    });
  });

  it("need exactly what blue/green needs", async () => {
    const counts = async (deployment: DeploymentStrategy) =>
      (await serviceGraph({ targets: TARGETS, deployment })).counts();
    const expected = await counts(ecsBlueGreen());
    assert.deepEqual(await counts(ecsLinear()), expected);
    assert.deepEqual(await counts(ecsCanary()), expected);
  });

  it("last as long as their steps, the start and the bake time together", () => {
    assert.equal(ecsBlueGreen({ bakeTimeInMinutes: 7 }).leastMinutes, 12);
    assert.equal(ecsLinear({ stepPercent: 25, stepBakeTimeInMinutes: 3 }).leastMinutes, 19);
    assert.equal(ecsCanary({ canaryBakeTimeInMinutes: 20 }).leastMinutes, 30);
  });

  const refused: [what: string, strategy: DeploymentStrategy, message: RegExp][] = [
    ["steps below 3 percent", ecsLinear({ stepPercent: 2.9 }), /^stepPercent: expected 3 to 100 percent, got 2.9$/],
    [
      "steps that take longer than a day",
      ecsLinear({ stepBakeTimeInMinutes: 1441 }),
      /^stepBakeTimeInMinutes: .* 0 to 1440 minutes, got 1441/,
    ],
    ["no canary at all", ecsCanary({ canaryPercent: 0 }), /^canaryPercent: expected 0.1 to 100 percent, got 0$/],
    [
      "a canary of less than no time",
      ecsCanary({ canaryBakeTimeInMinutes: -1 }),
      /^canaryBakeTimeInMinutes: .* 0 to 1440 minutes, got -1$/,
    ],
    [
      "a negative bake time",
      ecsBlueGreen({ bakeTimeInMinutes: -1 }),
      /^bakeTimeInMinutes: .* 0 to 1440 minutes, got -1$/,
    ],
    [
      "waiting longer than the action can",
      ecsBlueGreen({ timeoutInMinutes: 90 }),
      /^timeoutInMinutes: .* 1 to 60 minutes, got 90$/,
    ],
    [
      "steps beyond the action's hour",
      ecsLinear({ stepPercent: 10, stepBakeTimeInMinutes: 6 }),
      /moving traffic \(54\).* 64 minutes.*codeDeployBlueGreen/,
    ],
    [
      "a canary beyond the action's hour",
      ecsCanary({ canaryBakeTimeInMinutes: 51 }),
      /take up to 61 minutes, the deploy action waits 60/,
    ],
    [
      "a bake time beyond the wait that was chosen",
      ecsBlueGreen({ bakeTimeInMinutes: 20, timeoutInMinutes: 20 }),
      /take up to 25 minutes, the deploy action waits 20/,
    ],
  ];
  it("say of each setting that takes too long what it may be, so that all of them together fit", () => {
    const lifecycleHooks = [20, 30, 40].map((pauseInMinutes) => ({
      lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT" as const],
      pauseInMinutes,
    }));
    const most = (problem: string) => Number(/from \d+ to (\d+), minutes/.exec(problem)?.[1]);
    const { problems } = ecsLinear({ bakeTimeInMinutes: 10, stepBakeTimeInMinutes: 4, lifecycleHooks });
    assert.deepEqual(
      problems.map((problem) => [problem.split(":")[0], most(problem)]),
      [
        ["lifecycleHooks[2].pauseInMinutes", 19],
        ["lifecycleHooks[1].pauseInMinutes", 14],
        ["lifecycleHooks[0].pauseInMinutes", 9],
        ["stepBakeTimeInMinutes", 1],
        ["bakeTimeInMinutes", 4],
      ],
    );
    const shorter = lifecycleHooks.map((hook, index) => ({ ...hook, pauseInMinutes: [9, 14, 19][index] ?? 0 }));
    const mended = ecsLinear({ bakeTimeInMinutes: 4, stepBakeTimeInMinutes: 1, lifecycleHooks: shorter });
    assert.deepEqual(mended.problems, []);
    const [raised = ""] = ecsBlueGreen({ bakeTimeInMinutes: 20, timeoutInMinutes: 20 }).problems;
    assert.deepEqual([raised.split(":")[0], most(raised)], ["timeoutInMinutes", 60]);
  });

  for (const [what, { problems }, message] of refused) {
    it(`refuse ${what}`, () => {
      const matching = problems.filter((problem) => message.test(problem));
      assert.equal(matching.length, 1, problems.join("\n"));
    });
  }
});
