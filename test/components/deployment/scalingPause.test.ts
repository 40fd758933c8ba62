import assert from "node:assert/strict";
import { strategies } from "../../../components/deployment";
import { codeDeployBlueGreen } from "../../../components/deployment/codeDeployBlueGreen";
import { matches } from "../../support/eventPattern";
import type { Graph } from "../../support/graph";
import { allowed, json } from "../../support/read";
import { arn, serviceGraph, TARGETS } from "../../support/service";

const MACHINE = "aws:sfn/stateMachine:StateMachine";
const scaling = { minCapacity: 2, maxCapacity: 4 };

describe("the pause of scaling while CodeDeploy deploys", () => {
  let graph: Graph;
  before(async () => {
    graph = await serviceGraph({ targets: TARGETS, scaling, deployment: codeDeployBlueGreen() });
  });

  it("is a state machine, a rule that starts it, and a role for each", () => {
    const { counts } = { counts: graph.counts() };
    assert.equal(counts[MACHINE], 1);
    assert.equal(counts["aws:cloudwatch/eventRule:EventRule"], 1);
    assert.equal(counts["aws:cloudwatch/eventTarget:EventTarget"], 1);
    assert.equal(counts["aws:iam/role:Role"], 5);
  });

  it("is there only when something scales and CodeDeploy deploys", async () => {
    const without = await serviceGraph({ targets: TARGETS, deployment: codeDeployBlueGreen() });
    assert.equal(without.all(MACHINE).length, 0);
    for (const strategy of Object.values(strategies).filter((made) => made !== codeDeployBlueGreen)) {
      const other = await serviceGraph({ targets: TARGETS, scaling, deployment: strategy() });
      assert.equal(other.all(MACHINE).length, 0, strategy().kind);
    }
  });

  it("starts when a deployment of this group starts or ends, however it ends", () => {
    const pattern = graph.only("aws:cloudwatch/eventRule:EventRule").inputs.eventPattern;
    const group = graph.only("aws:codedeploy/deploymentGroup:DeploymentGroup").inputs;
    const event = (detail: object) => ({
      account: "111122223333",
      region: "eu-west-1",
      "detail-type": "CodeDeploy Deployment State-change Notification",
      source: "aws.codedeploy",
      version: "0",
      time: "2026-07-01T22:06:31Z",
      id: "c071bfbf-83c4-49ca-a6ff-3df053957145",
      resources: [arn("codedeploy", `application:${String(group.appName)}`)],
      detail: {
        instanceGroupId: "9fd2fbef-2157-40d8-91e7-6845af69e2d2",
        region: "eu-west-1",
        application: group.appName,
        deploymentId: "d-123456789",
        deploymentGroup: group.deploymentGroupName,
        ...detail,
      },
    });
    for (const state of ["START", "SUCCESS", "FAILURE", "STOP"]) assert.ok(matches(pattern, event({ state })), state);
    assert.equal(matches(pattern, event({ state: "READY" })), false);
    assert.equal(matches(pattern, event({ state: "START", deploymentGroup: "another" })), false);
    assert.equal(matches(pattern, event({ state: "START", application: "another" })), false);
  });

  it("is started in a role that may start this machine, and has its policy before the first event", () => {
    const machine = graph.only(MACHINE);
    assert.deepEqual(allowed(graph.statements("api-deployment-state")), [`states:StartExecution ${machine.id ?? ""}`]);
    const target = graph.only("aws:cloudwatch/eventTarget:EventTarget");
    assert.equal(target.inputs.arn, machine.outputs.arn);
    assert.equal(target.inputs.roleArn, graph.named("aws:iam/role:Role", "api-deployment-state").outputs.arn);
    const policyOf = (name: string) => graph.named("aws:iam/rolePolicy:RolePolicy", name).urn;
    assert.ok(target.dependencies.includes(policyOf("api-deployment-state")));
    assert.ok(machine.dependencies.includes(policyOf("api-scaling-pause")));
  });

  it("may look at deployments of this group and change the scaling of this service", () => {
    const group = graph.only("aws:codedeploy/deploymentGroup:DeploymentGroup").outputs.arn;
    const service = graph.only("aws:ecs/service:Service").id ?? "";
    assert.deepEqual(
      allowed(graph.statements("api-scaling-pause")),
      [
        `application-autoscaling:RegisterScalableTarget ${arn("application-autoscaling", "scalable-target/*")}`,
        `ecs:DescribeServices ${service}`,
        `ecs:UpdateService ${service}`,
        `codedeploy:GetDeployment ${String(group)}`,
        `codedeploy:ListDeployments ${String(group)}`,
      ].sort(),
    );
  });

  it("is about the target that was registered, whose suspension Pulumi leaves alone", () => {
    const target = graph.only("aws:appautoscaling/target:Target");
    const suspend = json(graph.only(MACHINE).inputs.definition, "States", "Suspend", "Parameters", "ResourceId");
    assert.equal(suspend, target.inputs.resourceId);
    assert.deepEqual(target.ignoreChanges, ["suspendedState"]);
    assert.equal("suspendedState" in target.inputs, false);
  });
});
