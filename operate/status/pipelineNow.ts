import type { ActionState, GetPipelineStateOutput, PipelineExecutionSummary } from "@aws-sdk/client-codepipeline";
import type { Asking } from "../asking";
import { commandLine } from "../command";

/** An action of a stage, as it is. */
export interface ActionNow {
  readonly name: string;
  readonly status: string;
  /** What it says of itself, and of its failure. */
  readonly said: string | undefined;
  /** Token of an approval that waits. */
  readonly token: string | undefined;
  /** A deployment of CodeDeploy, a build. */
  readonly externalId: string | undefined;
  readonly since: Date | undefined;
  readonly link: string | undefined;
}

/** A stage of a pipeline, as it is. */
export interface StageNow {
  readonly name: string;
  /** Run that was in it last. */
  readonly run: string | undefined;
  readonly status: string;
  readonly actions: readonly ActionNow[];
  /** Run that waits before it, and why. */
  readonly waits: string | undefined;
}

/** A run of a pipeline. */
export interface RunNow {
  readonly id: string;
  readonly status: string;
  readonly commit: string | undefined;
  /** What all of its sources brought. */
  readonly revisions: string;
  readonly says: string | undefined;
  readonly started: Date | undefined;
  /** What started it. */
  readonly trigger: string | undefined;
  /** Run whose revision it brings back. */
  readonly backTo: string | undefined;
  readonly why: string | undefined;
}

/** A pipeline, as it is. */
export interface PipelineNow {
  readonly name: string;
  readonly is: "there" | "missing" | "refused";
  readonly stages: readonly StageNow[];
  /** The newest first. */
  readonly runs: readonly RunNow[];
}

/** Runs that are shown. */
const SHOWN_RUNS = 5;

/** Reads a pipeline: its stages, and its last runs. */
export async function readPipeline(name: string, asking: Asking): Promise<PipelineNow> {
  const of = `pipeline ${name}`;
  const [state, runs] = await Promise.all([
    asking.ask("getPipelineState", of, (cloud) => cloud.getPipelineState({ name })),
    asking.read("listPipelineExecutions", of, (cloud) =>
      cloud.listPipelineExecutions({ pipelineName: name, maxResults: SHOWN_RUNS }),
    ),
  ]);
  return {
    name,
    is: state.is,
    stages: state.is === "there" ? stagesOf(state.value) : [],
    runs: (runs?.pipelineExecutionSummaries ?? []).map(runOf),
  };
}

/** The stages in what CodePipeline says of a pipeline. */
export function stagesOf({ stageStates = [] }: Pick<GetPipelineStateOutput, "stageStates">): readonly StageNow[] {
  return stageStates.map((stage) => ({
    name: stage.stageName ?? "?",
    run: stage.latestExecution?.pipelineExecutionId,
    status: stage.latestExecution?.status ?? "never",
    actions: (stage.actionStates ?? []).map(actionOf),
    waits: waitsOf(stage),
  }));
}

type Waiting = NonNullable<GetPipelineStateOutput["stageStates"]>[number];

function waitsOf({ inboundExecution, inboundExecutions, inboundTransitionState, ...stage }: Waiting) {
  const run = inboundExecution?.pipelineExecutionId ?? inboundExecutions?.at(-1)?.pipelineExecutionId;
  if (run === undefined) return undefined;
  if (inboundTransitionState?.enabled === false)
    return `run ${run.slice(0, 8)} waits: the way in is closed (${inboundTransitionState.disabledReason ?? "no reason given"})`;
  const rules = (stage.beforeEntryConditionState?.conditionStates ?? []).flatMap(({ ruleStates = [] }) => ruleStates);
  const held = rules.find(({ latestExecution }) => latestExecution?.status === "InProgress");
  if (held) return `run ${run.slice(0, 8)} waits for ${held.ruleName ?? "a condition"}`;
  return `run ${run.slice(0, 8)} waits until the one before it has left`;
}

function actionOf({ actionName, latestExecution: at, entityUrl, revisionUrl }: ActionState): ActionNow {
  return {
    name: actionName ?? "?",
    status: at?.status ?? "never",
    said: at?.errorDetails?.message ?? at?.summary,
    token: at?.status === "InProgress" ? at.token : undefined,
    externalId: at?.externalExecutionId,
    since: at?.lastStatusChange,
    link: at?.externalExecutionUrl ?? revisionUrl ?? entityUrl,
  };
}

/** A run in what CodePipeline says of it. */
export function runOf(run: PipelineExecutionSummary): RunNow {
  const [source] = run.sourceRevisions ?? [];
  return {
    id: run.pipelineExecutionId ?? "?",
    status: run.status ?? "?",
    commit: source?.revisionId,
    revisions: (run.sourceRevisions ?? []).map(({ actionName, revisionId }) => `${actionName}=${revisionId}`).join(),
    says: messageOf(source?.revisionSummary),
    started: run.startTime,
    trigger: run.trigger?.triggerType,
    backTo: run.rollbackMetadata?.rollbackTargetPipelineExecutionId,
    why: run.statusSummary ?? run.stopTrigger?.reason,
  };
}

/** The first line of a commit's message: a connection gives JSON. */
function messageOf(summary: string | undefined): string | undefined {
  const said = /"CommitMessage":"((?:[^"\\]|\\.)*)"/.exec(summary ?? "")?.[1] ?? summary;
  return said?.split(/\n|\\n/)[0]?.trim() || undefined;
}

/** Whether a run goes on. */
export function goesOn({ status }: Pick<RunNow, "status">): boolean {
  return status === "InProgress" || status === "Stopping";
}

/** The run that says how the last delivery went: what was overtaken says nothing. */
export function lastRun({ runs }: Pick<PipelineNow, "runs">): RunNow | undefined {
  return runs.find(({ status }) => status !== "Superseded" && status !== "Cancelled");
}

/** An approval that waits, and the command that answers it. */
export function approvalsOf(
  { name, stages }: Pick<PipelineNow, "name" | "stages">,
  region: string | undefined,
): readonly { readonly stage: string; readonly action: ActionNow; readonly command: string }[] {
  return stages.flatMap((stage) =>
    stage.actions.flatMap((action) => {
      if (action.token === undefined) return [];
      const place = region === undefined ? [] : ["--region", region];
      const where = ["--pipeline-name", name, "--stage-name", stage.name, "--action-name", action.name];
      const words = ["codepipeline", "put-approval-result", ...place, ...where, "--token", action.token];
      const command = commandLine("aws", ...words, "--result", "summary=seen,status=Approved");
      return [{ stage: stage.name, action, command }];
    }),
  );
}
