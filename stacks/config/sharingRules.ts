import { z } from "zod";
import { ruleProblem } from "../../components/loadBalancer/listenerRule";
import { LOAD_BALANCER } from "../../components/loadBalancer/settings";
import type { Profiles } from "../profiles";
import { balancerOf, isNetwork, isSecure, ruleOf, sharersOf } from "./balancers";
import { balancedService, deploymentOf } from "./deliveryRules";
import { type ConfigRule, rule } from "./rule";
import { deployableStack, isBalanced, strategyIn } from "./strategyNamed";

const certified = z.looseObject({ type: LOAD_BALANCER.type, certificateArn: z.string().optional() }).optional();

const stackOfSharers = deployableStack.extend({
  loadBalancer: certified,
  services: z.array(
    balancedService.extend({
      listenerRule: z
        .looseObject({
          hosts: z.array(z.string()).optional(),
          paths: z.array(z.string()).optional(),
          priority: z.number().optional(),
        })
        .optional(),
      domain: z.looseObject({ name: z.string() }).optional(),
      loadBalancer: certified,
    }),
  ),
});
type Stack = z.output<typeof stackOfSharers>;
type Service = Stack["services"][number];

/** What is wrong: of which service, at which of its keys, and what is expected there. */
interface Found {
  readonly index: number;
  readonly key: readonly PropertyKey[];
  readonly expected: string;
}

/** A rule about services that share a load balancer; each is asked in turn. */
function ofSharers(
  problem: (one: Service, config: Stack, index: number) => Omit<Found, "index"> | undefined,
  options: { readonly remove?: boolean; readonly mend?: (config: Stack, found: Found) => string | number } = {},
): ConfigRule {
  const find = (config: Stack): Found | undefined => {
    for (const [index, one] of config.services.entries()) {
      const found = problem(one, config, index);
      if (found) return { ...found, index };
    }
    return undefined;
  };
  const { remove, mend } = options;
  const at = (config: Stack) => {
    const found = find(config);
    return found ? [found.index, ...found.key] : [];
  };
  const mended = mend && {
    mend: (config: Stack) => {
      const found = find(config);
      return found ? mend(config, found) : "";
    },
  };
  return rule(stackOfSharers, (config) => find(config)?.expected, { path: ["services"], at, remove, ...mended });
}

/** The services whose load balancers another one could share. */
function owners(config: Stack, but: string): string[] {
  return config.services
    .filter((one) => one.name !== but && !one.service && !one.targets && !one.loadBalancerOf && isBalanced(one))
    .filter((one) => !isNetwork(config, one))
    .map(({ name }) => name);
}

function ownerOf({ services }: Stack, { loadBalancerOf }: Service): Service | undefined {
  return services.find(({ name }) => name === loadBalancerOf);
}

const ruleOfNothing = ofSharers(
  ({ listenerRule, loadBalancerOf }) =>
    listenerRule !== undefined && loadBalancerOf === undefined
      ? {
          key: ["listenerRule"],
          expected: "nothing without loadBalancerOf: all requests of a load balancer of its own come to it",
        }
      : undefined,
  { remove: true },
);

const sharingNothing = ofSharers(
  (one, config) => {
    if (one.loadBalancerOf === undefined) return undefined;
    const why = unfit(one, config);
    return why === undefined ? undefined : { key: ["loadBalancerOf"], expected: `nothing: ${why}` };
  },
  { remove: true },
);

/** Why a service can share no load balancer. */
function unfit(one: Service, config: Stack): string | undefined {
  if (one.service !== undefined) return "what leads requests to a service that exists is its owner's";
  if (one.targets !== undefined) return "beside targets, which say what leads requests to it";
  if (one.container.port === undefined) return `service "${one.name}" has no port that requests could be led to`;
  if (!isBalanced(one)) return "beside loadBalanced: false";
  return owners(config, one.name).length === 0
    ? "no other service has an application load balancer of its own"
    : undefined;
}

const sharedOwner = ofSharers(
  (one, config) => {
    const known = owners(config, one.name);
    if (one.loadBalancerOf === undefined || unfit(one, config) || known.includes(one.loadBalancerOf)) return undefined;
    return {
      key: ["loadBalancerOf"],
      expected: `the name of another service with an application load balancer of its own (${known.join(", ")})`,
    };
  },
  { mend: (config, { index }) => owners(config, config.services[index]?.name ?? "")[0] ?? "" },
);

/** Whether all requests would come to a service that only shares a load balancer. */
function takesAll(one: Service): boolean {
  const { hosts = [], paths = [] } = ruleOf(one);
  return one.loadBalancerOf !== undefined && hosts.length + paths.length === 0;
}

const ruleNeeded = ofSharers(
  (one) =>
    takesAll(one)
      ? {
          key: ["listenerRule", "paths", 0],
          expected: `a path, or listenerRule.hosts: without any, all requests of service "${one.loadBalancerOf ?? ""}" would come to it`,
        }
      : undefined,
  { mend: ({ services }, { index }) => `/${services[index]?.name ?? ""}/*` },
);

const ruleHolds = ofSharers((one) => {
  const expected = one.loadBalancerOf === undefined || takesAll(one) ? undefined : ruleProblem(ruleOf(one));
  return expected === undefined ? undefined : { key: ["listenerRule"], expected };
});

/** A name that leads to the load balancer leads to the service, too, whose name it is. */
const nameAmongHosts = ofSharers((one) => {
  const { domain, listenerRule, loadBalancerOf } = one;
  const hosts = listenerRule?.hosts;
  if (loadBalancerOf === undefined || !domain || !hosts || hosts.some((host) => takes(host, domain.name))) {
    return undefined;
  }
  return {
    key: ["listenerRule", "hosts"],
    expected: `${domain.name} among them, the name in domain: else requests for it come to service "${loadBalancerOf}"`,
  };
});

/** Whether a pattern of a rule takes a host. */
function takes(pattern: string, host: string): boolean {
  const escaped = pattern.replace(/\./g, "\\.").replace(/\*/g, ".*").replace(/\?/g, ".");
  return new RegExp(`^${escaped}$`, "i").test(host);
}

/** Requests that come to another service already: the rule that is looked at later would never be reached. */
const ruleOfItsOwn = ofSharers((one, config, index) => {
  if (one.loadBalancerOf === undefined || takesAll(one)) return undefined;
  const owner = ownerOf(config, one);
  const taken = requestsOf(one);
  const everything = taken.find((request) => [" /*", " *", `${owner?.domain?.name ?? " "} /*`].includes(request));
  if (everything !== undefined && owner) {
    return { key: ["listenerRule"], expected: `narrower hosts or paths: service "${owner.name}" would get no request` };
  }
  for (const other of sharersOf(config.services.slice(0, index), one.loadBalancerOf)) {
    const both = taken.find((request) => requestsOf(other).includes(request));
    if (both !== undefined) {
      const what = both.trim().replace(" ", "");
      return {
        key: ["listenerRule"],
        expected: `other hosts or paths: ${what} leads to service "${other.name}" already`,
      };
    }
  }
  return undefined;
});

/** Each host with each path, `/*` where none is said. */
function requestsOf(one: Service): readonly string[] {
  const { hosts = [""], paths = ["/*"] } = ruleOf(one);
  return hosts.flatMap((host) => paths.map((path) => `${host.toLowerCase()} ${path}`));
}

const prioritiesOnce = ofSharers(
  (one, config, index) => {
    const priority = one.listenerRule?.priority;
    if (one.loadBalancerOf === undefined || priority === undefined) return undefined;
    const other = sharersOf(config.services.slice(0, index), one.loadBalancerOf).find(
      ({ listenerRule }) => listenerRule?.priority === priority,
    );
    return other
      ? { key: ["listenerRule", "priority"], expected: `another number: the rule of service "${other.name}" has it` }
      : undefined;
  },
  {
    mend: ({ services }) => Math.max(...services.map(({ listenerRule }) => listenerRule?.priority ?? 0)) + 1,
  },
);

/** A share of someone else's load balancer: what one rule of a listener holds, on two listeners. */
const sharesHold = rule(
  z.looseObject({ services: z.array(balancedService) }),
  ({ services }) => {
    const { index, shared } = wrongShare(services);
    if (!shared) return undefined;
    return ruleProblem(shared) ?? (index < 0 ? undefined : "another listener than the one that users come to");
  },
  {
    path: ["services"],
    at: ({ services }) => {
      const { index, shared } = wrongShare(services);
      return [index, "targets", "shared", ...(shared && ruleProblem(shared) ? ["paths"] : ["testListener"])];
    },
    remove: true,
  },
);

const outsideShare = z.looseObject({
  shared: z.looseObject({
    listener: z.string(),
    testListener: z.string().optional(),
    hosts: z.array(z.string()),
    paths: z.array(z.string()).optional(),
  }),
});

function wrongShare(services: readonly z.output<typeof balancedService>[]) {
  for (const [index, { targets }] of services.entries()) {
    const shared = outsideShare.safeParse(targets).data?.shared;
    if (shared && (ruleProblem(shared) || shared.testListener === shared.listener)) return { index, shared };
  }
  return { index: -1 };
}

const namesNeedTls = ofSharers(
  (one, config) => {
    const owner = ownerOf(config, one);
    if (!owner || isSecure(config, owner)) return undefined;
    const key = one.domain ? ["domain"] : one.loadBalancer?.certificateArn ? ["loadBalancer", "certificateArn"] : [];
    const expected = `nothing: the listeners of service "${owner.name}" speak HTTP, without a certificate; give "${owner.name}" a domain or a certificate first, or lead requests here by listenerRule.hosts`;
    return key.length > 0 ? { key, expected } : undefined;
  },
  { remove: true },
);

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
const MORE_CERTIFICATES = 25;

const certificatesFit = ofSharers(
  (one, config, index) => {
    if (one.loadBalancerOf === undefined || !bringsCertificate(one, config)) return undefined;
    const before = sharersOf(config.services.slice(0, index), one.loadBalancerOf);
    return before.filter((other) => bringsCertificate(other, config)).length >= MORE_CERTIFICATES
      ? {
          key: ["domain"],
          expected: `nothing: a load balancer takes ${MORE_CERTIFICATES} certificates besides its own; one for *.<domain> in loadBalancer.certificateArn is enough for all`,
        }
      : undefined;
  },
  { remove: true },
);

function bringsCertificate(one: Service, config: Stack): boolean {
  if (one.loadBalancer?.certificateArn !== undefined) return true;
  const owner = ownerOf(config, one);
  return one.domain !== undefined && owner !== undefined && balancerOf(config, owner)?.certificateArn === undefined;
}

/**
 * CodeDeploy rewrites listeners, and wants each with its default rule alone.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/migrate-codedeploy-to-ecs-bluegreen.html
 */
const movedByEcs = (known: Profiles) => {
  const found = (config: Stack) =>
    config.services.find((one) => {
      const isConcerned = one.loadBalancerOf !== undefined || sharersOf(config.services, one.name).length > 0;
      return isConcerned && strategyIn(config, known)(one)?.controller === "CODE_DEPLOY";
    });
  return rule(
    stackOfSharers,
    (config) => {
      const one = found(config);
      return (
        one &&
        `a strategy of ECS itself (rolling, ecsBlueGreen, ecsLinear, ecsCanary): service "${one.name}" shares a load balancer, and CodeDeploy needs listeners with no rule but the default one`
      );
    },
    { path: [], at: (config) => deploymentOf(config, found(config)), mend: () => "ecsBlueGreen" },
  );
};

/** Rules between services that share a load balancer. */
export function sharingRules(known: Profiles): ConfigRule[] {
  return [
    ruleOfNothing,
    sharingNothing,
    sharedOwner,
    ruleNeeded,
    ruleHolds,
    ruleOfItsOwn,
    nameAmongHosts,
    sharesHold,
    prioritiesOnce,
    namesNeedTls,
    certificatesFit,
    movedByEcs(known),
  ];
}
