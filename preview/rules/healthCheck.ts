import type { Finding, RecordedGraph, RecordedResource, Rule } from "../../model/graph/graph";
import { mapOf, numberOf, textOf } from "../../model/graph/read";
import { finding, ofType, propertyOf, TYPES } from "../../model/graph/resources";
import { loadBalancerInputs, targetGroupsOf, taskDefinitionOf } from "../../model/graph/services";

/** AWS's values where none are given. */
const DEFAULT_INTERVAL = 30;
const DEFAULT_TIMEOUT = 5;

/** Health checks are ones that AWS takes, and target groups can have the tasks as targets. */
export const healthCheck: Rule = (graph) => [
  ...ofType(graph, TYPES.targetGroup).flatMap(timeoutFindings),
  ...ofType(graph, TYPES.service).flatMap((service) => [
    ...graceFindings(service),
    ...targetTypeFindings(graph, service),
  ]),
];

function timeoutFindings(group: RecordedResource): readonly Finding[] {
  const check = mapOf(group.inputs.healthCheck);
  const interval = numberOf(check.interval) ?? DEFAULT_INTERVAL;
  const timeout = numberOf(check.timeout) ?? DEFAULT_TIMEOUT;
  if (timeout < interval) return [];
  const text = `healthCheck.timeout ${timeout} s: expected less than the interval of ${interval} s; shorten the one or lengthen the other`;
  return [finding("health-check", group, text)];
}

function graceFindings(service: RecordedResource): readonly Finding[] {
  const grace = numberOf(service.inputs.healthCheckGracePeriodSeconds);
  if (grace === undefined || loadBalancerInputs(service).length > 0) return [];
  const text = `healthCheckGracePeriodSeconds ${grace}: goes only with a load balancer, and the service has none; leave it out`;
  return [finding("health-check", service, text)];
}

function targetTypeFindings(graph: RecordedGraph, service: RecordedResource): readonly Finding[] {
  const definition = taskDefinitionOf(graph, service);
  if (!definition || propertyOf(definition, "networkMode") !== "awsvpc") return [];
  return targetGroupsOf(graph, service)
    .filter((group) => group.inputs.targetType !== "ip")
    .map((group) => {
      const got = textOf(group.inputs.targetType) ?? "instance, the default";
      const text = `targetType: tasks with their own network interface (awsvpc) need "ip", got ${got}`;
      return finding("health-check", group, text);
    });
}
