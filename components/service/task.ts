import * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { placeOf } from "../arn";
import type { ServicePlan } from "../deployment/strategy";
import type { RoleWithPolicies } from "../iam/role";
import { type DeliveredImage, defineDeliveredImage, deliveredImageParameter } from "../images/deliveredImage";
import { withDefaults } from "../settings/settings";
import type { EcsServiceArgs } from "./args";
import { AS_DELIVERED, containerSecrets } from "./container";
import { type LiveService, NOT_DELIVERED_YET } from "./liveService";
import { SERVICE, TASK } from "./settings";
import { defineTaskDefinition, taskDefinitionTemplate } from "./taskDefinition";
import { taskPermissions } from "./taskPermissions";
import { defineExecutionRole, defineTaskRole } from "./taskRoles";

/** What a service runs: everything but the service itself. */
export interface ServiceParts {
  readonly logGroup: aws.cloudwatch.LogGroup;
  readonly executionRole: RoleWithPolicies;
  readonly taskRole: RoleWithPolicies;
  readonly deliveredImage: DeliveredImage;
  /** What runs before this update. */
  readonly live: Output<LiveService>;
  readonly taskDefinition: aws.ecs.TaskDefinition;
  /** The settings with another image: what a release is made from where Pulumi's revision is not what runs. */
  readonly template: (image: string) => Output<string>;
}

/** Log group, roles, the record of the delivered image, and the task definition that carries it. */
export function defineServiceParts(
  name: string,
  args: EcsServiceArgs & {
    readonly serviceName: string;
    readonly ownership: ServicePlan["taskDefinition"];
    readonly live: Output<LiveService>;
  },
  parent: pulumi.Resource,
): ServiceParts {
  const { serviceName, ownership, live } = args;
  const logGroup = defineLogGroup(name, serviceName, args, parent);
  const { executionRole, taskRole } = defineRoles(name, args, logGroup, parent);
  const deliveredImage = defineDeliveredImage(
    `${name}-delivered-image`,
    {
      parameterName: deliveredImageParameter(serviceName),
      firstImage: args.image,
    },
    { parent, protect: args.protectDeliveredImage ?? false },
  );
  const settings = {
    family: serviceName,
    container: args.container,
    sidecars: args.sidecars,
    executeCommand: args.executeCommand !== undefined,
    serviceConnect: args.serviceConnect !== undefined,
    image: imageToRun(deliveredImage, live, args),
    pullSecretArn: args.repository?.pullSecretArn,
    task: withDefaults(TASK, args),
    executionRoleArn: executionRole.arn,
    taskRoleArn: taskRole.arn,
    logGroupName: logGroup.name,
    ownership,
  } as const;
  return {
    logGroup,
    executionRole,
    taskRole,
    deliveredImage,
    live,
    taskDefinition: defineTaskDefinition(name, settings, { parent }),
    template: (image) => taskDefinitionTemplate({ ...settings, image }, parent),
  };
}

function defineLogGroup(name: string, serviceName: string, args: EcsServiceArgs, parent: pulumi.Resource) {
  return new aws.cloudwatch.LogGroup(
    name,
    {
      name: `/ecs/${serviceName}`,
      retentionInDays: withDefaults(SERVICE, args).logRetentionInDays,
      kmsKeyId: args.kmsKeyArn,
    },
    { parent },
  );
}

function defineRoles(
  name: string,
  args: EcsServiceArgs,
  logGroup: aws.cloudwatch.LogGroup,
  parent: pulumi.Resource,
): { executionRole: RoleWithPolicies; taskRole: RoleWithPolicies } {
  const { executionRole, taskRole, repository, secretsKeyArns, sidecars = [] } = args;
  const containers = [args.container, ...sidecars];
  const secrets = containerSecrets(containers);
  const environmentFiles = containers.flatMap((one) => one.environmentFiles ?? []);
  // What a template in the source says of logs is not known here.
  const logs = containers.some(({ logConfiguration: log }) => log === undefined || log.logDriver === "awslogs");
  const logGroupArn = logs || args.taskDefinitionFrom ? logGroup.arn : undefined;
  const images = sidecars.map(({ image }) => image).filter((image) => image !== AS_DELIVERED);
  return {
    executionRole: executionRole
      ? { ...executionRole, policies: [] }
      : defineExecutionRole(
          `${name}-execution`,
          { logGroupArn, environmentFiles, secrets, secretsKeyArns, images, repository },
          parent,
        ),
    taskRole: taskRole
      ? { ...taskRole, policies: [] }
      : defineTaskRole(`${name}-task`, taskPermissions(args, logGroup.arn, placeOf(parent)), args.permissions, parent),
  };
}

/**
 * The image that a delivery has brought, recorded yet or not: an update in the middle of a delivery leaves it alone. Before
 * the first one, a name that is in no repository, and nothing runs it.
 */
function imageToRun(delivered: DeliveredImage, live: Output<LiveService>, args: EcsServiceArgs): Input<string> {
  const placeholder = pulumi.interpolate`${args.repository?.repositoryUrl ?? "nothing"}:${NOT_DELIVERED_YET}`;
  return pulumi
    .all([delivered.image, delivered.writtenByHand, live, placeholder])
    .apply(([recorded, byHand, { image: running }, none]) => {
      const deployed = running?.endsWith(`:${NOT_DELIVERED_YET}`) ? undefined : running;
      return (byHand ? recorded : (deployed ?? recorded)) ?? none;
    });
}
