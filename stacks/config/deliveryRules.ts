import { z } from "zod";
import type { Profiles } from "../profiles";
import { projectsOfRoles, verifyNeeded } from "./projectRules";
import { type ConfigRule, rule } from "./rule";
import { isGit, repositoryProblem, sourceFacts } from "./source";
import { stepsOf } from "./steps";
import { deployableService, deployableStack, isBalanced, strategyIn } from "./strategyNamed";

const given = z.unknown().optional();
const source = z.looseObject({ provider: z.string() }).optional();

/** The fields that say how traffic comes to a service, and how it is deployed. */
export const balancedService = deployableService;

const service = balancedService.extend({
  url: given,
  repository: given,
  taskDefinition: given,
  tagParameter: given,
  sourceRepository: given,
});
const test = z.looseObject({ name: z.string(), service: z.string().optional(), sourceRepository: given });

const sourceNeeded = rule(
  z.looseObject({ source: given, deliveredBy: given, delivery: given, branch: given }),
  (config) =>
    config.source === undefined && config.deliveredBy === undefined && config.delivery === undefined
      ? "where the code comes from, unless another stack's pipeline delivers (deliveredBy)"
      : undefined,
  {
    path: ["source"],
    also: ({ branch }) => [
      { path: ["source", "repository"], value: "shop" },
      ...(branch === undefined ? [{ path: ["branch"], value: "main" }] : []),
    ],
  },
);

const branchNeeded = rule(
  z.looseObject({ source, branch: given, delivery: given }),
  (config) =>
    config.branch === undefined && (isGit(config.source?.provider) || config.delivery !== undefined)
      ? "a branch name"
      : undefined,
  { path: ["branch"] },
);

const deliveredOnce = rule(
  z.looseObject({ deliveredBy: given, releaseTo: given }),
  ({ deliveredBy, releaseTo }) =>
    deliveredBy && releaseTo
      ? "nothing beside deliveredBy: this stack has neither pipeline nor workflow that could go on"
      : undefined,
  { path: ["releaseTo"], remove: true },
);

/** What is missing where neither bucket nor key is said: the other stack's file may name a workflow. */
const OR_DELIVERY =
  "; or, where a workflow of GitHub Actions delivers there, delivery here too, as that stack's file has it";

/** A pipeline has its artifacts in a bucket, which the roles of this stack read. */
const artifactsNeeded: readonly ConfigRule[] = (
  [
    ["artifactBucket", "the artifact bucket of that stack, its output artifactBucket"],
    ["kmsKey", "the key of that stack's artifacts, its output artifactKey"],
  ] as const
).map(([key, expected]) =>
  rule(
    z.looseObject({ delivery: given, deliveredBy: z.looseObject({ artifactBucket: given, kmsKey: given }) }),
    ({ delivery, deliveredBy }) => {
      if (delivery !== undefined || deliveredBy[key] !== undefined) return undefined;
      const neither = deliveredBy.artifactBucket === undefined && deliveredBy.kmsKey === undefined;
      return neither && key === "artifactBucket" ? `${expected}${OR_DELIVERY}` : expected;
    },
    { path: ["deliveredBy", key] },
  ),
);

/** What another stack delivers, ECS itself deploys. */
const deliveredByEcs = (known: Profiles) => {
  const found = (config: z.output<typeof deployableStack>) =>
    config.services.find((one) => strategyIn(config, known)(one)?.controller === "CODE_DEPLOY");
  return rule(
    deployableStack.extend({ deliveredBy: given, delivery: given }),
    (config) =>
      config.deliveredBy && found(config)
        ? `a strategy of ECS itself (rolling, ecsBlueGreen, ecsLinear, ecsCanary): another stack's ${byWhat(config)} does not know this stack's CodeDeploy application`
        : undefined,
    { path: [], at: (config) => deploymentOf(config, found(config)), mend: () => "ecsBlueGreen" },
  );
};

/** What of the other stack delivers, in a word. */
function byWhat({ delivery }: { readonly delivery?: unknown }): "pipeline" | "workflow" {
  return delivery === undefined ? "pipeline" : "workflow";
}

/** Where it is said how a service is deployed. */
export function deploymentOf(
  { services }: z.output<typeof deployableStack>,
  one: z.output<typeof deployableService> | undefined,
): readonly PropertyKey[] {
  const index = services.findIndex(({ name }) => name === one?.name);
  return one?.deployment === undefined ? ["deployment"] : ["services", index, "deployment"];
}

const preparing = z.looseObject({
  environment: z.string(),
  deliveredBy: z.looseObject({ stack: z.string() }).optional(),
  delivery: given,
  services: z.array(z.looseObject({ name: z.string(), service: given, beforeDeployment: given })),
});

/** What is to run before a deployment needs a pipeline that has a step for it, and a service whose tasks are known. */
const preparedHere = (known: Profiles) =>
  rule(
    preparing,
    (config) => {
      const at = preparedAt(config);
      const one = config.services[at];
      if (!one) return undefined;
      if (config.deliveredBy) {
        const { stack } = config.deliveredBy;
        return config.delivery === undefined
          ? `nothing: pipeline of stack ${stack} delivers here, and its builds may start no task in this one; run it by hand or in a pipeline of this stack`
          : `nothing: workflow of stack ${stack} delivers here, and its jobs may start no task in this one; run it by hand or in a workflow of this stack`;
      }
      if (one.service !== undefined) {
        return "nothing: of a service that exists nobody here knows in which network and roles its tasks run";
      }
      const profile = known[config.environment];
      return profile && !stepsOf(profile).prepares
        ? `nothing, because the pipeline of ${config.environment} has no step for it; stage("BeforeDeployment", p.beforeDeployment()) in its profile would be one`
        : undefined;
    },
    { path: ["services"], at: (config) => [preparedAt(config), "beforeDeployment"], remove: true },
  );

function preparedAt({ services, deliveredBy }: z.output<typeof preparing>): number {
  const preparers = services.flatMap(({ beforeDeployment, service }, index) =>
    beforeDeployment === undefined ? [] : [{ index, isTheirs: service !== undefined }],
  );
  const worst = deliveredBy ? undefined : preparers.find(({ isTheirs }) => isTheirs);
  return (worst ?? preparers[0])?.index ?? -1;
}

const onePipelineReleases = rule(
  z.looseObject({ pipelines: z.string(), releaseTo: given, delivery: given }),
  ({ pipelines, releaseTo, delivery }) =>
    pipelines === "perService" && releaseTo
      ? `one, because of releaseTo: ${delivery === undefined ? "the other stack admits the role of one pipeline" : "one workflow is told all images, and goes on with them"}`
      : undefined,
  { path: ["pipelines"], mend: () => "one" },
);

/** CodeDeploy rewrites listeners, and one that is someone else's is not this stack's to rewrite. */
const sharedByEcs = (known: Profiles) => {
  const found = (config: z.output<typeof deployableStack>) =>
    config.services.find((one) => isShare(one.targets) && strategyIn(config, known)(one)?.controller === "CODE_DEPLOY");
  return rule(
    deployableStack,
    (config) => {
      const one = found(config);
      return (
        one &&
        `a strategy of ECS itself (rolling, ecsBlueGreen, ecsLinear, ecsCanary): CodeDeploy rewrites listeners, and the one of service "${one.name}" is shared`
      );
    },
    { path: [], at: (config) => deploymentOf(config, found(config)), mend: () => "ecsBlueGreen" },
  );
};

function isShare(targets: unknown): boolean {
  return typeof targets === "object" && targets !== null && "shared" in targets;
}

/** A run that a tag starts is told one image; of the others it would take one tagged with the bare beginning, which nobody pushes. */
const imagesApart = rule(
  z.looseObject({
    pipelines: z.string().optional(),
    source: z.looseObject({ provider: z.literal("ECR"), imageTag: z.string() }),
    services: z.array(z.looseObject({ name: z.string(), imageOf: given })),
  }),
  ({ pipelines, source: { imageTag }, services }) => {
    const images = services.filter(({ imageOf }) => imageOf === undefined);
    return pipelines !== "perService" && imageTag.endsWith("*") && images.length > 1
      ? `perService, because of source.imageTag ${imageTag}: a push of one image starts a run that is told no tag of the other ${images.length - 1 === 1 ? "one" : images.length - 1}`
      : undefined;
  },
  { path: ["pipelines"], mend: () => "perService" },
);

/** A template in the source takes a strategy that releases from one, and a source that has files. */
const templates = (known: Profiles) => [
  rule(
    deployableStack.extend({ services: z.array(service) }),
    (config) => {
      const taking = takesInVain(config, known);
      return (
        taking &&
        `codeDeployBlueGreen, which releases from a template: service "${taking.name}" takes its task definition from the source`
      );
    },
    {
      path: [],
      at: (config) => deploymentOf(config, takesInVain(config, known)),
      mend: () => "codeDeployBlueGreen",
    },
  ),
  rule(
    z.looseObject({ source: z.looseObject({ provider: z.string() }), services: z.array(service) }),
    ({ source: { provider }, services }) => {
      const taking = services.find(({ taskDefinition }) => taskDefinition !== undefined);
      return taking && sourceFacts(provider).brings === "image"
        ? `a provider that brings files, because service "${taking.name}" takes its task definition from the source`
        : undefined;
    },
    { path: ["source", "provider"], mend: () => "CodeCommit" },
  ),
];

/** A service with a template in the source, and a strategy that makes no release from it. */
function takesInVain(
  config: z.output<typeof deployableStack> & { services: z.output<typeof service>[] },
  known: Profiles,
) {
  return config.services.find(
    (one) => one.taskDefinition !== undefined && strategyIn(config, known)(one)?.controller !== "CODE_DEPLOY",
  );
}

/** The repository of all is written as the provider has it. */
const repositoryForm = rule(
  z.looseObject({ source: z.looseObject({ provider: z.string(), repository: z.string() }) }),
  ({ source: { provider, repository } }) => repositoryProblem(provider, repository),
  { path: ["source", "repository"] },
);

const ownRepositories = z.looseObject({
  source: z.looseObject({ provider: z.string() }),
  services: z.array(z.looseObject({ sourceRepository: given })).optional(),
  tests: z.array(z.looseObject({ sourceRepository: given })).optional(),
});

/** A repository of a service's or a test's own is written as the provider has it. */
const repositoryForms = (["services", "tests"] as const).map((key) => {
  const problems = (config: Readonly<Record<string, unknown>>) => {
    const { source, [key]: items = [] } = ownRepositories.parse(config);
    return items.map(({ sourceRepository }) =>
      typeof sourceRepository === "string" ? repositoryProblem(source.provider, sourceRepository) : undefined,
    );
  };
  const wrong = (config: Readonly<Record<string, unknown>>) => problems(config).findIndex((one) => one !== undefined);
  return rule(ownRepositories, (config) => problems(config)[wrong(config)], {
    path: [key],
    at: (config) => [wrong(config), "sourceRepository"],
  });
});

/** An image that comes in is tagged where it was built. */
const taggedByBuilds = rule(
  z.looseObject({ source: z.looseObject({ provider: z.string() }), services: z.array(service) }),
  ({ source: { provider }, services }) => {
    const tagged = services[taggedOf(services)];
    return sourceFacts(provider).brings === "image" && tagged
      ? `no tagParameter of "${tagged.name}": with source ECR nothing is built that could be tagged`
      : undefined;
  },
  { path: ["services"], at: ({ services }) => [taggedOf(services), "tagParameter"], remove: true },
);

function taggedOf(services: readonly z.output<typeof service>[]): number {
  return services.findIndex(({ tagParameter }) => tagParameter !== undefined);
}

const released = z.looseObject({
  releaseTo: z.looseObject({ images: given, services: z.record(z.string(), z.looseObject({ repository: given })) }),
  services: z.array(service),
});

/** A name under `releaseTo.services` that no service has. */
function lostRelease({ releaseTo, services }: z.output<typeof released>): string | undefined {
  return Object.keys(releaseTo.services).find((name) => !services.some((one) => one.name === name));
}

/** A service whose image stays where it is, and that is given another repository all the same. */
function copiedRelease({ releaseTo }: z.output<typeof released>): string | undefined {
  if (releaseTo.images !== "same") return undefined;
  return Object.entries(releaseTo.services).find(([, { repository }]) => repository !== undefined)?.[0];
}

const releasedServices = rule(
  released,
  (config) => {
    const names = config.services.map(({ name }) => name);
    const lost = lostRelease(config);
    if (lost !== undefined) return `the name of a service in the list (${names.join(", ")}), but "${lost}" is none`;
    const copied = copiedRelease(config);
    return copied === undefined
      ? undefined
      : `no repository of "${copied}" beside images: same, because its image stays where it is`;
  },
  {
    path: ["releaseTo", "services"],
    at: (config) => {
      const lost = lostRelease(config);
      return lost === undefined ? [copiedRelease(config) ?? "", "repository"] : [lost];
    },
    remove: true,
  },
);

const namedRoles = [
  rule(
    z.looseObject({ pipelineRole: given, releaseTo: given }),
    ({ pipelineRole, releaseTo }) =>
      releaseTo && pipelineRole
        ? "nothing beside releaseTo: the other stack admits the role that this one makes, by its name"
        : undefined,
    { path: ["pipelineRole"], remove: true },
  ),
  rule(
    z.looseObject({ releaseRole: given, releaseTo: z.looseObject({ account: given }).optional() }),
    ({ releaseRole, releaseTo }) => {
      if (releaseRole === undefined) return undefined;
      if (releaseTo === undefined) return "nothing without releaseTo: no image is released";
      return releaseTo.account === undefined
        ? undefined
        : "nothing beside releaseTo.account: the repositories there admit the role that this stack makes, by its name";
    },
    { path: ["releaseRole"], remove: true },
  ),
];

const releaseNeeded = (known: Profiles) =>
  rule(
    z.looseObject({ environment: z.string(), releaseTo: given }),
    ({ environment, releaseTo }) =>
      known[environment]?.releases && releaseTo === undefined ? `the stack that ${environment} goes on to` : undefined,
    { path: ["releaseTo"] },
  );

const releaseOfNobody = (known: Profiles) =>
  rule(
    z.looseObject({ environment: z.string(), releaseTo: given, delivery: given }),
    ({ environment, releaseTo, delivery }) => {
      const profile = known[environment];
      if (!profile || profile.releases || releaseTo === undefined) return undefined;
      if (!profile.releasesByTag)
        return `nothing, because ${environment} releases to no other stack; ${releasing(known)} would`;
      return delivery === undefined
        ? `nothing beside a pipeline, because that of ${environment} goes on to no other stack: ${releasing(known)} would, and a workflow (delivery.gitHubActions) releases by a tag`
        : undefined;
    },
    { path: ["releaseTo"], remove: true },
  );

function releasing(known: Profiles): string {
  const names = Object.values(known)
    .filter(({ releases }) => releases)
    .map(({ name }) => name);
  return names.length > 0 ? `environment: ${names.join(" or ")}` : "a profile with releases: true";
}

const testedService = rule(
  z.looseObject({ tests: z.array(test), services: z.array(service) }),
  ({ tests, services }) => {
    const names = services.map(({ name }) => name);
    const lost = tests[lostTest(tests, names)];
    if (lost) return `tests of services in the list (${names.join(", ")}), but "${lost.name}" tests "${lost.service}"`;
    const silent = tests.find((one) => !services.some((two) => hasUrl(two) && (one.service ?? two.name) === two.name));
    return silent
      ? `a service with an address for "${silent.name}": one that has a port, or a url of its own`
      : undefined;
  },
  {
    path: ["tests"],
    at: ({ tests, services }) => {
      const lost = lostTest(
        tests,
        services.map(({ name }) => name),
      );
      return lost < 0 ? [] : [lost, "service"];
    },
  },
);

function lostTest(tests: readonly z.output<typeof test>[], names: readonly string[]): number {
  return tests.findIndex((one) => one.service !== undefined && !names.includes(one.service));
}

function hasUrl(one: z.output<typeof service>): boolean {
  return one.url !== undefined || (isBalanced(one) && !one.service && (!one.targets || isShare(one.targets)));
}

const otherRegistry = rule(
  z.looseObject({
    network: z.looseObject({ existing: given, egress: z.string().optional() }).optional(),
    services: z.array(service),
  }),
  ({ network, services }) => {
    const closed = !network?.existing && (network?.egress ?? "endpoints") === "endpoints";
    const outside = services.find((one) => !one.service && isRegistry(one.repository));
    return closed && outside
      ? `a way to the internet (natSingle, natPerAz or public): tasks of "${outside.name}" pull from a registry that is not ECR`
      : undefined;
  },
  { path: ["network", "egress"], mend: () => "natSingle" },
);

function isRegistry(repository: unknown): boolean {
  return typeof repository === "object" && repository !== null && "registry" in repository;
}

const scannedInEcr = rule(
  z.looseObject({
    gates: z.looseObject({ maximumScanSeverity: given }).optional(),
    services: z.array(service),
  }),
  ({ gates, services }) => {
    const outside = services.find((one) => isRegistry(one.repository));
    return gates?.maximumScanSeverity !== undefined && outside
      ? `nothing: "${outside.name}" is not in ECR, whose scan this is about`
      : undefined;
  },
  { path: ["gates", "maximumScanSeverity"], remove: true },
);

const signedByOwn = rule(
  z.looseObject({
    passport: z.looseObject({ signingKey: given }).optional(),
    confirmProject: given,
    services: z.array(z.looseObject({ name: z.string(), projects: z.looseObject({ release: given }).optional() })),
  }),
  ({ passport, confirmProject, services }) => {
    if (passport?.signingKey === undefined) return undefined;
    const released = services.find(({ projects }) => projects?.release !== undefined);
    const confirms = confirmProject === undefined ? undefined : "confirmProject";
    const what = released ? `projects.release of "${released.name}"` : confirms;
    return what ? `nothing beside ${what}: a project that exists neither signs passports nor asks for them` : undefined;
  },
  { path: ["passport", "signingKey"], remove: true },
);

/** Rules between keys that say how a delivery goes. */
export function deliveryRules(known: Profiles): ConfigRule[] {
  return [
    sourceNeeded,
    branchNeeded,
    deliveredOnce,
    ...artifactsNeeded,
    deliveredByEcs(known),
    preparedHere(known),
    onePipelineReleases,
    imagesApart,
    releaseNeeded(known),
    releaseOfNobody(known),
    releasedServices,
    taggedByBuilds,
    repositoryForm,
    ...repositoryForms,
    ...templates(known),
    ...namedRoles,
    testedService,
    otherRegistry,
    scannedInEcr,
    signedByOwn,
    ...projectsOfRoles(known),
    sharedByEcs(known),
    verifyNeeded(known),
  ];
}
