import type { RecordedResource } from "../graph/graph";

/** What a commit waits for. */
export type Pace =
  | "the push being noticed"
  | "fetching the source"
  | "tests"
  | "building the image"
  | "releasing the image"
  | "checks and records"
  | "commands before the deployment"
  | "starting tasks"
  | "health checks"
  | "the load balancer"
  | "functions that decide"
  | "moving traffic in steps"
  | "baking"
  | "keeping the old version"
  | "draining"
  | "stopping old tasks"
  | "watching alarms";

/** A setting that makes a step shorter. */
export interface Shorter {
  /** Key of a stack file, as a person writes it: `loadBalancer.deregistrationDelaySeconds`. */
  readonly key: string;
  readonly from: number;
  readonly to: number;
  /** Seconds that this gains. */
  readonly gains: number;
  /** What it is taken for granted with. */
  readonly mind: string;
}

/** Something that takes time. */
export interface PaceStep {
  readonly what: Pace;
  /** In more words: of which service, how often. */
  readonly detail: string;
  readonly seconds: number;
  /** @default - no setting does */
  readonly shorter?: Shorter | undefined;
  /** The service that it is of. @default - it is no service's */
  readonly service?: RecordedResource;
}

/** Whether a way begins with all of another one. */
export function beginsWith(way: readonly PaceStep[], first: readonly PaceStep[]): boolean {
  return first.every((step, index) => way[index] === step);
}

/** Seconds of steps that follow one another. */
export function secondsOf(steps: readonly PaceStep[]): number {
  return steps.reduce((sum, { seconds }) => sum + seconds, 0);
}
