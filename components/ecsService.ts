import type * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { placeOf, revisionsOf } from "./arn";
import type { BuildFile } from "./buildspec/deploymentFiles";
import { checkService } from "./checks/service";
import type { DeliveredImage } from "./deliveredImage";
import { rolling } from "./deployment/rolling";
import type { DeployActionArgs, Deployment, DeploymentStrategy } from "./deployment/strategy";
import type { PipelineAction } from "./pipeline/action";
import type { ClusterRef, NetworkRef, RepositoryRef, RoleRef, TrafficTargets } from "./refs";
import { defineService, defineServiceParts } from "./serviceResources";
import { defineServiceSecurityGroups, type Outbound } from "./serviceSecurityGroups";
import type { Container, CpuArchitecture } from "./taskDefinition";

/** Arguments of `EcsService`. */
export interface EcsServiceArgs {
  /** Name of the ECS service, its task definition family and its log group. @default - the component's name */
  readonly serviceName?: string;
  readonly cluster: ClusterRef;
  readonly network: NetworkRef;
  readonly container: Container;
  /** Repository the images are in. @default - none: `image` needs no AWS permission */
  readonly repository?: RepositoryRef;
  /** Image before the first delivery. @default - none yet: the service waits, at a desired count of 0, for its first delivery */
  readonly image?: Input<string>;
  /** @default - no load balancer (a worker) */
  readonly targets?: TrafficTargets;
  /** @default rolling() */
  readonly deployment?: DeploymentStrategy;
  /** CPU units, 1024 = 1 vCPU. @default 256 */
  readonly cpu?: number;
  /** MiB. A JVM wants 1024 or more, else it starts too slowly for its health check. @default 512 */
  readonly memory?: number;
  /** @default "X86_64" */
  readonly cpuArchitecture?: CpuArchitecture;
  /** Tasks that run once something was delivered. @default 1 */
  readonly desiredCount?: number;
  /** Where tasks run: a Fargate capacity provider, or the name of one of the cluster's own (EC2). @default "FARGATE" */
  readonly capacityProvider?: string;
  /** @default - a new role: pull this image, write this log group, read these secrets */
  readonly executionRole?: RoleRef;
  /** @default - a new role without permissions */
  readonly taskRole?: RoleRef;
  /** @default 30 */
  readonly logRetentionInDays?: number;
  /** Key the log group is encrypted with; its policy must admit CloudWatch Logs. @default - CloudWatch Logs' own encryption */
  readonly kmsKeyArn?: Input<string>;
  /** Seconds in which a new task's failing health checks do not count. @default 60 with targets */
  readonly healthCheckGracePeriodSeconds?: number;
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
  private readonly deployment: Deployment;
  private readonly strategy: DeploymentStrategy;
  private readonly container: Container;

  constructor(name: string, args: EcsServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ecs-delivery:index:EcsService", name, { serviceName: args.serviceName ?? name }, opts);
    const { serviceName = name, deployment = rolling(), desiredCount = 1, targets, cluster } = args;
    checkService(args).throwFor(this, `EcsService "${name}"`);
    this.containerName = args.container.name;
    this.desiredCount = desiredCount;
    this.strategy = deployment;
    this.container = args.container;

    const parts = defineServiceParts(name, serviceName, args, this);
    this.logGroup = parts.logGroup;
    this.deliveredImage = parts.deliveredImage;
    this.taskDefinition = parts.taskDefinition;
    const groups = defineServiceSecurityGroups(name, args, this);
    this.securityGroupId = groups.own.id;
    const plan = deployment.prepare({ name, parent: this, cluster, targets });
    this.service = defineService(
      name,
      { ...args, serviceName, desiredCount },
      { ...parts, ...groups, plan, parent: this },
    );
    this.deployment = plan.bind({
      ...{ name, parent: this, cluster, targets },
      service: { arn: this.service.id, name: this.service.name },
      taskDefinitionArnPattern: revisionsOf(serviceName, placeOf(this)),
      passRoleArns: [parts.taskRole.arn, parts.executionRole.arn],
    });
    this.registerOutputs({ serviceName: this.service.name, taskDefinitionFamily: this.taskDefinition.family });
  }

  /** Files that the image build must leave for the deployment. */
  get buildFiles(): readonly BuildFile[] {
    return this.strategy.buildFiles;
  }

  /** Variables that the image build needs to write them. */
  get buildEnvironment(): Readonly<Record<string, Input<string>>> {
    return this.strategy.buildEnvironment(this.container);
  }

  /** The pipeline action that deploys to this service. */
  deployAction(args: DeployActionArgs): PipelineAction {
    return this.deployment.deployAction(args);
  }
}
