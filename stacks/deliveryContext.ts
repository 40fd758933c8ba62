import type { Place } from "../components/arn";
import type { TestNetwork } from "../components/build/testNetwork";
import type { DeploymentStrategy } from "../components/deployment/strategy";
import type { BlueGreenTargets } from "../components/loadBalancer/blueGreenTargets";
import type { ProjectRef } from "../components/refs";
import type { JobStep } from "../components/workflow/jobStep";
import type { ServiceConfig, StackConfig } from "./config/load";
import type { Foundation } from "./foundation";
import type { ReleaseTarget } from "./releaseTarget";

/** A workflow of GitHub Actions that delivers, as far as its steps have been asked for. */
export interface StackWorkflow {
  /** Name of the workflow. */
  readonly name: string;
  /** What names of its steps begin with. */
  readonly prefix: string;
  readonly repository: string;
  readonly environment: string;
  readonly branch: string;
  readonly filePaths?: readonly string[] | undefined;
  readonly excludedFilePaths?: readonly string[] | undefined;
  /** Where it goes on to another stack. @default - it does not */
  readonly promotion?: { readonly environment: string; readonly workflowName: string } | undefined;
  /** Whether it goes on by a tag alone: the other stack's own pipeline takes the image by it. @default false */
  readonly releasesByTag?: boolean | undefined;
  /** What its jobs run, by what actions call it. */
  readonly steps: Map<string, JobStep>;
}

/** What all services of a stack share. */
export interface DeliveryContext {
  readonly stack: string;
  readonly config: StackConfig;
  readonly foundation: Foundation;
  /** How a new image of a service comes into service. */
  readonly strategyOf: (service: ServiceConfig) => DeploymentStrategy;
  readonly desiredCount: number;
  readonly retain: boolean;
  /** Whether builds of this stack verify what is delivered. */
  readonly verify: boolean;
  /** Whether alarms that guard deployments tell the stack's topic. */
  readonly alarmsTold: boolean;
  /** Whether the stack's topic is told why a delivery failed. */
  readonly failuresTold: boolean;
  readonly place: Place;
  /** The workflow that delivers, in the place of a pipeline. @default - a pipeline does */
  readonly workflow?: StackWorkflow | undefined;
  /** The stack that the pipeline goes on to. @default - none */
  readonly target?: ReleaseTarget;
  /** Load balancers made so far, by service. */
  readonly balancers: Map<string, BlueGreenTargets>;
  /** Where tests run that need to be in the VPC; made at the first call. */
  readonly testNetwork: () => TestNetwork;
  /** Prefixes of the pull-through caches made so far. */
  readonly caches: Set<string>;
  /** Build projects made so far, by name, each with what it does: several pipelines of a stack may call one. */
  readonly projects: Map<string, { readonly description: string; readonly project: ProjectRef }>;
}
