import { AUTONAME_LENGTH, LOAD_BALANCER_NAME_MAX } from "../checks/names";
import { Problems } from "../checks/problems";
import type { BlueGreenTargetsArgs } from "./args";
import { portsOf } from "./ports";

/** An IPv4 range in CIDR notation. */
export const CIDR_BLOCK = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\/(?:3[0-2]|[12]?\d)$/;

/** What of the arguments of `BlueGreenTargets`, or of a share of a load balancer, AWS would refuse. */
export function checkTargets(name: string, args: Omit<BlueGreenTargetsArgs, "network">): Problems {
  const { healthCheck: check = {} } = args;
  const ports = portsOf(args);
  const problems = new Problems()
    .range("containerPort", args.containerPort, 1, 65_535)
    .range("productionPort", args.productionPort, 1, 65_535)
    .range("testPort", args.testPort, 1, 65_535)
    .range("deregistrationDelaySeconds", args.deregistrationDelaySeconds, 0, 3600, "seconds")
    .range("healthCheck.intervalSeconds", check.intervalSeconds, 5, 300, "seconds")
    .range("healthCheck.timeoutSeconds", check.timeoutSeconds, 2, 120, "seconds")
    .range("healthCheck.healthyThreshold", check.healthyThreshold, 2, 10)
    .range("healthCheck.unhealthyThreshold", check.unhealthyThreshold, 2, 10);
  const longest = `${name}-green`;
  if (longest.length + AUTONAME_LENGTH > LOAD_BALANCER_NAME_MAX) {
    const max = LOAD_BALANCER_NAME_MAX - AUTONAME_LENGTH - "-green".length;
    problems.add(`name: at most ${max} characters, got ${name.length}; the target group would be "${longest}-<7 hex>"`);
  }
  if (ports.production === ports.test) problems.add(`testPort: ${ports.test} is the production port already`);
  if ((check.timeoutSeconds ?? 5) >= (check.intervalSeconds ?? 10)) {
    problems.add(
      `healthCheck.timeoutSeconds: must be less than the interval of ${check.intervalSeconds ?? 10} seconds`,
    );
  }
  for (const cidr of [...(args.ingressCidrBlocks ?? []), ...(args.testIngressCidrBlocks ?? [])]) {
    problems.text("ingress", cidr, { pattern: CIDR_BLOCK, max: 18, expected: "an IPv4 range like 10.0.0.0/8" });
  }
  return problems;
}
