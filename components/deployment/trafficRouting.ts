import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Input } from "@pulumi/pulumi";
import { Problems } from "../checks/problems";

/** How CodeDeploy moves production traffic. */
export type TrafficRouting =
  | { readonly type: "AllAtOnce" }
  | {
      /** Canary: one share, then the rest. Linear: the same share again and again. */
      readonly type: "TimeBasedCanary" | "TimeBasedLinear";
      /** Share that moves first, or at each step, 1 to 99. */
      readonly percentage: number;
      /** Minutes to the next step, 1 or more. */
      readonly intervalInMinutes: number;
    };

/**
 * Configurations that AWS keeps ready, by what they say.
 * https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html
 */
const PREDEFINED: Readonly<Record<string, string>> = {
  AllAtOnce: "CodeDeployDefault.ECSAllAtOnce",
  "TimeBasedLinear 10 1": "CodeDeployDefault.ECSLinear10PercentEvery1Minutes",
  "TimeBasedLinear 10 3": "CodeDeployDefault.ECSLinear10PercentEvery3Minutes",
  "TimeBasedCanary 10 5": "CodeDeployDefault.ECSCanary10Percent5Minutes",
  "TimeBasedCanary 10 15": "CodeDeployDefault.ECSCanary10Percent15Minutes",
};

/** CodeDeploy gives up on a deployment after this long. */
export const CODEDEPLOY_MAX_MINUTES = 2 * 24 * 60;

/** Name of the deployment configuration: AWS's own where it has one, else a new one. */
export function deploymentConfigName(name: string, routing: TrafficRouting, parent: pulumi.Resource): Input<string> {
  if (routing.type === "AllAtOnce") return "CodeDeployDefault.ECSAllAtOnce";
  const { type, percentage, intervalInMinutes: interval } = routing;
  const predefined = PREDEFINED[`${type} ${percentage} ${interval}`];
  if (predefined) return predefined;
  const steps = { interval, percentage };
  const config = new aws.codedeploy.DeploymentConfig(
    name,
    {
      computePlatform: "ECS",
      trafficRoutingConfig: {
        type,
        timeBasedCanary: type === "TimeBasedCanary" ? steps : undefined,
        timeBasedLinear: type === "TimeBasedLinear" ? steps : undefined,
      },
    },
    { parent },
  );
  return config.deploymentConfigName;
}

/** Minutes that moving the traffic takes. */
export function shiftMinutes(routing: TrafficRouting): number {
  if (routing.type === "AllAtOnce") return 0;
  const { type, percentage, intervalInMinutes } = routing;
  return type === "TimeBasedCanary" ? intervalInMinutes : (Math.ceil(100 / percentage) - 1) * intervalInMinutes;
}

/** What CodeDeploy would refuse of it. */
export function checkTrafficRouting(routing: TrafficRouting): readonly string[] {
  if (routing.type === "AllAtOnce") return [];
  return new Problems()
    .range("trafficRouting.percentage", routing.percentage, 1, 99, "percent")
    .range("trafficRouting.intervalInMinutes", routing.intervalInMinutes, 1, CODEDEPLOY_MAX_MINUTES, "minutes").list;
}
