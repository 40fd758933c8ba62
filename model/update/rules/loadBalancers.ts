import { balancersOfGroup, leadsTo } from "../../environment/traffic";
import type { RecordedGraph } from "../../graph/graph";
import { forwardsOf } from "../../graph/listeners";
import { textOf, textsOf } from "../../graph/read";
import { arnOf, label, ofType, referredBy, TYPES } from "../../graph/resources";
import { type AwsRule, changedKeys } from "./rule";

const ELB = "https://docs.aws.amazon.com/elasticloadbalancing/latest";

const oneBalancer: AwsRule = {
  name: "target-group-on-another-load-balancer",
  page: `${ELB}/application/load-balancer-target-groups.html`,
  refuses: ({ step, resource, environment }) => {
    if (step.kind === "delete" || ![TYPES.listener, TYPES.listenerRule].some((type) => type === resource.type))
      return undefined;
    const own = balancerOf(environment, resource.type, resource.inputs);
    if (own === undefined) return undefined;
    for (const { arn } of forwardsOf(resource.inputs.actions ?? resource.inputs.defaultActions)) {
      const other = balancersOfGroup(environment, arn).find((balancer) => balancer !== own);
      const group = referredBy(environment, TYPES.targetGroup, arn);
      if (other !== undefined && group)
        return `target group "${group.name}" is attached to another load balancer, and may be on one alone`;
    }
    return undefined;
  },
};

function balancerOf(graph: RecordedGraph, type: string, inputs: Readonly<Record<string, unknown>>): string | undefined {
  if (type === TYPES.listener) return textOf(inputs.loadBalancerArn);
  const listener = ofType(graph, TYPES.listener).find((one) => arnOf(one) === inputs.listenerArn);
  return listener && textOf(listener.inputs.loadBalancerArn);
}

const groupInUse: AwsRule = {
  name: "target-group-in-use",
  page: `${ELB}/APIReference/API_DeleteTargetGroup.html`,
  refuses: ({ step, resource, environment }) => {
    if (step.kind !== "delete" || resource.type !== TYPES.targetGroup) return undefined;
    const arn = arnOf(resource) ?? "";
    const user = environment.resources.find(
      ({ type, inputs }) =>
        (type === TYPES.listener && leadsTo(inputs.defaultActions, arn)) ||
        (type === TYPES.listenerRule && leadsTo(inputs.actions, arn)),
    );
    return user && `${label(user)} still leads to it`;
  },
};

const balancerStaysInNetwork: AwsRule = {
  name: "load-balancer-stays-in-its-vpc",
  page: `${ELB}/application/application-load-balancers.html`,
  refuses: ({ step, resource, environment }) => {
    if (step.kind !== "update" || resource.type !== TYPES.loadBalancer) return undefined;
    if (!["subnets", "securityGroups"].some((key) => changedKeys(step).includes(key))) return undefined;
    const vpcOf = (groups: readonly string[]) =>
      groups
        .map((id) => textOf(referredBy(environment, TYPES.securityGroup, id)?.inputs.vpcId))
        .find((id) => id !== undefined);
    const was = vpcOf(textsOf(step.before?.inputs.securityGroups));
    const is = vpcOf(textsOf(resource.inputs.securityGroups));
    return was !== undefined && is !== undefined && was !== is
      ? "a load balancer cannot move to another VPC"
      : undefined;
  },
};

const deletionProtected: AwsRule = {
  name: "deletion-protection",
  page: `${ELB}/application/edit-load-balancer-attributes.html`,
  refuses: ({ step, resource }) =>
    step.kind === "delete" && resource.type === TYPES.loadBalancer && resource.inputs.enableDeletionProtection === true
      ? "its deletion protection is on"
      : undefined,
};

/** What Elastic Load Balancing refuses. */
export const LOAD_BALANCER_RULES: readonly AwsRule[] = [
  oneBalancer,
  groupInUse,
  balancerStaysInNetwork,
  deletionProtected,
];
