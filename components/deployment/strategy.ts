import type * as aws from "@pulumi/aws";
import type { Input, Resource } from "@pulumi/pulumi";
import type { BuildFile } from "../buildspec/deploymentFiles";
import type { Artifact, PipelineAction } from "../pipeline/action";
import type { ClusterRef, ServiceRef, TrafficTargets } from "../refs";
import type { Container } from "../taskDefinition";

/**
 * One way of bringing a new image into service, in one file: what it sets on the service, what it changes behind
 * Pulumi's back, which files the build must leave, which resources it needs and which action deploys.
 */
export interface DeploymentStrategy {
  /** The word that picks it in a profile or in stack config. */
  readonly kind: string;
  /** Files the build must leave in its artifact. */
  readonly buildFiles: readonly BuildFile[];
  /** Variables the build needs to write those files. */
  buildEnvironment(container: Container): Readonly<Record<string, Input<string>>>;
  /** Defines what must exist before the service, and says what the service is to look like. */
  prepare(scope: PreparationScope): ServicePlan;
}

/** What a strategy knows before the service exists. */
export interface PreparationScope {
  readonly name: string;
  /** Parent of what the strategy defines. @default - the stack */
  readonly parent?: Resource;
  readonly cluster: ClusterRef;
  readonly targets: TrafficTargets | undefined;
}

/** Settings of `aws.ecs.Service` that belong to the strategy. */
export type DeploymentServiceArgs = Pick<
  aws.ecs.ServiceArgs,
  | "alarms"
  | "deploymentController"
  | "deploymentConfiguration"
  | "deploymentCircuitBreaker"
  | "deploymentMinimumHealthyPercent"
  | "deploymentMaximumPercent"
>;

/** What a strategy has decided about one service. */
export interface ServicePlan {
  readonly serviceArgs: DeploymentServiceArgs;
  /** Service properties that a deployment changes behind Pulumi's back; they become `ignoreChanges`. */
  readonly changedByDeployment: readonly (keyof aws.ecs.ServiceArgs)[];
  /** Defines what needs the service (a CodeDeploy group, say), and gives the action that deploys. */
  bind(scope: DeploymentScope): Deployment;
}

/** What a strategy knows once the service exists. */
export interface DeploymentScope extends PreparationScope {
  readonly service: ServiceRef;
  /** Revisions that the deployment registers: `arn:...:task-definition/<family>:*`. */
  readonly taskDefinitionArnPattern: Input<string>;
  /** Task role and execution role: what a deployment may pass to ECS, and nothing else. */
  readonly passRoleArns: readonly Input<string>[];
}

/** A service's deployments, as a pipeline sees them. */
export interface Deployment {
  deployAction(args: DeployActionArgs): PipelineAction;
}

/** What a pipeline says to the action that deploys. */
export interface DeployActionArgs {
  /** Action name. */
  readonly name: string;
  /** Artifact of the image build, which holds the strategy's files. */
  readonly input: Artifact;
}
