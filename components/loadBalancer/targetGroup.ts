import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { AUTONAMED_MAX, fittedName } from "../checks/names";
import { withDefaults } from "../settings/settings";
import type { BlueGreenTargetsArgs } from "./args";
import { HEALTH_CHECK, LOAD_BALANCER } from "./settings";

/** Logical name of one of a service's two target groups. */
export function targetGroupName(name: string, colour: "blue" | "green"): string {
  return fittedName(`${name}-${colour}`, AUTONAMED_MAX.targetGroup);
}

/** Checked often and drained briefly: the defaults of AWS alone make a deployment minutes longer. */
export function defineTargetGroup(
  name: string,
  args: Pick<BlueGreenTargetsArgs, "network" | "containerPort" | "healthCheck" | "deregistrationDelaySeconds">,
  parent: pulumi.Resource,
): aws.lb.TargetGroup {
  const check = withDefaults(HEALTH_CHECK, args.healthCheck ?? {});
  const { deregistrationDelaySeconds } = LOAD_BALANCER;
  return new aws.lb.TargetGroup(
    name,
    {
      vpcId: args.network.vpcId,
      targetType: "ip",
      protocol: "HTTP",
      port: args.containerPort,
      deregistrationDelay: withDefaults({ deregistrationDelaySeconds }, args).deregistrationDelaySeconds,
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
