import type { Environment } from "../environment/environment";
import { resourceOf } from "../environment/environment";
import { balancersOf, groupPair } from "../environment/service";
import { isRunning, productionEntries, servedShare } from "../environment/traffic";
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

/** Times in which production was not served as before, by service. A service that the program gives up is not missed. */
export function gapsIn({ moments }: Played, wanted: ReadonlySet<string>): readonly Gap[] {
  const [first] = moments;
  if (!first) return [];
  return ofType(first.environment, TYPES.service)
    .filter(({ urn }) => wanted.has(urn) && served(first.environment, urn) === 1)
    .flatMap(({ urn }) => gapOf(moments, urn) ?? []);
}

function gapOf(moments: readonly Moment[], urn: string): Gap | undefined {
  const shares = moments.map(({ environment, step }) => ({
    clock: environment.clock,
    share: served(environment, urn),
    step,
  }));
  const least = Math.min(...shares.map(({ share }) => share));
  if (least >= 1) return undefined;
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

/** The share of a service's requests that is answered, 0 to 1; of one without a load balancer, whether it runs. */
export function served(environment: Environment, urn: string): number {
  const service = resourceOf(environment, urn);
  const own = environment.tasks.filter((set) => set.service === urn);
  const balanced = service ? balancersOf(service).length > 0 : own.some(({ targets }) => targets.length > 0);
  if (!balanced) return service && own.some((set) => isRunning(environment, set)) ? 1 : 0;
  const groups = new Set([
    ...(service ? groupPair(environment, service) : []),
    ...own.flatMap(({ targets }) => targets.map(({ groupArn }) => groupArn)),
  ]);
  const entries = productionEntries(environment).filter(({ forwards }) => forwards.some(({ arn }) => groups.has(arn)));
  // The listeners of someone else are not in the graph: nothing is known of them.
  if (entries.length === 0 && !knowsGroups(environment, groups))
    return own.some((set) => isRunning(environment, set)) ? 1 : 0;
  return entries.length === 0 ? 0 : Math.min(...entries.map((entry) => servedShare(environment, entry)));
}

function knowsGroups(environment: Environment, groups: ReadonlySet<string>): boolean {
  return ofType(environment, TYPES.targetGroup).some(({ id }) => id !== undefined && groups.has(id));
}
