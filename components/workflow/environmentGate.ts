import { declare, type PipelineAction } from "../pipeline/action";

/** Arguments of `environmentGate`. */
export interface EnvironmentGateArgs {
  /** Name of the gate. @default "Approve" */
  readonly name?: string;
  /** The environment on GitHub whose reviewers are asked. */
  readonly environment: string;
}

/**
 * A person decides: a reviewer of the environment on GitHub that the next job names. The job waits until then, and no token that
 * its role admits exists before.
 * https://docs.github.com/actions/reference/workflows-and-actions/deployments-and-environments#required-reviewers
 */
export function environmentGate({ name = "Approve", environment }: EnvironmentGateArgs): PipelineAction {
  return {
    declaration: declare("Approval", "GitHubEnvironment", { name, configuration: { Environment: environment } }),
    permissions: [],
  };
}
