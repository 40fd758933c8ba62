import assert from "node:assert/strict";
import { placeOf } from "../../../../components/arn";
import {
  type CodeDeployToEcsActionArgs,
  codeDeployToEcsAction,
} from "../../../../components/pipeline/deploy/codeDeployToEcs";
import { allowed, rendered } from "../../../support/read";
import { arn } from "../../../support/service";

const ROLES = ["task", "execution"].map((name) => `arn:aws:iam::111122223333:role/${name}`);
const REVISIONS = arn("ecs", "task-definition/shop-api:*");

const action = (changes: Partial<CodeDeployToEcsActionArgs> = {}) =>
  codeDeployToEcsAction({
    name: "api-deploy",
    input: { name: "api_image" },
    applicationName: "shop",
    deploymentGroupName: "shop-api",
    deploymentConfigName: "CodeDeployDefault.ECSAllAtOnce",
    taskDefinitionArnPattern: REVISIONS,
    passRoleArns: ROLES,
    place: placeOf(),
    clusterName: "shop",
    service: { name: "shop-api", arn: arn("ecs", "service/shop/shop-api") },
    ...changes,
  });

describe("codeDeployToEcsAction", () => {
  it("finds template, appspec and image in the one artifact that it reads", async () => {
    let declaration: unknown;
    await rendered(() => {
      const made = action();
      declaration = made.declaration;
      return made.permissions;
    });
    assert.deepEqual(declaration, {
      name: "api-deploy",
      category: "Deploy",
      owner: "AWS",
      provider: "CodeDeployToECS",
      version: "1",
      inputArtifacts: ["api_image"],
      configuration: {
        ApplicationName: "shop",
        DeploymentGroupName: "shop-api",
        TaskDefinitionTemplateArtifact: "api_image",
        TaskDefinitionTemplatePath: "taskdef.json",
        AppSpecTemplateArtifact: "api_image",
        AppSpecTemplatePath: "appspec.yaml",
        Image1ArtifactName: "api_image",
        // Without the angle brackets that the template has around it.
        Image1ContainerName: "IMAGE1_NAME",
      },
    });
  });

  it("may deploy to this group, register revisions of this family and pass on its roles: the documented statements", async () => {
    const on = (actions: string[], resource: string) => actions.map((name) => `codedeploy:${name} ${resource}`);
    const revisions = ["GetApplication", "GetApplicationRevision", "RegisterApplicationRevision"];
    const statements = await rendered(() => action().permissions);
    assert.deepEqual(
      allowed(statements),
      [
        ...on(["CreateDeployment", "GetDeployment"], arn("codedeploy", "deploymentgroup:shop/shop-api")),
        ...on(revisions, arn("codedeploy", "application:shop")),
        ...on(revisions, arn("codedeploy", "application:shop/*")),
        ...on(["GetDeploymentConfig"], arn("codedeploy", "deploymentconfig:CodeDeployDefault.ECSAllAtOnce")),
        `ecs:RegisterTaskDefinition ${REVISIONS}`,
        `ecs:TagResource ${REVISIONS}`,
        ...ROLES.map((role) => `iam:PassRole ${role}`),
      ].sort(),
    );
    const pass = statements.find(({ Action }) => Action.includes("iam:PassRole"));
    assert.deepEqual(pass?.Condition, {
      StringEquals: { "iam:PassedToService": ["ecs.amazonaws.com", "ecs-tasks.amazonaws.com"] },
    });
  });
});
