import { z } from "zod";
import { BEFORE_DEPLOYMENT_MARGIN_IN_MINUTES } from "../../components/build/buildspec/beforeDeployment";
import { CONFIRM_TIMEOUT_IN_MINUTES } from "../../components/build/buildspec/confirmDelivery";
import type { DeploymentStrategy } from "../../components/deployment/strategy";
import { DEFAULT_RUNNER, JOB_MARGIN_MINUTES, longestJob } from "../../components/workflow/jobs";
import type { Profiles } from "../profiles";
import { deploymentOf } from "./deliveryRules";
import { deploymentSchema, strategyFrom } from "./deployment";
import { type ConfigRule, rule } from "./rule";
import { type deployableService, deployableStack, ownOrStacks } from "./strategyNamed";

const given = z.unknown().optional();
const delivery = z.looseObject({ gitHubActions: z.looseObject({}) });

/** Keys of a stack that say something of a pipeline, and what says the same on GitHub. */
const OF_PIPELINES = {
  source: "delivery.gitHubActions.repository says where the code comes from",
  pipelineRole: "there is no pipeline that would run in it",
  triggerRole: "GitHub itself starts the workflow",
  buildRole: "there are no builds that would run in it: the jobs take the role that this stack makes",
  testRole: "there are no builds that would run in it: tests are jobs without a role",
  confirmRole: "there are no builds that would run in it: the jobs take the role that this stack makes",
  releaseRole: "there are no builds that would run in it: the jobs take the role that this stack makes",
  confirmProject: "a step of the workflow confirms deliveries",
  artifactBucket: "a job keeps what its steps hand on",
  artifactReplica: "a job keeps what its steps hand on",
  approval: "reviewers of the environment are asked by GitHub, which has its own settings for that",
} as const;

/** Nothing that says something of a pipeline stands beside a workflow. */
const nothingOfPipelines: readonly ConfigRule[] = Object.entries(OF_PIPELINES).map(([key, why]) =>
  rule(
    z.looseObject({ delivery, [key]: given }),
    (config) => (config[key] === undefined ? undefined : `nothing beside delivery: ${why}`),
    { path: [key], remove: true },
  ),
);

/** The workflow is the other stack's: what starts it, and where its jobs run. */
const ofOtherStack: readonly ConfigRule[] = ["filePaths", "excludedFilePaths", "runsOn"].map((key) =>
  rule(
    z.looseObject({
      delivery: z.looseObject({ gitHubActions: z.looseObject({ [key]: given }) }),
      deliveredBy: z.looseObject({ stack: z.string() }),
    }),
    ({ delivery: { gitHubActions }, deliveredBy }) =>
      gitHubActions[key] === undefined
        ? undefined
        : `nothing beside deliveredBy: the workflow is stack ${deliveredBy.stack}'s, whose file says it`,
    { path: ["delivery", "gitHubActions", key], remove: true },
  ),
);

/** A job keeps what a pipeline has in its bucket. */
const noArtifacts: readonly ConfigRule[] = ["artifactBucket", "kmsKey"].map((key) =>
  rule(
    z.looseObject({ delivery, deliveredBy: z.looseObject({ [key]: given }) }),
    ({ deliveredBy }) =>
      deliveredBy[key] === undefined ? undefined : "nothing beside delivery: a job keeps what its steps hand on",
    { path: ["deliveredBy", key], remove: true },
  ),
);

/** The file of the workflow would take it for an expression, and the condition of the role for a variable. */
const plainBranch = rule(
  z.looseObject({ delivery, branch: z.string() }),
  ({ branch }) => (branch.includes("${") ? "a branch without ${ beside delivery" : undefined),
  { path: ["branch"] },
);

/** GitHub asks the reviewers of an environment for each job that names it, and its variables are the environment's. */
const ownEnvironment = (stack: string) =>
  rule(
    z.looseObject({
      delivery: z.looseObject({ gitHubActions: z.looseObject({ environment: z.string().optional() }) }),
      releaseTo: z.looseObject({ stack: z.string(), environment: z.string().optional() }),
    }),
    ({ delivery: { gitHubActions }, releaseTo }) =>
      (releaseTo.environment ?? releaseTo.stack) === (gitHubActions.environment ?? stack)
        ? `another environment than "${gitHubActions.environment ?? stack}", in which this stack is delivered`
        : undefined,
    { path: ["releaseTo", "environment"], mend: ({ releaseTo: { stack: other } }) => environmentBeside(other, stack) },
  );

function environmentBeside(other: string, stack: string): string {
  return other === stack ? `${other}-release` : other;
}

const environmentOfWorkflows = rule(
  z.looseObject({ delivery: given, releaseTo: z.looseObject({ environment: given }) }),
  ({ delivery: by, releaseTo }) =>
    by === undefined && releaseTo.environment !== undefined
      ? "nothing without delivery: a pipeline asks by an approval, not by an environment on GitHub"
      : undefined,
  { path: ["releaseTo", "environment"], remove: true },
);

/** Inputs of a workflow; one of them is the commit. https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#onworkflow_dispatchinputs */
const INPUTS_MAX = 25;

/** The workflow that goes on is told each image. */
const releasedImages = rule(
  z.looseObject({ delivery, releaseTo: z.looseObject({}), services: z.array(z.looseObject({ imageOf: given })) }),
  ({ services }) => {
    const images = services.filter(({ imageOf }) => imageOf === undefined).length;
    return images >= INPUTS_MAX
      ? `at most ${INPUTS_MAX - 1} images beside releaseTo, here are ${images}: GitHub hands ${INPUTS_MAX} values to a workflow`
      : undefined;
  },
  { path: ["services"] },
);

/** What of a gate GitHub cannot hold. */
const gates: readonly ConfigRule[] = [
  {
    key: "deploymentWindow",
    why: "GitHub holds no window open; a wait timer or a deployment protection rule of the environment does what is like it",
  },
  { key: "alarms", why: "a custom deployment protection rule of the environment can ask for them" },
].map(({ key, why }) =>
  rule(
    z.looseObject({ delivery, gates: z.looseObject({ [key]: given }) }),
    ({ gates: held }) => (held[key] === undefined ? undefined : `nothing beside delivery: ${why}`),
    { path: ["gates", key], remove: true },
  ),
);

/** Keys of a service, and of tests, that say something of CodeBuild or of a source that is not the workflow's repository. */
const OF_SERVICES = {
  buildspec: "a workflow runs no buildspec; the image is built from dockerfile",
  projects: "a workflow starts no build project",
  sourceRepository: "a workflow sees its own repository alone",
  computeType: "delivery.gitHubActions.runsOn says where jobs run",
  parameters: "a step of a workflow takes secrets of the environment on GitHub; build.secrets are read for the build",
} as const;
const OF_TESTS = {
  buildspec: "a workflow runs no buildspec; name commands",
  project: "a workflow starts no build project",
  sourceRepository: "a workflow sees its own repository alone",
  image: "delivery.gitHubActions.runsOn says where jobs run",
  computeType: "delivery.gitHubActions.runsOn says where jobs run",
  network:
    "GitHub's runners are in no VPC; a label of runners of your own, which are in it, goes into delivery.gitHubActions.runsOn",
  parameters: "tests are jobs without a role, which could not read them",
} as const;

function inItems(list: "services" | "tests", keys: Readonly<Record<string, string>>): readonly ConfigRule[] {
  return Object.entries(keys).map(([key, why]) => {
    const fields = z.looseObject({ delivery, [list]: z.array(z.looseObject({ [key]: given })) });
    const at = (config: z.output<typeof fields>) => itemsOf(config[list]).findIndex((one) => isGiven(one[key]));
    return rule(fields, (config) => (at(config) < 0 ? undefined : `nothing beside delivery: ${why}`), {
      path: [list],
      at: (config) => [at(config), key],
      remove: true,
    });
  });
}

function itemsOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return z.array(z.looseObject({})).safeParse(value).data ?? [];
}

/** A flag that is off says nothing. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== false && value !== "false";
}

const built = z.looseObject({
  delivery,
  services: z.array(
    z.looseObject({ build: z.looseObject({ cache: given, dockerServerComputeType: given }).optional() }),
  ),
});

/** CodeBuild alone keeps a Docker server. */
const dockerServer = rule(
  built,
  ({ services }) =>
    services.some(({ build }) => build?.cache === "dockerServer")
      ? "registry or none: a Docker server is a machine of CodeBuild's"
      : undefined,
  {
    path: ["services"],
    at: ({ services }) => [services.findIndex(({ build }) => build?.cache === "dockerServer"), "build", "cache"],
    mend: () => "registry",
  },
);

const RUNTIMES = z.looseObject({ runtimeVersions: z.looseObject({}).optional() });

/** What a job sets up by an official action; runners bring the other languages in versions of their own. */
const SET_UP = "nodejs";

/** Where a runtime is named that no job sets up: the item, and its key. */
function otherRuntime(
  items: readonly (z.output<typeof RUNTIMES> | undefined)[],
): readonly [number, string] | undefined {
  for (const [index, item] of items.entries()) {
    const key = Object.keys(item?.runtimeVersions ?? {}).find((name) => name !== SET_UP);
    if (key !== undefined) return [index, key];
  }
  return undefined;
}

const runtimes: readonly ConfigRule[] = [
  runtimesIn(
    "services",
    z.looseObject({ unitTests: RUNTIMES.optional() }),
    ["unitTests"],
    ({ unitTests }) => unitTests,
  ),
  runtimesIn("tests", RUNTIMES, [], (test) => test),
];

function runtimesIn<Item extends z.ZodType>(
  list: "services" | "tests",
  item: Item,
  path: readonly string[],
  of: (one: z.output<Item>) => z.output<typeof RUNTIMES> | undefined,
): ConfigRule {
  const fields = z.looseObject({ delivery, [list]: z.array(item) });
  const found = (config: z.output<typeof fields>) => otherRuntime(z.array(item).parse(config[list]).map(of));
  return rule(
    fields,
    (config) => {
      const [, key] = found(config) ?? [];
      return key === undefined
        ? undefined
        : `${SET_UP} alone beside delivery: runners bring other languages in versions of their own; install ${key} by the commands`;
    },
    {
      path: [list],
      at: (config) => {
        const [index, key] = found(config) ?? [0, SET_UP];
        return [index, ...path, "runtimeVersions", key];
      },
      remove: true,
    },
  );
}

const builtOn = z.looseObject({
  delivery: z.looseObject({ gitHubActions: z.looseObject({ runsOn: z.string() }) }),
  services: z.array(
    z.looseObject({
      name: z.string(),
      imageOf: given,
      cpuArchitecture: z.string().optional(),
      build: z.looseObject({ platforms: given }).optional(),
    }),
  ),
});

/** A runner builds for its own processor; images for ARM64 are built on one of that kind by themselves. */
const armRunners = rule(
  builtOn,
  ({ delivery: { gitHubActions }, services }) => {
    const other = services.find(
      ({ imageOf, cpuArchitecture = "X86_64", build }) =>
        imageOf === undefined && cpuArchitecture === "X86_64" && build?.platforms === undefined,
    );
    return other && gitHubActions.runsOn.endsWith("-arm")
      ? `runners of X86_64, because the tasks of "${other.name}" run on it: an image is for the processor that it was built on`
      : undefined;
  },
  {
    path: ["delivery", "gitHubActions", "runsOn"],
    mend: ({ delivery: { gitHubActions } }) => gitHubActions.runsOn.replace(/-arm$/, ""),
  },
);

/** Minutes of a job beside what a deployment takes at least: the wait for one that is slow, its confirmation, the runner. */
const BESIDE_DEPLOYMENT = 30 + CONFIRM_TIMEOUT_IN_MINUTES + JOB_MARGIN_MINUTES;

/** Longest that GitHub's action waits for a deployment, less the wait for one that is slow. */
const ACTION_WAITS = 360 - 30;

const timed = z.looseObject({
  delivery: z.looseObject({ gitHubActions: z.looseObject({ runsOn: z.string().optional() }) }),
});

/** Minutes after which a job of the stack's is ended. */
function jobEnd({ delivery: { gitHubActions } }: z.output<typeof timed>): number {
  return longestJob(gitHubActions.runsOn ?? DEFAULT_RUNNER);
}

/** How a service is deployed, with all that its file says of it. */
function strategyOf(
  { environment, deployment }: z.output<typeof deployableStack>,
  one: z.output<typeof deployableService>,
  known: Profiles,
): DeploymentStrategy | undefined {
  const from = (given: unknown) => {
    const { data } = deploymentSchema.safeParse(given);
    return data && strategyFrom(data);
  };
  return ownOrStacks(one, from(one.deployment), deployment ? from(deployment) : known[environment]?.deployment);
}

/** A job ends at its time, whatever it waits for. */
const shortEnough = (known: Profiles) => {
  const fields = deployableStack.extend(timed.shape);
  const most = (config: z.output<typeof fields>) => Math.min(jobEnd(config) - BESIDE_DEPLOYMENT, ACTION_WAITS);
  const found = (config: z.output<typeof fields>) =>
    config.services.find((one) => (strategyOf(config, one, known)?.leastMinutes ?? 0) > most(config));
  return rule(
    fields,
    (config) => {
      const slow = found(config);
      const { leastMinutes = 0, minutesBySetting = {} } = (slow && strategyOf(config, slow, known)) ?? {};
      const settings = Object.entries(minutesBySetting).map(([key, minutes]) => `${key} ${minutes}`);
      return slow
        ? `a strategy that takes at most ${most(config)} minutes: "${slow.name}" takes ${leastMinutes} at least (${settings.join(", ")}), and is deployed and confirmed by a job, which is ended after ${jobEnd(config)}`
        : undefined;
    },
    { path: [], at: (config) => deploymentOf(config, found(config)) },
  );
};

/** Steps whose own time is longer than a job: where it is said, and what comes on top of it. */
const steps: readonly ConfigRule[] = [
  longStep("tests", z.looseObject({ timeoutInMinutes: z.number().optional() }), [], 0),
  longStep(
    "services",
    z
      .looseObject({ beforeDeployment: z.looseObject({ timeoutInMinutes: z.number().optional() }).optional() })
      .transform(({ beforeDeployment }) => beforeDeployment ?? {}),
    ["beforeDeployment"],
    BEFORE_DEPLOYMENT_MARGIN_IN_MINUTES,
  ),
];

function longStep(
  list: "services" | "tests",
  item: z.ZodType<{ readonly timeoutInMinutes?: number | undefined }>,
  path: readonly string[],
  onTop: number,
): ConfigRule {
  const most = (config: z.output<typeof timed>) => jobEnd(config) - JOB_MARGIN_MINUTES - onTop;
  const found = (config: z.output<typeof timed>) =>
    (z.array(item).safeParse(config[list]).data ?? []).findIndex(
      ({ timeoutInMinutes = 0 }) => timeoutInMinutes > most(config),
    );
  return rule(
    timed,
    (config) =>
      found(config) < 0
        ? undefined
        : `at most ${most(config)} minutes beside delivery: a job is ended after ${jobEnd(config)}`,
    { path: [list], at: (config) => [found(config), ...path, "timeoutInMinutes"], mend: most },
  );
}

/** Rules between `delivery` and what it stands in the place of. */
export function workflowRules(known: Profiles, stack: string): readonly ConfigRule[] {
  return [
    ...nothingOfPipelines,
    ...ofOtherStack,
    ...noArtifacts,
    plainBranch,
    ownEnvironment(stack),
    environmentOfWorkflows,
    releasedImages,
    ...gates,
    ...inItems("services", OF_SERVICES),
    ...inItems("tests", OF_TESTS),
    ...runtimes,
    dockerServer,
    armRunners,
    shortEnough(known),
    ...steps,
  ];
}
