import assert from "node:assert/strict";
import { codeDeployBlueGreen } from "../../../components/deployment/codeDeployBlueGreen";
import type { Graph } from "../../support/graph";
import { allowed, json } from "../../support/read";
import { arn, serviceGraph, TARGETS } from "../../support/service";

const ROLE = "aws:iam/role:Role";
const hook = arn("lambda", "function:check");

describe("CodeDeploy's role", () => {
  let graph: Graph;
  before(async () => {
    const deployment = codeDeployBlueGreen({ hooks: { AfterAllowTestTraffic: hook } });
    graph = await serviceGraph({ targets: TARGETS, deployment });
  });

  it("may do what a deployment to this service takes, and nothing else", () => {
    const service = graph.only("aws:ecs/service:Service").id ?? "";
    const rules = (listener: string) => `${listener.replace(":listener/", ":listener-rule/")}/*`;
    const roles = ["api-task", "api-execution"].map((name) => String(graph.named(ROLE, name).outputs.arn));
    const [production, test] = [TARGETS.productionListener.arn, TARGETS.testListener.arn];
    const taskSets = arn("ecs", "task-set/shop/api/*");
    const describing = ["DescribeTargetGroups", "DescribeListeners", "DescribeRules"];
    assert.deepEqual(
      allowed(graph.statements("api-codedeploy")),
      [
        ...["DescribeServices", "UpdateServicePrimaryTaskSet"].map((action) => `ecs:${action} ${service}`),
        ...[service, taskSets].flatMap((at) => [`ecs:CreateTaskSet ${at}`, `ecs:DeleteTaskSet ${at}`]),
        ...describing.map((action) => `elasticloadbalancing:${action} *`),
        "cloudwatch:DescribeAlarms *",
        ...[production, test].map((listener) => `elasticloadbalancing:ModifyListener ${listener}`),
        ...[production, test].map((listener) => `elasticloadbalancing:ModifyRule ${rules(listener)}`),
        ...roles.map((role) => `iam:PassRole ${role}`),
        `lambda:InvokeFunction ${hook}`,
      ].sort(),
    );
  });

  it("passes roles on to tasks only", () => {
    const pass = graph.statements("api-codedeploy").filter(({ Action }) => Action.includes("iam:PassRole"));
    assert.deepEqual(
      pass.map(({ Condition }) => Condition),
      [{ StringEquals: { "iam:PassedToService": ["ecs-tasks.amazonaws.com"] } }],
    );
  });

  it("is CodeDeploy's alone, for this account's deployment group", () => {
    const group = graph.only("aws:codedeploy/deploymentGroup:DeploymentGroup");
    assert.deepEqual(json(graph.named(ROLE, "api-codedeploy").inputs.assumeRolePolicy, "Statement"), [
      {
        Effect: "Allow",
        Principal: { Service: "codedeploy.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "aws:SourceAccount": "111122223333" },
          ArnLike: { "aws:SourceArn": group.outputs.arn },
        },
      },
    ]);
  });

  it("calls no function where there is no hook", async () => {
    const without = await serviceGraph({ targets: TARGETS, deployment: codeDeployBlueGreen() });
    assert.doesNotMatch(allowed(without.statements("api-codedeploy")).join(), /lambda/);
  });
});
