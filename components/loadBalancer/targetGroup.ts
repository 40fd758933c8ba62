import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { BlueGreenTargetsArgs } from "./args";

/** Checked often and drained briefly: the defaults of AWS alone make a deployment minutes longer. */
export function defineTargetGroup(
  name: string,
  args: Pick<BlueGreenTargetsArgs, "network" | "containerPort" | "healthCheck" | "deregistrationDelaySeconds">,
  parent: pulumi.Resource,
): aws.lb.TargetGroup {
  const { healthCheck = {} } = args;
  return new aws.lb.TargetGroup(
    name,
    {
      vpcId: args.network.vpcId,
      targetType: "ip",
      protocol: "HTTP",
      port: args.containerPort,
      deregistrationDelay: args.deregistrationDelaySeconds ?? 30,
      healthCheck: {
        enabled: true,
        protocol: "HTTP",
        path: healthCheck.path ?? "/",
        matcher: healthCheck.matcher ?? "200-299",
        interval: healthCheck.intervalSeconds ?? 10,
        timeout: healthCheck.timeoutSeconds ?? 5,
        healthyThreshold: healthCheck.healthyThreshold ?? 2,
        unhealthyThreshold: healthCheck.unhealthyThreshold ?? 3,
      },
    },
    { parent },
  );
}
