import type { RecordedGraph, RecordedResource } from "./graph";
import { mapOf, mapsOf, numberOf, textOf, textsOf, type Values } from "./read";
import { arnOf, ofType, referredBy, TYPES } from "./resources";

/** What a listener is for. */
export type ListenerKind = "production" | "test" | "redirect";

/** One target group that an action forwards to. */
export interface Forward {
  readonly arn: string;
  readonly weight: number;
}

/** The target groups of listener or rule actions, in the plain and the weighted form. */
export function forwardsOf(actions: unknown): readonly Forward[] {
  return mapsOf(actions).flatMap((action) => {
    const weighted = mapsOf(mapOf(action.forward).targetGroups).flatMap((group) => forward(group.arn, group.weight));
    return [...forward(action.targetGroupArn, 100), ...weighted];
  });
}

function forward(arn: unknown, weight: unknown): Forward[] {
  const text = textOf(arn);
  return text === undefined ? [] : [{ arn: text, weight: numberOf(weight) ?? 1 }];
}

/** Everything a listener forwards to: by its default action and by its rules. */
export function listenerForwards(graph: RecordedGraph, listener: RecordedResource): readonly Forward[] {
  const rules = ofType(graph, TYPES.listenerRule).filter((rule) => rule.inputs.listenerArn === arnOf(listener));
  return [...forwardsOf(listener.inputs.defaultActions), ...rules.flatMap((rule) => forwardsOf(rule.inputs.actions))];
}

/** What a listener is for, by who refers to it as test traffic, else by its name. */
export function listenerKind(graph: RecordedGraph, listener: RecordedResource): ListenerKind {
  const types = mapsOf(listener.inputs.defaultActions).map(({ type }) => textOf(type));
  if (types.length > 0 && types.every((type) => type === "redirect")) return "redirect";
  const arn = arnOf(listener);
  if (arn !== undefined && testListeners(graph).has(arn)) return "test";
  return /(?:^|-)test(?:-|$)/i.test(listener.name) ? "test" : "production";
}

/** ARNs of the listeners that deployments send test traffic through. */
function testListeners(graph: RecordedGraph): Set<string> {
  const routes = ofType(graph, TYPES.deploymentGroup).flatMap((group) => {
    const info = mapOf(mapOf(group.inputs.loadBalancerInfo).targetGroupPairInfo);
    return textsOf(mapOf(info.testTrafficRoute).listenerArns);
  });
  const rules = ofType(graph, TYPES.service)
    .flatMap((service) => mapsOf(service.inputs.loadBalancers))
    .map(({ advancedConfiguration }: Values) => mapOf(advancedConfiguration).testListenerRule)
    // Of a network load balancer, which has no rules, the listener itself.
    .map((rule) => textOf(referredBy(graph, TYPES.listenerRule, rule)?.inputs.listenerArn) ?? textOf(rule));
  return new Set([...routes, ...rules].filter((arn) => arn !== undefined));
}
