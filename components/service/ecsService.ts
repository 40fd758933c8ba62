import type * as aws from "@pulumi/aws";
import type { Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { rolling } from "../deployment/rolling";
import { defineScalingPause } from "../deployment/scalingPause";
import type { BoundScope, Deployment } from "../deployment/strategy";
import type { DeliveredImage } from "../images/deliveredImage";
import type { ImageSource, RoleRef, TaskRef } from "../refs";
import { withDefaults } from "../settings/settings";
import type { EcsServiceArgs } from "./args";
import { type BeforeDeployment, defineBeforeDeployment } from "./beforeDeployment";
import { checkService } from "./check";
import { groupsOf, liveService } from "./liveService";
import { defineScaling, type ScalingArgs } from "./scaling";
import { boundScope } from "./scope";
import { defineServiceSecurityGroups } from "./securityGroups";
import { defineService } from "./service";
import { type CpuArchitecture, TASK } from "./settings";
import { defineServiceParts } from "./task";

/**
 * A service on ECS: task definition, roles, log group, security groups, and the strategy that deploys to it.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html
 */
export class EcsService extends pulumi.ComponentResource {
  readonly service: aws.ecs.Service;
  readonly taskDefinition: aws.ecs.TaskDefinition;
  readonly logGroup: aws.cloudwatch.LogGroup;
  /** Security group of these tasks alone: admit it where they may connect to, a database for example. */
  readonly securityGroupId: Output<string>;
  /** SSM parameter that holds the delivered image; the pipeline writes it, Pulumi reads it. */
  readonly deliveredImage: DeliveredImage;
  /** Name of the container that serves. */
  readonly containerName: string;
  /** Tasks that run once something was delivered. */
  readonly desiredCount: number;
  /** Where its images are. @default - none was given */
  readonly repository: ImageSource | undefined;
  /** CPU that its image is built for. */
  readonly cpuArchitecture: CpuArchitecture;
  /** What a build must leave for a deployment, and the action that deploys. */
  readonly deployment: Deployment;
  /** Target group that its tasks register in where nothing moves traffic. @default - it has no load balancer */
  readonly servingGroupArn: Output<string> | undefined;
  /** What starting another task of it takes. */
  readonly task: TaskRef;
  /** What the step before a deployment takes. @default - there is none */
  readonly beforeDeployment: BeforeDeployment | undefined;
  /** Role of the application: give it more, or let others name it. */
  readonly taskRole: RoleRef;
  /** Role ECS starts its tasks in. */
  readonly executionRole: RoleRef;

  constructor(name: string, args: EcsServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    const { secretsKeyArns } = args;
    super("ecs-delivery:index:EcsService", name, { serviceName: args.serviceName ?? name, secretsKeyArns }, opts);
    const { serviceName = name, deployment = rolling(), scaling, targets, cluster } = args;
    const { desiredCount = scaling?.minCapacity ?? 1 } = args;
    checkService(args).throwFor(this, `EcsService "${name}"`);
    this.containerName = args.container.name;
    this.desiredCount = desiredCount;
    this.repository = args.repository;
    this.cpuArchitecture = withDefaults(TASK, args).cpuArchitecture;
    const live = liveService({ cluster, serviceName, containerName: args.container.name }, this);
    this.servingGroupArn = targets && groupsOf(live, targets, false).serving;
    const plan = deployment.prepare({
      name,
      parent: this,
      cluster,
      targets,
      servingGroupArn: this.servingGroupArn,
      alarmTopic: args.alarmTopic,
    });
    const parts = defineServiceParts(name, { ...args, serviceName, ownership: plan.taskDefinition, live }, this);
    this.logGroup = parts.logGroup;
    this.deliveredImage = parts.deliveredImage;
    this.taskDefinition = parts.taskDefinition;
    this.taskRole = parts.taskRole;
    this.executionRole = parts.executionRole;
    const groups = defineServiceSecurityGroups(name, args, this);
    this.securityGroupId = groups.own.id;
    const made = { ...parts, ...groups, plan, name, parent: this };
    this.service = defineService(name, { ...args, serviceName, desiredCount }, made);
    const scope = boundScope(name, { ...args, serviceName }, { ...made, service: this.service });
    this.deployment = plan.bind(scope);
    this.task = taskOf(scope, args);
    this.beforeDeployment =
      args.beforeDeployment &&
      defineBeforeDeployment(
        name,
        { ...args.beforeDeployment, serviceName, container: args.container },
        { ...parts, task: this.task, ownership: plan.taskDefinition, parent: this },
      );
    if (scaling) defineScalingOf(name, { ...args, scaling }, this);
    this.registerOutputs({
      serviceName: this.service.name,
      taskDefinitionFamily: this.taskDefinition.family,
      desiredCount,
    });
  }
}

function taskOf({ serviceName, container, network, ...scope }: BoundScope, args: EcsServiceArgs): TaskRef {
  const { cluster, capacity, passRoleArns } = scope;
  const { taskDefinitionFrom } = args;
  const { cpu, memory } = withDefaults(TASK, args);
  // What a template in the source says of them is not known here.
  const size = taskDefinitionFrom ? {} : { cpu, memory };
  return {
    cluster,
    family: taskDefinitionFrom?.family ?? serviceName,
    ...size,
    capacity,
    passRoleArns,
    containerName: container.name,
    subnetIds: network.subnets,
    assignPublicIp: network.assignPublicIp,
    securityGroupIds: network.securityGroups,
  };
}

/** Scaling, and its pause while CodeDeploy works on the service. */
function defineScalingOf(
  name: string,
  args: EcsServiceArgs & { readonly scaling: ScalingArgs },
  parent: EcsService,
): void {
  const { cluster, scaling } = args;
  const service = { arn: parent.service.id, name: parent.service.name };
  defineScaling(name, { ...scaling, cluster, service, targets: args.targets }, parent);
  const { codeDeploy } = parent.deployment;
  if (codeDeploy) defineScalingPause(name, { ...codeDeploy, cluster, service }, parent);
}
