import type { RecordedGraph, RecordedResource } from "./graph";
import { mapsOf, numberOf, textOf, textsOf, type Values } from "./read";
import { ofType, TYPES } from "./resources";

/** One opening of a security group, however the program writes it. */
export interface Opening {
  /** The resource that states it. */
  readonly resource: RecordedResource;
  /** Id of the group it belongs to. */
  readonly groupId: string;
  readonly direction: "ingress" | "egress";
  readonly fromPort: number;
  readonly toPort: number;
  /** IPv4 and IPv6 ranges. */
  readonly cidrs: readonly string[];
  /** Ids of the groups on the other side. */
  readonly peers: readonly string[];
  readonly prefixLists: readonly string[];
}

/** Ranges that mean everyone. */
export const EVERYONE: readonly string[] = ["0.0.0.0/0", "::/0"];

const RULE_TYPES = {
  ingress: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  egress: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
} as const;

/** All openings in a graph: inline ones, the rules of `aws.vpc`, and the older `aws.ec2.SecurityGroupRule`. */
export function openingsOf(graph: RecordedGraph): readonly Opening[] {
  const inline = ofType(graph, TYPES.securityGroup).flatMap((group) =>
    (["ingress", "egress"] as const).flatMap((direction) =>
      mapsOf(group.inputs[direction]).map((rule) => opening(group, group.id ?? group.name, direction, rule)),
    ),
  );
  const own = (["ingress", "egress"] as const).flatMap((direction) =>
    ofType(graph, RULE_TYPES[direction]).map((rule) => opening(rule, groupIdOf(rule), direction, rule.inputs)),
  );
  const older = ofType(graph, "aws:ec2/securityGroupRule:SecurityGroupRule").map((rule) =>
    opening(rule, groupIdOf(rule), rule.inputs.type === "egress" ? "egress" : "ingress", rule.inputs),
  );
  return [...inline, ...own, ...older];
}

function groupIdOf(rule: RecordedResource): string {
  return textOf(rule.inputs.securityGroupId) ?? "";
}

function opening(resource: RecordedResource, groupId: string, direction: Opening["direction"], rule: Values): Opening {
  const all = ["-1", "all"].includes(textOf(rule.ipProtocol) ?? textOf(rule.protocol) ?? "");
  const self = rule.self === true ? [groupId] : [];
  return {
    resource,
    groupId,
    direction,
    fromPort: all ? 0 : (numberOf(rule.fromPort) ?? 0),
    toPort: all ? 65_535 : (numberOf(rule.toPort) ?? 65_535),
    cidrs: [rule.cidrIpv4, rule.cidrIpv6, rule.cidrBlocks, rule.ipv6CidrBlocks].flatMap(textsOf),
    peers: [
      ...[rule.referencedSecurityGroupId, rule.sourceSecurityGroupId, rule.securityGroups].flatMap(textsOf),
      ...self,
    ],
    prefixLists: [rule.prefixListId, rule.prefixListIds].flatMap(textsOf),
  };
}

/** Whether an opening includes a port. */
export function includesPort({ fromPort, toPort }: Opening, port: number): boolean {
  return fromPort <= port && port <= toPort;
}
