import type { WorkflowJob } from "../../components/workflow/jobs";
import type { RecordedGraph } from "../graph/graph";
import { type Pipeline, pipelinesOf } from "../graph/pipelines";
import { listOf, mapOf, mapsOf, textsOf } from "../graph/read";
import type { RecordedWorkflow } from "../graph/workflows";
import { type JobSteps, stepsOfJob } from "./jobSteps";
import type { PinnedAction } from "./pinned";
import { WorkflowValues } from "./values";

/** One step of a job. */
export interface FileStep {
  readonly name?: string | undefined;
  readonly id?: string | undefined;
  readonly if?: string | undefined;
  readonly uses?: PinnedAction | undefined;
  readonly with?: Readonly<Record<string, string>> | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly "working-directory"?: string | undefined;
  readonly run?: string | undefined;
}

/** One job, as the file has it. */
export interface FileJob {
  readonly needs?: readonly string[] | undefined;
  readonly "runs-on": string;
  readonly "timeout-minutes": number;
  readonly environment?: string | { readonly name: string; readonly url: string } | undefined;
  readonly permissions: Readonly<Record<string, string>>;
  readonly outputs?: Readonly<Record<string, string>> | undefined;
  readonly steps: readonly FileStep[];
}

/** A workflow, as GitHub reads it. */
export interface WorkflowFile {
  readonly name: string;
  readonly on: {
    readonly push: {
      readonly branches: readonly string[];
      readonly paths?: readonly string[];
      readonly "paths-ignore"?: readonly string[];
    };
    readonly workflow_dispatch: null;
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

/** A workflow of a graph, and its file. */
export interface GeneratedWorkflow {
  readonly workflow: RecordedWorkflow;
  readonly file: WorkflowFile;
}

/** The commands of a buildspec stop at the first that fails, and no sooner: as CodeBuild runs them. */
const SHELL = "bash --noprofile --norc {0}";

/** The workflows of a graph, as files. `account` is the graph's own, where it is known and not made up. */
export function generatedWorkflows(graph: RecordedGraph, account?: string): readonly GeneratedWorkflow[] {
  return pipelinesOf(graph).flatMap((pipeline) =>
    pipeline.workflow === undefined
      ? []
      : [{ workflow: pipeline.workflow, file: fileOf(pipeline, pipeline.workflow, account) }],
  );
}

function fileOf(pipeline: Pipeline, workflow: RecordedWorkflow, account: string | undefined): WorkflowFile {
  const values = new WorkflowValues(pipeline, workflow, account);
  const jobs = workflow.jobs.map((job): readonly [WorkflowJob, JobSteps] => [
    job,
    stepsOfJob({ pipeline, workflow, job, values }),
  ]);
  return {
    name: workflow.name,
    on: { push: pushOf(pipeline, workflow), workflow_dispatch: null },
    permissions: {},
    concurrency: { group: workflow.name, "cancel-in-progress": false, queue: workflow.queues ? "max" : undefined },
    defaults: { run: { shell: SHELL } },
    // Outputs are known when every job has been written that reads them.
    jobs: Object.fromEntries(jobs.map(([job, written]) => [job.id, jobOf(workflow, job, written, values)])),
  };
}

function pushOf({ triggers }: Pipeline, { branch }: RecordedWorkflow): WorkflowFile["on"]["push"] {
  const [push = {}] = triggers.flatMap(({ gitConfiguration }) => mapsOf(listOf(mapOf(gitConfiguration).pushes)));
  const { includes, excludes } = mapOf(push.filePaths);
  const [paths, ignored] = [textsOf(includes), textsOf(excludes)];
  // GitHub takes one of the two; in one list, what is left out stands behind an exclamation mark.
  if (paths.length > 0) return { branches: [branch], paths: [...paths, ...ignored.map((path) => `!${path}`)] };
  return ignored.length > 0 ? { branches: [branch], "paths-ignore": ignored } : { branches: [branch] };
}

function jobOf(
  workflow: RecordedWorkflow,
  job: WorkflowJob,
  { steps, url }: JobSteps,
  values: WorkflowValues,
): FileJob {
  const outputs = values.outputsOf(job.id);
  const needs = [...new Set([...job.needs, ...values.neededBy(job.id)])];
  const { environment } = job;
  const shown = environment !== undefined && url !== undefined ? { name: environment, url } : environment;
  return {
    needs: needs.length > 0 ? needs : undefined,
    "runs-on": job.runsOn ?? workflow.runsOn,
    "timeout-minutes": job.timeoutInMinutes,
    environment: shown,
    permissions: environment === undefined ? READS : ACTS,
    outputs: Object.keys(outputs).length > 0 ? outputs : undefined,
    steps,
  };
}

/** A job without a role has no token that it could be given to. */
const READS = { contents: "read" } as const;
const ACTS = { contents: "read", "id-token": "write" } as const;
