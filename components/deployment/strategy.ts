import type * as aws from "@pulumi/aws";
import type { Input, Output, Resource } from "@pulumi/pulumi";
import type { BuildFile } from "../build/buildspec/deploymentFiles";
import type { Statement } from "../iam/policyDocument";
import type { Artifact, PipelineAction } from "../pipeline/action";
import type { ClusterRef, ServiceRef, TopicRef, TrafficTargets } from "../refs";
import type { Capacity } from "../service/capacity";
import type { Container } from "../service/container";
import type { DeploymentPause } from "./lifecycleHooks";

/**
 * One way of bringing a new image into service, in one file: what it sets on the service, what it changes behind
 * Pulumi's back, which files the build must leave, which resources it needs and which action deploys.
 */
export interface DeploymentStrategy {
  /** The word that picks it in a profile or in stack config. */
  readonly kind: string;
  /** What deploys: ECS itself, or CodeDeploy, which then alone may change the service, and knows no Service Connect. */
  readonly controller: "ECS" | "CODE_DEPLOY";
  /** Whether traffic has to be moved between two target groups. */
  readonly needsTargets: boolean;
  /** What deploys a service without traffic that could be moved: a worker. @default - this strategy itself */
  withoutTargets?(): DeploymentStrategy;
  /** Whether a release is made from a template, which the service's own repository can bring. @default false */
  readonly takesTemplate?: boolean;
  /** Settings that AWS would refuse, in words. */
  readonly problems: readonly string[];
  /** Minutes from the start of a deployment to its end, as far as the settings alone decide. */
  readonly leastMinutes: number;
  /** Minutes of them, by the setting that says them. @default - none does */
  readonly minutesBySetting?: Readonly<Record<string, number>>;
  /** Fewest tasks of a service with which a deployment can replace one. @default 1 */
  readonly leastTasks?: number;
  /** Defines what must exist before the service, and says what the service is to look like. */
  prepare(scope: PreparationScope): ServicePlan;
  /** Deployments to a service that is someone else's: nothing is created. Throws where that cannot be. */
  adopt(scope: DeploymentScope): Deployment;
}

/** What a strategy knows before the service exists. */
export interface PreparationScope {
  readonly name: string;
  readonly parent: Resource;
  readonly cluster: ClusterRef;
  readonly targets: TrafficTargets | undefined;
  /** The target group that tasks register in where nothing moves traffic. @default - blue */
  readonly servingGroupArn?: Input<string> | undefined;
  /** Topic that alarms tell; its policy, and its key's, admit CloudWatch. @default - they only guard deployments */
  readonly alarmTopic?: TopicRef | undefined;
}

/** Settings of `aws.ecs.Service` that belong to the strategy. */
export type DeploymentServiceArgs = Pick<
  aws.ecs.ServiceArgs,
  | "alarms"
  | "availabilityZoneRebalancing"
  | "deploymentController"
  | "deploymentConfiguration"
  | "deploymentCircuitBreaker"
  | "deploymentMinimumHealthyPercent"
  | "deploymentMaximumPercent"
>;

/** What a strategy has decided about one service. */
export interface ServicePlan {
  readonly serviceArgs: DeploymentServiceArgs;
  /** What ECS itself needs to move traffic, beside the other target group. @default - nothing: it is not moved, or not by ECS */
  readonly advancedConfiguration?: Omit<
    aws.types.input.ecs.ServiceLoadBalancerAdvancedConfiguration,
    "alternateTargetGroupArn"
  >;
  /** Properties of the service, by path, that a deployment changes behind Pulumi's back; they become `ignoreChanges`. */
  readonly changedByDeployment: readonly string[];
  /**
   * Whether a change of the service starts a deployment, also where AWS would only note it: a capacity provider changes in
   * no other way. AWS refuses it where CodeDeploy deploys.
   */
  readonly forcesDeployment: boolean;
  /**
   * `tracked`: Pulumi renders settings and delivered image, and its revision is the one that runs. `frozen`: it only
   * starts the service; the template that each release fills in carries the settings.
   */
  readonly taskDefinition: "tracked" | "frozen";
  /** What must exist before the service. */
  readonly dependsOn: readonly Resource[];
  /** Defines what needs the service (a CodeDeploy group, say), and says how a pipeline deploys. */
  bind(scope: BoundScope): Deployment;
}

/** What a strategy knows of a service that exists. */
export interface DeploymentScope {
  readonly name: string;
  readonly cluster: ClusterRef;
  readonly service: ServiceRef;
  readonly container: Container;
  /** Names of other containers that run its image. @default - none */
  readonly furtherContainers?: readonly string[] | undefined;
  /** Revisions that the deployment registers: `arn:...:task-definition/<family>:*`. */
  readonly taskDefinitionArnPattern: Input<string>;
  /** Task role and execution role: what a deployment may pass to ECS, and nothing else. */
  readonly passRoleArns: readonly Input<string>[];
  /**
   * What tells its deployment files from those of another service in the same artifact, whose image it runs.
   * @default - the artifact is its own
   */
  readonly deploymentFiles?: string | undefined;
}

/** What a strategy knows of a service of this program. */
export interface BoundScope extends DeploymentScope, PreparationScope {
  /** Name of the service in AWS; parameters that belong to it are named after it. */
  readonly serviceName: string;
  /** Whether the service's own repository brings the template of a release. @default false: it is made of the settings */
  readonly templateInSource?: boolean;
  /** The task definition as RegisterTaskDefinition takes it, with this in the place of the image. */
  taskDefinitionTemplate(image: string): Output<string>;
  /** Where tasks run, as an appspec says it. */
  readonly network: {
    readonly subnets: Input<Input<string>[]>;
    readonly securityGroups: Input<string>[];
    readonly assignPublicIp: boolean;
  };
  readonly capacity: Capacity;
}

/** A service's deployments, as a pipeline sees them. */
export interface Deployment {
  /** Files the build must leave in its artifact. */
  readonly buildFiles: readonly BuildFile[];
  /** Whether some of them come from the service's own repository. @default false */
  readonly readsSource?: boolean;
  /** Variables the build needs to write them. */
  readonly buildEnvironment: Readonly<Record<string, Input<string>>>;
  /** What the build may do to write them. */
  readonly buildPermissions: readonly Statement[];
  /** The CodeDeploy group that deploys. @default - CodeDeploy has no part in it */
  readonly codeDeploy?: { readonly applicationName: Input<string>; readonly deploymentGroupName: Input<string> };
  /** Where deployments wait for a person. @default - nowhere */
  readonly pauses?: readonly DeploymentPause[];
  deployAction(args: DeployActionArgs): PipelineAction;
}

/** What a pipeline says to the action that deploys. */
export interface DeployActionArgs {
  /** Action name. */
  readonly name: string;
  /** Artifact of the image build, which holds the strategy's files. */
  readonly input: Artifact;
}
