import { unpacked } from "../build/buildspec/packed";
import type { PipelineAction, PipelineStage } from "../pipeline/action";
import type { JobStep } from "./jobStep";
import { stepOf, type WorkflowJob } from "./jobs";

/** Jobs of a workflow, and what they were planned from. */
interface JobsPlanned {
  readonly jobs: readonly WorkflowJob[];
  readonly stages: readonly PipelineStage[];
  readonly steps: readonly JobStep[];
}

/** An action that reads files which are on the machine of another job. */
export interface FilesElsewhere {
  readonly job: string;
  readonly action: string;
  /** What has left them, and in which job. */
  readonly from: string;
  readonly fromJob: string;
}

/**
 * Actions that deploy, or run a task, from files of another job. Each job has a machine of its own: what the build of an image has
 * left is written anew from the image, in the role that has built it; what a release has left is not.
 */
export function filesElsewhere({ jobs, stages, steps }: JobsPlanned): readonly FilesElsewhere[] {
  const all = stages.flatMap(({ actions }) => actions);
  const jobOf = ({ declaration: { name } }: PipelineAction) => jobs.find(({ actions }) => actions.includes(name));
  return all.flatMap((action): readonly FilesElsewhere[] => {
    const [input] = artifactsIn(action.declaration.inputArtifacts);
    const maker = all.find(({ declaration }) => artifactsIn(declaration.outputArtifacts).some((one) => one === input));
    const [job, fromJob] = [jobOf(action), maker && jobOf(maker)];
    if (!maker || !job || !fromJob || job === fromJob) return [];
    const isRead = action.inWorkflow !== undefined || runs(action, "run_before_deployment", steps);
    const isWrittenAnew = job.environment === fromJob.environment && runs(maker, "provide_image", steps);
    if (!isRead || isWrittenAnew) return [];
    return [{ job: job.id, action: action.declaration.name, from: maker.declaration.name, fromJob: fromJob.id }];
  });
}

/** The same in words. */
export function filesElsewhereText({ job, action, from, fromJob }: FilesElsewhere): string {
  return `job ${job}: expected ${action} in one job with ${from}, whose files it reads: they are in job ${fromJob}, on another machine. Put the tests, or the gate, that stand between the two before ${from} or after ${action}, or deliver by a pipeline`;
}

function runs(action: PipelineAction, script: string, steps: readonly JobStep[]): boolean {
  const step = stepOf(action, steps);
  return step !== undefined && unpacked(step.buildspec).includes(`\\n${script}`);
}

/** Artifacts whose names are known. */
function artifactsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}
