import type { RecordedResource } from "../../graph/graph";
import type { Action } from "../../graph/pipelines";
import type { PlayedStack } from "../runningStack";
import type { PlayedArtifact } from "./artifact";

/** A build that an action starts. */
export interface BuildRequest {
  readonly stack: PlayedStack;
  readonly action: Action;
  /** Name of the pipeline. */
  readonly pipeline: string;
  /** The CodeBuild project. */
  readonly project: RecordedResource;
  /** Variables of the project and the action, with what stands in parameters and secrets. */
  readonly env: Readonly<Record<string, string>>;
  /** Input artifacts by name; the primary one first. */
  readonly inputs: readonly (readonly [string, PlayedArtifact])[];
  /** `CODEBUILD_RESOLVED_SOURCE_VERSION` */
  readonly revision: string;
  readonly roleArn: string;
  readonly region: string;
  /** Where it stands in the timeline. */
  readonly where: string;
}

/** How a build ended. */
export interface BuildResult {
  readonly succeeded: boolean;
  /** The end of its log. */
  readonly log: readonly string[];
  /** Exported variables. */
  readonly exported: Readonly<Record<string, string>>;
  /** Its output artifacts, by name. */
  readonly outputs: Readonly<Record<string, PlayedArtifact>>;
}

/** Whoever runs builds. */
export interface Builder {
  run(request: BuildRequest): Promise<BuildResult>;
  /** The source at a commit, as a source action leaves it. */
  source(): PlayedArtifact;
}
