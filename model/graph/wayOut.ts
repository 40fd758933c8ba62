import type { RecordedGraph, RecordedResource } from "./graph";
import { vpcOf } from "./networks";
import { mapOf } from "./read";
import { type Opening, openingsOf } from "./securityGroups";
import { securityGroupsOf } from "./services";

/**
 * Ranges of which no address is on the internet.
 * https://www.rfc-editor.org/rfc/rfc6890
 */
const PRIVATE =
  /^(?:10\.|127\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|192\.168\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd]|fe80:)/;

/** What a service's tasks may open to addresses on the internet, by their security groups. */
export function openToInternet(graph: RecordedGraph, service: RecordedResource): readonly Opening[] {
  const groups = securityGroupsOf(service);
  return openingsOf(graph).filter(
    ({ direction, groupId, cidrs }) =>
      direction === "egress" && groups.includes(groupId) && cidrs.some((cidr) => !PRIVATE.test(cidr)),
  );
}

/** Whether the network leads there; undefined where the network is someone else's. */
export function hasWayOut(graph: RecordedGraph, service: RecordedResource): boolean | undefined {
  const vpc = vpcOf(graph, service);
  if (!vpc) return undefined;
  return vpc.hasNat || mapOf(service.inputs.networkConfiguration).assignPublicIp === true;
}
