import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { allow, assumeRoleBy, document } from "../iam/policyDocument";
import type { TrafficTargets } from "../refs";
import type { RoleWithPolicies } from "../taskRoles";

/**
 * Role in which ECS moves traffic: this pair of target groups, these listeners, these rules.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AmazonECSInfrastructureRolePolicyForLoadBalancers.html
 */
export function defineInfrastructureRole(
  name: string,
  args: { readonly targets: TrafficTargets; readonly rules: readonly aws.lb.ListenerRule[] },
  opts: pulumi.CustomResourceOptions & { parent: pulumi.Resource },
): RoleWithPolicies {
  const { targets, rules } = args;
  const role = new aws.iam.Role(name, { assumeRolePolicy: assumeRoleBy("ecs.amazonaws.com") }, opts);
  const policy = new aws.iam.RolePolicy(
    name,
    {
      role: role.name,
      policy: document([
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
        allow(["elasticloadbalancing:ModifyListener"], [targets.productionListener.arn, targets.testListener.arn]),
        allow(
          ["elasticloadbalancing:ModifyRule"],
          rules.map((rule) => rule.arn),
        ),
      ]),
    },
    opts,
  );
  return { arn: role.arn, name: role.name, policies: [policy] };
}
