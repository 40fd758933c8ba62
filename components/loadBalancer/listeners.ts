import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { BlueGreenTargetsArgs } from "./args";
import type { BlueGreenTargets } from "./blueGreenTargets";
import { portsOf } from "./ports";
import { weightedForward } from "./weightedForward";

/** TLS 1.2 with forward secrecy and TLS 1.3: the policy that Security Hub's ELB.17 and the usual scanners all accept. */
const TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06";

type Parts = Pick<BlueGreenTargets, "loadBalancer" | "blue" | "green"> & pulumi.Resource;

/**
 * Production and test listener, both on blue, and with a certificate a redirect from port 80 to production.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html
 */
export function defineListeners(
  name: string,
  args: BlueGreenTargetsArgs,
  targets: Parts,
): { production: aws.lb.Listener; test: aws.lb.Listener } {
  const ports = portsOf(args);
  const production = defineListener(`${name}-production`, args, ports.production, targets);
  const test = defineListener(`${name}-test`, args, ports.test, targets);
  if (ports.redirect !== undefined) {
    defineRedirect(name, { from: ports.redirect, to: ports.production }, targets, production);
  }
  return { production, test };
}

function defineListener(name: string, args: BlueGreenTargetsArgs, port: number, targets: Parts): aws.lb.Listener {
  const { certificateArn, type } = args;
  const secure = certificateArn !== undefined;
  const [plain, encrypted] = type === "network" ? ["TCP", "TLS"] : ["HTTP", "HTTPS"];
  return new aws.lb.Listener(
    name,
    {
      loadBalancerArn: targets.loadBalancer.arn,
      port,
      protocol: secure ? encrypted : plain,
      certificateArn,
      sslPolicy: secure ? TLS_POLICY : undefined,
      defaultActions: [weightedForward(targets)],
    },
    { parent: targets, ignoreChanges: ["defaultActions"] },
  );
}

function defineRedirect(
  name: string,
  port: { from: number; to: number },
  targets: Parts,
  production: aws.lb.Listener,
): aws.lb.Listener {
  return new aws.lb.Listener(
    `${name}-redirect`,
    {
      loadBalancerArn: targets.loadBalancer.arn,
      port: port.from,
      protocol: "HTTP",
      defaultActions: [
        { type: "redirect", redirect: { port: String(port.to), protocol: "HTTPS", statusCode: "HTTP_301" } },
      ],
    },
    // Production may have had the port until now: two listeners cannot share one.
    { parent: targets, dependsOn: [production] },
  );
}
