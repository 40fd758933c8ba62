import type * as pulumi from "@pulumi/pulumi";
import { allow, type Statement } from "../iam/policyDocument";
import { defineRole, type RoleWithPolicies } from "../iam/role";
import type { ListenerRuleRef, TrafficTargets } from "../refs";

/** The traffic that a service's deployments move. */
interface Traffic {
  readonly targets: TrafficTargets;
  readonly rules: readonly ListenerRuleRef[];
}

/**
 * Role in which ECS moves traffic: this pair of target groups, these listeners, these rules.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AmazonECSInfrastructureRolePolicyForLoadBalancers.html
 */
export function defineInfrastructureRole(name: string, traffic: Traffic, parent: pulumi.Resource): RoleWithPolicies {
  return defineRole(
    name,
    { service: "ecs.amazonaws.com", forThisAccount: false, statements: permissions(traffic) },
    parent,
  );
}

function permissions({ targets, rules }: Traffic): Statement[] {
  const listeners = new Set([targets.productionListener.arn, targets.testListener.arn]);
  return [
    // The elasticloadbalancing:Describe calls have no resource level.
    allow(
      [
        "elasticloadbalancing:DescribeListeners",
        "elasticloadbalancing:DescribeRules",
        "elasticloadbalancing:DescribeTargetGroups",
        "elasticloadbalancing:DescribeTargetHealth",
      ],
      ["*"],
    ),
    allow(
      ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"],
      [targets.blue.arn, targets.green.arn],
    ),
    allow(["elasticloadbalancing:ModifyListener"], [...listeners]),
    ...(targets.type === "network"
      ? []
      : [
          allow(
            ["elasticloadbalancing:ModifyRule"],
            rules.map((rule) => rule.arn),
          ),
        ]),
  ];
}
