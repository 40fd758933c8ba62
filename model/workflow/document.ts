import { defined } from "../../components/defined";
import { shellWord } from "../../components/shellWord";
import type { WorkflowJob } from "../../components/workflow/jobs";
import type { RecordedGraph } from "../graph/graph";
import { type Pipeline, pipelinesOf } from "../graph/pipelines";
import { listOf, mapOf, mapsOf, textsOf } from "../graph/read";
import type { RecordedWorkflow } from "../graph/workflows";
import { beginningOf, type JobSteps, stepsOfJob } from "./jobSteps";
import { PINNED, type PinnedAction } from "./pinned";
import { expectAttempt, filesOfJobs, isDeploying } from "./rerun";
import { type TakingBack, takingBack } from "./takeBack";
import { COMMIT_INPUT, expression, literal, WorkflowValues } from "./values";

/** One step of a job. */
export interface FileStep {
  readonly name?: string | undefined;
  readonly id?: string | undefined;
  readonly if?: string | undefined;
  /** Its job goes on where it fails, and another step decides. */
  readonly "continue-on-error"?: true | undefined;
  readonly uses?: PinnedAction | undefined;
  readonly with?: Readonly<Record<string, string>> | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** After so many minutes it fails; a job that comes to its own limit is cancelled, which is no failure to the jobs after it. */
  readonly "timeout-minutes"?: number | undefined;
  readonly "working-directory"?: string | undefined;
  readonly run?: string | undefined;
}

/** One job, as the file has it. */
export interface FileJob {
  readonly needs?: readonly string[] | undefined;
  readonly if?: string | undefined;
  readonly "runs-on": string;
  readonly "timeout-minutes": number;
  readonly environment?: string | { readonly name: string; readonly url: string } | undefined;
  readonly permissions: Readonly<Record<string, string>>;
  readonly outputs?: Readonly<Record<string, string>> | undefined;
  readonly steps: readonly FileStep[];
}

/** Which pushes start a workflow. */
export interface PushEvent {
  readonly branches: readonly string[];
  readonly paths?: readonly string[];
  readonly "paths-ignore"?: readonly string[];
}

/** A value that who starts a workflow hands to it. */
export interface FileInput {
  readonly description: string;
  readonly required: true;
  readonly type: "string";
}

/** A workflow, as GitHub reads it. */
export interface WorkflowFile {
  readonly name: string;
  readonly on: {
    /** @default - it is started by the workflow before it, or by a person */
    readonly push?: PushEvent | undefined;
    readonly workflow_dispatch: null | { readonly inputs: Readonly<Record<string, FileInput>> };
  };
  readonly permissions: Readonly<Record<string, string>>;
  readonly concurrency: {
    readonly group: string;
    readonly "cancel-in-progress": boolean;
    /** `max`: as many runs as GitHub lets wait, one after another. @default - the newest of those that wait */
    readonly queue?: "max" | undefined;
  };
  readonly defaults: { readonly run: { readonly shell: string } };
  readonly jobs: Readonly<Record<string, FileJob>>;
}

/** A workflow of a graph, and one of its files: the delivery to this stack, or what goes on to the next. */
export interface GeneratedWorkflow {
  readonly workflow: RecordedWorkflow;
  readonly file: WorkflowFile;
  /** Its jobs, without what hands over to the next file. */
  readonly jobs: readonly WorkflowJob[];
}

/** The commands of a buildspec stop at the first that fails, and no sooner: as CodeBuild runs them. */
const SHELL = "bash --noprofile --norc {0}";

/** The workflows of a graph, as files. `account` is the graph's own, where it is known and not made up. */
export function generatedWorkflows(graph: RecordedGraph, account?: string): readonly GeneratedWorkflow[] {
  return pipelinesOf(graph).flatMap((pipeline) =>
    pipeline.workflow === undefined ? [] : filesOf(pipeline, pipeline.workflow, account),
  );
}

/** One file, or two: who waits for reviewers of the next environment must not keep this one's deliveries waiting. */
function filesOf(
  pipeline: Pipeline,
  workflow: RecordedWorkflow,
  account: string | undefined,
): readonly GeneratedWorkflow[] {
  const { promotion } = workflow;
  const { here, after } = filesOfJobs(workflow);
  const values = new WorkflowValues(pipeline, workflow, account, new Set(after.map(({ id }) => id)));
  const written = new Map(workflow.jobs.map((job) => [job, stepsOfJob({ pipeline, workflow, job, values })]));
  const back = takingBack(pipeline, workflow, here, values);
  const next =
    promotion && after.length > 0 ? handOver(pipeline, workflow, promotion, { here, after, values }) : undefined;
  // Outputs are known when every job has been written that reads them.
  const jobsOf = (jobs: readonly WorkflowJob[]) =>
    Object.fromEntries(
      jobs.flatMap((job) => {
        const steps = written.get(job);
        return steps ? [[job.id, jobOf(workflow, job, { ...steps, jobs, values })]] : [];
      }),
    );
  const common = { permissions: {}, defaults: { run: { shell: SHELL } } } as const;
  const own: WorkflowFile = {
    name: workflow.name,
    on: { push: pushOf(pipeline, workflow), workflow_dispatch: null },
    ...common,
    concurrency: concurrencyOf(workflow.name, workflow),
    jobs: { ...jobsOf(here), ...(back && takeBackJob(pipeline, workflow, back, { here, values })), ...next },
  };
  const files: GeneratedWorkflow[] = [{ workflow, jobs: here, file: ordered(own) }];
  if (promotion && next) {
    const going: WorkflowFile = {
      name: promotion.workflowName,
      on: { workflow_dispatch: { inputs: inputsOf(workflow, values) } },
      ...common,
      concurrency: concurrencyOf(promotion.workflowName, workflow),
      jobs: jobsOf(after),
    };
    files.push({ workflow, jobs: after, file: ordered(going) });
  }
  return files;
}

/** The job that brings back what went before, with the files and the role that the delivery's has. */
function takeBackJob(
  pipeline: Pipeline,
  workflow: RecordedWorkflow,
  { job, when, steps }: TakingBack,
  { here, values }: { readonly here: readonly WorkflowJob[]; readonly values: WorkflowValues },
): Readonly<Record<string, FileJob>> {
  const begin = beginningOf({ pipeline, workflow, job, values });
  const written = jobOf(workflow, job, { steps: [...begin, ...steps], jobs: here, values });
  const { needs, ...others } = written;
  return { [job.id]: { needs, if: when, ...others } };
}

/** Keys in the order in which people read them. */
function ordered({ name, on, permissions, concurrency, defaults, jobs }: WorkflowFile): WorkflowFile {
  return { name, on, permissions, concurrency, defaults, jobs };
}

function concurrencyOf(group: string, { queues }: RecordedWorkflow): WorkflowFile["concurrency"] {
  return { group, "cancel-in-progress": false, queue: queues ? "max" : undefined };
}

/** What the workflow that goes on has to be told: the commit, and each image by digest. */
function inputsOf({ environment }: RecordedWorkflow, values: WorkflowValues): Readonly<Record<string, FileInput>> {
  const input = (description: string): FileInput => ({ description, required: true, type: "string" });
  return {
    [COMMIT_INPUT]: input(`Commit that passed in ${environment}`),
    ...Object.fromEntries(
      values
        .inputs()
        .map((one) => [
          one.input,
          input(one.isImage ? `Image that passed in ${environment}, by digest` : `Output ${one.output} of that run`),
        ]),
    ),
  };
}

/** Job that starts the workflow which goes on, with what has passed. */
export const HAND_OVER_JOB = "hand-over";

/** The last job of a delivery: it starts the workflow of the next environment, and tells it what has passed. */
function handOver(
  pipeline: Pipeline,
  workflow: RecordedWorkflow,
  { workflowName }: NonNullable<RecordedWorkflow["promotion"]>,
  {
    here,
    after,
    values,
  }: { readonly here: readonly WorkflowJob[]; readonly after: readonly WorkflowJob[]; readonly values: WorkflowValues },
): Readonly<Record<string, FileJob>> {
  const ids = new Set(here.map(({ id }) => id));
  const inputs = values.inputs();
  const deployed = here.filter((job) => isDeploying(pipeline, job));
  const told = [...after.flatMap((job) => job.needs), ...inputs.map(({ job }) => job), ...deployed.map(({ id }) => id)];
  const needs = told.filter((id) => ids.has(id));
  const variables = inputs.map(({ input }, index) => ({ input, variable: `INPUT_${index + 1}` }));
  const fields = [{ input: COMMIT_INPUT, variable: "COMMIT" }, ...variables].map(
    ({ input, variable }) => `--raw-field ${input}="$${variable}"`,
  );
  const start = `gh workflow run ${shellWord(`${workflowName}.yml`)} --repo "$GITHUB_REPOSITORY" --ref "$GITHUB_REF_NAME" ${fields.join(" ")} || exit`;
  const said = `printf '### Handed over to %s\n\nWhat passed here goes on there, by digest.\n' ${shellWord(workflowName)} >>"$GITHUB_STEP_SUMMARY"`;
  return {
    [HAND_OVER_JOB]: {
      needs: [...new Set(needs)],
      "runs-on": workflow.runsOn,
      "timeout-minutes": 10,
      // Starts a workflow of this repository, and nothing else.
      permissions: { actions: "write" },
      steps: [
        // GitHub may run this job alone again, days after another delivery: who wants that one to go on says so by hand.
        ...expectAttempt(
          deployed.map(({ id }) => id),
          HAND_OVER_JOB,
          values,
          "Nothing is handed over that may run no longer",
          `, or start ${workflowName} by hand with what passed`,
        ),
        {
          name: `Hand over to ${workflowName}`,
          env: {
            GH_TOKEN: expression("github.token"),
            COMMIT: expression("github.sha"),
            ...Object.fromEntries(
              variables.map(({ variable }, index) => [
                variable,
                expression(`needs.${inputs[index]?.job ?? ""}.outputs.${inputs[index]?.output ?? ""}`),
              ]),
            ),
          },
          run: `${start}\n${said}`,
        },
      ],
    },
  };
}

function pushOf({ triggers }: Pipeline, { branch }: RecordedWorkflow): PushEvent {
  const [push = {}] = triggers.flatMap(({ gitConfiguration }) => mapsOf(listOf(mapOf(gitConfiguration).pushes)));
  const { includes, excludes } = mapOf(push.filePaths);
  const [paths, ignored] = [textsOf(includes), textsOf(excludes)];
  const branches = [plainPattern(branch)];
  // GitHub takes one of the two; in one list, what is left out stands behind an exclamation mark.
  if (paths.length > 0) return { branches, paths: [...paths, ...ignored.map((path) => `!${path}`)] };
  return ignored.length > 0 ? { branches, "paths-ignore": ignored } : { branches };
}

/** A name in the place of a pattern: that name, and no other. */
function plainPattern(name: string): string {
  return name.replaceAll(/[*?+[\]\\]|^!/g, String.raw`\$&`);
}

function jobOf(
  workflow: RecordedWorkflow,
  job: WorkflowJob,
  { steps, url, jobs, values }: JobSteps & { readonly jobs: readonly WorkflowJob[]; readonly values: WorkflowValues },
): FileJob {
  const outputs = values.outputsOf(job.id);
  const here = (id: string) => jobs.some((one) => one.id === id);
  const needs = [...new Set([...job.needs, ...values.neededBy(job.id)])].filter(here);
  const environment = job.environment === undefined ? undefined : literal(job.environment);
  const shown = environment !== undefined && url !== undefined ? { name: environment, url } : environment;
  return {
    needs: needs.length > 0 ? needs : undefined,
    "runs-on": job.runsOn ?? workflow.runsOn,
    "timeout-minutes": job.timeoutInMinutes,
    environment: shown,
    permissions: permissionsOf(steps, environment !== undefined),
    outputs: Object.keys(outputs).length > 0 ? outputs : undefined,
    steps,
  };
}

/**
 * What a job's token may do: read the files of the commit where it has them, be shown to AWS where it takes a role, and read how runs
 * have ended where a step asks for that.
 */
function permissionsOf(steps: readonly FileStep[], takesRole: boolean): FileJob["permissions"] {
  const checksOut = steps.some(({ uses }) => uses === PINNED.checkout);
  const asksGitHub = steps.some(({ env }) => env?.GH_TOKEN !== undefined);
  return defined({
    actions: asksGitHub ? "read" : undefined,
    contents: checksOut ? "read" : undefined,
    "id-token": takesRole ? "write" : undefined,
  });
}
