import type { WorkflowJob } from "../../components/workflow/jobs";
import type { Pipeline } from "../graph/pipelines";
import type { RecordedWorkflow } from "../graph/workflows";
import type { FileStep } from "./document";
import { STACK_STEP, type WorkflowValues } from "./values";
import type { WrittenJob } from "./written";

/** What the first step of a job with a role notes: the attempt of the run that it belongs to. */
export const NOTED_ATTEMPT = "attempt";

/**
 * What a job begins with that is about what another one has deployed. Where a person runs only those again that failed, the
 * deployment stays what it was before: it may have been taken back since, or another delivery may have come in between, and GitHub
 * hands on what the job said then.
 * https://docs.github.com/actions/how-tos/manage-workflow-runs/re-run-workflows-and-jobs
 */
export function attemptStep(of: WrittenJob): readonly FileStep[] {
  const { job, values } = of;
  // A job with a role asks AWS itself what runs.
  if (job.environment !== undefined) return [];
  return expectAttempt(
    deployedBefore(of).map(({ id }) => id),
    job.id,
    values,
    "Nothing is tried that may run no longer",
  );
}

/** A step that fails unless these jobs have been run in the same attempt. */
export function expectAttempt(
  deployed: readonly string[],
  job: string,
  values: WorkflowValues,
  title: string,
  besides = "",
): readonly FileStep[] {
  if (deployed.length === 0) return [];
  const told = deployed.map((from, index): readonly [string, string] => [
    deployed.length === 1 ? "DEPLOYED_IN" : `DEPLOYED_IN_${index + 1}`,
    values.output(STACK_STEP, NOTED_ATTEMPT, from, job),
  ]);
  const names = told.map(([name]) => `"$${name}"`).join(" ");
  return [
    {
      name: "Look whether this attempt has deployed it",
      env: Object.fromEntries(told),
      run: [
        `for ATTEMPT in ${names}; do`,
        `  [[ $ATTEMPT == "$GITHUB_RUN_ATTEMPT" ]] || {`,
        `    WHY="attempt $ATTEMPT of this run has deployed it, and this is attempt $GITHUB_RUN_ATTEMPT: it may have been taken back since, or another delivery may have come in between. Run the whole run again (Re-run all jobs), or push a new commit${besides}"`,
        `    printf '::error title=%s::%s\\n' ${JSON.stringify(title)} "$WHY"`,
        `    printf '### %s\\n\\n%s\\n\\n' ${JSON.stringify(title)} "$WHY" >>"$GITHUB_STEP_SUMMARY"`,
        "    exit 1",
        "  }",
        "done",
      ].join("\n"),
    },
  ];
}

/** The jobs of the same file that have deployed before a job. */
export function deployedBefore({
  pipeline,
  workflow,
  job,
}: Pick<WrittenJob, "pipeline" | "workflow" | "job">): readonly WorkflowJob[] {
  const { after } = filesOfJobs(workflow);
  const isAfter = after.some(({ id }) => id === job.id);
  return jobsBefore(job, workflow.jobs).filter(
    (one) => isDeploying(pipeline, one) && after.some(({ id }) => id === one.id) === isAfter,
  );
}

/** Whether a job deploys. */
export function isDeploying({ actions: all }: Pipeline, { actions }: Pick<WorkflowJob, "actions">): boolean {
  return actions.some((name) => all.some((one) => one.name === name && one.deploysTo !== undefined));
}

/** The jobs of the delivery, and those of the file that goes on: from the first in the next environment. */
export function filesOfJobs({ jobs, promotion }: Pick<RecordedWorkflow, "jobs" | "promotion">): {
  readonly here: readonly WorkflowJob[];
  readonly after: readonly WorkflowJob[];
} {
  const first = jobs.findIndex(({ environment }) => environment === promotion?.environment);
  const at = promotion === undefined || first < 0 ? jobs.length : first;
  return { here: jobs.slice(0, at), after: jobs.slice(at) };
}

/** Jobs that must have ended well before a job. */
function jobsBefore({ needs }: WorkflowJob, jobs: readonly WorkflowJob[]): readonly WorkflowJob[] {
  const before = jobs.filter(({ id }) => needs.includes(id));
  return [...new Set(before.flatMap((one) => [...jobsBefore(one, jobs), one]))];
}
