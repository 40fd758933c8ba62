import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { AUTONAMED_MAX, fittedName } from "../checks/names";
import { type ArgsOf, withDefaults } from "../settings/settings";
import type { BlueGreenTargetsArgs } from "./args";
import { HEALTH_CHECK, type PROTOCOL_VERSIONS, TARGET_GROUP } from "./settings";

/** Logical name of one of a service's two target groups. */
export function targetGroupName(name: string, colour: "blue" | "green"): string {
  return fittedName(`${name}-${colour}`, AUTONAMED_MAX.targetGroup);
}

/** What of a load balancer's arguments its target groups take. */
export type TargetGroupArgs = Pick<
  BlueGreenTargetsArgs,
  "network" | "containerPort" | "healthCheck" | "type" | keyof ArgsOf<typeof TARGET_GROUP>
>;

/** Checked often and drained briefly: the defaults of AWS alone make a deployment minutes longer. */
export function defineTargetGroup(name: string, args: TargetGroupArgs, parent: pulumi.Resource): aws.lb.TargetGroup {
  const { deregistrationDelaySeconds } = withDefaults(TARGET_GROUP, args);
  const { intervalSeconds, timeoutSeconds, healthyThreshold, unhealthyThreshold } = withDefaults(
    HEALTH_CHECK,
    args.healthCheck ?? {},
  );
  const { protocol, path, matcher } = checkOf(args);
  return new aws.lb.TargetGroup(
    name,
    {
      vpcId: args.network.vpcId,
      targetType: "ip",
      ...handingOn(args),
      port: args.containerPort,
      deregistrationDelay: deregistrationDelaySeconds,
      healthCheck: {
        enabled: true,
        protocol,
        path,
        matcher,
        interval: intervalSeconds,
        timeout: timeoutSeconds,
        healthyThreshold,
        unhealthyThreshold,
      },
    },
    // Every target is registered with its own port, so this one is a mere default: another one would replace the group.
    { parent, ignoreChanges: ["port"] },
  );
}

/** What tasks get: connections as they come, or requests. */
function handingOn({
  type,
  slowStartSeconds: slowStart,
  stickinessSeconds,
  protocolVersion,
}: TargetGroupArgs): Pick<aws.lb.TargetGroupArgs, "protocol" | "protocolVersion" | "slowStart" | "stickiness"> {
  if (type === "network") return { protocol: "TCP" };
  return {
    protocol: "HTTP",
    // AWS's own default is left out: nothing looks changed where it was left out before.
    protocolVersion: protocolVersion === "HTTP1" ? undefined : protocolVersion,
    slowStart,
    stickiness: stickinessOf(stickinessSeconds),
  };
}

/** How a task is asked whether it serves: by a request, or where nobody knows one by a connection. */
function checkOf({ type, protocolVersion, healthCheck = {} }: TargetGroupArgs) {
  const { path, matcher } = healthCheck;
  if (type === "network" && path === undefined && matcher === undefined) return { protocol: "TCP" };
  const usual = protocolVersion === "GRPC" ? GRPC_CHECK : HTTP_CHECK;
  return { protocol: "HTTP", path: path ?? usual.path, matcher: matcher ?? usual.matcher };
}

const HTTP_CHECK = { path: "/", matcher: "200-299" };

/** A method that no service has, whose answer is that: UNIMPLEMENTED. */
const GRPC_CHECK = { path: "/AWS.ALB/healthcheck", matcher: "12" };

/** What is expected of the codes of a health check, where they are of the other kind. */
export function matcherProblem(
  protocolVersion: (typeof PROTOCOL_VERSIONS)[number] = "HTTP1",
  matcher: string | undefined,
): string | undefined {
  if (matcher === undefined || /^\d\d\d/.test(matcher) === (protocolVersion !== "GRPC")) return undefined;
  return protocolVersion === "GRPC"
    ? "status codes of gRPC, 0 to 99, as protocolVersion is GRPC"
    : `status codes from 200 to 499, as protocolVersion is ${protocolVersion}`;
}

/** AWS keeps what is not said: what was switched on is switched off in so many words. */
function stickinessOf(seconds: number | undefined) {
  if (seconds === undefined) return undefined;
  return { enabled: seconds > 0, type: "lb_cookie", cookieDuration: seconds > 0 ? seconds : undefined };
}
