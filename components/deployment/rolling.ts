import { imageDefinitions } from "../buildspec/deploymentFiles";
import { ecsDeployAction } from "../pipeline/deploy/ecs";
import type { DeploymentScope, DeploymentStrategy } from "./strategy";

/** Settings of the `rolling` strategy. */
export interface RollingArgs {
  /** Tasks that must stay healthy while others are replaced, in percent of the desired count. @default 100 */
  readonly minimumHealthyPercent?: number;
  /** Tasks that may run at once while others are replaced, in percent of the desired count. @default 200 */
  readonly maximumPercent?: number;
  /** Minutes the deploy action waits for a steady state, 1 to 60. @default 20 */
  readonly timeoutInMinutes?: number;
}

/**
 * New tasks replace old ones a few at a time, under ECS's own controller; the circuit breaker goes back to the last
 * revision that worked.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
 */
export function rolling(args: RollingArgs = {}): DeploymentStrategy {
  return {
    kind: "rolling",
    buildFiles: [imageDefinitions],
    buildEnvironment: (container) => ({ CONTAINER_NAME: container.name }),
    prepare: () => ({
      serviceArgs: {
        deploymentController: { type: "ECS" },
        deploymentCircuitBreaker: { enable: true, rollback: true },
        deploymentMinimumHealthyPercent: args.minimumHealthyPercent ?? 100,
        deploymentMaximumPercent: args.maximumPercent ?? 200,
      },
      changedByDeployment: [],
      bind: (scope) => ({
        deployAction: (action) => ecsDeployAction({ ...action, ...deployedBy(scope), ...timeout(args) }),
      }),
    }),
  };
}

/** What the Amazon ECS action has to know of a service. */
function deployedBy(scope: DeploymentScope) {
  return {
    clusterName: scope.cluster.name,
    serviceName: scope.service.name,
    serviceArn: scope.service.arn,
    taskDefinitionArnPattern: scope.taskDefinitionArnPattern,
    passRoleArns: scope.passRoleArns,
  };
}

function timeout(args: RollingArgs): { timeoutInMinutes?: number } {
  return args.timeoutInMinutes === undefined ? {} : { timeoutInMinutes: args.timeoutInMinutes };
}
