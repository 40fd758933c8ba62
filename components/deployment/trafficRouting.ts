import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Input } from "@pulumi/pulumi";
import { z } from "zod";
import { minutes, setting, wholeNumber } from "../settings/setting";
import { type ArgsOf, checkSettings, settings } from "../settings/settings";

/** CodeDeploy gives up on a deployment after this long. */
export const CODEDEPLOY_MAX_MINUTES = 2 * 24 * 60;

/** Steps in which CodeDeploy moves production traffic. */
export const TRAFFIC_STEPS = settings({
  /** Share that moves first, or at each step. */
  percentage: wholeNumber(1, 99, { example: 10, unit: "percent" }),
  /** Minutes to the next step. */
  intervalInMinutes: minutes(1, CODEDEPLOY_MAX_MINUTES, { example: 5 }),
});

/** Kinds of steps. Canary: one share, then the rest. Linear: the same share again and again. */
const TRAFFIC_STEP_TYPES = ["TimeBasedCanary", "TimeBasedLinear"] as const;

/** Traffic that moves in steps. */
export interface TrafficSteps extends ArgsOf<typeof TRAFFIC_STEPS> {
  /** Canary: one share, then the rest. Linear: the same share again and again. */
  readonly type: (typeof TRAFFIC_STEP_TYPES)[number];
}

/** How CodeDeploy moves production traffic. */
export type TrafficRouting = { readonly type: "AllAtOnce" } | TrafficSteps;

/** All traffic at once: what there is unless something else is asked for. */
const ALL_AT_ONCE: TrafficRouting = { type: "AllAtOnce" };

/** How CodeDeploy moves production traffic, as a setting. */
export const TRAFFIC_ROUTING = setting(
  z.discriminatedUnion("type", [
    z.strictObject({ type: z.literal("AllAtOnce") }),
    z.strictObject({ type: z.enum(TRAFFIC_STEP_TYPES), ...TRAFFIC_STEPS }),
  ]),
  { expected: `{ type: AllAtOnce } or { type: ${TRAFFIC_STEP_TYPES.join(" | ")}, percentage, intervalInMinutes }` },
  { default: ALL_AT_ONCE },
);

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
  return routing.type === "AllAtOnce" ? [] : checkSettings(TRAFFIC_STEPS, routing, "trafficRouting.");
}
