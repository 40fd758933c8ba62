import * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { placeOf, revisionsOf } from "./arn";
import { type DeliveredImage, defineDeliveredImage, deliveredImageParameter } from "./deliveredImage";
import type { BoundScope, ServicePlan } from "./deployment/strategy";
import type { EcsServiceArgs } from "./ecsService";
import type { RoleWithPolicies } from "./iam/role";
import { defineTaskDefinition, taskDefinitionTemplate } from "./taskDefinition";
import { defineExecutionRole, defineTaskRole } from "./taskRoles";

/** What a service runs: everything but the service itself. */
export interface ServiceParts {
  readonly logGroup: aws.cloudwatch.LogGroup;
  readonly executionRole: RoleWithPolicies;
  readonly taskRole: RoleWithPolicies;
  readonly deliveredImage: DeliveredImage;
  readonly taskDefinition: aws.ecs.TaskDefinition;
  /** The settings with another image: what a release is made from where Pulumi's revision is not what runs. */
  readonly template: (image: string) => Output<string>;
}

/** Log group, roles, the record of the delivered image, and the task definition that carries it. */
export function defineServiceParts(
  name: string,
  serviceName: string,
  args: EcsServiceArgs,
  ownership: ServicePlan["taskDefinition"],
  parent: pulumi.Resource,
): ServiceParts {
  const logGroup = defineLogGroup(name, serviceName, args, parent);
  const { executionRole, taskRole } = defineRoles(name, args, logGroup, parent);
  const deliveredImage = defineDeliveredImage(
    `${name}-delivered-image`,
    {
      parameterName: deliveredImageParameter(serviceName),
      ...(args.image !== undefined && { firstImage: args.image }),
    },
    { parent, protect: args.protectDeliveredImage ?? false },
  );
  const settings = {
    family: serviceName,
    container: args.container,
    image: imageToRun(deliveredImage, args),
    pullSecretArn: args.repository?.pullSecretArn,
    cpu: args.cpu ?? 256,
    memory: args.memory ?? 512,
    cpuArchitecture: args.cpuArchitecture ?? "X86_64",
    compatibility: isFargate(args.capacityProvider) ? "FARGATE" : "EC2",
    executionRoleArn: executionRole.arn,
    taskRoleArn: taskRole.arn,
    logGroupName: logGroup.name,
    ownership,
  } as const;
  return {
    ...{ logGroup, executionRole, taskRole, deliveredImage },
    taskDefinition: defineTaskDefinition(name, settings, { parent }),
    template: (image) => taskDefinitionTemplate({ ...settings, image }, parent),
  };
}

function defineLogGroup(name: string, serviceName: string, args: EcsServiceArgs, parent: pulumi.Resource) {
  return new aws.cloudwatch.LogGroup(
    name,
    {
      name: `/ecs/${serviceName}`,
      retentionInDays: args.logRetentionInDays ?? 30,
      ...(args.kmsKeyArn !== undefined && { kmsKeyId: args.kmsKeyArn }),
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
  const { executionRole, taskRole, repository } = args;
  const secrets = Object.values(args.container.secrets ?? {});
  return {
    executionRole: executionRole
      ? { ...executionRole, policies: [] }
      : defineExecutionRole(
          `${name}-execution`,
          { logGroupArn: logGroup.arn, secrets, ...(repository && { repository }) },
          parent,
        ),
    taskRole: taskRole ? { ...taskRole, policies: [] } : defineTaskRole(`${name}-task`, parent),
  };
}

/** The delivered image; before the first delivery a name that is in no repository, and nothing runs it. */
function imageToRun(delivered: DeliveredImage, args: EcsServiceArgs): Input<string> {
  const placeholder = pulumi.interpolate`${args.repository?.repositoryUrl ?? "nothing"}:not-delivered-yet`;
  return pulumi.all([delivered.image, placeholder]).apply(([image, none]) => image ?? none);
}

/** Whether tasks run on Fargate: anything else names one of the cluster's own capacity providers. */
export function isFargate(capacityProvider = "FARGATE"): boolean {
  return capacityProvider === "FARGATE" || capacityProvider === "FARGATE_SPOT";
}

type Made = ServiceParts & {
  readonly plan: ServicePlan;
  readonly securityGroupIds: Input<string>[];
  readonly rules: readonly pulumi.Resource[];
  readonly parent: pulumi.Resource;
};

/** The ECS service. It waits at a desired count of 0 while nothing was delivered; the first delivery raises it. */
export function defineService(
  name: string,
  args: EcsServiceArgs & { readonly serviceName: string; readonly desiredCount: number },
  made: Made,
): aws.ecs.Service {
  const { targets, cluster, network } = args;
  const { plan, deliveredImage } = made;
  return new aws.ecs.Service(
    name,
    {
      name: args.serviceName,
      cluster: cluster.arn,
      taskDefinition: made.taskDefinition.arn,
      desiredCount: deliveredImage.image.apply((image) => (image === undefined ? 0 : args.desiredCount)),
      ...placement(args.capacityProvider),
      networkConfiguration: {
        subnets: network.privateSubnetIds,
        securityGroups: made.securityGroupIds,
        assignPublicIp: false,
      },
      ...balancing(args, plan),
      enableEcsManagedTags: true,
      propagateTags: "SERVICE",
      ...plan.serviceArgs,
    },
    {
      parent: made.parent,
      // The name is fixed, so a replacement must make room for itself.
      deleteBeforeReplace: true,
      // What scaling decides, Pulumi does not.
      ignoreChanges: [...new Set([...plan.changedByDeployment, ...(args.scaling ? ["desiredCount"] : [])])],
      // A target group is of no use to ECS before a listener has it.
      dependsOn: [
        ...[...made.rules, ...plan.dependsOn, ...made.executionRole.policies],
        ...(pulumi.Resource.isInstance(targets) ? [targets] : []),
      ],
    },
  );
}

function balancing(
  { targets, container, healthCheckGracePeriodSeconds: grace = 60 }: EcsServiceArgs,
  plan: ServicePlan,
) {
  if (!targets) return {};
  const balancer = {
    targetGroupArn: targets.blue.arn,
    containerName: container.name,
    containerPort: container.port ?? 0,
    ...(plan.advancedConfiguration && { advancedConfiguration: plan.advancedConfiguration }),
  };
  return { loadBalancers: [balancer], healthCheckGracePeriodSeconds: grace };
}

function placement(capacityProvider = "FARGATE"): Partial<aws.ecs.ServiceArgs> {
  if (capacityProvider === "FARGATE") return { launchType: "FARGATE", platformVersion: "LATEST" };
  return {
    capacityProviderStrategies: [{ capacityProvider, weight: 1 }],
    ...(capacityProvider === "FARGATE_SPOT" && { platformVersion: "LATEST" }),
  };
}

/** What the strategy may know of the service, now that it is there. */
export function boundScope(
  name: string,
  args: EcsServiceArgs & { readonly serviceName: string },
  made: ServiceParts & {
    readonly service: aws.ecs.Service;
    readonly securityGroupIds: Input<string>[];
    readonly parent: pulumi.Resource;
  },
): BoundScope {
  const { service, parent, taskRole, executionRole } = made;
  return {
    ...{ name, parent, cluster: args.cluster, targets: args.targets, container: args.container },
    serviceName: args.serviceName,
    service: { arn: service.id, name: service.name },
    taskDefinitionArnPattern: revisionsOf(args.serviceName, placeOf(parent)),
    passRoleArns: [taskRole.arn, executionRole.arn],
    taskDefinitionTemplate: made.template,
    network: { subnets: args.network.privateSubnetIds, securityGroups: made.securityGroupIds },
    capacityProvider: args.capacityProvider ?? "FARGATE",
  };
}
