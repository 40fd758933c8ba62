import type { Environment } from "../environment/environment";
import { resourceOf } from "../environment/environment";
import { groupPair } from "../environment/service";
import { type Entry, isRunning, productionEntries, servedShare } from "../environment/traffic";
import type { RecordedGraph } from "../graph/graph";
import { ofType, TYPES } from "../graph/resources";
import type { Step } from "./plan";
import type { Moment, Played } from "./play";

/** A time in which production lacks what it had. */
export interface Gap {
  /** URN of the service. */
  readonly service: string;
  /** Seconds; what is not over when nothing moves any more is for good. */
  readonly seconds: number;
  readonly forGood: boolean;
  /** The least share of requests that is answered meanwhile, 0 to 1. */
  readonly least: number;
  /** What it begins with. @default - something that ends by itself */
  readonly step?: Step;
}

/**
 * Times in which production was not served as before, by service. What the program gives up is not missed: a service that
 * goes, tasks that it wants none of, a way in that it does not have any more.
 */
export function gapsIn({ moments }: Played, wanted: RecordedGraph): readonly Gap[] {
  const [first] = moments;
  if (!first) return [];
  return ofType(first.environment, TYPES.service).flatMap(({ urn }) => {
    const after = resourceOf(wanted, urn);
    if (!after || after.inputs.desiredCount === 0) return [];
    const [was, is] = [entriesOf(first.environment, urn), entriesOf(wanted, urn)];
    const known = was.length > 0 && is.length > 0 ? new Set(was.map((entry) => entry.urn)) : undefined;
    return gapOf(moments, urn, known) ?? [];
  });
}

/** `known` are the ways in that users know; without any, it counts whether the service runs. */
function gapOf(moments: readonly Moment[], urn: string, known: ReadonlySet<string> | undefined): Gap | undefined {
  const shares = moments.map(({ environment, step }) => ({
    clock: environment.clock,
    share: known ? servedBy(environment, urn, known) : runs(environment, urn),
    step,
  }));
  const least = Math.min(...shares.map(({ share }) => share));
  if (shares[0]?.share !== 1 || least >= 1) return undefined;
  const seconds = shares.reduce((sum, { clock, share }, index) => {
    const next = shares[index + 1];
    return next && share < 1 ? sum + next.clock - clock : sum;
  }, 0);
  const last = shares.at(-1);
  const forGood = last !== undefined && last.share < 1;
  if (seconds === 0 && !forGood) return undefined;
  const step = shares.find(({ share }) => share < 1)?.step;
  return { service: urn, seconds, forGood, least, step };
}

/** Whether any task of a service runs: 1 or 0. */
function runs(environment: Environment, urn: string): number {
  return environment.tasks.some((set) => set.service === urn && isRunning(environment, set)) ? 1 : 0;
}

/** The share of a service's requests that is answered, 0 to 1; of one without a load balancer, whether it runs. */
export function served(environment: Environment, urn: string): number {
  return servedBy(environment, urn, new Set());
}

/** A new way in has no users yet: as long as one is there that they know, it counts alone. */
function servedBy(environment: Environment, urn: string, known: ReadonlySet<string>): number {
  const own = environment.tasks.filter((set) => set.service === urn);
  if (!resourceOf(environment, urn) && own.length === 0) return 0;
  const entries = entriesOf(environment, urn);
  const counting = entries.some((entry) => known.has(entry.urn))
    ? entries.filter((entry) => known.has(entry.urn))
    : entries;
  if (counting.length > 0) return Math.min(...counting.map((entry) => servedShare(environment, entry)));
  return groupsOf(environment, urn).size === 0 ? runs(environment, urn) : 0;
}

/** Ways in to a service: to its groups, or to those that its tasks are still in. */
function entriesOf(graph: RecordedGraph | Environment, urn: string): readonly Entry[] {
  const groups = groupsOf(graph, urn);
  return productionEntries(graph).filter(({ forwards }) => forwards.some(({ arn }) => groups.has(arn)));
}

function groupsOf(graph: RecordedGraph | Environment, urn: string): ReadonlySet<string> {
  const service = resourceOf(graph, urn);
  const tasks = "tasks" in graph ? graph.tasks.filter((set) => set.service === urn) : [];
  return new Set([
    ...(service ? groupPair(graph, service) : []),
    ...tasks.flatMap(({ targets }) => targets.map(({ groupArn }) => groupArn)),
  ]);
}
