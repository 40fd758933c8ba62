import { isFor } from "../graph/architectures";
import type { RecordedGraph, RecordedResource } from "../graph/graph";
import { type Forward, forwardsOf, listenerKind } from "../graph/listeners";
import { mapOf, mapsOf, numberOf, textsOf } from "../graph/read";
import { arnOf, ofType, referredBy, TYPES } from "../graph/resources";
import { includesPort, openingsOf } from "../graph/securityGroups";
import type { Environment, TaskSet } from "./environment";

/** Where users come in: a listener of this stack, or a rule on one that is someone else's. */
export interface Entry {
  /** URN of the listener or rule. */
  readonly urn: string;
  readonly name: string;
  /** Where requests go, in shares. */
  readonly forwards: readonly Forward[];
  /** @default - the load balancer is someone else's */
  readonly balancer?: RecordedResource;
  /** @default - the listener is someone else's */
  readonly port?: number;
}

/** Where production traffic comes in. A rule that takes every path stands before a listener's default action. */
export function productionEntries(graph: RecordedGraph): readonly Entry[] {
  const rules = ofType(graph, TYPES.listenerRule);
  const listeners = ofType(graph, TYPES.listener);
  const own = listeners
    .filter((listener) => listenerKind(graph, listener) === "production")
    .flatMap((listener) => {
      const ofListener = rules.filter((rule) => rule.inputs.listenerArn === arnOf(listener));
      const catchAll = ofListener.find(takesEverything);
      const balancer = referredBy(graph, TYPES.loadBalancer, listener.inputs.loadBalancerArn);
      const port = numberOf(listener.inputs.port) ?? 0;
      const rest = {
        urn: listener.urn,
        name: listener.name,
        forwards: forwardsOf(catchAll ? catchAll.inputs.actions : listener.inputs.defaultActions),
        balancer,
        port,
      };
      // Requests that a rule takes come to another service.
      const taken = ofListener
        .filter((rule) => !takesEverything(rule))
        .map(({ urn, name, inputs }) => ({ urn, name, forwards: forwardsOf(inputs.actions), balancer, port }));
      return [rest, ...taken];
    });
  const known = new Set(listeners.map(arnOf));
  const shared = rules
    .filter(({ inputs }) => !known.has(String(inputs.listenerArn)))
    .map((rule) => ({ urn: rule.urn, name: rule.name, forwards: forwardsOf(rule.inputs.actions) }));
  return [...own, ...shared];
}

function takesEverything({ inputs }: RecordedResource): boolean {
  const conditions = mapsOf(inputs.conditions);
  return (
    conditions.length > 0 && conditions.every(({ pathPattern }) => textsOf(mapOf(pathPattern).values).includes("/*"))
  );
}

/** The share of an entry's requests that healthy tasks answer, 0 to 1. */
export function servedShare(environment: Environment, entry: Entry): number {
  if (entry.balancer && entry.port !== undefined && !admitsClients(environment, entry.balancer, entry.port)) return 0;
  const total = entry.forwards.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return 0;
  const served = entry.forwards.filter(({ arn }) =>
    environment.tasks.some((set) => serves(environment, set, arn, entry)),
  );
  return served.reduce((sum, { weight }) => sum + weight, 0) / total;
}

function serves(environment: Environment, set: TaskSet, groupArn: string, { balancer }: Entry): boolean {
  return (
    isRunning(environment, set) &&
    set.targets.some((one) => one.groupArn === groupArn && reaches(environment, balancer, set, one.port))
  );
}

/** Whether tasks are up: they were started, can run, and have not left. */
export function isRunning({ clock }: Environment, set: TaskSet): boolean {
  return set.count > 0 && set.readyAt <= clock && (set.goneAt ?? Number.POSITIVE_INFINITY) > clock && canRun(set);
}

/** An image runs on the CPUs it was built for and on no other. */
export function canRun({ architecture, imageArchitecture }: TaskSet): boolean {
  return isFor(imageArchitecture, architecture);
}

/**
 * Whether a load balancer's health checks get to tasks: both sides' security groups have to let them, and a container
 * has to listen there.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-update-security-groups.html
 */
export function reaches(
  graph: RecordedGraph,
  balancer: RecordedResource | undefined,
  { securityGroups, ports }: Pick<TaskSet, "securityGroups" | "ports">,
  port: number,
): boolean {
  if (!Object.values(ports).some((listening) => listening.includes(port))) return false;
  if (!balancer) return true;
  const own = textsOf(balancer.inputs.securityGroups);
  const openings = openingsOf(graph).filter((opening) => includesPort(opening, port));
  const out = openings.some(
    ({ direction, groupId, peers, cidrs }) =>
      direction === "egress" &&
      own.includes(groupId) &&
      (cidrs.length > 0 || peers.some((id) => securityGroups.includes(id))),
  );
  const into = openings.some(
    ({ direction, groupId, peers, cidrs }) =>
      direction === "ingress" &&
      securityGroups.includes(groupId) &&
      (cidrs.length > 0 || peers.some((id) => own.includes(id))),
  );
  return out && into;
}

function admitsClients(graph: RecordedGraph, balancer: RecordedResource, port: number): boolean {
  const own = textsOf(balancer.inputs.securityGroups);
  return openingsOf(graph).some(
    (opening) => opening.direction === "ingress" && own.includes(opening.groupId) && includesPort(opening, port),
  );
}

/** The load balancer that a target group is attached to: by a listener of it, or by a rule of one. */
export function balancersOfGroup(graph: RecordedGraph, groupArn: string): readonly string[] {
  const listeners = ofType(graph, TYPES.listener);
  const direct = listeners.filter(({ inputs }) => leadsTo(inputs.defaultActions, groupArn));
  const byRule = ofType(graph, TYPES.listenerRule).filter(({ inputs }) => leadsTo(inputs.actions, groupArn));
  const arns = [
    ...direct.map(({ inputs }) => String(inputs.loadBalancerArn)),
    ...byRule.map(({ inputs }) => balancerOfListener(listeners, String(inputs.listenerArn))),
  ];
  return [...new Set(arns)];
}

function balancerOfListener(listeners: readonly RecordedResource[], listenerArn: string): string {
  const listener = listeners.find((one) => arnOf(one) === listenerArn);
  return listener ? String(listener.inputs.loadBalancerArn) : `the load balancer of ${listenerArn}`;
}

/** Whether actions forward to a target group, with whatever weight. */
export function leadsTo(actions: unknown, groupArn: string): boolean {
  return forwardsOf(actions).some(({ arn }) => arn === groupArn);
}
