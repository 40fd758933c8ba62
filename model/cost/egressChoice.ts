import { HOURS_A_MONTH, PRICES } from "../../components/cost/prices";
import type { RecordedGraph } from "../graph/graph";
import { regionOfGraph } from "./idleCost";
import { networkOf } from "./network";

/** One way out of private subnets, and what it costs. */
export interface PricedEgress {
  /** Word of `network.egress`. */
  readonly egress: "endpoints" | "natSingle" | "natPerAz";
  readonly what: string;
  /** US dollars a month. */
  readonly month: number;
  /** US dollars a GB. */
  readonly gb: number;
}

/** How a network's way out costs, and the other ways. */
export interface EgressChoice {
  readonly taken: PricedEgress;
  readonly others: readonly PricedEgress[];
}

/** The endpoints that every task needs: to pull its image, and to write its log. The one to S3 costs nothing. */
const LEAST_ENDPOINTS = ["ecr.api", "ecr.dkr", "logs"];

/** The ways out of a network that the stack makes, priced; undefined where there is none, or no price. */
export function egressChoiceOf(graph: RecordedGraph): EgressChoice | undefined {
  const { endpoints, nats, zones } = networkOf(graph);
  const { endpointHour, endpointGb, natHour, natGb, addressHour } = PRICES[regionOfGraph(graph) ?? ""] ?? {};
  if (endpoints.length + nats === 0 || zones === 0) return undefined;
  if (!endpointHour || !endpointGb || !natHour || !natGb || !addressHour) return undefined;
  const through = (names: readonly string[], places: number): PricedEgress => ({
    egress: "endpoints",
    what: `${names.length} interface endpoints in ${zones} zone${zones === 1 ? "" : "s"} (${names.join(", ")})`,
    month: places * HOURS_A_MONTH * endpointHour,
    gb: endpointGb,
  });
  const nat = (egress: "natSingle" | "natPerAz", count: number): PricedEgress => ({
    egress,
    what: `${count} NAT gateway${count === 1 ? "" : "s"} with a public address${count === 1 ? "" : " each"}`,
    month: count * HOURS_A_MONTH * (natHour + addressHour),
    gb: natGb,
  });
  const places = endpoints.reduce((sum, one) => sum + one.zones, 0);
  const names = endpoints.map(({ service }) => service);
  const [single, perZone] = [nat("natSingle", 1), nat("natPerAz", zones)];
  if (nats === 0) return { taken: through(names, places), others: zones > 1 ? [single, perZone] : [single] };
  const instead = through(LEAST_ENDPOINTS, LEAST_ENDPOINTS.length * zones);
  return nats === 1
    ? { taken: single, others: zones > 1 ? [instead, perZone] : [instead] }
    : { taken: nat("natPerAz", nats), others: [instead, single] };
}

/** GB a month from which on the one with the lower price a GB is the cheaper one; undefined where it always or never is. */
export function evenAt(one: PricedEgress, other: PricedEgress): number | undefined {
  const even = (one.month - other.month) / (other.gb - one.gb);
  return Number.isFinite(even) && even > 0 ? even : undefined;
}
