import type { RecordedGraph, RecordedResource } from "../graph/graph";

/** Tasks of one service that were started together, from one revision. */
export interface TaskSet {
  /** URN of the service. */
  readonly service: string;
  /** Where the load balancer finds them: target group, by ARN, and the port they are registered with. */
  readonly targets: readonly { readonly groupArn: string; readonly port: number }[];
  /** Ports that their containers listen on, by container. */
  readonly ports: Readonly<Record<string, readonly number[]>>;
  /** CPU architecture they are started on. */
  readonly architecture: string;
  /** CPU architecture that their image was built for. */
  readonly imageArchitecture: string;
  /** Ids of the security groups they are in. */
  readonly securityGroups: readonly string[];
  readonly subnets: readonly string[];
  readonly count: number;
  /** When they pass their health checks, if they can, in seconds of the environment's clock. */
  readonly readyAt: number;
  /** When they are gone. @default - they stay */
  readonly goneAt?: number;
}

/** A deployment under way: the new tasks take over once they pass their health checks. */
export interface RunningDeployment {
  /** URN of the service. */
  readonly service: string;
  readonly starts: TaskSet;
  /** Whether production moves to the target group of the new tasks: ECS's own strategies do that. */
  readonly shifts: boolean;
}

/** An image that was delivered. */
export interface BuiltImage {
  /** URN of the service it was delivered to. */
  readonly service: string;
  /** Repository it is in, with its registry's host. */
  readonly repository: string;
  readonly digest: string;
  /** CPU architecture it was built for. */
  readonly architecture: string;
}

/**
 * An environment that runs, as a value: what is there, with the properties that AWS has now, and what moves. Whatever
 * happens to it gives another one.
 */
export interface Environment extends RecordedGraph {
  /** Seconds. */
  readonly clock: number;
  readonly tasks: readonly TaskSet[];
  readonly deployments: readonly RunningDeployment[];
  /** Deployments that were taken back: the new tasks never passed their health checks. */
  readonly failed: readonly RunningDeployment[];
  readonly images: readonly BuiltImage[];
  /** What the program last said: the template of CodeDeploy's releases comes from it. */
  readonly program: RecordedGraph;
}

/** The resource of a URN. */
export function resourceOf({ resources }: RecordedGraph, urn: string): RecordedResource | undefined {
  return resources.find((resource) => resource.urn === urn);
}

/** The environment with a resource as it is now: one more, or another one of its URN and id. */
export function withResource(environment: Environment, resource: RecordedResource): Environment {
  const rest = environment.resources.filter((one) => one.urn !== resource.urn || one.id !== resource.id);
  return { ...environment, resources: [...rest, resource] };
}

/** The environment without a resource: what has the same URN and another id stays. */
export function withoutResource(environment: Environment, { urn, id }: RecordedResource): Environment {
  return { ...environment, resources: environment.resources.filter((one) => one.urn !== urn || one.id !== id) };
}

/** The environment with other properties on a resource. */
export function withInputs(
  environment: Environment,
  resource: RecordedResource,
  changes: Readonly<Record<string, unknown>>,
): Environment {
  return withResource(environment, { ...resource, inputs: { ...resource.inputs, ...changes } });
}
