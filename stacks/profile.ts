import type { DeploymentStrategy } from "../components/deployment/strategy";
import type { PipelineAction, PipelineStage } from "../components/pipeline/action";
import type { StageRule } from "../components/pipeline/condition";

/**
 * The steps of a delivery, for all services of the stack: the actions of one step may run in parallel. A step for which
 * nothing is configured has no actions, and a stage without actions is left out.
 */
export interface PipelineParts {
  /** Brings the code in, or the image where the source is ECR. */
  source(): PipelineAction[];
  /** Asks a person. */
  approval(): PipelineAction[];
  /** Runs the unit tests of every service that has some. */
  unitTests(): PipelineAction[];
  /** Builds every service's image and pushes it; where the source is ECR, takes the image that came in. */
  imageBuild(): PipelineAction[];
  /** Looks at what ECR's scan found in every image, where `gates` say how much is too much. */
  scan(): PipelineAction[];
  /** Runs what services have to run before a deployment, with the new image: migrations. */
  beforeDeployment(): PipelineAction[];
  /** Brings every service's image into service. */
  deploy(): PipelineAction[];
  /** Sees that the new image runs, and records it. */
  confirm(): PipelineAction[];
  /** Tests the running environment: these tests, or all. */
  tests(...names: readonly string[]): PipelineAction[];
  /** Records the images as tested: nothing else can be released. */
  recordPassed(): PipelineAction[];
  /** Gives the very image that was tested its release tag, where the stack in `releaseTo` takes it from. */
  release(): PipelineAction[];
  /** Brings the released images into service in the stack in `releaseTo`. */
  deployRelease(): PipelineAction[];
  /** Sees that the released image runs there, and records it there. */
  confirmRelease(): PipelineAction[];
  /** Lets a stage begin only in the window in `gates`. */
  window(): readonly StageRule[];
  /** Lets a stage begin only while the alarms in `gates` are quiet; AWS does not look again once a window has opened. */
  quiet(): readonly StageRule[];
  /** The same steps for these services alone. */
  only(...services: readonly string[]): PipelineParts;
}

/** What differs between environments in kind. What differs in value is stack config. */
export interface EnvironmentProfile {
  readonly name: string;
  /** How a new image comes into service, unless stack config says otherwise. */
  readonly deployment: DeploymentStrategy;
  /** Tasks of a service, unless stack config says otherwise. */
  readonly desiredCount: number;
  /** Whether `pulumi destroy` must leave images, artifacts and load balancers alone, unless stack config says otherwise. */
  readonly retain: boolean;
  /** Whether requests to load balancers and buckets are logged, unless stack config says otherwise. @default false */
  readonly accessLogs?: boolean;
  /** Whether a dashboard shows the environment, unless stack config says otherwise. @default false */
  readonly dashboard?: boolean;
  /** What becomes of a run when a newer one comes. `SUPERSEDED`: the newer one overtakes it; `QUEUED`: it goes first. */
  readonly executionMode: "SUPERSEDED" | "QUEUED";
  /** Whether the delivery goes on to another stack, so that `releaseTo` must say which. @default false */
  readonly releases?: boolean;
  /**
   * Whether a workflow may release what passed by a tag alone, into the repository of a stack whose own pipeline takes it from
   * there, where `releaseTo` names one. @default false
   */
  readonly releasesByTag?: boolean;
  /** Whether images that pass the tests are recorded. @default false */
  readonly recordsPassed?: boolean;
  stages(parts: PipelineParts): PipelineStage[];
}
