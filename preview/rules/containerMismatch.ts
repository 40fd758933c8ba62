import { variableForFiles } from "../../model/actions/deploymentFiles";
import type { Finding, RecordedGraph, RecordedResource, Rule } from "../../model/graph/graph";
import {
  type Action,
  ofAction,
  type Pipeline,
  pipelinesOf,
  variableFor,
  variableGiven,
} from "../../model/graph/pipelines";
import { numberOf, textOf } from "../../model/graph/read";
import { finding, label, ofType, TYPES } from "../../model/graph/resources";
import {
  containersOf,
  deployedBy,
  loadBalancerInputs,
  serviceNamed,
  taskDefinitionOf,
} from "../../model/graph/services";

const RULE = "container-mismatch";

/** The container's name and port are the same in the task definition, the load balancer and what builds hand out. */
export const containerMismatch: Rule = (graph) => [
  ...ofType(graph, TYPES.service).flatMap((service) => loadBalancerFindings(graph, service)),
  ...pipelinesOf(graph).flatMap((pipeline) => buildFindings(graph, pipeline)),
];

function loadBalancerFindings(graph: RecordedGraph, service: RecordedResource): readonly Finding[] {
  const definition = taskDefinitionOf(graph, service);
  if (!definition) return [];
  const containers = containersOf(definition);
  return loadBalancerInputs(service).flatMap((balancer): Finding[] => {
    const name = textOf(balancer.containerName) ?? "";
    const port = numberOf(balancer.containerPort);
    const container = containers.find((one) => one.name === name);
    if (!container) {
      const names = containers.map((one) => one.name).join(", ");
      return [
        finding(RULE, service, `loadBalancers: container "${name}" is not in ${label(definition)}; it has ${names}`),
      ];
    }
    if (port !== undefined && container.ports.includes(port)) return [];
    const ports = container.ports.join(", ") || "none";
    const text = `loadBalancers: container ${name} has no port ${String(port)} in ${label(definition)}; it has ${ports}`;
    return [finding(RULE, service, text)];
  });
}

/** A build that makes what a deploy action reads, or that names the service itself, must name the service's container. */
function buildFindings(graph: RecordedGraph, pipeline: Pipeline): readonly Finding[] {
  const deployed = deployedBy(graph, pipeline);
  return pipeline.actions.flatMap((action): Finding[] => {
    const read = deployed.filter((one) => one.action.inputs.some((input) => action.outputs.includes(input)));
    const handedOut = [
      ...read.map((one) => ({ service: one.service, variable: variableForFiles("CONTAINER_NAME", one.action) })),
      ...servicesNamedBy(graph, action).map((service) => ({ service, variable: "CONTAINER_NAME" })),
    ];
    return handedOut.flatMap(({ service, variable }) => {
      const name = variableFor(graph, action, variable);
      const names = namesIn(graph, service);
      if (name === undefined || names.length === 0 || names.includes(name)) return [];
      const text = `hands out ${variable} "${name}", but ${label(service)} runs ${names.join(", ")}; use its name`;
      return [finding(RULE, pipeline.resource, ofAction(action) + text)];
    });
  });
}

function servicesNamedBy(graph: RecordedGraph, action: Action): readonly RecordedResource[] {
  const name = variableGiven(action, "SERVICE_NAME");
  const service = name === undefined ? undefined : serviceNamed(graph, variableGiven(action, "CLUSTER_NAME"), name);
  return service ? [service] : [];
}

function namesIn(graph: RecordedGraph, service: RecordedResource): readonly string[] {
  const definition = taskDefinitionOf(graph, service);
  return definition ? containersOf(definition).map(({ name }) => name) : [];
}
