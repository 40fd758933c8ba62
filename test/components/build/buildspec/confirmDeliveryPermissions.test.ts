import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { confirmDeliveryPermissions } from "../../../../components/build/buildspec/confirmDelivery";
import { present } from "../../../support/present";
import { CLUSTER_ARN, confirm, FIRST, ROLLED_BACK, SETTLING } from "./confirmDeliveryRun";

describe("confirmDeliveryPermissions", () => {
  const args = { clusterArn: CLUSTER_ARN, serviceArn: "arn:service", deliveredImageParameterArn: "arn:parameter" };

  it("allows what the script calls, and nothing else", () => {
    const calls = [SETTLING, ROLLED_BACK, FIRST].flatMap((states) => confirm(states).calls);
    const pascal = (verb: string) => verb.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const used = new Set(calls.map(({ argv: [, service, verb] }) => `${service}:${pascal(verb ?? "")}`));
    const allowed = confirmDeliveryPermissions({ ...args, logGroupArns: ["arn:log-group"] }).flatMap(
      (statement) => statement.actions,
    );
    assert.deepStrictEqual([...used].sort(), [...allowed].sort());
  });

  it("names the tasks of a cluster once for all its services: 50 fit into the policies of a role", () => {
    const clusterArn = pulumi.output(CLUSTER_ARN);
    const statements = Array.from({ length: 50 }, () => confirmDeliveryPermissions({ ...args, clusterArn })).flat();
    const tasks = statements.filter(({ actions }) => actions.includes("ecs:DescribeTasks"));
    assert.equal(new Set(tasks.flatMap(({ resources }) => resources)).size, 1);
  });

  it("keeps to the service, the cluster and the parameter", async () => {
    const statements = confirmDeliveryPermissions({ ...args, logGroupArns: ["arn:log-group"] });
    const resources = await new Promise((resolve) => pulumi.output(statements).apply(resolve));
    assert.deepStrictEqual(present(resources), [
      {
        effect: "Allow",
        actions: ["ecs:DescribeServices", "ecs:ListServiceDeployments", "ecs:UpdateService"],
        resources: ["arn:service"],
      },
      {
        effect: "Allow",
        actions: ["ecs:DescribeTaskDefinition", "ecs:ListTaskDefinitions", "ecs:DeregisterTaskDefinition"],
        resources: ["*"],
      },
      {
        effect: "Allow",
        actions: ["ecs:ListTasks"],
        resources: ["*"],
        conditions: { ArnEquals: { "ecs:cluster": CLUSTER_ARN } },
      },
      {
        effect: "Allow",
        actions: ["ecs:DescribeTasks"],
        resources: ["arn:aws:ecs:eu-west-1:123456789012:task/main/*"],
      },
      { effect: "Allow", actions: ["logs:GetLogEvents"], resources: ["arn:log-group:log-stream:*"] },
      { effect: "Allow", actions: ["ssm:GetParameter", "ssm:PutParameter"], resources: ["arn:parameter"] },
    ]);
  });

  it("allows no parameter when none is recorded", () => {
    const statements = confirmDeliveryPermissions({ clusterArn: CLUSTER_ARN, serviceArn: "arn:service" });
    assert.ok(!statements.flatMap((statement) => statement.actions).includes("ssm:PutParameter"));
  });
});
