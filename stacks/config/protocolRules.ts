import { z } from "zod";
import { LOAD_BALANCER, TARGET_GROUP } from "../../components/loadBalancer/settings";
import { matcherProblem } from "../../components/loadBalancer/targetGroup";
import { balancerOf, isNetwork, isSecure } from "./balancers";
import { type ConfigRule, rule } from "./rule";
import { deployableService, isBalanced } from "./strategyNamed";

const versioned = z
  .looseObject({
    type: LOAD_BALANCER.type,
    certificateArn: z.string().optional(),
    protocolVersion: TARGET_GROUP.protocolVersion,
  })
  .optional();

const versionedStack = z.looseObject({
  loadBalancer: versioned,
  services: z.array(
    deployableService.extend({
      domain: z.looseObject({ name: z.string() }).optional(),
      loadBalancer: versioned,
      healthCheck: z.looseObject({ matcher: z.string().optional() }).optional(),
    }),
  ),
});
type Stack = z.output<typeof versionedStack>;
type Service = Stack["services"][number];

function versionOf(config: Stack, one: Service) {
  return balancerOf(config, one)?.protocolVersion ?? "HTTP1";
}

/** A service whose protocol takes TLS that its listeners do not speak; -1 where there is none. */
function withoutTls(config: Stack): number {
  return config.services.findIndex((one) => {
    if (one.service !== undefined || one.targets !== undefined || !isBalanced(one)) return false;
    // There it stands for nothing, which another rule says.
    if (isNetwork(config, one)) return false;
    const owner =
      one.loadBalancerOf === undefined ? one : config.services.find(({ name }) => name === one.loadBalancerOf);
    return versionOf(config, one) !== "HTTP1" && !isSecure(config, owner);
  });
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html */
const versionTakesTls = rule(
  versionedStack,
  (config) => {
    const one = config.services[withoutTls(config)];
    return (
      one &&
      `HTTP1: the listeners of service "${one.loadBalancerOf ?? one.name}" speak HTTP, and ${versionOf(config, one)} takes HTTPS; it gets that by a domain, or by loadBalancer.certificateArn`
    );
  },
  {
    path: [],
    at: (config) => {
      const index = withoutTls(config);
      const own = config.services[index]?.loadBalancer?.protocolVersion !== undefined;
      return [...(own ? ["services", index] : []), "loadBalancer", "protocolVersion"];
    },
    mend: () => "HTTP1",
  },
);

/** A service whose health check expects codes of another protocol; -1 where there is none. */
function wrongMatcher(config: Stack): number {
  return config.services.findIndex((one) => matcherProblem(versionOf(config, one), one.healthCheck?.matcher));
}

const matcherFits = rule(
  versionedStack,
  (config) => {
    const one = config.services[wrongMatcher(config)];
    return one && matcherProblem(versionOf(config, one), one.healthCheck?.matcher);
  },
  {
    path: ["services"],
    at: (config) => [wrongMatcher(config), "healthCheck", "matcher"],
    mend: (config) => {
      const one = config.services[wrongMatcher(config)];
      return one && versionOf(config, one) === "GRPC" ? "0" : "200-299";
    },
  },
);

/** Rules about HTTP as tasks speak it. */
export const protocolRules: readonly ConfigRule[] = [versionTakesTls, matcherFits];
