import type { Input } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { belowService, tasksIn } from "../../arn";
import { defined } from "../../defined";
import { allow, type Statement } from "../../iam/policyDocument";
import { RELEASED_TAG_PREFIX } from "../../images/lifecyclePolicy/policy";
import type { ClusterRef, ServiceRef } from "../../refs";
import { renderBuildspec, scriptCommand } from "./buildspec";
import { packedCommands } from "./packed";
import { PASSPORT_VARIABLES } from "./passport";
import { whyFailedScript } from "./whyFailed";

/** Minutes that confirming a delivery may take: as long as the deploy action waits. */
export const CONFIRM_TIMEOUT_IN_MINUTES = 60;

/** Arguments of `confirmDeliveryBuildspec`. */
export interface ConfirmDeliveryBuildspecArgs {
  /** Whether all calls are made in the role `TARGET_ROLE_ARN`, in `TARGET_REGION`. @default false */
  readonly inRole?: boolean;
}

/**
 * The step after every deployment: waits until the service has settled, fails unless it runs the wanted image, and
 * records what was delivered. CodePipeline's ECS action takes rollbacks for successes, and no deploy action starts the
 * first tasks. The script sees by itself who deploys: ECS (whatever the strategy) or CodeDeploy. A delivery that ECS took
 * back leaves no newer revision behind that `pulumi up` would pick up. An image by digest is what `resolveImageBuildspec`
 * hands on; where a build's own file comes straight here, a tag in ECR is taken if the tasks run what it stands for. It reads
 * `imagedefinitions.json` (or `imageDetail.json` where that is all there is) and
 * - `IMAGE_DEFINITIONS`: name of that file, where another service builds the image. @default "imagedefinitions.json"
 * - `CLUSTER_NAME`, `SERVICE_NAME`, `CONTAINER_NAME`
 * - `DESIRED_COUNT`: tasks to start when the service has none, as before its first delivery
 * - `DELIVERED_IMAGE_PARAMETER`: SSM parameter for `{"image","commit","deliveredAt"}`. @default - nothing is recorded
 * - `STOP_DEPLOYMENT`: `yes` has ECS go back from a deployment of its own that has not settled in time. @default - it goes on
 * - `RELEASED_TAG_PREFIX`: the delivered image gets a tag that starts so, for lifecycle policies. @default - no tag
 * - `COMMIT_ID`: goes into the record. @default - empty
 * - `TOPIC_ARN`: topic that is told why a delivery failed, in the build's own role. @default - its log alone says so
 * - what `PASSPORT_VARIABLES` says of the image's passport, which is written where `DELIVERED_IMAGE_PARAMETER` is
 * - `LOOKS_AGAIN`: `yes` where a look before came to no good end: it starts no first tasks. @default - it is the first look
 * - `TIMEOUT_SECONDS`: @default 1800; must be well under the project's build timeout
 * - `POLL_SECONDS`: @default 10
 *
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html
 */
export function confirmDeliveryBuildspec({ inRole = false }: ConfirmDeliveryBuildspecArgs = {}): string {
  return renderBuildspec({
    env: {
      variables: {
        DELIVERED_IMAGE_PARAMETER: "",
        RELEASED_TAG_PREFIX: "",
        STOP_DEPLOYMENT: "",
        COMMIT_ID: "",
        TOPIC_ARN: "",
        ...PASSPORT_VARIABLES,
        TIMEOUT_SECONDS: "1800",
        POLL_SECONDS: "10",
      },
    },
    phases: {
      build: {
        commands: packedCommands("confirm-delivery.sh", confirmScript(inRole), WHERE_TO_LOOK),
      },
    },
  });
}

/**
 * How a step of a workflow looks again after a confirmation that was stopped or failed: what runs well is recorded, and nobody is told
 * twice. GitHub gives a run that is cancelled five minutes, and a deployment that is to go back needs this time twice.
 */
export const LOOK_AGAIN = { LOOKS_AGAIN: "yes", TIMEOUT_SECONDS: "60", TOPIC_ARN: "" } as const;

/** What CodePipeline shows beside an action that failed. */
const WHERE_TO_LOOK = "failed: the last lines of this build's log say why, and what mends it; so does npm run status";

function confirmScript(inRole: boolean): string {
  const acts = inRole ? [`${scriptCommand("in-role.sh")}\n\nact_in_target_role || exit`] : [];
  return [
    ...acts,
    ...["ecr-image.sh", "look-again.sh", "image-definitions.sh", "passport.sh"].map(scriptCommand),
    whyFailedScript(),
    ...["confirm-delivery-clean-up.sh", "confirm-delivery.sh"].map(scriptCommand),
  ].join("\n\n");
}

/** Arguments of `confirmDeliveryVariables`. */
export interface ConfirmDeliveryVariablesArgs {
  readonly cluster: ClusterRef;
  readonly service: ServiceRef;
  readonly containerName: string;
  /** Names of the files in the artifact, where they are not the usual ones. @default - they are */
  readonly files?: Readonly<Record<string, string>>;
  /** Tasks to start when the service has none. */
  readonly desiredCount: number;
  /** Name of the parameter that records what was delivered; "" where nothing is recorded. */
  readonly record: Input<string>;
  /** Whether the delivered image gets a tag that protects it. */
  readonly tagged: boolean;
  /** Whether a deployment that has not settled in time is stopped. @default false */
  readonly stops?: boolean;
  readonly commit: string;
  /** What its passport says of the run. @default - none is written */
  readonly passport?: Readonly<Record<string, string>>;
}

/** What an action tells `confirmDeliveryBuildspec` of the delivery. */
export function confirmDeliveryVariables(of: ConfirmDeliveryVariablesArgs): Record<string, Input<string>> {
  return defined({
    ...of.files,
    CLUSTER_NAME: of.cluster.name,
    SERVICE_NAME: of.service.name,
    CONTAINER_NAME: of.containerName,
    DESIRED_COUNT: String(of.desiredCount),
    DELIVERED_IMAGE_PARAMETER: of.record,
    RELEASED_TAG_PREFIX: of.tagged ? RELEASED_TAG_PREFIX : "",
    STOP_DEPLOYMENT: of.stops ? "yes" : undefined,
    COMMIT_ID: of.commit,
    ...of.passport,
  });
}

/** Arguments of `confirmDeliveryPermissions`. */
export interface ConfirmDeliveryPermissionsArgs {
  /** ARN of the cluster the service runs in. */
  readonly clusterArn: Input<string>;
  readonly serviceArn: Input<string>;
  /** ARN of the parameter `DELIVERED_IMAGE_PARAMETER` names. @default - nothing is recorded */
  readonly deliveredImageParameterArn?: Input<string>;
  /** Repository whose delivered images are tagged. @default - none is tagged */
  readonly repositoryArn?: Input<string>;
  /** Log groups of the service's containers, whose last lines say why a delivery failed. @default - they are not shown */
  readonly logGroupArns?: readonly Input<string>[];
  /** Whether a deployment of ECS's own is stopped, and goes back, when time is up. @default false */
  readonly stops?: boolean;
}

/** Exactly what `confirmDeliveryBuildspec` does in AWS, apart from what any build does. */
export function confirmDeliveryPermissions(args: ConfirmDeliveryPermissionsArgs): Statement[] {
  const { clusterArn, serviceArn, deliveredImageParameterArn, repositoryArn, logGroupArns = [], stops } = args;
  return [
    allow(["ecs:DescribeServices", "ecs:ListServiceDeployments", "ecs:UpdateService"], [serviceArn]),
    ...(stops
      ? [allow(["ecs:StopServiceDeployment"], [pulumi.interpolate`${belowService(serviceArn, "service-deployment")}*`])]
      : []),
    // Neither reading task definitions nor deregistering one has a resource level.
    allow(["ecs:DescribeTaskDefinition", "ecs:ListTaskDefinitions", "ecs:DeregisterTaskDefinition"], ["*"]),
    // ecs:ListTasks has no resource level for Fargate tasks; the condition keeps it to the cluster.
    allow(["ecs:ListTasks"], ["*"], { ArnEquals: { "ecs:cluster": clusterArn } }),
    allow(["ecs:DescribeTasks"], [tasksIn(clusterArn)]),
    ...logGroupArns.map((arn) => allow(["logs:GetLogEvents"], [pulumi.interpolate`${arn}:log-stream:*`])),
    ...(repositoryArn === undefined ? [] : [allow(["ecr:BatchGetImage", "ecr:PutImage"], [repositoryArn])]),
    ...(deliveredImageParameterArn === undefined
      ? []
      : [allow(["ssm:GetParameter", "ssm:PutParameter"], [deliveredImageParameterArn])]),
  ];
}
