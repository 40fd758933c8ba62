import { z } from "zod";
import {
  AUTONAMED_MAX,
  environmentNameIn,
  fittedName,
  RESERVED_NAME,
  STACK_NAME_MAX,
} from "../../components/checks/names";
import { isOver } from "../../components/checks/schedule";
import { strategies } from "../../components/deployment";
import { portsOf } from "../../components/loadBalancer/ports";
import { LOAD_BALANCER, TARGET_GROUP } from "../../components/loadBalancer/settings";
import { targetGroupName } from "../../components/loadBalancer/targetGroup";
import { holdsZones, VPC_RANGE } from "../../components/network/cidrBlock";
import { repositoryNameIn } from "../names";
import type { Profiles } from "../profiles";
import { balancerOf } from "./balancers";
import { balancedService } from "./deliveryRules";
import { type ConfigRule, rule } from "./rule";
import { isGit, sourceFacts } from "./source";
import { type Steps, stepsOf } from "./steps";
import { deployableStack, isBalanced, strategyIn } from "./strategyNamed";

const given = z.unknown().optional();

const service = balancedService.extend({
  sidecars: z.array(z.looseObject({})).optional(),
  healthCheck: given,
  repository: given,
  buildspec: given,
  build: z.looseObject({ fullHistory: z.boolean().optional() }).optional(),
  projects: z.looseObject({ imageBuild: given }).optional(),
  desiredCount: z.number().optional(),
  taskDefinitionFamily: given,
  taskDefinition: given,
  secretsKey: given,
  permissions: given,
  domain: z.looseObject({ name: z.string() }).optional(),
  loadBalancer: z.looseObject({}).optional(),
  taskRole: given,
  scaling: z
    .looseObject({
      minCapacity: z.number(),
      maxCapacity: z.number(),
      targetRequestsPerMinute: given,
      schedules: z.array(z.looseObject({ schedule: z.string().optional() })).optional(),
    })
    .optional(),
  scheduledTasks: z.array(z.looseObject({ name: z.string(), schedule: z.string().optional() })).optional(),
  eventTasks: z.array(z.looseObject({ name: z.string() })).optional(),
});
type Service = z.output<typeof service>;

/** A service with a task definition family that nothing reads; -1 where there is none. */
function familyOfNothing(services: readonly Service[]): number {
  return services.findIndex(
    ({ taskDefinitionFamily, taskDefinition, service: theirs }) =>
      taskDefinitionFamily !== undefined && taskDefinition === undefined && theirs === undefined,
  );
}

/** A load balancer that this stack makes. */
function makesBalancer(one: Service): boolean {
  return !one.service && !one.targets && !one.loadBalancerOf && isBalanced(one);
}

/** Keys that say nothing where they stand are refused: whoever wrote them expects something of them. */
const withoutEffect = [
  rule(
    z.looseObject({ services: z.array(service) }),
    ({ services }) =>
      services[familyOfNothing(services)] &&
      "nothing: the family is the service's name; another one goes with a service that exists, and with a task definition from the source",
    {
      path: ["services"],
      at: ({ services }) => [familyOfNothing(services), "taskDefinitionFamily"],
      remove: true,
    },
  ),
  rule(
    z.looseObject({ services: z.array(service) }),
    ({ services }) =>
      services[grantsElsewhere(services)] &&
      "nothing: a role that is there already is its owner's to change; give it the permissions there",
    { path: ["services"], at: ({ services }) => [grantsElsewhere(services), "permissions"], remove: true },
  ),
  rule(
    z.looseObject({ services: z.array(service) }),
    ({ services }) =>
      services[namedWithoutBalancer(services)] &&
      "nothing: this stack makes no load balancer for it that the name could lead to",
    { path: ["services"], at: ({ services }) => [namedWithoutBalancer(services), "domain"], remove: true },
  ),
  rule(
    z.looseObject({ services: z.array(service) }),
    ({ services }) =>
      services[sameDomain(services)] && `another name: it leads to the load balancer of another service already`,
    { path: ["services"], at: ({ services }) => [sameDomain(services), "domain", "name"] },
  ),
  rule(
    z.looseObject({ source: z.looseObject({ provider: z.string() }).optional(), services: z.array(service) }),
    (config) =>
      config.services[buildOfNothing(config)] &&
      "nothing: no build that this program writes makes the image; say it in the build that does",
    { path: ["services"], at: (config) => [buildOfNothing(config), "build"], remove: true },
  ),
  rule(
    z.looseObject({ source: z.looseObject({ provider: z.string() }).optional(), services: z.array(service) }),
    (config) =>
      config.services[historyOfNothing(config)] &&
      `nothing: source ${config.source?.provider ?? ""} has no history, a repository in CodeCommit or on a connection has`,
    {
      path: ["services"],
      at: (config) => [historyOfNothing(config), "build", "fullHistory"],
      remove: true,
    },
  ),
  rule(
    z.looseObject({ passport: z.looseObject({ algorithm: given, signingKey: given }) }),
    ({ passport }) =>
      passport.algorithm !== undefined && passport.signingKey === undefined
        ? "nothing: no signingKey signs passports"
        : undefined,
    { path: ["passport", "algorithm"], remove: true },
  ),
  rule(
    z.looseObject({ topic: given, notificationEmails: given }),
    ({ topic, notificationEmails }) =>
      topic !== undefined && notificationEmails !== undefined
        ? "nothing beside topic: who a topic that exists tells is not this stack's to say, and nobody would be mailed"
        : undefined,
    { path: ["notificationEmails"], remove: true },
  ),
  rule(
    z.looseObject({ artifactReplica: given, artifactBucket: given }),
    ({ artifactReplica, artifactBucket }) =>
      artifactReplica !== undefined && artifactBucket !== undefined
        ? "nothing beside artifactBucket: copies of what is in a bucket that exists are not this stack's to make"
        : undefined,
    { path: ["artifactReplica"], remove: true },
  ),
  rule(
    z.looseObject({ accessLogRetentionInDays: given, accessLogs: given }),
    ({ accessLogRetentionInDays, accessLogs }) =>
      accessLogRetentionInDays !== undefined && (accessLogs === false || accessLogs === "false")
        ? "nothing beside accessLogs: false, because no logs are kept"
        : undefined,
    { path: ["accessLogRetentionInDays"], remove: true },
  ),
  rule(
    z.looseObject({ loadBalancer: given, services: z.array(service) }),
    ({ loadBalancer, services }) =>
      loadBalancer !== undefined && !services.some((one) => isBalanced(one) && !one.service)
        ? "nothing: no service of this stack gets a load balancer"
        : undefined,
    { path: ["loadBalancer"], remove: true },
  ),
  rule(
    z.looseObject({ services: z.array(service) }),
    ({ services }) => {
      const { index, keys } = unbalanced(services);
      if (index < 0) return undefined;
      return keys.length === 0
        ? "nothing: no load balancer for it is made in this stack"
        : `nothing: the load balancer is ${services[index]?.loadBalancerOf ?? "another stack"}'s; ${Object.keys(TARGET_GROUP).join(", ")} are this service's`;
    },
    {
      path: ["services"],
      at: ({ services }) => {
        const { index, keys } = unbalanced(services);
        return [index, "loadBalancer", ...keys];
      },
      remove: true,
    },
  ),
  rule(
    z.looseObject({ services: z.array(service) }),
    ({ services }) => {
      const worker = services[workerWithCheck(services)];
      return worker && `nothing: service "${worker.name}" is a worker, without a port that a load balancer could check`;
    },
    { path: ["services"], at: ({ services }) => [workerWithCheck(services), "healthCheck"], remove: true },
  ),
];

/** The first service with settings, or one setting, of a load balancer that this stack does not make. */
function unbalanced(services: readonly Service[]): { readonly index: number; readonly keys: readonly string[] } {
  for (const [index, one] of services.entries()) {
    const { loadBalancer, targets } = one;
    if (!loadBalancer || makesBalancer(one)) continue;
    const fromOutside = shareOf.safeParse(targets).success && isBalanced(one) && !one.service;
    if (!fromOutside && !shares(one)) return { index, keys: [] };
    const own = fromOutside ? TARGET_GROUP : { certificateArn: LOAD_BALANCER.certificateArn, ...TARGET_GROUP };
    const lost = Object.keys(loadBalancer).find((key) => !(key in own));
    if (lost !== undefined) return { index, keys: [lost] };
  }
  return { index: -1, keys: [] };
}

const shareOf = z.looseObject({ shared: z.looseObject({}) });

/** Whether a service shares the load balancer of another one in this stack. */
function shares(one: Service): boolean {
  return one.loadBalancerOf !== undefined && !one.service && !one.targets && isBalanced(one);
}

function namedWithoutBalancer(services: readonly Service[]): number {
  return services.findIndex((one) => one.domain !== undefined && !makesBalancer(one) && !shares(one));
}

function sameDomain(services: readonly Service[]): number {
  const names = services.map(({ domain }) => domain?.name);
  return names.findIndex((name, index) => name !== undefined && names.indexOf(name) < index);
}

/** A service whose image no generated build makes, with settings for one; -1 where there is none. */
function buildOfNothing({ source, services }: Built): number {
  const brought = sourceFacts(source?.provider).brings === "image";
  return services.findIndex((one) => {
    // Of the source, which a build of one's own starts from as well.
    const saysMore = Object.keys(one.build ?? {}).some((key) => key !== "fullHistory");
    return one.build !== undefined && (brought || (!builds(one) && saysMore));
  });
}

/** A service whose builds want the history of a source that has none; -1 where there is none. */
function historyOfNothing({ source, services }: Built): number {
  if (source === undefined || isGit(source.provider)) return -1;
  return services.findIndex(({ build }) => build?.fullHistory ?? false);
}

/** A service with permissions for a role that this stack does not make; -1 where there is none. */
function grantsElsewhere(services: readonly Service[]): number {
  return services.findIndex(
    ({ permissions, taskRole, service: theirs }) =>
      permissions !== undefined && (taskRole !== undefined || theirs !== undefined),
  );
}

function workerWithCheck(services: readonly Service[]): number {
  return services.findIndex(
    ({ healthCheck, service: adopted, container }) =>
      healthCheck !== undefined && !adopted && container.port === undefined,
  );
}

const counts = rule(
  z.looseObject({ services: z.array(service) }),
  ({ services }) => {
    const { desiredCount = 0, scaling } = services[wrongCount(services)] ?? {};
    if (!scaling) return undefined;
    return desiredCount < scaling.minCapacity
      ? `at least scaling.minCapacity, ${scaling.minCapacity}`
      : `at most scaling.maxCapacity, ${scaling.maxCapacity}`;
  },
  {
    path: ["services"],
    at: ({ services }) => [wrongCount(services), "desiredCount"],
    mend: ({ services }) => {
      const { desiredCount = 0, scaling: { minCapacity, maxCapacity } = { minCapacity: 0, maxCapacity: 0 } } =
        services[wrongCount(services)] ?? {};
      return desiredCount < minCapacity ? minCapacity : maxCapacity;
    },
  },
);

function wrongCount(services: readonly Service[]): number {
  return services.findIndex(
    ({ desiredCount: count, scaling }) =>
      count !== undefined && scaling && (count < scaling.minCapacity || count > scaling.maxCapacity),
  );
}

/** Traffic that a setting needs, or that a strategy moves away from it. */
const requestScaling = (known: Profiles) => {
  const found = (config: Moved) =>
    config.services.findIndex(
      (one) =>
        one.scaling?.targetRequestsPerMinute !== undefined &&
        !one.service &&
        (strategyIn(config, known)(one)?.needsTargets || !isBalanced(one)),
    );
  return rule(
    moved,
    (config) => {
      const one = config.services[found(config)];
      if (!one) return undefined;
      return isBalanced(one)
        ? "nothing: requests are counted of one target group, and the strategy moves traffic between two; use CPU or memory"
        : `nothing: no load balancer leads requests to service "${one.name}"`;
    },
    {
      path: ["services"],
      at: (config) => [found(config), "scaling", "targetRequestsPerMinute"],
      remove: true,
    },
  );
};

/** Between the two limits of a rolling deployment, one task at least has to be started or stopped. */
const replaceable = (known: Profiles) => {
  const fewest = ({ environment }: Moved, { scaling, desiredCount }: Service) =>
    scaling ? Math.max(1, scaling.minCapacity) : (desiredCount ?? known[environment]?.desiredCount ?? 1);
  const least = ({ deployment }: Moved, one: Service) => {
    const limits = rollingLimits.safeParse(one.deployment ?? deployment).data;
    return limits ? (strategies.rolling(limits).leastTasks ?? 1) : 1;
  };
  const stuckAt = (config: Moved) =>
    config.services.findIndex(
      (one) => !one.service && fewest(config, one) > 0 && fewest(config, one) < least(config, one),
    );
  return rule(
    moved,
    (config) => {
      const one = config.services[stuckAt(config)];
      if (!one) return undefined;
      const count = fewest(config, one);
      return `200, or ${least(config, one)} tasks of ${one.name} at least: of ${count}, none can ever be replaced between these limits`;
    },
    {
      path: [],
      at: (config) => {
        const own = config.services[stuckAt(config)]?.deployment === undefined ? [] : ["services", stuckAt(config)];
        return [...own, "deployment", "maximumPercent"];
      },
      mend: () => 200,
    },
  );
};

const rollingLimits = z.object({
  strategy: z.literal("rolling"),
  minimumHealthyPercent: z.number().optional(),
  maximumPercent: z.number().optional(),
});

const moved = deployableStack.extend({ services: z.array(service) });
type Moved = z.output<typeof moved>;

const connected = (known: Profiles) =>
  rule(
    moved.extend({ serviceConnect: given }),
    (config) =>
      config.serviceConnect === true &&
      config.services.some((one) => !one.service && strategyIn(config, known)(one)?.controller === "CODE_DEPLOY")
        ? "false: AWS has no Service Connect where CodeDeploy deploys; with ecsBlueGreen it has"
        : undefined,
    { path: ["serviceConnect"], mend: () => false },
  );

const balancerPorts = z
  .looseObject({
    type: LOAD_BALANCER.type,
    certificateArn: z.string().optional(),
    productionPort: z.number().optional(),
    testPort: z.number().optional(),
  })
  .optional();
const portedStack = z.looseObject({
  loadBalancer: balancerPorts,
  services: z.array(service.extend({ loadBalancer: balancerPorts })),
});
type Ported = z.output<typeof portedStack>;

/** Ports of the load balancer of a service. */
function portsFor(config: Ported, one: Ported["services"][number]) {
  const balancer = balancerOf(config, one);
  const { port } = one.container;
  const containerPort = typeof port === "number" ? port : undefined;
  return portsOf({ ...balancer, containerPort, certificateArn: balancer?.certificateArn ?? one.domain?.name });
}

/** The first service of whose load balancer both listeners would have one port; -1 where there is none. */
function onePort(config: Ported): number {
  return config.services.findIndex((one) => {
    if (!makesBalancer(one)) return false;
    const { production, test } = portsFor(config, one);
    return production === test;
  });
}

const ports = rule(
  portedStack,
  (config) => {
    const one = config.services[onePort(config)];
    return one && `another port than the production port, ${portsFor(config, one).production}`;
  },
  {
    path: [],
    at: (config) => {
      const index = onePort(config);
      const own = config.services[index]?.loadBalancer;
      return own ? ["services", index, "loadBalancer", "testPort"] : ["loadBalancer", "testPort"];
    },
    mend: (config) => {
      const one = config.services[onePort(config)];
      const production = one ? portsFor(config, one).production : 0;
      return production === 8080 ? 8081 : production + 1;
    },
  },
);

const zones = rule(
  z.looseObject({
    network: z.looseObject({
      existing: given,
      cidrBlock: VPC_RANGE,
      availabilityZones: z.union([z.number(), z.array(z.string())]).optional(),
    }),
  }),
  ({ network }) => {
    const { existing, cidrBlock, availabilityZones } = network;
    if (cidrBlock === undefined) return undefined;
    const count = Array.isArray(availabilityZones) ? availabilityZones.length : (availabilityZones ?? 2);
    return existing === undefined && !holdsZones(cidrBlock, count)
      ? `a range in which a public and a private subnet in each of ${count} zones have room, like 10.0.0.0/16`
      : undefined;
  },
  { path: ["network", "cidrBlock"] },
);

const targetPorts = rule(
  z.looseObject({ services: z.array(service) }),
  ({ services }) =>
    services[portless(services)] && "the port it listens on, because listeners and target groups lead to it",
  { path: ["services"], at: ({ services }) => [portless(services), "container", "port"] },
);

function portless(services: readonly Service[]): number {
  return services.findIndex(({ targets, container }) => targets !== undefined && container.port === undefined);
}

/** Two builds that push to one repository overwrite, or refuse, each other's tags. */
const repositories = (stack: string) => {
  const found = ({ project, source, services }: Built): number => {
    if (sourceFacts(source?.provider).brings === "image") return -1;
    const at = environmentNameIn(stack, project);
    const pushed = services.map((one) => (builds(one) ? repositoryOf(one, at) : ""));
    return services.findIndex(
      (one, index) =>
        one.repository !== undefined &&
        pushed[index] !== "" &&
        services.some((other, at) => other.name !== one.name && pushed[at] === pushed[index]),
    );
  };
  return rule(
    built,
    (config) => {
      const one = config.services[found(config)];
      return one && `a repository of its own for "${one.name}": the image build of another service pushes there too`;
    },
    { path: ["services"], at: (config) => [found(config), "repository"], remove: true },
  );
};

const built = z.looseObject({
  project: z.string().optional(),
  source: z.looseObject({ provider: z.string() }).optional(),
  services: z.array(service),
});
type Built = z.output<typeof built>;

function builds({ buildspec, projects }: Service): boolean {
  return buildspec === undefined && projects?.imageBuild === undefined;
}

const named = z.union([
  z.object({ existing: z.string() }).transform(({ existing }) => existing.replace(/^arn:.*:repository\//, "")),
  z.object({ name: z.string() }).transform(({ name }) => name),
  z.looseObject({ registry: z.string() }).transform(({ registry }) => registry),
]);

function repositoryOf({ name, repository }: Service, stack: string): string {
  return repository === undefined ? repositoryNameIn(stack, name) : (named.safeParse(repository).data ?? "");
}

/**
 * Beginnings that AWS keeps for itself: security groups and load balancers are named after their service.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
 */
const beginnings = rule(
  z.looseObject({ services: z.array(service) }),
  ({ services }) => {
    const one = services[reserved(services)];
    return one && `a name that does not begin with ${one.name.split("-")[0] ?? ""}-, as AWS's own do`;
  },
  { path: ["services"], at: ({ services }) => [reserved(services), "name"] },
);

function reserved(services: readonly Service[]): number {
  return services.findIndex(
    (one) => !one.service && (/^sg(?:-|$)/.test(one.name) || (/^internal(?:-|$)/.test(one.name) && makesBalancer(one))),
  );
}

/** What is never typed is shortened: two names must not become one. */
const shortened = rule(
  z.looseObject({ services: z.array(z.looseObject({ name: z.string() })) }),
  ({ services }) => {
    const [first, second] = shortenedAlike(services);
    return second === undefined || first === undefined
      ? undefined
      : `another name: what is named after it would be named as what is named after "${services[first]?.name ?? ""}"`;
  },
  { path: ["services"], at: ({ services }) => [shortenedAlike(services)[1] ?? 0, "name"] },
);

/** The first two services of which something has the same name in AWS. */
function shortenedAlike(services: readonly { readonly name: string }[]): readonly number[] {
  const taken = new Map<string, number>();
  for (const [index, { name }] of services.entries()) {
    const own = [
      `load balancer ${fittedName(name, AUTONAMED_MAX.loadBalancer)}`,
      `target group ${targetGroupName(name, "blue")}`,
      `target group ${targetGroupName(name, "green")}`,
      ...["execution", "task", "codedeploy", "infrastructure", "image", "unit-tests"].map(
        (what) => `role ${fittedName(`${name}-${what}`, AUTONAMED_MAX.role)}`,
      ),
    ];
    const other = own.map((one) => taken.get(one)).find((at) => at !== undefined && services[at]?.name !== name);
    if (other !== undefined) return [other, index];
    for (const one of own) taken.set(one, index);
  }
  return [];
}

/** Tasks are named after service and task: `a` and `b-c` is what `a-b` and `c` is. */
const taskNames = rule(
  z.looseObject({ services: z.array(service) }),
  ({ services }) => {
    const task = secondTask(services);
    return task && `another name: a task of this stack is named ${task.whole} already`;
  },
  {
    path: ["services"],
    at: ({ services }) => {
      const task = secondTask(services);
      return task ? [task.service, task.list, task.index, "name"] : [];
    },
  },
);

function secondTask(services: readonly Service[]) {
  const all = services.flatMap(({ name, ...tasks }, index) =>
    (["scheduledTasks", "eventTasks"] as const).flatMap((list) =>
      (tasks[list] ?? []).map((task, at) => ({ service: index, list, index: at, whole: `${name}-${task.name}` })),
    ),
  );
  // Two of one list are said where they stand.
  const isOther = (one: (typeof all)[number], other: (typeof all)[number]) =>
    one.service !== other.service || one.list !== other.list;
  return all.find((one, index) =>
    all.slice(0, index).some((other) => other.whole === one.whole && isOther(one, other)),
  );
}

/** Tests in the VPC need one, and a way from its private subnets to AWS. */
const testsInNetwork = (() => {
  const all = z.looseObject({
    network: z.looseObject({ egress: given, existing: given }).optional(),
    services: z.array(service),
    tests: z.array(z.looseObject({ network: given, project: given })),
  });
  const wrong = ({ network, services, tests }: z.output<typeof all>) => {
    const index = tests.findIndex((test) => test.network === true || test.network === "true");
    if (index < 0) return undefined;
    const own = tests.findIndex(
      (test) => (test.network === true || test.network === "true") && test.project !== undefined,
    );
    if (own >= 0) return { index: own, text: "nothing: a project that is there already says itself where it runs" };
    if (network?.egress === "public" && network.existing === undefined) {
      return {
        index,
        text: "nothing with network.egress: public: builds have no address of their own, and no way out",
      };
    }
    const none = network?.existing === undefined && services.every((one) => one.service !== undefined);
    return none
      ? { index, text: "nothing without network.existing: nobody knows the VPC of these services" }
      : undefined;
  };
  return rule(all, (config) => wrong(config)?.text, {
    path: ["tests"],
    at: (config) => [wrong(config)?.index ?? 0, "network"],
    remove: true,
  });
})();

/** A one-time schedule that is over would be refused, or never come. */
const over = rule(
  z.looseObject({ services: z.array(service) }),
  ({ services }) => (overAt(services) ? "nothing: its one moment is over" : undefined),
  { path: ["services"], at: ({ services }) => overAt(services) ?? [], remove: true },
);

/** Path of the first schedule that is over; of the list, where it is the only one. */
function overAt(services: readonly Service[]): readonly PropertyKey[] | undefined {
  for (const [index, { scheduledTasks = [], scaling }] of services.entries()) {
    const lists: [readonly PropertyKey[], readonly { readonly schedule?: string | undefined }[]][] = [
      [["scheduledTasks"], scheduledTasks],
      [["scaling", "schedules"], scaling?.schedules ?? []],
    ];
    for (const [path, list] of lists) {
      const at = list.findIndex(({ schedule }) => schedule !== undefined && isOver(schedule));
      if (at >= 0) return [index, ...path, ...(list.length > 1 ? [at] : [])];
    }
  }
  return undefined;
}

/** What AWS has no room for. */
const SECRETS_OF_SERVICE = 350;
/** With a key of their own, each stands in what is read and in what is decrypted. */
const SECRETS_WITH_KEY = 150;
const TASK_DEFINITION_BYTES = 60 * 1024;

/** What a task definition, and the policies of the role that starts its tasks, hold. */
const taskSizes = [
  rule(
    z.looseObject({ services: z.array(service) }),
    ({ services }) =>
      largeTask(services) >= 0
        ? `fewer and shorter values: AWS takes task definitions of ${TASK_DEFINITION_BYTES / 1024} KiB with what the program adds`
        : undefined,
    { path: ["services"], at: ({ services }) => [largeTask(services), "container"] },
  ),
  rule(
    z.looseObject({ secretsKey: given, services: z.array(service) }),
    (config) => {
      const one = config.services[manySecrets(config)];
      return one
        ? `at most ${mostSecrets(one, config.secretsKey)} secrets in all containers: more do not go into what AWS takes as a role's policies`
        : undefined;
    },
    { path: ["services"], at: (config) => [manySecrets(config), "container", "secrets"] },
  ),
];

/** Each variable and secret is a map of its own there. */
const ENTRY_BYTES = 30;

function largeTask(services: readonly Service[]): number {
  return services.findIndex(({ container, sidecars = [] }) => {
    const all = [container, ...sidecars];
    const entries = all.reduce<number>((sum, one) => sum + countOf(one, "environment") + countOf(one, "secrets"), 0);
    return Buffer.byteLength(JSON.stringify(all)) + entries * ENTRY_BYTES > TASK_DEFINITION_BYTES;
  });
}

function mostSecrets({ secretsKey }: Service, ofStack: unknown): number {
  return (secretsKey ?? ofStack) === undefined ? SECRETS_OF_SERVICE : SECRETS_WITH_KEY;
}

function manySecrets(config: { readonly secretsKey?: unknown; readonly services: readonly Service[] }): number {
  return config.services.findIndex((one) => {
    const { container, sidecars = [] } = one;
    const count = [container, ...sidecars].reduce<number>((sum, each) => sum + countOf(each, "secrets"), 0);
    return count > mostSecrets(one, config.secretsKey);
  });
}

function countOf(container: object, key: string): number {
  return Object.keys(new Map<string, unknown>(Object.entries(container)).get(key) ?? {}).length;
}

/** Service Connect takes the container's name for the port's, which has less room. */
const portNames = rule(
  z.looseObject({ serviceConnect: given, services: z.array(service) }),
  ({ serviceConnect, services }) =>
    (serviceConnect === true || serviceConnect === "true") && badPortName(services) >= 0
      ? "1 to 64 lower-case letters, digits, - and _ with serviceConnect, where the port is named so"
      : undefined,
  { path: ["services"], at: ({ services }) => [badPortName(services), "container", "name"] },
);

function badPortName(services: readonly Service[]): number {
  return services.findIndex(({ container, service: theirs }) => {
    const { port, name } = container;
    return !theirs && port !== undefined && typeof name === "string" && !/^[a-z0-9_][a-z0-9_-]{0,63}$/.test(name);
  });
}

/** Two groups, and two listeners: traffic moves from one to the other. */
const twoTargets = (["Group", "Listener"] as const).map((kind) => {
  const [first, second] =
    kind === "Group" ? ["blueTargetGroup", "greenTargetGroup"] : ["productionListener", "testListener"];
  const found = (services: readonly Service[]) =>
    services.findIndex(({ targets }) => {
      const all = existingTargets.safeParse(targets).data?.existing;
      return all !== undefined && all[first] !== undefined && all[first] === all[second];
    });
  return rule(
    z.looseObject({ services: z.array(service) }),
    ({ services }) => (found(services) >= 0 ? `another one than ${first}` : undefined),
    { path: ["services"], at: ({ services }) => [found(services), "targets", "existing", second] },
  );
});

const existingTargets = z.looseObject({ existing: z.record(z.string(), z.unknown()) });

/** A VPC that is there already is as it is. */
const ofNewNetworks = (["cidrBlock", "availabilityZones"] as const).map((key) =>
  rule(
    z.looseObject({ network: z.looseObject({ existing: z.object({}), [key]: given }) }),
    ({ network }) =>
      new Map<string, unknown>(Object.entries(network)).get(key) === undefined
        ? undefined
        : "nothing beside existing: a VPC that is there already is as it is",
    { path: ["network", key], remove: true },
  ),
);

/** Of a VPC that is there already nothing is said but in which of its subnets tasks run. */
const egressOfExisting = rule(
  z.looseObject({
    network: z.looseObject({ existing: z.looseObject({ publicSubnets: given }), egress: z.string() }),
  }),
  ({ network: { existing, egress } }) => {
    if (egress !== "public") return "nothing beside existing, or public: a VPC that is there already is as it is";
    return existing.publicSubnets === undefined
      ? "nothing where existing has no publicSubnets: tasks with public addresses run there"
      : undefined;
  },
  { path: ["network", "egress"], remove: true },
);

/** Both together are what names begin with. */
const projectFits = (stack: string) =>
  rule(
    z.looseObject({ project: z.string() }),
    ({ project }) => {
      const name = environmentNameIn(stack, project);
      if (name.length > STACK_NAME_MAX)
        return `at most ${STACK_NAME_MAX} characters with the stack's name after it, ${name} has ${name.length}`;
      return RESERVED_NAME.test(name)
        ? "another beginning than sg-, sthree- and amzn-s3-demo-, which AWS keeps for itself"
        : undefined;
    },
    { path: ["project"], remove: true },
  );

/** A stack does not deliver to itself. */
const itself = (stack: string) =>
  (["releaseTo", "deliveredBy"] as const).map((key) =>
    rule(
      z.looseObject({ [key]: z.looseObject({ stack: z.string(), account: given }) }),
      (config) => {
        const other = z.looseObject({ stack: z.string(), account: given, region: given }).safeParse(config[key]).data;
        return other?.stack === stack && other.account === undefined && other.region === undefined
          ? "another stack than this one"
          : undefined;
      },
      { path: [key, "stack"] },
    ),
  );

/** What a profile's stages ask for, and what only they make sense of. */
const stages = (known: Profiles) => {
  const steps = (environment: string): Steps | undefined => {
    const profile = known[environment];
    return profile && stepsOf(profile);
  };
  return [
    rule(
      z.looseObject({ environment: z.string(), approval: given, deliveredBy: given }),
      ({ environment, approval, deliveredBy }) =>
        approval !== undefined && (deliveredBy !== undefined || steps(environment)?.asks === false)
          ? `nothing: nobody is asked in an environment like ${environment}`
          : undefined,
      { path: ["approval"], remove: true },
    ),
    rule(
      z.looseObject({
        environment: z.string(),
        deliveredBy: given,
        tests: z.array(z.looseObject({ name: z.string() })).optional(),
      }),
      ({ environment, tests = [], deliveredBy }) => {
        const lacks = steps(environment)?.tests.find((name) => !tests.some((test) => test.name === name));
        return lacks !== undefined && deliveredBy === undefined
          ? `tests named "${lacks}", which the stages of ${environment} run`
          : undefined;
      },
      { path: ["tests"] },
    ),
    rule(
      z.looseObject({ environment: z.string(), deliveredBy: given, services: z.array(service) }),
      ({ environment, services, deliveredBy }) => {
        const lacks = steps(environment)?.services.find((name) => !services.some((one) => one.name === name));
        return lacks !== undefined && deliveredBy === undefined
          ? `a service named "${lacks}", which the stages of ${environment} deliver`
          : undefined;
      },
      { path: ["services"] },
    ),
  ];
};

/** Rules between keys that make no sense together, or that a component would refuse when others are there already. */
export function togetherRules(known: Profiles, stack: string): ConfigRule[] {
  return [
    ...withoutEffect,
    counts,
    requestScaling(known),
    replaceable(known),
    connected(known),
    ports,
    zones,
    targetPorts,
    repositories(stack),
    taskNames,
    testsInNetwork,
    shortened,
    beginnings,
    over,
    ...taskSizes,
    portNames,
    ...twoTargets,
    ...ofNewNetworks,
    egressOfExisting,
    ...itself(stack),
    projectFits(stack),
    ...stages(known),
  ];
}
