import assert from "node:assert/strict";
import { ecsBlueGreen } from "../../../components/deployment/ecsNative";
import type { Graph } from "../../support/graph";
import { allowed, json } from "../../support/read";
import { serviceGraph, TARGETS } from "../../support/service";

describe("the role in which ECS moves traffic", () => {
  let graph: Graph;
  before(async () => {
    graph = await serviceGraph({ targets: TARGETS, deployment: ecsBlueGreen() });
  });

  it("reaches this pair of groups, these two listeners and these two rules", () => {
    const groups = [TARGETS.blue.arn, TARGETS.green.arn].map(String);
    const listeners = [TARGETS.productionListener.arn, TARGETS.testListener.arn].map(String);
    const rules = graph.all("aws:lb/listenerRule:ListenerRule").map(({ outputs }) => String(outputs.arn));
    const on = (action: string, arns: readonly string[]) => arns.map((arn) => `elasticloadbalancing:${action} ${arn}`);
    assert.deepEqual(
      allowed(graph.statements("api-infrastructure")),
      [
        ...["Listeners", "Rules", "TargetGroups", "TargetHealth"].flatMap((what) => on(`Describe${what}`, ["*"])),
        ...on("RegisterTargets", groups),
        ...on("DeregisterTargets", groups),
        ...on("ModifyListener", listeners),
        ...on("ModifyRule", rules),
      ].sort(),
    );
    assert.equal(rules.length, 2);
  });

  it("is assumed by ECS, which does not say on whose behalf", () => {
    const role = graph.named("aws:iam/role:Role", "api-infrastructure");
    assert.deepEqual(json(role.inputs.assumeRolePolicy, "Statement"), [
      { Effect: "Allow", Principal: { Service: "ecs.amazonaws.com" }, Action: "sts:AssumeRole" },
    ]);
  });

  it("comes without AWS's managed policy, which reaches every load balancer of the account", () => {
    assert.equal(graph.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment").length, 0);
  });
});
