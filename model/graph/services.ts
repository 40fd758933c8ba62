import type { RecordedGraph, RecordedResource } from "./graph";
import type { Action, Pipeline } from "./pipelines";
import { jsonOf, mapOf, mapsOf, numberOf, textOf, textsOf, type Values } from "./read";
import { arnOf, ofType, physicalName, referredBy, TYPES } from "./resources";

/** A container of a task definition. */
export interface RecordedContainer {
  readonly name: string;
  readonly image: string;
  readonly ports: readonly number[];
  readonly definition: Values;
}

/** The containers of a task definition, from the JSON text that carries them. */
export function containersOf(taskDefinition: RecordedResource): readonly RecordedContainer[] {
  return mapsOf(jsonOf(taskDefinition.inputs.containerDefinitions)).map((definition) => ({
    name: textOf(definition.name) ?? "",
    image: textOf(definition.image) ?? "",
    ports: mapsOf(definition.portMappings).flatMap(({ containerPort }) => numberOf(containerPort) ?? []),
    definition,
  }));
}

/** The task definition that a service starts with, where the graph has it: by ARN, with or without revision, or family. */
export function taskDefinitionOf(graph: RecordedGraph, service: RecordedResource): RecordedResource | undefined {
  const reference = textOf(service.inputs.taskDefinition);
  if (!reference) return undefined;
  const family = familyIn(reference);
  const all = ofType(graph, TYPES.taskDefinition);
  return (
    all.find((definition) => arnOf(definition) === reference) ??
    all.find((definition) => textOf(definition.inputs.family) === family)
  );
}

/** The family in a task definition's ARN or `family:revision`. */
export function familyIn(reference: string): string {
  return reference.replace(/^arn:[^/]*\//, "").replace(/:\d+$/, "");
}

/** A service's entries for a load balancer. */
export function loadBalancerInputs(service: RecordedResource): readonly Values[] {
  return mapsOf(service.inputs.loadBalancers);
}

/** What a deploy action brings a new image to, where the graph has it. */
export function deployedService(graph: RecordedGraph, action: Action): RecordedResource | undefined {
  const { configuration } = action;
  if (action.provider === "ECS") return serviceNamed(graph, configuration.ClusterName, configuration.ServiceName);
  if (action.provider !== "CodeDeployToECS") return undefined;
  const group = deploymentGroupOf(graph, action);
  const target = mapOf(group?.inputs.ecsService);
  return serviceNamed(graph, textOf(target.clusterName), textOf(target.serviceName));
}

/** The deployment group of a CodeDeployToECS action, where the graph has it. */
export function deploymentGroupOf(graph: RecordedGraph, action: Action): RecordedResource | undefined {
  const { ApplicationName, DeploymentGroupName } = action.configuration;
  return ofType(graph, TYPES.deploymentGroup).find(
    (group) =>
      textOf(group.inputs.appName) === ApplicationName &&
      textOf(group.inputs.deploymentGroupName) === DeploymentGroupName,
  );
}

/** The CodeDeploy deployment group that deploys to a service, where the graph has it. */
export function deploymentGroupFor(graph: RecordedGraph, service: RecordedResource): RecordedResource | undefined {
  return ofType(graph, TYPES.deploymentGroup).find(
    ({ inputs }) => textOf(mapOf(inputs.ecsService).serviceName) === physicalName(service),
  );
}

/** The service of a cluster, both by name. */
export function serviceNamed(
  graph: RecordedGraph,
  cluster: string | undefined,
  name: string | undefined,
): RecordedResource | undefined {
  return ofType(graph, TYPES.service).find(
    (service) => physicalName(service) === name && (cluster === undefined || clusterName(graph, service) === cluster),
  );
}

/** Name of the cluster a service is in. */
export function clusterName(graph: RecordedGraph, service: RecordedResource): string {
  const reference = textOf(service.inputs.cluster);
  if (reference === undefined) return "default";
  const cluster = referredBy(graph, TYPES.cluster, reference);
  return cluster ? physicalName(cluster) : reference.replace(/^arn:[^/]*\//, "");
}

/** A service, and the action of a pipeline that deploys to it. */
interface Deployed {
  readonly action: Action;
  readonly service: RecordedResource;
}

/** The services in the graph that a pipeline deploys to. */
export function deployedBy(graph: RecordedGraph, pipeline: Pipeline): readonly Deployed[] {
  return pipeline.actions.flatMap((action) => {
    const service = deployedService(graph, action);
    return service ? [{ action, service }] : [];
  });
}

/** ARNs and names of the target groups that a service moves traffic between. */
export function targetGroupsOf(graph: RecordedGraph, service: RecordedResource): readonly RecordedResource[] {
  const own = loadBalancerInputs(service).flatMap((balancer) => [
    textOf(balancer.targetGroupArn),
    textOf(mapOf(balancer.advancedConfiguration).alternateTargetGroupArn),
  ]);
  const group = deploymentGroupFor(graph, service);
  const found = [...own, ...(group ? pairOf(group) : [])].map((reference) =>
    referredBy(graph, TYPES.targetGroup, reference),
  );
  return [...new Set(found)].filter((group) => group !== undefined);
}

/** Names of the target groups that a CodeDeploy deployment group moves traffic between. */
export function pairOf(group: RecordedResource): readonly string[] {
  const info = mapOf(mapOf(group.inputs.loadBalancerInfo).targetGroupPairInfo);
  return mapsOf(info.targetGroups).flatMap(({ name }) => textOf(name) ?? []);
}

/** The security groups that a service's tasks are in, by id. */
export function securityGroupsOf(service: RecordedResource): readonly string[] {
  return textsOf(mapOf(service.inputs.networkConfiguration).securityGroups);
}
