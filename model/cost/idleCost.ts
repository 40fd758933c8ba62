import { PRICES } from "../../components/cost/prices";
import type { RecordedGraph } from "../graph/graph";
import { arnOf, arnPlace } from "../graph/resources";
import { billBalancers } from "./balancers";
import { Bill, type CostLine } from "./bill";
import { type ByUse, byUseOf, unknownTypes } from "./byUse";
import { billKeeping, billPipelines } from "./keeping";
import { billNetwork } from "./network";
import { billTasks } from "./tasks";
import { billWatching } from "./watching";

/** What an environment costs in a month in which nobody uses it and nothing is delivered. */
export interface IdleCost {
  /** Region that the prices are of. */
  readonly region: string;
  /** Whether the table has prices of it. */
  readonly isPriced: boolean;
  readonly lines: readonly CostLine[];
  /** US dollars a month; they differ where scaling decides how many tasks run. */
  readonly least: number;
  readonly most: number;
  /** What costs something and has no price in the table. */
  readonly unpriced: readonly string[];
  /** What is paid for by its use: in no sum here. */
  readonly byUse: readonly ByUse[];
}

/** The region of a graph, by the ARNs of what it makes. */
export function regionOfGraph({ resources }: RecordedGraph): string | undefined {
  const regions = resources.flatMap((one) => arnPlace(arnOf(one))?.region ?? []);
  const counts = new Map<string, number>();
  for (const region of regions) counts.set(region, (counts.get(region) ?? 0) + 1);
  const [most] = [...counts].sort(([, one], [, other]) => other - one);
  return most?.[0];
}

/** What an environment costs idle, once something was delivered to it. */
export function idleCostOf(graph: RecordedGraph): IdleCost {
  const region = regionOfGraph(graph) ?? "no region";
  const bill = new Bill(region);
  billNetwork(graph, bill);
  billBalancers(graph, bill);
  billTasks(graph, bill);
  billPipelines(graph, bill);
  billWatching(graph, bill);
  billKeeping(graph, region, bill);
  const { lines } = bill;
  return {
    region,
    isPriced: region in PRICES,
    lines,
    least: total(lines, "least"),
    most: total(lines, "most"),
    unpriced: [...bill.unpriced, ...unknownTypes(graph).map((type) => `${type}: not in the table`)],
    byUse: byUseOf(graph, region in PRICES),
  };
}

/** A part of a bill, with its lines; each service is one. */
export interface BilledPart {
  readonly name: string;
  readonly lines: readonly CostLine[];
  readonly least: number;
  readonly most: number;
}

/** The parts of a bill; those of services one by one. */
export function partsOf(all: readonly CostLine[]): readonly BilledPart[] {
  const nameOf = ({ part, service }: CostLine) => (service === undefined ? part : `service ${service}`);
  return [...new Set(all.map(nameOf))].map((name) => {
    const lines = all.filter((line) => nameOf(line) === name);
    return { name, lines, least: total(lines, "least"), most: total(lines, "most") };
  });
}

function total(lines: readonly CostLine[], of: "least" | "most"): number {
  return lines.reduce((sum, line) => sum + line[of], 0);
}
