import { approvalsOf, goesOn, lastRun, type PipelineNow, type RunNow, type StageNow } from "./pipelineNow";
import type { ServiceNow } from "./serviceNow";
import type { StackNow } from "./stackNow";

/** What a stack is at, in a word and a sentence. */
export interface StatusVerdict {
  readonly word: "failed" | "unknown" | "running" | "waiting" | "impaired" | "nothing" | "healthy";
  readonly says: string;
}

const SIGNS: Readonly<Record<StatusVerdict["word"], string>> = {
  failed: "✗",
  unknown: "?",
  running: "…",
  waiting: "…",
  impaired: "!",
  nothing: "-",
  healthy: "✓",
};

/** The first line of everything that is said of a stack. */
export function verdictLine(stack: string, { word, says }: StatusVerdict): string {
  return `${stack}  ${SIGNS[word]} ${says}`;
}

/** Whether a verdict is one to be woken for. */
export function isBad({ word }: StatusVerdict): boolean {
  return word === "failed" || word === "unknown" || word === "impaired";
}

/** What a stack is at: the worst of its pipelines and services. */
export function statusVerdictOf({ place, pipelines, services }: StackNow): StatusVerdict {
  const found = [
    ...pipelines.flatMap((one) => ofPipeline(one, place.region)),
    ...services.flatMap((one) => ofService(one)),
  ];
  // The pipeline's action runs on while a deployment pauses.
  const pauses = services.some(({ deployment }) => deployment !== undefined && deployment.pauses.length > 0);
  const going = pauses ? (["waiting", "running"] as const) : (["running", "waiting"] as const);
  for (const word of ["unknown", ...going, "failed", "impaired"] as const) {
    const said = found.filter((one) => one.word === word).map(({ says }) => says);
    if (said.length === 0) continue;
    return { word, says: [...new Set(said)].join("; ") };
  }
  const nothing = services.filter(({ delivered, isOthers }) => delivered === "nothing" && !isOthers);
  if (nothing.length > 0 && nothing.length === services.length)
    return { word: "nothing", says: "nothing was delivered yet: push, or release a change in the pipeline" };
  return { word: "healthy", says: services.map(healthy).join("; ") };
}

function healthy({ name, delivered, running, desired }: ServiceNow): string {
  if (delivered === "nothing") return `${name}: nothing was delivered yet`;
  const commit = delivered === "unknown" ? undefined : delivered.commit;
  return `${name}: ${commit ? `${commit.slice(0, 8)}, ` : ""}${running} of ${desired} ${desired === 1 ? "task runs" : "tasks run"}`;
}

function ofPipeline(pipeline: PipelineNow, region: string | undefined): readonly StatusVerdict[] {
  const { name, is, runs, stages } = pipeline;
  if (is === "refused") return [{ word: "unknown", says: `pipeline ${name} cannot be read` }];
  if (is === "missing") return [{ word: "unknown", says: `there is no pipeline ${name}: pulumi up makes it` }];
  const approvals = approvalsOf(pipeline, region);
  const moving = runs.filter(goesOn);
  if (approvals.length > 0 && moving.every((run) => asksAlone(run, stages)))
    return approvals.map(({ stage, action }) => ({
      word: "waiting",
      says: `${runNamed(runs.find((run) => stages.some((one) => one.name === stage && one.run === run.id)))} waits for a person: ${action.name} in stage ${stage}`,
    }));
  const [run] = moving;
  if (run) {
    const at = stages.filter((stage) => stage.run === run.id && stage.status === "InProgress").map((one) => one.name);
    return [
      { word: "running", says: `${runNamed(run)} is being delivered${at.length > 0 ? `: ${at.join(", ")}` : ""}` },
    ];
  }
  const last = lastRun(pipeline);
  if (last?.trigger === "AutomatedRollback")
    return [{ word: "failed", says: `the last delivery failed and was taken back to ${runNamed(last)}` }];
  if (last?.status === "Failed") {
    const failed = failedActions(last, stages);
    const where = failed.map(({ stage, action }) => `${action} in stage ${stage}`).join(", ");
    return [{ word: "failed", says: `${runNamed(last)} failed${where ? ` at ${where}` : ""}` }];
  }
  if (last?.status === "Stopped")
    return [{ word: "failed", says: `${runNamed(last)} was stopped${last.why ? `: ${last.why}` : ""}` }];
  return [];
}

/** Whether all that a run does is wait for a person. */
function asksAlone(run: RunNow, stages: readonly StageNow[]): boolean {
  const actions = stages.filter((stage) => stage.run === run.id).flatMap((stage) => stage.actions);
  const moving = actions.filter(({ status }) => status === "InProgress");
  const inbound = stages.some(({ waits }) => waits?.includes(run.id.slice(0, 8)));
  return inbound || (moving.length > 0 && moving.every(({ token }) => token !== undefined));
}

/** A run by its commit, which people know. */
export function runNamed(run: Pick<RunNow, "id" | "commit"> | undefined): string {
  if (!run) return "a run";
  return run.commit ? run.commit.replace(/^sha256:/, "").slice(0, 8) : `run ${run.id.slice(0, 8)}`;
}

/** What failed in a run. */
export function failedActions(
  run: RunNow,
  stages: readonly StageNow[],
): readonly { readonly stage: string; readonly action: string; readonly said: string | undefined }[] {
  return stages
    .filter((stage) => stage.run === run.id && stage.status === "Failed")
    .flatMap((stage) =>
      stage.actions
        .filter(({ status }) => status === "Failed")
        .map(({ name, said }) => ({ stage: stage.name, action: name, said })),
    );
}

function ofService(service: ServiceNow): readonly StatusVerdict[] {
  const { name, is, deployment, rollouts, running, desired, alarms, delivered, isOthers } = service;
  if (is === "refused") return [{ word: "unknown", says: `service ${name} cannot be read` }];
  if (is === "missing")
    return [{ word: "unknown", says: `there is no service ${name}${isOthers ? "" : ": pulumi up makes it"}` }];
  if (deployment && deployment.pauses.length > 0)
    return [{ word: "waiting", says: `${name} waits for a person in the middle of its deployment` }];
  if (deployment && ["PENDING", "IN_PROGRESS"].includes(deployment.status))
    return [{ word: "running", says: `${name} is being deployed${deployment.stage ? `: ${deployment.stage}` : ""}` }];
  if (deployment && ["ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS", "STOP_REQUESTED"].includes(deployment.status))
    return [{ word: "running", says: `${name} is being taken back` }];
  if (deployment?.status === "ROLLBACK_SUCCESSFUL")
    return [{ word: "failed", says: `the last deployment of ${name} was taken back` }];
  if (deployment?.status === "ROLLBACK_FAILED")
    return [{ word: "failed", says: `the last deployment of ${name} failed, and so did taking it back` }];
  if (deployment?.status === "STOPPED") return [{ word: "failed", says: `the last deployment of ${name} was stopped` }];
  if (codeDeployment(service) !== undefined)
    return [{ word: "running", says: `${name} is being deployed by CodeDeploy` }];
  const failed = rollouts.find(({ state }) => state === "FAILED");
  if (failed) return [{ word: "failed", says: `the last deployment of ${name} failed` }];
  if (delivered === "nothing" && desired === 0) return [];
  const rings = alarms.filter(({ state }) => state === "ALARM").map((one) => one.name);
  return [
    ...(running < desired ? [{ word: "impaired" as const, says: `${name}: ${running} of ${desired} tasks run` }] : []),
    ...(rings.length > 0 ? [{ word: "impaired" as const, says: `${name}: alarm ${rings.join(", ")} rings` }] : []),
  ];
}

/**
 * The deployment of CodeDeploy that is under way: there are two sets of tasks, and it made the newer one, which serves or does
 * not yet.
 */
export function codeDeployment({ rollouts }: Pick<ServiceNow, "rollouts">): string | undefined {
  const sets = rollouts.filter(({ codeDeploy, status }) => codeDeploy !== undefined && status !== "DRAINING");
  if (sets.length < 2) return undefined;
  const [newest] = [...sets].sort((a, b) => (b.created?.getTime() ?? 0) - (a.created?.getTime() ?? 0));
  return newest?.codeDeploy;
}
