import { Problems } from "../checks/problems";
import { CIDR_RANGE } from "../network/cidrBlock";
import { port } from "../settings/setting";
import { checkSettings, withDefaults } from "../settings/settings";
import type { BlueGreenTargetsArgs } from "./args";
import { DOMAIN } from "./domain";
import { portsOf } from "./ports";
import { HEALTH_CHECK, HTTP_SETTINGS, LOAD_BALANCER, TARGET_GROUP } from "./settings";
import { matcherProblem } from "./targetGroup";

/** What of the arguments of `BlueGreenTargets`, or of a share of a load balancer, AWS would refuse. */
export function checkTargets(args: Omit<BlueGreenTargetsArgs, "network">): Problems {
  const check = withDefaults(HEALTH_CHECK, args.healthCheck ?? {});
  const ports = portsOf({ ...args, certificateArn: args.certificateArn ?? args.domain?.name });
  const { type, certificateArn, productionPort, testPort, internal, idleTimeoutSeconds } = LOAD_BALANCER;
  const own = { type, certificateArn, productionPort, testPort, internal, idleTimeoutSeconds, ...TARGET_GROUP };
  const problems = new Problems()
    .addAll(checkSettings({ containerPort: port({ example: 8080 }), ...own }, args))
    .addAll(checkSettings(HEALTH_CHECK, args.healthCheck ?? {}, "healthCheck."));
  const matcher = matcherProblem(args.protocolVersion, args.healthCheck?.matcher);
  problems.add(matcher && `healthCheck.matcher: expected ${matcher}, got "${args.healthCheck?.matcher ?? ""}"`);
  for (const key of args.type === "network" ? HTTP_SETTINGS : []) {
    if (args[key] !== undefined) problems.add(`${key}: expected nothing, which a network load balancer does not do`);
  }
  if (args.domain) problems.addAll(checkSettings(DOMAIN, args.domain, "domain."));
  if (ports.production === ports.test) problems.add(`testPort: ${ports.test} is the production port already`);
  if (check.timeoutSeconds >= check.intervalSeconds) {
    problems.add(`healthCheck.timeoutSeconds: must be less than the interval of ${check.intervalSeconds} seconds`);
  }
  for (const cidr of [...(args.ingressCidrBlocks ?? []), ...(args.testIngressCidrBlocks ?? [])]) {
    problems.addAll(checkSettings({ ingress: CIDR_RANGE }, { ingress: cidr }));
  }
  return problems;
}
