import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { weightedForward } from "../loadBalancer/weightedForward";
import type { TrafficTargets } from "../refs";
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
  const production = defineRule(`${name}-production`, targets.productionListener.arn, targets, parent);
  const test = defineRule(`${name}-test`, targets.testListener.arn, targets, parent);
  const role = defineInfrastructureRole(`${name}-infrastructure`, { targets, rules: [production, test] }, parent);
  return {
    advancedConfiguration: {
      productionListenerRule: production.arn,
      testListenerRule: test.arn,
      roleArn: role.arn,
    },
    dependsOn: [production, test, ...role.policies],
  };
}

/** A rule of its own, because ECS wants the ARN of a rule and a listener's default rule has none that Pulumi knows. */
function defineRule(
  name: string,
  listenerArn: pulumi.Input<string>,
  targets: TrafficTargets,
  parent: pulumi.Resource,
): aws.lb.ListenerRule {
  return new aws.lb.ListenerRule(
    name,
    {
      listenerArn,
      priority: 100,
      conditions: [{ pathPattern: { values: ["/*"] } }],
      actions: [weightedForward(targets)],
    },
    { parent, ignoreChanges: ["actions"] },
  );
}
