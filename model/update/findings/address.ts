import { productionEntries } from "../../environment/traffic";
import type { Finding, RecordedGraph, RecordedResource } from "../../graph/graph";
import { mapOf, mapsOf, numberOf, textsOf } from "../../graph/read";
import { arnOf, ofType, TYPES } from "../../graph/resources";
import type { UpdateContext } from "../updateRun";

/** Where users come in now: what of it nobody answers any more, though the service goes on. */
export function addressFindings({ before, after }: UpdateContext): readonly Finding[] {
  return [
    ...ofType(after, TYPES.listenerRule).flatMap((rule) => hostFindings(rule, before)),
    ...ruleFindings(before, after),
    ...portFindings(before, after),
  ];
}

/** A rule by which a load balancer that stays led requests to a service that goes on. */
function ruleFindings(before: RecordedGraph, after: RecordedGraph): readonly Finding[] {
  const there = new Set([...after.resources.map(({ urn }) => urn)]);
  return ofType(before, TYPES.listenerRule).flatMap((rule): readonly Finding[] => {
    const listener = ofType(before, TYPES.listener).find((one) => arnOf(one) === rule.inputs.listenerArn);
    const service = rule.name.replace(/-production$/, "");
    if (!listener || there.has(rule.urn) || !there.has(listener.urn) || !goesOn(service, before, after)) return [];
    const asked = [...hostsOf(rule), ...pathsOf(rule)].filter((one) => one !== "/*");
    if (asked.length === 0) return [];
    return [
      {
        level: "warning",
        rule: "address-changes",
        urn: rule.urn,
        message: `${service}: requests for ${asked.join(", ")} at "${listener.name}" are not led to it any more: who still comes there comes to what the listener leads to else`,
        steps: ["point users to the new address (DNS) before"],
      },
    ];
  });
}

function pathsOf({ inputs }: RecordedResource): readonly string[] {
  return mapsOf(inputs.conditions).flatMap(({ pathPattern }) => textsOf(mapOf(pathPattern).values));
}

/** Host names by which a listener that is someone else's told the service's requests from others. */
function hostFindings(rule: RecordedResource, before: RecordedGraph): readonly Finding[] {
  const past = before.resources.find(({ urn }) => urn === rule.urn);
  const lost = past ? hostsOf(past).filter((host) => !hostsOf(rule).includes(host)) : [];
  if (lost.length === 0) return [];
  return [
    {
      level: "warning",
      rule: "address-changes",
      urn: rule.urn,
      message: `${rule.name}: requests for ${lost.join(", ")} are not led to it any more: who still comes there is not answered by it`,
      steps: [
        "lead both names to it for a while (hosts), and point users to the new one",
        "then take the old one away",
      ],
    },
  ];
}

function hostsOf({ inputs }: RecordedResource): readonly string[] {
  return mapsOf(inputs.conditions).flatMap(({ hostHeader }) => textsOf(mapOf(hostHeader).values));
}

function portFindings(before: RecordedGraph, after: RecordedGraph): readonly Finding[] {
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
