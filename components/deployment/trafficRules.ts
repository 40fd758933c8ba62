import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { defineListenerRule } from "../loadBalancer/listenerRule";
import { RULE_LIMITS } from "../loadBalancer/settings";
import type { ListenerRef, ListenerRules, TrafficTargets } from "../refs";
import { defineInfrastructureRole } from "./infrastructureRole";
import type { ServicePlan } from "./strategy";

/**
 * What ECS moves traffic with: a rule of the production and one of the test listener, and the role in which it changes them.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-implementation.html
 */
export function defineTrafficRules(
  name: string,
  targets: TrafficTargets,
  parent: pulumi.Resource,
): Required<Pick<ServicePlan, "advancedConfiguration" | "dependsOn">> {
  const { production, test } = targets.rules ?? defineRules(name, targets, parent);
  const rules = [production, ...(test ? [test] : [])];
  const role = defineInfrastructureRole(`${name}-infrastructure`, { targets, rules }, parent);
  return {
    advancedConfiguration: {
      productionListenerRule: production.arn,
      testListenerRule: test?.arn,
      roleArn: role.arn,
    },
    dependsOn: [...rules, ...role.policies],
  };
}

/** Two rules that take every request that no rule of another service has taken. */
function defineRules(name: string, targets: TrafficTargets, parent: pulumi.Resource): ListenerRules {
  return {
    production: defineRule(`${name}-production`, targets.productionListener, targets, parent),
    test: defineRule(`${name}-test`, targets.testListener, targets, parent),
  };
}

/** A rule of its own, because ECS wants the ARN of a rule and a listener's default rule has none that Pulumi knows. */
function defineRule(
  name: string,
  listener: ListenerRef,
  targets: TrafficTargets,
  parent: pulumi.Resource,
): aws.lb.ListenerRule {
  const priority = targets.isShared ? RULE_LIMITS.priority : 100;
  return defineListenerRule(name, { listener, priority, paths: ["/*"] }, targets, parent);
}
