import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { placeOf, revisionsOf } from "../arn";
import { beforeDeploymentPermissions } from "../build/buildspec/beforeDeployment";
import { releaseParameter } from "../deployment/releaseTemplate";
import type { ServicePlan } from "../deployment/strategy";
import type { Statement } from "../iam/policyDocument";
import { IMAGE_PLACEHOLDER } from "../pipeline/deploy/codeDeployToEcs";
import type { TaskRef } from "../refs";
import { minutes } from "../settings/setting";
import { type ArgsOf, settings, withDefaults } from "../settings/settings";
import { COMMAND, type Container } from "./container";
import { runTaskInput } from "./runTask";
import type { ServiceParts } from "./task";

/** A command of the new image that has to end well before the image is deployed, migrations for example. */
export const BEFORE_DEPLOYMENT = settings({
  /** What runs instead of the image's command; exit code 0 lets the deployment go on. */
  command: COMMAND,
  /** Minutes it may take; then it is stopped, and nothing is deployed. @default 30 */
  timeoutInMinutes: minutes(1, 420, { default: 30 }),
});

/** A command before a deployment. */
export interface BeforeDeploymentArgs extends ArgsOf<typeof BEFORE_DEPLOYMENT> {}

/** What the step before a deployment takes, for the build that does it. */
export interface BeforeDeployment {
  readonly timeoutInMinutes: number;
  /** Variables of the build. */
  readonly environment: Readonly<Record<string, Input<string>>>;
  /** What the build may do. */
  readonly permissions: readonly Statement[];
}

/** Where a release registers no template of its own, the settings are published for the step, with room for the image. */
export function defineBeforeDeployment(
  name: string,
  args: BeforeDeploymentArgs & { readonly serviceName: string; readonly container: Container },
  made: Pick<ServiceParts, "template" | "logGroup"> & {
    readonly task: TaskRef;
    readonly ownership: ServicePlan["taskDefinition"];
    readonly parent: pulumi.Resource;
  },
): BeforeDeployment {
  const { serviceName, container, command } = args;
  const { task, ownership, parent, logGroup } = made;
  const { timeoutInMinutes } = withDefaults(BEFORE_DEPLOYMENT, args);
  const family = `${serviceName}-before-deployment`;
  const parameter =
    ownership === "tracked"
      ? releaseParameter(
          `${name}-before-deployment`,
          serviceName,
          "before-deployment.json",
          made.template(`<${IMAGE_PLACEHOLDER}>`),
          parent,
        )
      : undefined;
  const showsLog = container.logConfiguration === undefined;
  const stream = `${container.name}/${container.name}/*`;
  return {
    timeoutInMinutes,
    environment: {
      CLUSTER_NAME: task.cluster.name,
      CONTAINER_NAME: container.name,
      TASK_FAMILY: family,
      RUN_TASK: runTaskText(task, command),
      TASK_DEFINITION_PARAMETER: parameter?.name ?? "",
      LOG_GROUP: showsLog ? logGroup.name : "",
      TIMEOUT_SECONDS: String(timeoutInMinutes * 60),
    },
    permissions: beforeDeploymentPermissions({
      clusterArn: task.cluster.arn,
      taskDefinitionArnPattern: revisionsOf(family, placeOf(parent)),
      passRoleArns: task.passRoleArns,
      taskDefinitionParameterArn: parameter?.arn,
      logStreamArnPattern: showsLog ? pulumi.interpolate`${logGroup.arn}:log-stream:${stream}` : undefined,
    }),
  };
}

function runTaskText(task: TaskRef, command: readonly string[]): Output<string> {
  return pulumi.jsonStringify(runTaskInput(task, command));
}
