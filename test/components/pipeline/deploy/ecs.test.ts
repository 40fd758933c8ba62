import assert from "node:assert/strict";
import { type EcsDeployActionArgs, ecsDeployAction } from "../../../../components/pipeline/deploy/ecs";
import { allowed, at, rendered } from "../../../support/read";
import { arn } from "../../../support/service";

const REVISIONS = arn("ecs", "task-definition/shop-api:*");
const SERVICE = arn("ecs", "service/shop/shop-api");
const ROLES = ["task", "execution"].map((name) => `arn:aws:iam::111122223333:role/${name}`);

const action = (changes: Partial<EcsDeployActionArgs> = {}) =>
  ecsDeployAction({
    name: "api-deploy",
    input: { name: "api_image" },
    clusterName: "shop",
    serviceName: "shop-api",
    serviceArn: SERVICE,
    taskDefinitionArnPattern: REVISIONS,
    passRoleArns: ROLES,
    ...changes,
  });

describe("ecsDeployAction", () => {
  it("brings the image that the build has written down into the service, and waits", () => {
    const { declaration } = action();
    assert.deepEqual([declaration.category, declaration.provider], ["Deploy", "ECS"]);
    assert.deepEqual([declaration.inputArtifacts, declaration.outputArtifacts], [["api_image"], undefined]);
    assert.deepEqual(declaration.configuration, {
      ClusterName: "shop",
      ServiceName: "shop-api",
      FileName: "imagedefinitions.json",
      DeploymentTimeout: "20",
    });
  });

  it("waits as long as it is told to, in text", () => {
    assert.equal(at(action({ timeoutInMinutes: 60 }).declaration.configuration, "DeploymentTimeout"), "60");
  });

  it("may register revisions of this family, update this service and pass on its roles: the documented statements", async () => {
    const statements = await rendered(() => action().permissions);
    assert.deepEqual(
      allowed(statements),
      [
        "ecs:DescribeTaskDefinition *",
        `ecs:RegisterTaskDefinition ${REVISIONS}`,
        `ecs:TagResource ${REVISIONS}`,
        `ecs:DescribeServices ${SERVICE}`,
        `ecs:UpdateService ${SERVICE}`,
        ...ROLES.map((role) => `iam:PassRole ${role}`),
      ].sort(),
    );
    const conditions = statements.flatMap(({ Action, Condition }) =>
      Condition ? [[Action, Condition.StringEquals]] : [],
    );
    assert.deepEqual(conditions, [
      [["ecs:TagResource"], { "ecs:CreateAction": "RegisterTaskDefinition" }],
      [["iam:PassRole"], { "iam:PassedToService": ["ecs.amazonaws.com", "ecs-tasks.amazonaws.com"] }],
    ]);
  });
});
