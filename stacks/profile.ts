import type { DeploymentStrategy } from "../components/deployment/strategy";
import type { PipelineAction, PipelineStage } from "../components/pipeline/action";

/** The steps of a delivery, for all services of the stack: the actions of one step may run in parallel. */
export interface PipelineParts {
  /** Brings the code in. */
  source(): PipelineAction[];
  /** Asks a person. */
  approval(): PipelineAction[];
  /** Runs the unit tests of every service that has some. */
  unitTests(): PipelineAction[];
  /** Builds every service's image and pushes it. */
  imageBuild(): PipelineAction[];
  /** Brings every service's image into service. */
  deploy(): PipelineAction[];
  /** Sees that the new image runs, and records it. */
  confirm(): PipelineAction[];
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
  stages(parts: PipelineParts): PipelineStage[];
}
