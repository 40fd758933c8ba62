import { resourceOf, type TaskSet } from "../environment/environment";
import { balancersOf, groupPair, type Strategy, strategyOf } from "../environment/service";
import type { RecordedResource } from "../graph/graph";
import { mapOf, numberOf, textOf } from "../graph/read";
import { arnOf, physicalName } from "../graph/resources";
import { clusterName, deploymentGroupFor, taskDefinitionOf } from "../graph/services";
import type { Interrupt } from "./clock";
import type { PlayedStack } from "./runningStack";

/** Tasks of a service that were started together. */
export interface LiveTasks {
  readonly id: string;
  /** ARN of the revision they are of. */
  readonly revision: string;
  readonly count: number;
  /** Target group they register in. @default - the service has none */
  readonly groupArn?: string;
  /** Where they are, whom they may reach, what they listen on. */
  readonly set: TaskSet;
  /** Whether they passed their health checks. */
  isHealthy: boolean;
  /** Why they answer no longer, or never did. */
  broken?: string;
}

/** Statuses of a service deployment. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeploymentBrief.html */
export type DeploymentStatus =
  | "IN_PROGRESS"
  | "SUCCESSFUL"
  | "STOPPED"
  | "ROLLBACK_IN_PROGRESS"
  | "ROLLBACK_SUCCESSFUL"
  | "ROLLBACK_FAILED";

/** A deployment that ECS runs. */
export interface ServiceDeployment {
  readonly arn: string;
  readonly createdAt: number;
  /** ARN of the revision it brings. */
  readonly revision: string;
  /** ARN of the revision that ran before. */
  readonly before: string;
  /** What stops it; while it is rolled back, what stops that. */
  interrupt: Interrupt;
  status: DeploymentStatus;
  reason?: string;
  /** Where it waits for a person. @default - it does not */
  pause?:
    | { readonly stage: string; readonly hookId: string; readonly until: number; readonly then: string }
    | undefined;
  /** Ends with it, and with its rollback. */
  done: Promise<void>;
}

/** Why a task has stopped. */
export interface StoppedTask {
  readonly revision: string;
  readonly reason: string;
  readonly exitCode?: number;
}

/** An ECS service that runs, with what is under way. */
export class PlayedService {
  readonly name: string;
  readonly cluster: string;
  /** `arn:...:service/<cluster>/<service>` */
  readonly arn: string;
  readonly urn: string;
  readonly strategy: Strategy;
  /** Tasks that it is told to run. */
  desired: number;
  /** ARN of the revision that it is told to run. */
  revision: string;
  tasks: LiveTasks[] = [];
  readonly deployments: ServiceDeployment[] = [];
  readonly stopped: StoppedTask[] = [];
  readonly events: { readonly id: string; readonly at: number; readonly message: string }[] = [];
  /** How ECS calls the state of its newest deployment. */
  rollout: "COMPLETED" | "IN_PROGRESS" | "FAILED" = "COMPLETED";
  rolloutReason = "";
  private numbers = 0;

  constructor(
    readonly stack: PlayedStack,
    resource: RecordedResource,
  ) {
    const { graph, place } = stack;
    this.urn = resource.urn;
    this.name = physicalName(resource);
    this.cluster = clusterName(graph, resource);
    this.arn =
      arnOf(resource) ??
      `arn:${place.partition}:ecs:${place.region}:${place.account}:service/${this.cluster}/${this.name}`;
    this.strategy = strategyOf(resource);
    const present = resourceOf(stack.environment, resource.urn) ?? resource;
    this.desired = stack.delivered
      ? (numberOf(present.inputs.desiredCount) ?? 1)
      : (numberOf(resource.inputs.desiredCount) ?? 1);
    this.revision = "";
  }

  /** The service as AWS has it now. */
  get resource(): RecordedResource {
    const found = resourceOf(this.stack.environment, this.urn);
    if (!found) throw new Error(`${this.name} is not in its stack`);
    return found;
  }

  get controller(): "ECS" | "CODE_DEPLOY" {
    return this.strategy === "CODE_DEPLOY" ? "CODE_DEPLOY" : "ECS";
  }

  /** Name of the container that serves, else of the first. */
  get container(): string {
    const [balancer] = balancersOf(this.resource);
    if (balancer) return balancer.container;
    const definition = taskDefinitionOf(this.stack.graph, this.resource);
    const [first] = JSON.parse(textOf(definition?.inputs.containerDefinitions) ?? "[]") as { name: string }[];
    return first?.name ?? "";
  }

  /** ARNs of the target groups that its deployments alternate between. */
  get groups(): readonly string[] {
    return groupPair(this.stack.environment, this.resource);
  }

  /** The deployment under way. */
  get underWay(): ServiceDeployment | undefined {
    return this.deployments.find(({ status }) => status === "IN_PROGRESS" || status === "ROLLBACK_IN_PROGRESS");
  }

  /** The deployment group that CodeDeploy deploys it with. */
  get deploymentGroup(): RecordedResource | undefined {
    return deploymentGroupFor(this.stack.graph, this.resource);
  }

  /** The seconds that new tasks may fail their health checks for. */
  get gracePeriod(): number {
    return numberOf(this.resource.inputs.healthCheckGracePeriodSeconds) ?? 0;
  }

  /** Whether failing tasks stop a deployment, and take it back. */
  get breaker(): { readonly enable: boolean; readonly rollback: boolean } {
    const { enable, rollback } = mapOf(this.resource.inputs.deploymentCircuitBreaker);
    return { enable: enable === true, rollback: rollback === true };
  }

  /** A number that no other part of this service has. */
  number(): number {
    this.numbers += 1;
    return this.numbers;
  }
}
