import { PRICES } from "../../components/cost/prices";
import { buildMachine, deliveryCostOf } from "../cost/deliveryCost";
import type { RecordedGraph } from "../graph/graph";
import { inRunOrder, type Stage } from "../graph/pipelines";
import { textOf } from "../graph/read";
import { type ActionPace, type LeadTime, leadTimesOf } from "../pace/leadTime";
import { homeOf } from "./uses";

/** An action of a run, as long as the model says that it takes. */
export interface PlannedAction {
  readonly kind: "build" | "person" | "other";
  readonly seconds: number;
  /** What a build runs on, of which an account has so many at once. @default - it is no build */
  readonly machine?: string;
  /** US dollars of the build. */
  readonly dollars: number;
  /** US dollars of each begun minute that the action takes, waiting included. */
  readonly minuteDollars: number;
}

/** Actions one after another, of which those of one step run at the same time. */
export interface PlannedStage {
  readonly name: string;
  /** When it may begin. @default - always */
  readonly window?: { readonly cron: string; readonly timeZone: string };
  readonly steps: readonly (readonly PlannedAction[])[];
}

/** What a run of a pipeline does, and what it takes room of. */
export interface PlannedPipeline {
  readonly account: string;
  readonly region: string;
  readonly stack: string;
  readonly name: string;
  /** `SUPERSEDED`, `QUEUED` or `PARALLEL`. */
  readonly mode: string;
  /** Seconds from the push until it starts. */
  readonly trigger: number;
  readonly stages: readonly PlannedStage[];
}

/** The pipelines of a graph, by the model's times and prices. */
export function plannedPipelines(graph: RecordedGraph): readonly PlannedPipeline[] {
  return leadTimesOf(graph)
    .filter(({ pipeline }) => !pipeline.workflow)
    .map((time) => ({
      ...homeOf(graph),
      stack: graph.stack,
      name: time.pipeline.name,
      mode: textOf(time.pipeline.resource.inputs.executionMode) ?? "SUPERSEDED",
      trigger: time.trigger.seconds,
      stages: time.pipeline.stages.map((stage) => plannedStage(graph, time, stage)),
    }));
}

function plannedStage(graph: RecordedGraph, time: LeadTime, stage: Stage): PlannedStage {
  const window = stage.conditions
    .filter(({ place }) => place === "beforeEntry")
    .flatMap(({ rules }) => rules)
    .find(({ provider }) => provider === "DeploymentWindow")?.configuration;
  const steps = inRunOrder(stage.actions).map((together) =>
    time.actions.filter(({ action }) => together.includes(action)).map((pace) => plannedAction(graph, time, pace)),
  );
  const planned = { name: stage.name, steps };
  return window ? { ...planned, window: { cron: window.Cron ?? "", timeZone: window.TimeZone ?? "UTC" } } : planned;
}

function plannedAction(graph: RecordedGraph, time: LeadTime, pace: ActionPace): PlannedAction {
  const { action, seconds } = pace;
  if (action.category === "Approval") return { kind: "person", seconds: 0, dollars: 0, minuteDollars: 0 };
  const { lines } = deliveryCostOf(graph, { ...time, actions: [pace] });
  const dollars = lines.filter(({ price }) => price !== "actionMinute").reduce((sum, line) => sum + line.dollars, 0);
  const isPaid = time.pipeline.resource.inputs.pipelineType === "V2";
  const minuteDollars = isPaid ? (PRICES[homeOf(graph).region]?.actionMinute ?? 0) : 0;
  const isBuild = action.provider === "CodeBuild" && seconds > 0;
  if (!isBuild) return { kind: "other", seconds, dollars, minuteDollars };
  return { kind: "build", seconds, machine: buildMachine(graph, action).machine.trim(), dollars, minuteDollars };
}
