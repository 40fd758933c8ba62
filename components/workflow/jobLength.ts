import type { PipelineAction, PipelineStage } from "../pipeline/action";
import type { JobStep } from "./jobStep";
import { JOB_MARGIN_MINUTES, longestJob, minutesOf, sideBySide, stepOf, type WorkflowJob } from "./jobs";

/** Jobs of a workflow, and what they were planned from. */
interface PlannedJobs {
  readonly jobs: readonly WorkflowJob[];
  readonly stages: readonly PipelineStage[];
  readonly steps: readonly JobStep[];
  /** Environment of the workflow. */
  readonly environment: string;
  /** Label of the runners. */
  readonly runsOn: string;
}

/** A job that ends before what it does can. */
export interface LongJob {
  readonly job: string;
  /** Minutes after which it is ended. */
  readonly most: number;
  /** Minutes that it needs. */
  readonly needs: number;
  /** The deployments that it waits for one after another, of those at the same time the longest, each with what of its settings takes how long. */
  readonly waits: readonly string[];
  /** The step for which there is no time left, should it take as long as it may. */
  readonly last: string;
  readonly lastMinutes: number;
  /** Whether that is a deployment, with its confirmation. */
  readonly isConfirmed: boolean;
}

/**
 * Jobs that are ended while their settings still have them wait: what deployments take at least, at the same time in a stage, with one step
 * that takes as long as it may, and the confirmation that has to come after a deployment whatever became of it.
 * https://docs.github.com/actions/reference/limits
 */
export function longJobs({ jobs, stages, steps, environment, runsOn }: PlannedJobs): readonly LongJob[] {
  const all = stages.flatMap(({ actions }) => actions);
  return jobs.flatMap((job): readonly LongJob[] => {
    const actions = job.actions.flatMap((name) => all.find(({ declaration }) => declaration.name === name) ?? []);
    const most = longestJob(job.runsOn ?? runsOn, job.environment === undefined || job.environment === environment);
    // Of deployments at the same time, the longest is waited for.
    const longest = sideBySide(actions).flatMap(
      (together) => [...together].sort((one, other) => leastOf(other) - leastOf(one))[0] ?? [],
    );
    const least = longest.reduce((sum, action) => sum + leastOf(action), 0);
    const [last] = actions
      .map((action) => ({
        action,
        more: minutesOf(action, steps) - leastOf(action) + confirmationAfter(action, actions, steps),
      }))
      .sort((one, other) => other.more - one.more);
    if (!last || JOB_MARGIN_MINUTES + least + last.more <= most) return [];
    return [
      {
        job: job.id,
        most,
        needs: JOB_MARGIN_MINUTES + least + last.more,
        waits: longest.flatMap(waitOf),
        last: last.action.declaration.name,
        lastMinutes: last.more,
        isConfirmed: last.action.inWorkflow !== undefined,
      },
    ];
  });
}

/** The same in words. */
export function longJobText({ job, most, needs, waits, last, lastMinutes, isConfirmed }: LongJob): string {
  const others = waits.length === 0 ? "" : `${waits.join(", ")}; then `;
  return `job ${job}: expected steps that fit into the ${most} minutes after which a job is ended, these may need ${needs}: ${others}${lastMinutes} more, as long as ${last} may take${isConfirmed ? " and be confirmed" : ""}, and ${JOB_MARGIN_MINUTES} for the runner`;
}

function leastOf({ takes }: PipelineAction): number {
  return takes?.leastMinutes ?? 0;
}

function waitOf(action: PipelineAction): readonly string[] {
  const { takes, declaration } = action;
  if (!takes || takes.leastMinutes === 0) return [];
  const settings = Object.entries(takes.bySetting).map(([key, minutes]) => `${key} ${minutes}`);
  return [
    `${declaration.name} at least ${takes.leastMinutes}${settings.length === 0 ? "" : ` (${settings.join(", ")})`}`,
  ];
}

/** Minutes of the step that looks what became of a deployment, however it ended. */
function confirmationAfter(action: PipelineAction, all: readonly PipelineAction[], steps: readonly JobStep[]): number {
  if (!action.inWorkflow) return 0;
  const confirmations = all.slice(all.indexOf(action) + 1).filter((one) => stepOf(one, steps)?.kind === "confirm");
  return Math.max(0, ...confirmations.map((one) => minutesOf(one, steps)));
}
