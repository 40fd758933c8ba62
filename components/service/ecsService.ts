import type * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { rolling } from "../deployment/rolling";
import { defineScalingPause } from "../deployment/scalingPause";
import type { BoundScope, Deployment, DeploymentStrategy } from "../deployment/strategy";
import type { ClusterRef, ImageSource, NetworkRef, RoleRef, ServiceConnectRef, TaskRef, TrafficTargets } from "../refs";
import type { ArgsOf } from "../settings/settings";
import { checkService } from "./check";
import type { Container, Sidecar } from "./container";
import type { DeliveredImage } from "./deliveredImage";
import { defineScaling, type ScalingArgs } from "./scaling";
import { defineServiceSecurityGroups, type Outbound } from "./securityGroups";
import { boundScope, defineService } from "./service";
import type { SERVICE } from "./settings";
import { defineServiceParts } from "./task";

/** Arguments of `EcsService`. */
export interface EcsServiceArgs extends ArgsOf<typeof SERVICE> {
  /** Name of the ECS service, its task definition family and its log group. @default - the component's name */
  readonly serviceName?: string;
  readonly cluster: ClusterRef;
  readonly network: NetworkRef;
  readonly container: Container;
  /** Repository the images are in. @default - none: `image` needs no AWS permission */
  readonly repository?: ImageSource;
  /** Image before the first delivery. @default - none yet: the service waits, at a desired count of 0, for its first delivery */
  readonly image?: Input<string>;
  /** @default - no load balancer (a worker) */
  readonly targets?: TrafficTargets;
  /** @default rolling() */
  readonly deployment?: DeploymentStrategy;
  /** @default - the number of tasks does not change by itself */
  readonly scaling?: ScalingArgs;
  /** @default - a new role: pull this image, write this log group, read these secrets */
  readonly executionRole?: RoleRef;
  /** @default - a new role without permissions */
  readonly taskRole?: RoleRef;
  /** Key the log group is encrypted with; its policy must admit CloudWatch Logs. @default - CloudWatch Logs' own encryption */
  readonly kmsKeyArn?: Input<string>;
  /** Whether Pulumi refuses to delete the record of the delivered image. @default false */
  readonly protectDeliveredImage?: boolean;
  /** Containers beside the one that serves. @default - none */
  readonly sidecars?: readonly Sidecar[];
  /**
   * Lets people open a shell in a task (ECS Exec); who may is their own IAM permission `ecs:ExecuteCommand`. The key is
   * the one that the cluster encrypts sessions with. @default - nobody can
   */
  readonly executeCommand?: { readonly kmsKeyArn?: Input<string> };
  /** Makes the service known to others by its name, and others to it. @default - it is reached by its load balancer alone */
  readonly serviceConnect?: ServiceConnectRef;
  /** What tasks may open connections to, beside image pulls, logs and secrets. @default - nothing */
  readonly outbound?: readonly Outbound[];
}

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
  /** What a build must leave for a deployment, and the action that deploys. */
  readonly deployment: Deployment;
  /** What starting another task of it takes. */
  readonly task: TaskRef;

  constructor(name: string, args: EcsServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ecs-delivery:index:EcsService", name, { serviceName: args.serviceName ?? name }, opts);
    const { serviceName = name, deployment = rolling(), scaling, targets, cluster } = args;
    const { desiredCount = scaling?.minCapacity ?? 1 } = args;
    checkService(args).throwFor(this, `EcsService "${name}"`);
    this.containerName = args.container.name;
    this.desiredCount = desiredCount;
    const plan = deployment.prepare({ name, parent: this, cluster, targets });
    const parts = defineServiceParts(name, serviceName, args, plan.taskDefinition, this);
    this.logGroup = parts.logGroup;
    this.deliveredImage = parts.deliveredImage;
    this.taskDefinition = parts.taskDefinition;
    const groups = defineServiceSecurityGroups(name, args, this);
    this.securityGroupId = groups.own.id;
    const made = { ...parts, ...groups, plan, name, parent: this };
    this.service = defineService(name, { ...args, serviceName, desiredCount }, made);
    const scope = boundScope(name, { ...args, serviceName }, { ...made, service: this.service });
    this.deployment = plan.bind(scope);
    this.task = taskOf(scope);
    if (scaling) defineScalingOf(name, { ...args, scaling }, this);
    this.registerOutputs({ serviceName: this.service.name, taskDefinitionFamily: this.taskDefinition.family });
  }
}

function taskOf({ serviceName: family, container, network, ...scope }: BoundScope): TaskRef {
  const { cluster, capacityProvider, passRoleArns } = scope;
  return {
    cluster,
    family,
    capacityProvider,
    passRoleArns,
    containerName: container.name,
    subnetIds: network.subnets,
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
