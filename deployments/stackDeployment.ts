import * as pulumi from "@pulumi/pulumi";
import * as pulumiservice from "@pulumi/pulumiservice";

/**
 * What Pulumi Deployments do for a stack. One thing: its settings name one role for every operation, so whoever may
 * open a pull request would run code in the role that updates.
 * https://www.pulumi.com/docs/deployments/deployments/oidc/aws/
 */
export const RUNS = {
  /** `pulumi up` when the branch moves. */
  updates: { deployCommits: true, previewPullRequests: false, pullRequestTemplate: false },
  /** A comment with what a pull request would change. */
  previews: { deployCommits: false, previewPullRequests: true, pullRequestTemplate: false },
  /** The stack is the template of others: one for each pull request, destroyed with it. */
  reviewStacks: { deployCommits: false, previewPullRequests: false, pullRequestTemplate: true },
} as const;

/** A word of `RUNS`. */
export type Runs = keyof typeof RUNS;

/** Arguments of `StackDeployment`. */
interface StackDeploymentArgs {
  /** Organization in Pulumi Cloud. */
  readonly organization: string;
  /** Project in Pulumi Cloud. */
  readonly project: string;
  /** The stack that is deployed. */
  readonly stack: string;
  readonly runs: Runs;
  /** Repository on GitHub, `owner/name`. */
  readonly repository: string;
  /** Branch that is deployed; pull requests into it are previewed, or get review stacks. */
  readonly branch: string;
  /** Globs: only changes of these files are deployed. */
  readonly paths: readonly string[];
  /** Role that every operation runs in. */
  readonly roleArn: string;
  /** When to compare the stack with the account, as five fields of cron in UTC. @default - never */
  readonly driftSchedule?: string;
  /** Whether drift is undone without asking. @default false */
  readonly autoRemediate?: boolean;
  /** When to destroy the stack, `2026-12-24T00:00:00Z`. @default - never */
  readonly destroyAt?: string;
}

/**
 * How Pulumi Deployments run one stack: on which pushes, in which role, and what is done by the clock.
 * https://www.pulumi.com/registry/packages/pulumiservice/api-docs/deploymentsettings/
 */
export class StackDeployment extends pulumi.ComponentResource {
  readonly settings: pulumiservice.DeploymentSettings;

  constructor(name: string, args: StackDeploymentArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ecs-delivery:index:StackDeployment", name, {}, opts);
    const { organization, project, stack, driftSchedule, autoRemediate = false, destroyAt } = args;
    const of = { organization, project, stack };
    this.settings = new pulumiservice.DeploymentSettings(
      name,
      { ...of, ...deploymentSettings(args) },
      { parent: this },
    );
    // Pulumi Cloud refuses schedules for a stack that it does not know how to run.
    const after = { parent: this, dependsOn: [this.settings] };
    if (driftSchedule !== undefined) {
      new pulumiservice.DriftSchedule(name, { ...of, scheduleCron: driftSchedule, autoRemediate }, after);
    }
    if (destroyAt !== undefined) {
      new pulumiservice.TtlSchedule(name, { ...of, timestamp: destroyAt, deleteAfterDestroy: true }, after);
    }
    this.registerOutputs({});
  }
}

function deploymentSettings({ repository, runs, paths, branch, roleArn }: StackDeploymentArgs) {
  return {
    vcs: { provider: "github", repository, ...RUNS[runs], paths: [...paths] },
    sourceContext: { git: { branch: `refs/heads/${branch}`, repoDir: "." } },
    operationContext: {
      // The run that CloudTrail shows beside each call.
      oidc: { aws: { roleARN: roleArn, sessionName: SESSION_NAME, duration: "1h" } },
      preRunCommands: ["npm ci --ignore-scripts"],
      options: {
        skipInstallDependencies: true,
        // A review stack leaves nothing behind.
        deleteAfterDestroy: runs === "reviewStacks",
      },
    },
  };
}

/** Filled in by Pulumi Cloud. */
const SESSION_NAME = "${project.name}-${stack.name}-${deployment.version}";
