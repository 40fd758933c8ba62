import type { RecordedGraph, RecordedResource } from "../graph/graph";
import { endpointLeadsTo } from "../graph/networks";
import { listOf, mapOf, mapsOf, textOf, textsOf } from "../graph/read";
import { ofType, TYPES } from "../graph/resources";
import type { Bill } from "./bill";

const COMPONENT = "awsx:ec2:Vpc";

/** The network of a graph, as far as it costs something. */
export interface PricedNetwork {
  /** Interface endpoints, each with the zones it is in. */
  readonly endpoints: readonly { readonly service: string; readonly zones: number }[];
  readonly nats: number;
  /** Zones of the networks that the stack makes. */
  readonly zones: number;
}

/** What of a graph's network costs something by the hour. */
export function networkOf(graph: RecordedGraph): PricedNetwork {
  const vpcs = ofType(graph, COMPONENT);
  const own = ofType(graph, TYPES.vpcEndpoint).map(({ inputs }) => ({
    inputs,
    zones: textsOf(inputs.subnetIds).length,
  }));
  const inside = vpcs.flatMap((vpc) =>
    mapsOf(vpc.inputs.vpcEndpointSpecs).map((inputs) => ({ inputs, zones: zonesOf(vpc) })),
  );
  return {
    endpoints: [...own, ...inside]
      .filter(({ inputs }) => inputs.vpcEndpointType === "Interface")
      .map(({ inputs, zones }) => ({
        service: endpointLeadsTo(inputs),
        zones: Math.max(1, zones),
      })),
    nats: vpcs.reduce((sum, vpc) => sum + natsOf(vpc), ofType(graph, "aws:ec2/natGateway:NatGateway").length),
    zones: Math.max(0, ...vpcs.map(zonesOf)),
  };
}

function zonesOf({ inputs, outputs }: RecordedResource): number {
  const named = listOf(inputs.availabilityZoneNames).length;
  return named > 0 ? named : listOf(outputs.privateSubnetIds).length || 3;
}

/** The component's own: one in each zone, unless something else is said. */
function natsOf(vpc: RecordedResource): number {
  const strategy = textOf(mapOf(vpc.inputs.natGateways).strategy);
  if (strategy === "None") return 0;
  return strategy === "Single" ? 1 : zonesOf(vpc);
}

/** Endpoints, NAT gateways and their addresses. */
export function billNetwork(graph: RecordedGraph, bill: Bill): void {
  const { endpoints, nats } = networkOf(graph);
  const places = endpoints.reduce((sum, { zones }) => sum + zones, 0);
  const zones = new Set(endpoints.map((one) => one.zones));
  const where = zones.size === 1 ? `${String([...zones][0])} zone${zones.has(1) ? "" : "s"}` : "their zones";
  bill.add("network", `${endpoints.length} interface endpoints in ${where}`, "endpointHour", [places, places]);
  bill.add("network", "NAT gateways", "natHour", [nats, nats]);
  bill.add("network", "public addresses of NAT gateways", "addressHour", [nats, nats]);
  const own = ofType(graph, "aws:ec2/eip:Eip").length - ofType(graph, "aws:ec2/natGateway:NatGateway").length;
  bill.add("network", "other public addresses", "addressHour", [Math.max(0, own), Math.max(0, own)]);
}
