import { asDelivered } from "../environment/delivered";
import { GUESSES, type Guesses, LOOK_SECONDS } from "../environment/guesses";
import type { RecordedGraph, RecordedResource } from "../graph/graph";
import { type Action, actionPlace, inRunOrder, type Pipeline, pipelinesOf } from "../graph/pipelines";
import { arnOf, arnPlace } from "../graph/resources";
import { deployedService } from "../graph/services";
import { gatesOf } from "../graph/stageGates";
import { buildStep } from "./builds";
import { type DeploymentPace, deploymentPace, deploymentSeconds } from "./deployment";
import { type PaceStep, secondsOf } from "./step";

/** What one action of a pipeline takes. */
export interface ActionPace {
  readonly action: Action;
  readonly steps: readonly PaceStep[];
  readonly seconds: number;
  /** What it deploys. @default - it deploys nothing, or to what no stack here has */
  readonly deployment?: DeploymentPace & { readonly service: RecordedResource };
}

/** The shortest way of a commit through a pipeline: nobody is waited for, and nothing fails. */
export interface LeadTime {
  readonly pipeline: Pipeline;
  /** Everything that users wait for until all of production's traffic is on the new version. */
  readonly toUsers: readonly PaceStep[];
  /** Everything until the old version is gone. */
  readonly toGone: readonly PaceStep[];
  /** Everything until the pipeline's run ends; where deployments run at the same time, by the longest of them. */
  readonly toEnd: readonly PaceStep[];
  /** Seconds until the pipeline's run ends. */
  readonly seconds: number;
  readonly actions: readonly ActionPace[];
  /** What comes before the first of them. */
  readonly trigger: PaceStep;
  /** Who or what is waited for, and how long nobody knows. */
  readonly waits: readonly string[];
  /** What takes time that is not counted. */
  readonly unknown: readonly string[];
}

/** The shortest way of a commit by each pipeline of a graph; others have services that it deploys to. */
export function leadTimesOf(
  graph: RecordedGraph,
  others: readonly RecordedGraph[] = [],
  guesses: Guesses = GUESSES,
): readonly LeadTime[] {
  const there = [graph, ...others.filter((other) => other !== graph)].map((one) => asDelivered(one));
  return pipelinesOf(graph).map((pipeline) => leadTimeOf(pipeline, graph, there, guesses));
}

function leadTimeOf(
  pipeline: Pipeline,
  graph: RecordedGraph,
  there: readonly RecordedGraph[],
  guesses: Guesses,
): LeadTime {
  const trigger: PaceStep = { what: "the push being noticed", detail: "by its event", seconds: guesses.trigger };
  const actions = pipeline.actions.map((action) => actionPace(action, pipeline, graph, there, guesses));
  return {
    pipeline,
    ...alongOf(pipeline, trigger, actions),
    actions,
    trigger,
    waits: [...approvals(pipeline), ...actions.flatMap(({ deployment }) => deployment?.waits ?? [])],
    unknown: actions.flatMap((one) => unknownOf(one)),
  };
}

/** The longest of what runs at the same time, one after the other; until users have what is deployed last, and the old is gone. */
export function alongOf(
  pipeline: Pipeline,
  trigger: PaceStep,
  actions: readonly ActionPace[],
): Pick<LeadTime, "toUsers" | "toGone" | "toEnd" | "seconds"> {
  let way: readonly PaceStep[] = [trigger];
  let [toUsers, toGone]: [readonly PaceStep[], readonly PaceStep[]] = [[], []];
  for (const together of pipeline.stages.flatMap(({ actions: all }) => inRunOrder(all))) {
    const paces = actions.filter(({ action }) => together.includes(action));
    for (const { deployment } of paces) {
      if (!deployment) continue;
      const served = [...way, ...deployment.toUsers];
      const gone = [...served, ...deployment.toGone];
      if (secondsOf(served) >= secondsOf(toUsers)) toUsers = served;
      if (secondsOf(gone) >= secondsOf(toGone)) toGone = gone;
    }
    const [longest] = [...paces].sort((one, other) => other.seconds - one.seconds);
    way = [...way, ...(longest?.steps ?? [])];
  }
  return { toUsers, toGone, toEnd: way, seconds: secondsOf(way) };
}

function actionPace(
  action: Action,
  pipeline: Pipeline,
  graph: RecordedGraph,
  there: readonly RecordedGraph[],
  guesses: Guesses,
): ActionPace {
  const done = (...steps: readonly PaceStep[]): ActionPace => ({ action, steps, seconds: secondsOf(steps) });
  if (action.category === "Source")
    return done({ what: "fetching the source", detail: action.name, seconds: guesses.source });
  if (action.provider === "CodeBuild") {
    const step = buildStep(graph, pipeline, action, guesses);
    return step ? done(step) : done();
  }
  for (const other of there) {
    const service = deployedService(other, action);
    if (!service || !isThere(pipeline, action, service)) continue;
    const deployment = deploymentPace(other, service, guesses);
    const seconds = Math.ceil(deploymentSeconds(deployment) / LOOK_SECONDS) * LOOK_SECONDS;
    const { toUsers, toGone, after } = deployment;
    const rest = seconds - deploymentSeconds(deployment);
    const looks = pipeline.workflow ? "the workflow looks again" : "CodePipeline looks again";
    const look: PaceStep = { what: "checks and records", detail: looks, seconds: rest, service };
    const steps = [...toUsers, ...toGone, ...after, ...(rest > 0 ? [look] : [])];
    return { action, steps, seconds, deployment: { ...deployment, service } };
  }
  return done();
}

/** Whether a service is in the account and region that an action deploys to; names alone may be the same elsewhere. */
function isThere(pipeline: Pipeline, action: Action, service: RecordedResource): boolean {
  const [wanted, found] = [actionPlace(pipeline, action), arnPlace(arnOf(service))];
  return !wanted || !found || (wanted.account === found.account && wanted.region === found.region);
}

function approvals({ stages }: Pipeline): readonly string[] {
  return stages.flatMap((stage) => [
    ...gatesOf(stage).map((gate) => `stage ${stage.name} begins ${gate}`),
    ...stage.actions
      .filter(({ category }) => category === "Approval")
      .map((action) => `a person approves ${action.name}`),
  ]);
}

/** What no model here knows: it counts as no time, and is said. */
function unknownOf({ action, deployment, steps }: ActionPace): readonly string[] {
  const { name, category, provider } = action;
  if (deployment || category === "Source" || category === "Approval") return [];
  if (provider === "CodeBuild") return steps.length > 0 ? [] : [`${name} builds with a project of someone else`];
  if (category === "Deploy") return [`${name} deploys to what no stack here has`];
  return [`${name} (${provider}) takes as long as it takes`];
}
