import type { RecordedGraph, RecordedResource } from "../graph/graph";
import { mapOf, mapsOf, textOf, textsOf } from "../graph/read";
import { type ArnPlace, arnIn, arnOf, arnPlace, ofType, physicalName, TYPES } from "../graph/resources";
import { clusterName, pairOf, serviceNamed, taskDefinitionOf } from "../graph/services";
import { because } from "./calls";
import type { Calls } from "./need";
import { type RoleUse, uses } from "./roleUse";

/** Uses of roles by what deploys: CodeDeploy, and ECS where it moves traffic. */
export function deploymentUses(graph: RecordedGraph): readonly RoleUse[] {
  return [
    ...ofType(graph, TYPES.deploymentGroup).flatMap((group) => codeDeployUses(graph, group)),
    ...ofType(graph, TYPES.service).flatMap((service) => infrastructureUses(graph, service)),
  ];
}

/** The roles that a service's tasks run in, as they are passed on. */
export function passCalls(definition: RecordedResource | undefined, services: readonly string[]): readonly Calls[] {
  const roles = [definition?.inputs.taskRoleArn, definition?.inputs.executionRoleArn].flatMap(
    (role) => textOf(role) ?? [],
  );
  if (roles.length === 0) return [];
  return services.map((service) => ({
    actions: ["iam:PassRole"],
    resources: roles,
    context: { "iam:PassedToService": service },
  }));
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/codedeploy_IAM_role.html */
function codeDeployUses(graph: RecordedGraph, group: RecordedResource): readonly RoleUse[] {
  const { serviceRoleArn, ecsService, loadBalancerInfo, alarmConfiguration } = group.inputs;
  const place = arnPlace(arnOf(group));
  const { clusterName: cluster, serviceName } = mapOf(ecsService);
  const [inCluster, name] = [textOf(cluster) ?? "", textOf(serviceName) ?? ""];
  const user = "codedeploy.amazonaws.com";
  if (!place || name === "") return uses(serviceRoleArn, user, group, [], { isOpen: true });
  const serviceArn = arnIn(place, "ecs", `service/${inCluster}/${name}`);
  const taskSets = arnIn(place, "ecs", `task-set/${inCluster}/${name}/*`);
  const { prodTrafficRoute, testTrafficRoute } = mapOf(mapOf(loadBalancerInfo).targetGroupPairInfo);
  const listeners = [prodTrafficRoute, testTrafficRoute].flatMap((route) => textsOf(mapOf(route).listenerArns));
  const service = serviceNamed(graph, inCluster, name);
  const watched = textsOf(mapOf(alarmConfiguration).alarms).length > 0;
  const look = ["DescribeTargetGroups", "DescribeListeners", "DescribeRules"].map(
    (verb) => `elasticloadbalancing:${verb}`,
  );
  const calls: readonly Calls[] = [
    { actions: ["ecs:DescribeServices", "ecs:UpdateServicePrimaryTaskSet"], resources: [serviceArn] },
    { actions: ["ecs:CreateTaskSet", "ecs:DeleteTaskSet"], resources: [taskSets], within: [taskSets, serviceArn] },
    { actions: look, resources: ["*"] },
    ...(watched ? [{ actions: ["cloudwatch:DescribeAlarms"], resources: ["*"] }] : []),
    { actions: ["elasticloadbalancing:ModifyListener"], resources: listeners },
    {
      actions: ["elasticloadbalancing:ModifyRule"],
      resources: listeners.map((arn) => `${arn.replace(":listener/", ":listener-rule/")}/*`),
    },
    ...passCalls(service && taskDefinitionOf(graph, service), ["ecs-tasks.amazonaws.com"]),
    ...hookCalls(graph, name, place),
  ];
  const why = `deploying ${name} with target groups ${pairOf(group).join(" and ")}`;
  return uses(serviceRoleArn, user, group, because(why, calls), { sourceArn: arnOf(group) });
}

/** The functions that a deployment asks, from the appspec that the program publishes; of one in the source nobody knows. */
function hookCalls(graph: RecordedGraph, service: string, place: ArnPlace): readonly Calls[] {
  const published = ofType(graph, TYPES.parameter).find((one) =>
    physicalName(one).endsWith(`/${service}/appspec.yaml`),
  );
  const functionArn = (name: string) => (name.startsWith("arn:") ? name : arnIn(place, "lambda", `function:${name}`));
  const text = textOf(published?.inputs.value) ?? "";
  const named = [...text.matchAll(/^ *- (?:Before|After)[A-Za-z]+: *"?([^"\s]+)"?$/gm)].flatMap(
    ([, name]) => name ?? [],
  );
  const actions = ["lambda:InvokeFunction"];
  if (named.length > 0) return [{ actions, resources: [...new Set(named.map(functionArn))] }];
  return published ? [] : [{ actions, resources: [], within: [functionArn("*")] }];
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AmazonECSInfrastructureRolePolicyForLoadBalancers.html */
function infrastructureUses(graph: RecordedGraph, service: RecordedResource): readonly RoleUse[] {
  return mapsOf(service.inputs.loadBalancers).flatMap(({ targetGroupArn, advancedConfiguration }) => {
    const given = mapOf(advancedConfiguration);
    const arns = (...values: readonly unknown[]) => values.flatMap((value) => textOf(value) ?? []);
    const groups = arns(targetGroupArn, given.alternateTargetGroupArn);
    const rules = arns(given.productionListenerRule, given.testListenerRule);
    const elb = (...verbs: readonly string[]) => verbs.map((verb) => `elasticloadbalancing:${verb}`);
    // A network load balancer has no rules: its listeners stand there.
    const ownRules = rules.filter((arn) => arn.includes(":listener-rule/"));
    const ofRule = (arn: string) =>
      arn.includes(":listener/") ? arn : arn.replace(":listener-rule/", ":listener/").replace(/\/[^/]*$/, "");
    const why = `moving the traffic of ${physicalName(service)} in cluster ${clusterName(graph, service)}`;
    const calls: readonly Calls[] = [
      {
        actions: elb("DescribeListeners", "DescribeRules", "DescribeTargetGroups", "DescribeTargetHealth"),
        resources: ["*"],
      },
      { actions: elb("RegisterTargets", "DeregisterTargets"), resources: groups },
      { actions: elb("ModifyListener"), resources: [...new Set(rules.map(ofRule))] },
      ...(ownRules.length > 0 ? [{ actions: elb("ModifyRule"), resources: ownRules }] : []),
    ];
    return uses(given.roleArn, "ecs.amazonaws.com", service, because(why, calls), { saysAccount: false });
  });
}
