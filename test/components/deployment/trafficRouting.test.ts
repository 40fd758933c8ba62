import assert from "node:assert/strict";
import { codeDeployBlueGreen } from "../../../components/deployment/codeDeployBlueGreen";
import { checkTrafficRouting, shiftMinutes, type TrafficRouting } from "../../../components/deployment/trafficRouting";
import { serviceGraph, TARGETS } from "../../support/service";

const CONFIG = "aws:codedeploy/deploymentConfig:DeploymentConfig";
const linear = (percentage: number, intervalInMinutes: number): TrafficRouting => ({
  type: "TimeBasedLinear",
  percentage,
  intervalInMinutes,
});
const canary = (percentage: number, intervalInMinutes: number): TrafficRouting => ({
  type: "TimeBasedCanary",
  percentage,
  intervalInMinutes,
});

async function configFor(trafficRouting: TrafficRouting) {
  const graph = await serviceGraph({ targets: TARGETS, deployment: codeDeployBlueGreen({ trafficRouting }) });
  const own = graph.all(CONFIG);
  const used = graph.only("aws:codedeploy/deploymentGroup:DeploymentGroup").inputs.deploymentConfigName;
  return { own, used };
}

describe("traffic routing", () => {
  const predefined: [TrafficRouting, string][] = [
    [{ type: "AllAtOnce" }, "ECSAllAtOnce"],
    [linear(10, 1), "ECSLinear10PercentEvery1Minutes"],
    [linear(10, 3), "ECSLinear10PercentEvery3Minutes"],
    [canary(10, 5), "ECSCanary10Percent5Minutes"],
    [canary(10, 15), "ECSCanary10Percent15Minutes"],
  ];
  for (const [routing, name] of predefined) {
    it(`creates nothing for ${name}, which AWS has ready`, async () => {
      const { own, used } = await configFor(routing);
      assert.deepEqual([own.length, used], [0, `CodeDeployDefault.${name}`]);
    });
  }

  it("creates a configuration of its own for other steps, and uses it", async () => {
    const { own, used } = await configFor(linear(20, 2));
    assert.equal(own.length, 1);
    assert.equal(used, own[0]?.outputs.deploymentConfigName);
    assert.deepEqual(own[0]?.inputs, {
      computePlatform: "ECS",
      trafficRoutingConfig: { type: "TimeBasedLinear", timeBasedLinear: { interval: 2, percentage: 20 } },
    });
  });

  it("does not take a canary of 10 percent after 3 minutes for the linear one", async () => {
    const { own } = await configFor(canary(10, 3));
    assert.deepEqual(own[0]?.inputs.trafficRoutingConfig, {
      type: "TimeBasedCanary",
      timeBasedCanary: { interval: 3, percentage: 10 },
    });
  });

  it("takes as long as its steps, the first of which is at once", () => {
    assert.equal(shiftMinutes({ type: "AllAtOnce" }), 0);
    assert.equal(shiftMinutes(canary(10, 15)), 15);
    assert.equal(shiftMinutes(linear(10, 3)), 27);
    assert.equal(shiftMinutes(linear(30, 10)), 30);
  });

  it("refuses shares and times that CodeDeploy refuses", () => {
    assert.deepEqual(checkTrafficRouting({ type: "AllAtOnce" }), []);
    assert.deepEqual(checkTrafficRouting(linear(99, 1)), []);
    assert.deepEqual(checkTrafficRouting(canary(100, 0)), [
      "trafficRouting.percentage: expected a whole number from 1 to 99 percent, got 100",
      "trafficRouting.intervalInMinutes: expected a whole number from 1 to 2880 minutes, got 0",
    ]);
  });

  it("counts towards how long a deployment lasts at least", () => {
    assert.equal(codeDeployBlueGreen().leastMinutes, 20);
    const slow = codeDeployBlueGreen({ trafficRouting: linear(10, 3), terminationWaitTimeInMinutes: 60 });
    assert.equal(slow.leastMinutes, 92);
  });

  it("and the other settings of CodeDeploy are refused where CodeDeploy would refuse them", () => {
    assert.deepEqual(codeDeployBlueGreen({ terminationWaitTimeInMinutes: 2881 }).problems, [
      "terminationWaitTimeInMinutes: expected a whole number from 0 to 2880 minutes, got 2881",
    ]);
    const alarmNames = ["a", "b", "c", "d", "e", "f"];
    assert.deepEqual(codeDeployBlueGreen({ alarmNames }).problems, []);
    assert.deepEqual(codeDeployBlueGreen({ alarmNames: [...alarmNames, "g"] }).problems, [
      "alarmNames: expected at most 6 besides the target groups' own, got 7",
    ]);
    const hooks: Record<string, string> = { AfterTestTraffic: "function" };
    assert.match(
      String(codeDeployBlueGreen({ hooks }).problems),
      /^hooks: expected BeforeInstall, .*, got AfterTestTraffic$/,
    );
  });
});
