import { Problems } from "../checks/problems";
import { ECS_ACTION } from "../pipeline/deploy/ecs";
import { flag, wholeNumber } from "../settings/setting";
import { type ArgsOf, checkSettings, settings, withDefaults } from "../settings/settings";
import { defineGuards, GUARDS, type GuardArgs } from "./alarms";
import { ecsDeployment } from "./ecsDeployment";
import type { DeploymentStrategy, PreparationScope } from "./strategy";
import { defineTrafficRules } from "./trafficRules";

/** Settings of the `rolling` strategy, beside its guards. */
export const ROLLING = settings({
  /** Tasks that must stay healthy while others are replaced, in percent of the desired count. @default 100 */
  minimumHealthyPercent: wholeNumber(0, 100, { default: 100, unit: "percent" }),
  /** Tasks that may run at once while others are replaced, in percent of the desired count. @default 200 */
  maximumPercent: wholeNumber(100, 200, { default: 200, unit: "percent" }),
  /**
   * Whether the service has listener rules, a role and a second target group for ECS to move traffic with, which rolling
   * deployments do not use: the step before, and after, one of ECS's own strategies (ecsBlueGreen, ecsLinear, ecsCanary).
   * @default false
   */
  advancedConfiguration: flag({ default: false, example: true }),
  ...ECS_ACTION,
});

/** Arguments of `rolling`. */
export interface RollingArgs extends GuardArgs, ArgsOf<typeof ROLLING> {}

/**
 * New tasks replace old ones a few at a time, under ECS's own controller. Circuit breaker and alarms go back to the last
 * revision that worked.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
 */
export function rolling(args: RollingArgs = {}): DeploymentStrategy {
  const { minimumHealthyPercent, maximumPercent, timeoutInMinutes, advancedConfiguration } = withDefaults(
    ROLLING,
    args,
  );
  const problems = new Problems().addAll(checkSettings({ ...GUARDS, ...ROLLING }, args));
  if (minimumHealthyPercent === 100 && maximumPercent === 100) {
    problems.add("maximumPercent: more than 100, or minimumHealthyPercent less: else no task can ever be replaced");
  }
  return {
    kind: "rolling",
    controller: "ECS",
    needsTargets: advancedConfiguration,
    withoutTargets: () => rolling({ ...args, advancedConfiguration: false }),
    problems: problems.list,
    leastMinutes: 0,
    leastTasks: leastTasks(minimumHealthyPercent, maximumPercent),
    prepare: (scope) => ({
      ...trafficRules(scope, advancedConfiguration),
      serviceArgs: {
        deploymentController: { type: "ECS" },
        // Left out, the provider keeps what another strategy has set.
        deploymentConfiguration: { strategy: "ROLLING" },
        availabilityZoneRebalancing: maximumPercent > 100 ? "ENABLED" : "DISABLED",
        deploymentCircuitBreaker: { enable: true, rollback: true },
        deploymentMinimumHealthyPercent: minimumHealthyPercent,
        deploymentMaximumPercent: maximumPercent,
        ...defineGuards(scope, args, advancedConfiguration),
      },
      changedByDeployment: [],
      forcesDeployment: true,
      taskDefinition: "tracked",
      bind: (bound) => ecsDeployment(bound, timeoutInMinutes),
    }),
    adopt: (scope) => ecsDeployment(scope, timeoutInMinutes),
  };
}

/**
 * Fewest tasks of which one can be started or stopped: what has to stay healthy is rounded up, what may run at once is
 * rounded down.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */
function leastTasks(minimumHealthyPercent: number, maximumPercent: number): number {
  const counts = Array.from({ length: 100 }, (_, index) => index + 1);
  const moves = (count: number) =>
    Math.floor((count * maximumPercent) / 100) > count || Math.ceil((count * minimumHealthyPercent) / 100) < count;
  return counts.find(moves) ?? 1;
}

function trafficRules(
  { name, parent, targets }: PreparationScope,
  wanted: boolean,
): ReturnType<typeof defineTrafficRules> | { dependsOn: [] } {
  return wanted && targets ? defineTrafficRules(name, targets, parent) : { dependsOn: [] };
}
