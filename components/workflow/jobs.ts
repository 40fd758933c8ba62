import type { PipelineAction, PipelineStage } from "../pipeline/action";
import type { JobStep } from "./jobStep";

/** Runners that jobs run on where nobody says others. */
export const DEFAULT_RUNNER = "ubuntu-24.04";

/** Longest that a job on GitHub's own runners may take. */
export const JOB_MAX_MINUTES = 360;

/** Minutes of a job beside its steps: its runner, the checkout, the role. */
export const JOB_MARGIN_MINUTES = 10;

/** One job: actions one after another, of the same environment, or commands of the application's own. */
export interface WorkflowJob {
  readonly id: string;
  /** Jobs that must have ended well before. */
  readonly needs: readonly string[];
  /** Environment on GitHub whose role it takes. @default - none: it has nothing to do with AWS */
  readonly environment?: string | undefined;
  /** Names of the actions that it does. */
  readonly actions: readonly string[];
  /** Whether reviewers of the environment are asked before it. */
  readonly asks: boolean;
  readonly timeoutInMinutes: number;
  /** Label of the runner that it needs. @default - the workflow's */
  readonly runsOn?: string | undefined;
}

/** A role may be kept for an hour at least, and for twelve at most. */
export const [SHORTEST_SESSION, LONGEST_SESSION] = [3600, 43_200];

/** Seconds that the role is kept in a job: no job is longer than AWS lets one be kept. */
export function sessionSeconds({ timeoutInMinutes }: Pick<WorkflowJob, "timeoutInMinutes">): number {
  return Math.max(timeoutInMinutes * 60, SHORTEST_SESSION);
}

/** Runners of GitHub's own, by their label. */
const HOSTED = /^(?:ubuntu|windows|macos)-/i;

/**
 * Minutes that a job may take at most: on runners of one's own as long as a role can be kept, and no longer than on GitHub's where
 * the role is another stack's, which does not know the runners.
 */
export function longestJob(runsOn: string, isOwnRole = true): number {
  return HOSTED.test(runsOn) || !isOwnRole ? JOB_MAX_MINUTES : LONGEST_SESSION / 60;
}

/** What is asked of a workflow to part its stages into jobs. */
interface Planning {
  readonly stages: readonly PipelineStage[];
  readonly steps: readonly JobStep[];
  /** Environment of every action that names none. */
  readonly environment: string;
  /** Label of the runners of every job that needs no other. @default "ubuntu-24.04" */
  readonly runsOn?: string;
}

interface OpenJob {
  readonly id: string;
  readonly needs: readonly string[];
  readonly environment?: string | undefined;
  readonly actions: PipelineAction[];
  readonly asks: boolean;
}

/**
 * The jobs of a workflow, in the order of the stages. What calls AWS goes into one job as long as nothing stands between: reviewers
 * are asked once, and a deployment, its confirmation and its record stand together. Commands of the application's own are jobs
 * without a role, because every step of a job can reach the credentials of that job.
 */
export function planJobs({ stages, steps, environment, runsOn = DEFAULT_RUNNER }: Planning): readonly WorkflowJob[] {
  const jobs: OpenJob[] = [];
  // Jobs that what comes next has to wait for, and the one that it may go on in.
  let ended: readonly string[] = [];
  let open: OpenJob | undefined;
  let asks = false;
  for (const group of stages.flatMap(groupsOf)) {
    const others = group.filter(isWork);
    if (others.length < group.length && group.some(({ declaration }) => declaration.category === "Approval")) {
      asks = true;
      open = undefined;
    }
    const before = ended;
    const tests = others.filter((action) => isTest(action, steps));
    const calls = others.filter((action) => !tests.includes(action));
    const made = tests.map((action): OpenJob => {
      return { id: action.declaration.name, needs: before, actions: [action], asks: false };
    });
    jobs.push(...made);
    for (const action of calls) {
      const place = action.seat?.environment ?? environment;
      if (open?.environment !== place) {
        open = {
          id: idOf(action, jobs, place === environment ? "deliver" : "release"),
          needs: before,
          environment: place,
          actions: [],
          asks,
        };
        jobs.push(open);
        asks = false;
      }
      open.actions.push(action);
    }
    const ids = [...made.map(({ id }) => id), ...(calls.length > 0 && open ? [open.id] : [])];
    if (ids.length > 0) ended = made.length > 0 || calls.length > 0 ? ids : ended;
    if (made.length > 0) open = undefined;
  }
  return jobs.map((job) => finished(job, { steps, environment, runsOn }));
}

function finished(
  { id, needs, environment, actions, asks }: OpenJob,
  { steps, environment: own, runsOn: label }: Required<Omit<Planning, "stages">>,
): WorkflowJob {
  const minutes = sideBySide(actions)
    .map((together) => Math.max(...together.map((action) => minutesOf(action, steps))))
    .reduce((sum, longest) => sum + longest, JOB_MARGIN_MINUTES);
  const runsOn = actions.map((action) => stepOf(action, steps)?.runsOn).find((one) => one !== undefined);
  const most = longestJob(runsOn ?? label, environment === undefined || environment === own);
  return {
    id,
    needs: needs.filter((need) => need !== id),
    environment,
    actions: actions.map(({ declaration }) => declaration.name),
    asks,
    // Where all steps together may take longer, the preview says so: seldom more than one of them comes to its limit.
    timeoutInMinutes: Math.min(minutes, most),
    runsOn,
  };
}

/** The actions of a job as they are waited for: deployments that a stage has at the same time go at the same time, all else does not. */
export function sideBySide(actions: readonly PipelineAction[]): readonly (readonly PipelineAction[])[] {
  const groups: PipelineAction[][] = [];
  for (const action of actions) {
    const [before] = groups.at(-1) ?? [];
    const isBeside =
      before?.inWorkflow !== undefined &&
      action.inWorkflow !== undefined &&
      before.declaration.runOrder === action.declaration.runOrder;
    if (isBeside) groups.at(-1)?.push(action);
    else groups.push([action]);
  }
  return groups;
}

/** The step that an action runs. @default - it is GitHub's own action that does it */
export function stepOf({ declaration }: PipelineAction, steps: readonly JobStep[]): JobStep | undefined {
  const { ProjectName: name } = declaration.configuration === undefined ? {} : known(declaration.configuration);
  return steps.find((step) => step.name === name);
}

/** The values of a configuration that are texts already. */
function known(configuration: unknown): Readonly<Record<string, unknown>> {
  return typeof configuration === "object" && configuration !== null
    ? Object.fromEntries(Object.entries(configuration).filter(([, value]) => typeof value === "string"))
    : {};
}

/** Minutes that an action may take. */
export function minutesOf(action: PipelineAction, steps: readonly JobStep[]): number {
  const { timeoutInMinutes } = action.declaration;
  return stepOf(action, steps)?.timeoutInMinutes ?? (typeof timeoutInMinutes === "number" ? timeoutInMinutes : 0);
}

function isTest(action: PipelineAction, steps: readonly JobStep[]): boolean {
  return stepOf(action, steps)?.kind === "test";
}

function isWork({ declaration: { category } }: PipelineAction): boolean {
  return category !== "Source" && category !== "Approval";
}

/** The first job that calls AWS is the delivery, the first in another environment the release; one more is called after what it does first. */
function idOf({ declaration }: PipelineAction, jobs: readonly OpenJob[], first: "deliver" | "release"): string {
  return jobs.some(({ id }) => id === first) ? declaration.name : first;
}

/** Actions of a stage that go at the same time, group by group. */
function groupsOf({ actions }: PipelineStage): readonly (readonly PipelineAction[])[] {
  const orders = [...new Set(actions.map(({ declaration }) => declaration.runOrder ?? 1))].sort((a, b) => a - b);
  return orders.map((order) => actions.filter(({ declaration }) => (declaration.runOrder ?? 1) === order));
}
