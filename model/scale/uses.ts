import { buildMachine } from "../cost/deliveryCost";
import { networkOf } from "../cost/network";
import { taskProviders, taskRange } from "../cost/tasks";
import { asDelivered } from "../environment/delivered";
import type { RecordedGraph, RecordedResource } from "../graph/graph";
import { forwardsOf, listenerForwards } from "../graph/listeners";
import { oncePerGraph } from "../graph/once";
import { type Action, inRunOrder, pipelinesOf } from "../graph/pipelines";
import { numberOf, textOf } from "../graph/read";
import { arnOf, arnPlace, ofType, TYPES } from "../graph/resources";
import { taskDefinitionOf } from "../graph/services";
import type { QuotaName } from "./quotas";

/** Something of a stack that takes room. */
export interface QuotaUse {
  readonly quota: QuotaName;
  /** What has the room: a load balancer, a VPC, a cluster. @default - the account, or its region */
  readonly of?: string | undefined;
  readonly amount: number;
  readonly resource: RecordedResource;
}

/** Account and region of a graph, by the ARNs of most of what it makes. */
export const homeOf = oncePerGraph((graph) => {
  const counts = new Map<string, number>();
  for (const resource of graph.resources) {
    const place = arnPlace(arnOf(resource));
    if (!place) continue;
    const key = `${place.account} ${place.region}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const [[most = ""] = []] = [...counts].sort(([, one], [, other]) => other - one);
  const [account = "", region = ""] = most.split(" ");
  return { account, region };
});

const AWSX_VPC = "awsx:ec2:Vpc";

/** Types of which each takes one place of an account or region. */
const ONE_EACH: readonly (readonly [type: string, quota: QuotaName])[] = [
  ["aws:ec2/vpc:Vpc", "vpcs"],
  [TYPES.targetGroup, "targetGroups"],
  [TYPES.securityGroup, "securityGroups"],
  [TYPES.role, "roles"],
  [TYPES.policy, "policies"],
  [TYPES.pipeline, "pipelines"],
  [TYPES.project, "projects"],
  ["aws:codedeploy/application:Application", "applications"],
  ["aws:codedeploy/deploymentConfig:DeploymentConfig", "deploymentConfigurations"],
  ["aws:appautoscaling/target:Target", "scalableTargets"],
  [TYPES.parameter, "parameters"],
  [TYPES.metricAlarm, "alarms"],
  [TYPES.compositeAlarm, "alarms"],
  [TYPES.bucket, "buckets"],
];

/** What a graph takes of the room that AWS has. */
export const usesOf = oncePerGraph((graph): readonly QuotaUse[] => [
  ...ONE_EACH.flatMap(([type, quota]) => ofType(graph, type).map((resource) => ({ quota, amount: 1, resource }))),
  ...networkUses(graph),
  ...balancerUses(graph),
  ...groupRuleUses(graph, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "egressRules"),
  ...groupRuleUses(graph, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "ingressRules"),
  ...eventUses(graph),
  ...taskUses(graph),
  ...buildUses(graph),
]);

function networkUses(graph: RecordedGraph): readonly QuotaUse[] {
  const made = new Set(ofType(graph, "aws:ec2/vpc:Vpc").map(({ parent }) => parent));
  // The real engine shows the component's own VPC as well.
  const vpcs = ofType(graph, AWSX_VPC).filter(({ urn }) => !made.has(urn));
  const [first] = [...ofType(graph, AWSX_VPC), ...ofType(graph, "aws:ec2/natGateway:NatGateway")];
  const { nats } = networkOf(graph);
  return [
    ...vpcs.map((resource): QuotaUse => ({ quota: "vpcs", amount: 1, resource })),
    ...(first && nats > 0 ? [{ quota: "addresses", amount: nats, resource: first } as const] : []),
    ...ofType(graph, TYPES.vpcEndpoint).map((resource): QuotaUse => {
      const of = textOf(resource.inputs.vpcId) ?? "";
      return resource.inputs.vpcEndpointType === "Interface"
        ? { quota: "interfaceEndpoints", of, amount: 1, resource }
        : { quota: "gatewayEndpoints", amount: 1, resource };
    }),
  ];
}

/** `app/name/id` of a load balancer, from an ARN of its own or of a listener or rule of it. */
function balancerIn(arn: unknown): string | undefined {
  return /:(?:loadbalancer|listener|listener-rule)\/((?:app|net)\/[^/]+\/[^/]+)/.exec(textOf(arn) ?? "")?.[1];
}

function balancerUses(graph: RecordedGraph): readonly QuotaUse[] {
  const listeners = ofType(graph, TYPES.listener);
  const rules = ofType(graph, TYPES.listenerRule);
  const groups = new Map(ofType(graph, TYPES.targetGroup).map((group) => [arnOf(group), group]));
  const led = new Map<string, QuotaUse>();
  const lead = (of: string | undefined, arns: readonly string[]) => {
    for (const arn of of === undefined ? [] : arns) {
      const group = groups.get(arn);
      if (group) led.set(`${of} ${arn}`, { quota: "balancerTargetGroups", of, amount: 1, resource: group });
    }
  };
  const arnsOf = (resource: RecordedResource) => listenerForwards(graph, resource).map(({ arn }) => arn);
  for (const listener of listeners) lead(balancerIn(listener.inputs.loadBalancerArn), arnsOf(listener));
  for (const rule of rules)
    lead(
      balancerIn(rule.inputs.listenerArn),
      forwardsOf(rule.inputs.actions).map(({ arn }) => arn),
    );
  return [
    ...ofType(graph, TYPES.loadBalancer).map(
      (resource): QuotaUse => ({
        quota: resource.inputs.loadBalancerType === "network" ? "networkBalancers" : "applicationBalancers",
        amount: 1,
        resource,
      }),
    ),
    ...listeners.map(
      (resource): QuotaUse => ({
        quota: "listeners",
        of: balancerIn(resource.inputs.loadBalancerArn),
        amount: 1,
        resource,
      }),
    ),
    ...rules.map(
      (resource): QuotaUse => ({
        quota: "listenerRules",
        of: balancerIn(resource.inputs.listenerArn),
        amount: 1,
        resource,
      }),
    ),
    ...ofType(graph, "aws:lb/listenerCertificate:ListenerCertificate").map(
      (resource): QuotaUse => ({
        quota: "certificates",
        of: balancerIn(resource.inputs.listenerArn),
        amount: 1,
        resource,
      }),
    ),
    ...led.values(),
  ];
}

function groupRuleUses(graph: RecordedGraph, type: string, quota: QuotaName): readonly QuotaUse[] {
  return ofType(graph, type).map((resource) => ({
    quota,
    of: textOf(resource.inputs.securityGroupId),
    amount: 1,
    resource,
  }));
}

function eventUses(graph: RecordedGraph): readonly QuotaUse[] {
  return [
    ...ofType(graph, TYPES.eventRule)
      .filter(({ inputs }) => (textOf(inputs.eventBusName) ?? "default") === "default")
      .map((resource): QuotaUse => ({ quota: "eventRules", amount: 1, resource })),
    ...ofType(graph, TYPES.eventTarget).map(
      (resource): QuotaUse => ({ quota: "ruleTargets", of: textOf(resource.inputs.rule), amount: 1, resource }),
    ),
  ];
}

/** The builds of each pipeline's busiest moment, those of one kind of machine. */
function buildUses(graph: RecordedGraph): readonly QuotaUse[] {
  return pipelinesOf(graph)
    .filter(({ workflow }) => !workflow)
    .map(({ resource, name, stages }) => {
      const steps = stages.flatMap(({ actions }) => inRunOrder(actions));
      const amount = Math.max(0, ...steps.map((together) => mostAlike(graph, together)));
      return { quota: "builds", of: name, amount, resource };
    });
}

function mostAlike(graph: RecordedGraph, actions: readonly Action[]): number {
  const machines = actions
    .filter(({ provider }) => provider === "CodeBuild")
    .map((action) => buildMachine(graph, action).machine);
  return Math.max(0, ...[...new Set(machines)].map((one) => machines.filter((other) => other === one).length));
}

function taskUses(recorded: RecordedGraph): readonly QuotaUse[] {
  const graph = asDelivered(recorded);
  return ofType(graph, TYPES.service).flatMap((resource): readonly QuotaUse[] => {
    const cpu = numberOf(taskDefinitionOf(graph, resource)?.inputs.cpu) ?? 0;
    const [, most] = taskRange(graph, resource);
    const amount = ((taskProviders(graph, resource, most).get("FARGATE") ?? 0) * cpu) / 1024;
    const inCluster: QuotaUse = { quota: "services", of: textOf(resource.inputs.cluster), amount: 1, resource };
    return [inCluster, ...(amount > 0 ? [{ quota: "vcpus", amount, resource } as const] : [])];
  });
}
