import type { RecordedGraph, RecordedResource } from "../graph/graph";
import { mapOf, mapsOf, numberOf, textOf, textsOf, type Values } from "../graph/read";
import { arnOf, referredBy, TYPES } from "../graph/resources";
import { containersOf, deploymentGroupFor, pairOf, securityGroupsOf, taskDefinitionOf } from "../graph/services";

/** How a service's traffic moves; `CODE_DEPLOY` where CodeDeploy moves it. */
export type Strategy = "ROLLING" | "BLUE_GREEN" | "LINEAR" | "CANARY" | "CODE_DEPLOY";

/** One entry of a service for a load balancer. */
interface Balancer {
  readonly groupArn: string;
  readonly container: string;
  readonly port: number;
  /** What ECS's own strategies need. @default - it is not said */
  readonly advanced?: {
    readonly alternateArn: string | undefined;
    readonly productionRule: string | undefined;
    readonly testRule: string | undefined;
  };
}

/** The entries of a service for load balancers. */
export function balancersOf({ inputs }: RecordedResource): readonly Balancer[] {
  return mapsOf(inputs.loadBalancers).flatMap((one) => {
    const groupArn = textOf(one.targetGroupArn);
    if (groupArn === undefined) return [];
    return [
      {
        groupArn,
        container: textOf(one.containerName) ?? "",
        port: numberOf(one.containerPort) ?? 0,
        advanced: one.advancedConfiguration === undefined ? undefined : advancedIn(mapOf(one.advancedConfiguration)),
      },
    ];
  });
}

function advancedIn(values: Values): Balancer["advanced"] {
  return {
    alternateArn: textOf(values.alternateTargetGroupArn),
    productionRule: textOf(values.productionListenerRule),
    testRule: textOf(values.testListenerRule),
  };
}

/** The strategy that deployments to a service follow. */
export function strategyOf({ inputs }: RecordedResource): Strategy {
  if (controllerOf(inputs.deploymentController) === "CODE_DEPLOY") return "CODE_DEPLOY";
  const said = textOf(mapOf(inputs.deploymentConfiguration).strategy);
  return said === "BLUE_GREEN" || said === "LINEAR" || said === "CANARY" ? said : "ROLLING";
}

/** The controller: ECS's, unless another one is said. */
export function controllerOf(deploymentController: unknown): string {
  return textOf(mapOf(deploymentController).type) ?? "ECS";
}

/** Whether ECS itself moves a service's traffic between two target groups. */
export function shiftsTraffic(strategy: Strategy): boolean {
  return strategy !== "ROLLING" && strategy !== "CODE_DEPLOY";
}

/** ARNs of the two target groups that a service's deployments alternate between; one or none where nothing alternates. */
export function groupPair(graph: RecordedGraph, service: RecordedResource): readonly string[] {
  const [balancer] = balancersOf(service);
  const group = deploymentGroupFor(graph, service);
  const named = group
    ? pairOf(group).flatMap((name) => arnOfGroup(graph, name))
    : [balancer?.groupArn, balancer?.advanced?.alternateArn].flatMap((arn) => arn ?? []);
  return [...new Set(named)];
}

function arnOfGroup(graph: RecordedGraph, name: string): readonly string[] {
  const group = referredBy(graph, TYPES.targetGroup, name);
  return group ? [arnOf(group) ?? name] : [];
}

/** The containers of what a service starts, and the ports they listen on. */
export function containerPorts(
  graph: RecordedGraph,
  service: RecordedResource,
): Readonly<Record<string, readonly number[]>> {
  const definition = taskDefinitionOf(graph, service);
  return Object.fromEntries((definition ? containersOf(definition) : []).map(({ name, ports }) => [name, ports]));
}

/** CPU architecture that a service starts tasks on. */
export function architectureOf(graph: RecordedGraph, service: RecordedResource): string {
  return textOf(mapOf(taskDefinitionOf(graph, service)?.inputs.runtimePlatform).cpuArchitecture) ?? "X86_64";
}

/** Ids of the security groups and subnets of a service's tasks. */
export function placeOfTasks(service: RecordedResource) {
  const subnets = textsOf(mapOf(service.inputs.networkConfiguration).subnets);
  return { securityGroups: securityGroupsOf(service), subnets };
}
