import { PRICED, PRICES, type PriceName } from "../../components/cost/prices";
import type { RecordedGraph } from "../graph/graph";
import type { Action } from "../graph/pipelines";
import { mapOf, textOf } from "../graph/read";
import { projectOf } from "../pace/builds";
import type { ActionPace, LeadTime } from "../pace/leadTime";
import { regionOfGraph } from "./idleCost";

/** Something that a delivery costs. */
export interface DeliveryLine {
  readonly what: string;
  readonly price: PriceName;
  readonly sum: string;
  readonly dollars: number;
}

/** What a pipeline's run costs. */
export interface DeliveryCost {
  readonly pipeline: string;
  readonly lines: readonly DeliveryLine[];
  readonly dollars: number;
  readonly unpriced: readonly string[];
}

const MINUTES: Readonly<Record<string, PriceName>> = {
  "LINUX_CONTAINER BUILD_GENERAL1_SMALL": "smallMinute",
  "LINUX_CONTAINER BUILD_GENERAL1_MEDIUM": "mediumMinute",
  "LINUX_CONTAINER BUILD_GENERAL1_LARGE": "largeMinute",
  "LINUX_CONTAINER BUILD_GENERAL1_XLARGE": "xlargeMinute",
  "ARM_CONTAINER BUILD_GENERAL1_SMALL": "armSmallMinute",
  "ARM_CONTAINER BUILD_GENERAL1_LARGE": "armLargeMinute",
};

/**
 * What a run of a pipeline costs: minutes of its builds, and of its actions where the pipeline is of type V2, each begun
 * minute whole. For so long as the model says.
 */
export function deliveryCostOf(graph: RecordedGraph, { pipeline, actions }: LeadTime): DeliveryCost {
  if (pipeline.workflow) return runnerMinutes(pipeline.name, actions);
  const prices = PRICES[regionOfGraph(graph) ?? ""] ?? {};
  const builds = actions.filter(({ action, seconds }) => action.provider === "CodeBuild" && seconds > 0);
  const priced = builds.map((pace) => ({ pace, ...buildMachine(graph, pace.action) }));
  const lines: DeliveryLine[] = [];
  const unpriced: string[] = [];
  for (const machine of new Set(priced.map((one) => one.machine))) {
    const own = priced.filter((one) => one.machine === machine);
    const minutes = own.reduce((sum, { pace }) => sum + minutesOf(pace), 0);
    const name = MINUTES[machine];
    const price = name && prices[name];
    const what = machine.trim() === "" ? "builds" : `builds on ${machine.replace(/_CONTAINER/, "")}`;
    if (name === undefined || price === undefined)
      unpriced.push(`${what}: ${minutes} minutes${name ? "" : ", of which the table has no price"}`);
    else lines.push({ what, price: name, sum: `${minutes} min x $${price}`, dollars: minutes * price });
  }
  for (const { pace, server } of priced)
    if (server !== undefined) unpriced.push(`the Docker server of ${pace.action.name}, ${server}`);
  if (pipeline.resource.inputs.pipelineType === "V2") {
    const minutes = actions
      .filter(({ action }) => action.category !== "Approval")
      .reduce((sum, pace) => sum + minutesOf(pace), 0);
    const { actionMinute } = prices;
    if (actionMinute === undefined) unpriced.push(`actions: ${minutes} x ${PRICED.actionMinute[0]}`);
    else
      lines.push({
        what: "actions",
        price: "actionMinute",
        sum: `${minutes} min x $${actionMinute}`,
        dollars: minutes * actionMinute,
      });
  }
  return { pipeline: pipeline.name, lines, dollars: lines.reduce((sum, line) => sum + line.dollars, 0), unpriced };
}

/** A workflow runs on machines of GitHub's, or on one's own: AWS has no part in it. */
function runnerMinutes(pipeline: string, actions: readonly ActionPace[]): DeliveryCost {
  const minutes = Math.ceil(actions.reduce((sum, { seconds }) => sum + seconds, 0) / 60);
  return {
    pipeline,
    lines: [],
    dollars: 0,
    unpriced: [`runners of GitHub Actions: ${minutes} minutes, which GitHub bills`],
  };
}

/** Minutes, each begun one whole. */
function minutesOf({ seconds }: ActionPace): number {
  return Math.ceil(seconds / 60);
}

/** What a build runs on: `LINUX_CONTAINER BUILD_GENERAL1_SMALL`, and the Docker server that it has. */
export function buildMachine(graph: RecordedGraph, action: Action) {
  const environment = mapOf(projectOf(graph, action)?.inputs.environment);
  return {
    machine: `${textOf(environment.type) ?? ""} ${textOf(environment.computeType) ?? ""}`,
    server: textOf(mapOf(environment.dockerServer).computeType),
  };
}
