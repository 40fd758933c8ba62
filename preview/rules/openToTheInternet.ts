import type { RecordedGraph, RecordedResource, Rule } from "../../model/graph/graph";
import { listenerKind } from "../../model/graph/listeners";
import { numberOf, textsOf } from "../../model/graph/read";
import { arnOf, finding, ofType, TYPES } from "../../model/graph/resources";
import { EVERYONE, type Opening, openingsOf } from "../../model/graph/securityGroups";

/** Only the production port (and the redirect to it) of a public load balancer is open to everyone. */
export const openToTheInternet: Rule = (graph) =>
  openingsOf(graph)
    .filter(({ direction, cidrs }) => direction === "ingress" && cidrs.some((cidr) => EVERYONE.includes(cidr)))
    .filter((opening) => !isProduction(opening, publicPorts(graph, opening.groupId)))
    .map((opening) => finding("open-to-the-internet", opening.resource, explain(graph, opening)));

function isProduction({ fromPort, toPort }: Opening, ports: readonly number[]): boolean {
  return fromPort === toPort && ports.includes(fromPort);
}

/** Ports of the production and redirect listeners of the public load balancers in a security group. */
function publicPorts(graph: RecordedGraph, groupId: string): readonly number[] {
  return balancersIn(graph, groupId).flatMap((balancer) =>
    ofType(graph, TYPES.listener)
      .filter(({ inputs }) => inputs.loadBalancerArn === arnOf(balancer))
      .filter((listener) => listenerKind(graph, listener) !== "test")
      .flatMap(({ inputs }) => numberOf(inputs.port) ?? []),
  );
}

function balancersIn(graph: RecordedGraph, groupId: string): readonly RecordedResource[] {
  return ofType(graph, TYPES.loadBalancer).filter(
    ({ inputs }) => inputs.internal !== true && textsOf(inputs.securityGroups).includes(groupId),
  );
}

function explain(graph: RecordedGraph, { fromPort, toPort, cidrs, groupId }: Opening): string {
  const range = cidrs.filter((cidr) => EVERYONE.includes(cidr)).join(", ");
  const port = fromPort === toPort ? `port ${fromPort}` : `ports ${fromPort} to ${toPort}`;
  const ports = publicPorts(graph, groupId);
  const allowed =
    ports.length > 0
      ? `only the production listener is for everyone (port ${ports.join(", ")})`
      : "this is no public load balancer's security group";
  return `ingress from ${range} on ${port}: ${allowed}; name the addresses or the security group that may connect`;
}
