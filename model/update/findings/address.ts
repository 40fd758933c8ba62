import { productionEntries } from "../../environment/traffic";
import type { Finding, RecordedGraph } from "../../graph/graph";
import { numberOf } from "../../graph/read";
import { ofType, TYPES } from "../../graph/resources";
import type { UpdateContext } from "../updateRun";

/** Where users come in now: what of it nobody answers any more, though the service goes on. */
export function addressFindings({ before, after }: UpdateContext): readonly Finding[] {
  return productionEntries(before).flatMap(({ urn, name, port, balancer }): readonly Finding[] => {
    if (!balancer || port === undefined) return [];
    const stays = after.resources.find((one) => one.urn === balancer.urn);
    const service = name.replace(/-production$/, "");
    // A service that goes takes its address along: that is said of the service.
    if (!stays) return goesOn(service, before, after) ? [gone(urn, service, balancer.name)] : [];
    const listening = ofType(after, TYPES.listener).filter(({ inputs }) => inputs.loadBalancerArn === stays.id);
    const ports = listening.map(({ inputs }) => numberOf(inputs.port) ?? 0);
    return ports.includes(port) ? [] : [moved(urn, service, port, portOf(urn, after))];
  });
}

function goesOn(service: string, before: RecordedGraph, after: RecordedGraph): boolean {
  const has = (graph: RecordedGraph) => ofType(graph, TYPES.service).some(({ name }) => name === service);
  return has(before) && has(after);
}

function portOf(urn: string, { resources }: RecordedGraph): number | undefined {
  return numberOf(resources.find((one) => one.urn === urn)?.inputs.port);
}

function gone(urn: string, service: string, balancer: string): Finding {
  return {
    level: "warning",
    rule: "address-changes",
    urn,
    message: `${service}: load balancer "${balancer}" goes, and its address with it: who still comes there is not answered`,
    steps: ["point users to the new address (DNS) before the old one goes"],
  };
}

function moved(urn: string, service: string, from: number, to: number | undefined): Finding {
  return {
    level: "warning",
    rule: "address-changes",
    urn,
    message: `${service}: production moves from port ${from} to ${to ?? "another one"}: who still comes to ${from} is not answered`,
    steps: ["tell users the new address before"],
  };
}
