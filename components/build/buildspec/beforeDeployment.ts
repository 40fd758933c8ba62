import type { Input } from "@pulumi/pulumi";
import { tasksIn } from "../../arn";
import { allow, type Statement } from "../../iam/policyDocument";
import { renderBuildspec, scriptCommand } from "./buildspec";

/** Minutes for a build's own start, and for what it cleans up when its task has taken too long. */
export const BEFORE_DEPLOYMENT_MARGIN_IN_MINUTES = 10;

/**
 * The step between build and deployment: one task with the new image runs a command, migrations of a database say. Its log
 * is this build's log, and where it fails, cannot start or takes too long, nothing is deployed. What it registers is a
 * revision of a family of its own, and is deregistered at the end: neither a deployment nor Pulumi sees it. A task that
 * still runs when the step ends is stopped. It reads `imagedefinitions.json` (or `imageDetail.json` where that is all there
 * is) and
 * - `IMAGE_DEFINITIONS`, `TASK_DEFINITION_FILE`: names of those files, where another service builds the image
 * - `CLUSTER_NAME`, `CONTAINER_NAME`
 * - `TASK_FAMILY`: family of the revision
 * - `RUN_TASK`: what `ecs run-task` takes, as JSON, without the task definition
 * - `TASK_DEFINITION_PARAMETER`: SSM parameter with what `ecs register-task-definition` takes, with `<IMAGE1_NAME>` for the
 *   image. @default - `taskdef.json` of the build, as CodeDeploy takes it
 * - `LOG_GROUP`: where the container's lines go. @default - they are not shown
 * - `TIMEOUT_SECONDS`: @default 1800; must be well under the project's build timeout
 * - `POLL_SECONDS`: @default 5
 *
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
 */
export function beforeDeploymentBuildspec(): string {
  return renderBuildspec({
    env: {
      variables: { TASK_DEFINITION_PARAMETER: "", LOG_GROUP: "", TIMEOUT_SECONDS: "1800", POLL_SECONDS: "5" },
    },
    // One command, because CodeBuild does not promise that a function lives on to the next.
    phases: {
      build: {
        commands: [
          ["ecr-image.sh", "look-again.sh", "image-definitions.sh", "before-deployment.sh"]
            .map(scriptCommand)
            .join("\n\n"),
        ],
      },
    },
  });
}

/** Arguments of `beforeDeploymentPermissions`. */
export interface BeforeDeploymentPermissionsArgs {
  readonly clusterArn: Input<string>;
  /** Revisions that it registers: `arn:...:task-definition/<family>:*`. */
  readonly taskDefinitionArnPattern: Input<string>;
  /** Task role and execution role. */
  readonly passRoleArns: readonly Input<string>[];
  /** ARN of the parameter `TASK_DEFINITION_PARAMETER` names. @default - the build leaves `taskdef.json` */
  readonly taskDefinitionParameterArn?: Input<string> | undefined;
  /** Streams of the container that runs the command. @default - its lines are not shown */
  readonly logStreamArnPattern?: Input<string> | undefined;
}

/** Exactly what `beforeDeploymentBuildspec` does in AWS, apart from what any build does. */
export function beforeDeploymentPermissions(args: BeforeDeploymentPermissionsArgs): Statement[] {
  const { clusterArn, taskDefinitionArnPattern, passRoleArns } = args;
  const { taskDefinitionParameterArn: parameterArn, logStreamArnPattern: streams } = args;
  const inCluster = { ArnEquals: { "ecs:cluster": clusterArn } };
  return [
    ...(parameterArn === undefined ? [] : [allow(["ssm:GetParameter"], [parameterArn])]),
    allow(["ecs:RegisterTaskDefinition"], [taskDefinitionArnPattern]),
    // ecs:DeregisterTaskDefinition has no resource level.
    allow(["ecs:DeregisterTaskDefinition"], ["*"]),
    allow(["ecs:RunTask"], [taskDefinitionArnPattern], inCluster),
    allow(["ecs:DescribeTasks", "ecs:StopTask"], [tasksIn(clusterArn)], inCluster),
    allow(["iam:PassRole"], passRoleArns, { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } }),
    ...(streams === undefined ? [] : [allow(["logs:GetLogEvents"], [streams])]),
  ];
}
