import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { AUTONAMED_MAX, fittedName } from "../checks/names";
import { type ArgsOf, withDefaults } from "../settings/settings";
import type { BlueGreenTargetsArgs } from "./args";
import { HEALTH_CHECK, TARGET_GROUP } from "./settings";

/** Logical name of one of a service's two target groups. */
export function targetGroupName(name: string, colour: "blue" | "green"): string {
  return fittedName(`${name}-${colour}`, AUTONAMED_MAX.targetGroup);
}

/** What of a load balancer's arguments its target groups take. */
export type TargetGroupArgs = Pick<
  BlueGreenTargetsArgs,
  "network" | "containerPort" | "healthCheck" | keyof ArgsOf<typeof TARGET_GROUP>
>;

/** Checked often and drained briefly: the defaults of AWS alone make a deployment minutes longer. */
export function defineTargetGroup(name: string, args: TargetGroupArgs, parent: pulumi.Resource): aws.lb.TargetGroup {
  const check = withDefaults(HEALTH_CHECK, args.healthCheck ?? {});
  const { deregistrationDelaySeconds } = withDefaults(TARGET_GROUP, args);
  return new aws.lb.TargetGroup(
    name,
    {
      vpcId: args.network.vpcId,
      targetType: "ip",
      protocol: "HTTP",
      port: args.containerPort,
      deregistrationDelay: deregistrationDelaySeconds,
      slowStart: args.slowStartSeconds,
      stickiness: stickinessOf(args.stickinessSeconds),
      healthCheck: {
        enabled: true,
        protocol: "HTTP",
        path: check.path,
        matcher: check.matcher,
        interval: check.intervalSeconds,
        timeout: check.timeoutSeconds,
        healthyThreshold: check.healthyThreshold,
        unhealthyThreshold: check.unhealthyThreshold,
      },
    },
    // Every target is registered with its own port, so this one is a mere default: another one would replace the group.
    { parent, ignoreChanges: ["port"] },
  );
}

/** AWS keeps what is not said: what was switched on is switched off in so many words. */
function stickinessOf(seconds: number | undefined) {
  if (seconds === undefined) return undefined;
  return { enabled: seconds > 0, type: "lb_cookie", cookieDuration: seconds > 0 ? seconds : undefined };
}
