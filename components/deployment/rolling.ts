import { Problems } from "../checks/problems";
import { defineGuards, type GuardArgs } from "./alarms";
import { ECS_ACTION_MAX_MINUTES, ecsDeployment } from "./ecsDeployment";
import type { DeploymentStrategy } from "./strategy";

/** Settings of the `rolling` strategy. */
export interface RollingArgs extends GuardArgs {
  /** Tasks that must stay healthy while others are replaced, in percent of the desired count, 0 to 100. @default 100 */
  readonly minimumHealthyPercent?: number;
  /** Tasks that may run at once while others are replaced, in percent of the desired count, 100 to 200. @default 200 */
  readonly maximumPercent?: number;
  /** Minutes the deploy action waits for a steady state, 1 to 60. @default 20 */
  readonly timeoutInMinutes?: number;
}

/**
 * New tasks replace old ones a few at a time, under ECS's own controller. Circuit breaker and alarms go back to the last
 * revision that worked.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
 */
export function rolling(args: RollingArgs = {}): DeploymentStrategy {
  const { minimumHealthyPercent = 100, maximumPercent = 200, timeoutInMinutes = 20 } = args;
  const problems = new Problems()
    .range("minimumHealthyPercent", minimumHealthyPercent, 0, 100, "percent")
    .range("maximumPercent", maximumPercent, 100, 200, "percent")
    .range("timeoutInMinutes", timeoutInMinutes, 1, ECS_ACTION_MAX_MINUTES, "minutes");
  if (minimumHealthyPercent === 100 && maximumPercent === 100) {
    problems.add("maximumPercent: more than 100, or minimumHealthyPercent less: else no task can ever be replaced");
  }
  return {
    kind: "rolling",
    needsTargets: false,
    problems: problems.list,
    leastMinutes: 0,
    prepare: (scope) => ({
      serviceArgs: {
        deploymentController: { type: "ECS" },
        availabilityZoneRebalancing: maximumPercent > 100 ? "ENABLED" : "DISABLED",
        deploymentCircuitBreaker: { enable: true, rollback: true },
        deploymentMinimumHealthyPercent: minimumHealthyPercent,
        deploymentMaximumPercent: maximumPercent,
        ...defineGuards(scope, args),
      },
      changedByDeployment: [],
      taskDefinition: "tracked",
      dependsOn: [],
      bind: (bound) => ecsDeployment(bound, timeoutInMinutes),
    }),
    adopt: (scope) => ecsDeployment(scope, timeoutInMinutes),
  };
}
