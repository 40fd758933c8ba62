import type { RecordedGraph, RecordedResource } from "../../model/graph/graph";
import { ofType, TYPES } from "../../model/graph/resources";
import { type Opening, openingsOf } from "../../model/graph/securityGroups";
import type { Paired } from "../../model/update/pairs";
import type { Widening } from "./change";

/** What security groups let through now, and what no longer. */
export function openingChanges(before: RecordedGraph, after: RecordedGraph, { pairs }: Paired): Widening {
  const present = new Map(pairs.map((pair) => [pair.before, pair.after.name]));
  const old = sentencesOf(before, (group) => present.get(group) ?? group.name);
  const young = sentencesOf(after, ({ name }) => name);
  return {
    widened: young.filter((sentence) => !old.includes(sentence)),
    narrowed: old.filter((sentence) => !young.includes(sentence)),
  };
}

function sentencesOf(graph: RecordedGraph, called: (group: RecordedResource) => string): readonly string[] {
  const names = new Map(ofType(graph, TYPES.securityGroup).map((group) => [group.id, called(group)]));
  const nameOf = (id: string) => names.get(id) ?? id;
  return [...new Set(openingsOf(graph).flatMap((opening) => sentences(opening, nameOf)))];
}

/** `api-load-balancer: ingress 80 from 0.0.0.0/0`, one for each who is on the other side. */
function sentences(opening: Opening, nameOf: (id: string) => string): readonly string[] {
  const { groupId, direction, fromPort, toPort, cidrs, peers, prefixLists } = opening;
  const ports = fromPort === toPort ? String(fromPort) : `${fromPort}-${toPort}`;
  const start = `${nameOf(groupId)}: ${direction} ${fromPort === 0 && toPort === 65_535 ? "on every port" : ports}`;
  const others = [...cidrs, ...peers.map(nameOf), ...prefixLists];
  return others.map((other) => `${start} ${direction === "ingress" ? "from" : "to"} ${other}`);
}
