import { z } from "zod";
import { BUILD } from "../../components/build/args";
import { DOCKER_BUILD, PLATFORM_OF } from "../../components/build/buildspec/dockerImage";
import { NAMES } from "../../components/checks/names";
import { credentialsProblem, PULL_THROUGH_CACHE } from "../../components/images/pullThroughCache";
import { DOMAIN } from "../../components/loadBalancer/domain";
import { LISTENER_RULE, LOAD_BALANCER } from "../../components/loadBalancer/settings";
import { MANAGED_POLICY, PERMISSION } from "../../components/service/applicationPermissions";
import { BEFORE_DEPLOYMENT } from "../../components/service/beforeDeployment";
import { CAPACITY_SHARE, capacityOf, capacityProblem, runsOnFargate } from "../../components/service/capacity";
import { CONTAINER_CONDITIONS, FIRELENS, LOG_CONFIGURATION, TAGGED_IMAGE } from "../../components/service/container";
import {
  FARGATE_CPU,
  fargateMemoryFor,
  fargateSizeProblem,
  JVM_MINIMUM_MEMORY,
  nearestFargateCpu,
  nearestFargateMemory,
} from "../../components/service/fargate";
import { ownSizeProblem } from "../../components/service/ownTask";
import { admitProblem, destinationProblem, OUTBOUND } from "../../components/service/securityGroups";
import { SERVICE, TASK } from "../../components/service/settings";
import { togetherProblems } from "../../components/service/together";
import { SECRET_ARN } from "../../components/settings/arns";
import { PATH } from "../../components/settings/paths";
import { BUILD_SECRET_NAME, TAG_PARAMETER } from "../../components/settings/secrets";
import { flag, listSetting, oneOf, setting, text } from "../../components/settings/setting";
import { settings, withDefaults } from "../../components/settings/settings";
import {
  containerSchema,
  eventTaskSchema,
  healthCheckSchema,
  SERVICE_TASK,
  scalingSchema,
  sidecarSchema,
  unitTestsSchema,
} from "./container";
import { ADDRESS } from "./delivery";
import { deploymentSchema } from "./deployment";
import { existing, SECRETS_KEY } from "./existing";
import { rule } from "./rule";
import { SOURCE_REPOSITORY } from "./source";
import { targetsSchema } from "./targets";

/** Build projects that are there already. */
export const PROJECTS = settings({
  /** Project that runs the unit tests. @default - a new one */
  unitTests: existing("project", "unit-tests").optional(),
  /** Project that builds the image; it leaves what a `buildspec` of your own leaves. @default - a new one */
  imageBuild: existing("project", "image-build").optional(),
  /**
   * Project that finds the digest of the image that a `buildspec` or an `imageBuild` of yours pushed; one of kind `resolve` leaves
   * what the Amazon ECS action reads, not CodeDeploy's template. Its role needs `ecr:BatchGetImage` on the repository.
   * @default - one is created where `verify` says so
   */
  resolve: existing("project", "resolve-image").optional(),
  /** Project that releases the image that was tested. @default - a new one */
  release: existing("project", "release").optional(),
});

const baseImage = setting(
  z.union([
    existing("repository", "acme/base"),
    z.strictObject(PULL_THROUGH_CACHE).refine(
      ...rule(z.looseObject(PULL_THROUGH_CACHE), credentialsProblem, {
        path: ["credentials"],
      }),
    ),
  ]),
  { expected: "{ existing: <name or ARN> } or { pullThroughCache: <prefix> }" },
  { example: "" },
);

/** What the image is built with. */
export const SERVICE_BUILD = settings({
  ...DOCKER_BUILD,
  /**
   * Repositories in ECR that base images come from, of this account or another, by name or ARN; or the prefix of those that ECR
   * fills from another registry. @default - public ones alone
   */
  baseImages: listSetting(baseImage, { min: 1, max: 20, distinct: true }).optional(),
  /**
   * Whether builds get a clone of the repository with its history, in the place of the commit's files: `git log` and
   * `git describe` work. All builds that start from this repository get it, and may clone it. @default false
   */
  fullHistory: flag({ default: false, example: true }),
});

/** A repository that is not in ECR. */
export const REGISTRY = settings({
  /** Repository in a registry that is not ECR, with its host. */
  registry: text(
    { pattern: /^[a-z0-9.-]+\.[a-z]+(?::\d+)?(?:\/[a-z0-9._-]+)+$/, expected: "a repository with its registry's host" },
    { example: "docker.io/acme/api" },
  ),
  /** SSM parameter or secret that holds the user name for builds. */
  username: BUILD_SECRET_NAME,
  /** SSM parameter or secret that holds the password or token for builds. */
  password: BUILD_SECRET_NAME,
  /** Secret `{"username","password"}` that tasks pull with. @default - the image is public */
  pullSecret: SECRET_ARN.optional(),
});

const repository = setting(
  z.union([
    existing("repository", "acme/api"),
    z.strictObject({
      name: text(NAMES.repository, { example: "acme/api" }).describe("Name of the repository to create"),
    }),
    z.strictObject(REGISTRY),
  ]),
  {
    expected:
      "{ existing: <name or ARN> }, { name: <name of the one to create> } or { registry, username, password } for one that is not in ECR",
  },
  { example: "" },
);

/** One of `permissions`. */
const permission = setting(
  z.union([z.strictObject(PERMISSION), z.strictObject(MANAGED_POLICY)]),
  { expected: "{ actions, resources } or { managedPolicyArn }" },
  { example: "" },
);

/** What tasks may connect to. */
export const outboundSchema = listSetting(
  z
    .strictObject(OUTBOUND)
    .refine(...rule(z.looseObject({}), destinationProblem, { path: [] }))
    .refine(...rule(z.looseObject({}), admitProblem, { path: ["admit"], mend: () => false })),
);

/** Who brings the task definition of a release. */
const TASK_DEFINITION = settings({
  /**
   * `source`: the service's folder in its repository has `taskdef.json` (with `<IMAGE1_NAME>`, and the roles and log group in
   * the outputs of the stack) and `appspec.yaml` (with `<TASK_DEFINITION>`).
   */
  from: oneOf(["source"], { example: "source" }),
});

/** Keys of one entry of `services`. */
export const SERVICE_KEYS = settings({
  /** Identity of the service: everything it has is named after it. */
  name: text(NAMES.service, { example: "api" }),
  /** The container that serves. */
  container: containerSchema,
  /**
   * Service of this stack whose image it runs: built, scanned, recorded and released once, with that service, and deployed to both
   * side by side. @default - an image of its own
   */
  imageOf: text(NAMES.service, { example: "web" }).optional(),
  /** Source repository. @default - `source.repository` */
  sourceRepository: text(SOURCE_REPOSITORY, { example: "api" }).optional(),
  /** Folder of the service in its repository. @default "." */
  folder: text(PATH, { default: ".", example: "backend" }),
  /** Path below the folder. @default "Dockerfile" */
  dockerfile: text(PATH, { default: "Dockerfile" }),
  /**
   * Your own buildspec for the image. It pushes to `$IMAGE_REPOSITORY_URI` with a tag that never moves (the commit), and
   * its artifact has at its root `imagedefinitions.json`,
   * `[{"name": "<container.name>", "imageUri": "<repository>:<tag>"}]`, or CodeDeploy's `imageDetail.json`. A step after it
   * finds the digest; it needs to export nothing. @default - generated
   */
  buildspec: text(PATH, { example: "backend/build/production/buildspec.yml" }).optional(),
  /**
   * SSM parameter that holds a tag which the image gets beside the commit, a version for example. A build is refused when
   * another image has the tag: it never moves. @default - the commit alone
   */
  tagParameter: TAG_PARAMETER.optional(),
  /** Variables of the builds, from SSM parameters or secrets by name or ARN. @default - none */
  parameters: BUILD.parameters,
  /** Unit tests before the image is built. @default - none are run */
  unitTests: unitTestsSchema.optional(),
  /** What the image is built with, by the generated build. @default - the Dockerfile alone says it */
  build: z.strictObject(SERVICE_BUILD).optional(),
  /** Size of the image build. @default "BUILD_GENERAL1_SMALL" */
  computeType: BUILD.computeType,
  /** Image repository. @default - one is created, `<stack>/<name>` */
  repository: repository.optional(),
  /** Containers beside the one that serves. @default - none */
  sidecars: listSetting(sidecarSchema, { min: 1, max: 9, distinct: true }).optional(),
  /** Whether people can open a shell in a task (ECS Exec); who may is their own permission. @default false */
  executeCommand: flag({ default: false, example: true }),
  /** Command of the new image that has to end well before it is deployed: migrations. @default - none */
  beforeDeployment: z.strictObject(BEFORE_DEPLOYMENT).optional(),
  /** Commands of the service's own image at certain times. @default - none */
  scheduledTasks: listSetting(z.strictObject(SERVICE_TASK), { min: 1, max: 20, distinct: true }).optional(),
  /** Commands of the service's own image, one for each event of a kind. @default - none */
  eventTasks: listSetting(eventTaskSchema, { min: 1, max: 20, distinct: true }).optional(),
  ...SERVICE,
  /** `jvm` asks for 1024 MiB or more and gives it 120 seconds to start. @default "native" */
  runtime: oneOf(["native", "jvm"], { default: "native" }),
  /**
   * How its new image comes into service: as the stack's `deployment`. @default - the stack's, or the profile's; a worker, which
   * has no traffic to move, rolls
   */
  deployment: deploymentSchema.optional(),
  /** Tasks that run once something was delivered. @default - the profile's */
  desiredCount: SERVICE.desiredCount,
  /** Seconds in which a new task's failing checks do not count. @default - `60`, `120` for a JVM */
  healthCheckGracePeriodSeconds: SERVICE.healthCheckGracePeriodSeconds.unwrap().optional(),
  /** How many tasks run, by load. @default - always `desiredCount` */
  scaling: scalingSchema.optional(),
  /** Whether it gets a load balancer, if it has a port; `false` for one that others reach by `serviceConnect` alone. @default true */
  loadBalanced: flag({ default: true, example: false }),
  /** Settings of its load balancer, where they are not the stack's; each by itself. @default - the stack's `loadBalancer` */
  loadBalancer: z.strictObject(LOAD_BALANCER).optional(),
  /**
   * Service of this stack whose load balancer it shares: a rule of each listener leads requests to it, and what no rule takes
   * stays that service's. @default - a load balancer of its own
   */
  loadBalancerOf: text(NAMES.service, { example: "api" }).optional(),
  /** Which requests come to it, where it shares a load balancer. @default - those for the name in `domain` */
  listenerRule: z.strictObject(LISTENER_RULE).optional(),
  /** The load balancer's check. @default - every setting's own */
  healthCheck: healthCheckSchema.optional(),
  /**
   * Name of one's own for its load balancer: the record that leads there, and a certificate, where `loadBalancer` names none.
   * @default - the name that AWS gives it
   */
  domain: z.strictObject(DOMAIN).optional(),
  /** What tasks may connect to beside AWS itself: a database, another service, an API. @default - the stack's `outbound` */
  outbound: outboundSchema.optional(),
  /** Image until the first delivery. @default - none; the service waits for its first delivery */
  image: text(TAGGED_IMAGE, { example: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1.0" }).optional(),
  /** Address that tests and approvers use. @default - the load balancer's, if this stack makes one */
  url: ADDRESS.optional(),
  /** Service that is there already; only deployed to. @default - a new one */
  service: existing("service", "api").optional(),
  /** Family of the service that is there already, or of the `taskdef.json` in the source. @default - the service's name */
  taskDefinitionFamily: text(
    { pattern: /^[\w-]{1,255}$/, expected: "a task definition family" },
    { example: "api" },
  ).optional(),
  /**
   * Where releases take the task definition from, with `codeDeployBlueGreen`. With `{ from: source }`, what this file says of
   * containers, CPU and memory is only how the service starts. @default - it is made of this file
   */
  taskDefinition: z.strictObject(TASK_DEFINITION).optional(),
  /** Listeners and target groups that are there already, or a share of a load balancer. @default - new ones */
  targets: targetsSchema.optional(),
  /** Key, or keys, of the secrets of this service and of its builds. @default - the stack's `secretsKey` */
  secretsKey: SECRETS_KEY.optional(),
  /** Role ECS starts tasks in. @default - a new one */
  executionRole: existing("role", "ecsTaskExecutionRole").optional(),
  /**
   * What the application may do in AWS: calls by action and resource, or a managed policy by its ARN. A star that AWS can
   * narrow is a finding. @default - nothing
   */
  permissions: listSetting(permission, { min: 1, max: 50, distinct: true }).optional(),
  /** Role of the application. @default - a new one that may do what `permissions` says */
  taskRole: existing("role", "api-task").optional(),
  /** Build projects that are there already. @default - none */
  projects: z.strictObject(PROJECTS).optional(),
});

const size = z.object({ ...TASK, runtime: SERVICE_KEYS.runtime });

const ownSizes = z.array(z.looseObject({ cpu: z.number().optional(), memory: z.number().optional() })).optional();

const withTasks = size.extend({
  taskDefinition: z.unknown().optional(),
  scheduledTasks: ownSizes,
  eventTasks: ownSizes,
});

type TasksOf = z.output<typeof withTasks>;

const fargateCpu = rule(
  size,
  (given) => {
    const { cpu } = withDefaults(TASK, given);
    const wrong = runsOnFargate(given) && !FARGATE_CPU.includes(cpu);
    return wrong ? `one of ${FARGATE_CPU.join(", ")} on Fargate` : undefined;
  },
  { path: ["cpu"] },
);

const fargateMemory = rule(
  size,
  (given) => {
    const { cpu, memory } = withDefaults(TASK, given);
    const wrong = runsOnFargate(given) && FARGATE_CPU.includes(cpu) && fargateSizeProblem(cpu, memory);
    return wrong ? `${fargateMemoryFor(cpu)} MiB, which go with cpu ${cpu} on Fargate` : undefined;
  },
  {
    path: ["memory"],
    mend: (given) => {
      const { cpu, memory } = withDefaults(TASK, given);
      return nearestFargateMemory(cpu, memory);
    },
  },
);

const jvmMemory = rule(
  size,
  (given) => {
    const wrong = given.runtime === "jvm" && withDefaults(TASK, given).memory < JVM_MINIMUM_MEMORY;
    return wrong
      ? `${JVM_MINIMUM_MEMORY} MiB or more: with less a JVM starts too slowly for its health check`
      : undefined;
  },
  { path: ["memory"], mend: (given) => nearestFargateMemory(withDefaults(TASK, given).cpu, JVM_MINIMUM_MEMORY) },
);

/** The tasks of a service's own, by key. */
const OWN_TASKS = ["scheduledTasks", "eventTasks"] as const;

const taskSizes = OWN_TASKS.map((key) => {
  const wrong = (given: TasksOf) => {
    if (given.taskDefinition !== undefined) return undefined;
    const { cpu, memory } = withDefaults(TASK, given);
    const service = { cpu, memory, capacity: capacityOf(given) };
    for (const [index, own] of (given[key] ?? []).entries()) {
      const problem = ownSizeProblem(own, service);
      if (problem) return { index, own, ...problem };
    }
    return undefined;
  };
  return rule(withTasks, (given) => wrong(given)?.expected, {
    path: [key],
    at: (given) => {
      const { index = 0, key: setting = "memory" } = wrong(given) ?? {};
      return [index, setting];
    },
    mend: (given) => {
      const { own = {}, key: setting } = wrong(given) ?? {};
      const { cpu, memory } = { ...withDefaults(TASK, given), ...own };
      return setting === "cpu" ? nearestFargateCpu(cpu) : nearestFargateMemory(cpu, memory);
    },
  });
});

const capacityShares = rule(
  z.object({
    capacityProvider: z.string().optional(),
    capacityProviderStrategy: z.array(z.object(CAPACITY_SHARE)),
  }),
  (given) => capacityProblem(given)?.expected,
  {
    path: ["capacityProviderStrategy"],
    at: (given) => capacityProblem(given)?.path ?? [],
    remove: true,
  },
);

/** What goes together in `build`: an index takes a builder that keeps no layers, and no Docker server. */
const buildTogether = [
  rule(
    z.looseObject({ cpuArchitecture: TASK.cpuArchitecture, build: z.looseObject({ platforms: z.array(z.string()) }) }),
    ({ cpuArchitecture = "X86_64", build: { platforms } }) =>
      platforms.includes(PLATFORM_OF[cpuArchitecture])
        ? undefined
        : `${PLATFORM_OF[cpuArchitecture]} among them: the tasks run on ${cpuArchitecture}`,
    {
      path: ["build", "platforms"],
      at: () => [0],
      mend: ({ cpuArchitecture = "X86_64" }) => PLATFORM_OF[cpuArchitecture],
    },
  ),
  rule(
    z.looseObject({ build: z.looseObject({ platforms: z.array(z.string()), cache: z.string() }) }),
    ({ build: { cache } }) =>
      cache === "local" || cache === "dockerServer"
        ? "registry or none with platforms: the builder of an index finds no layers of a host"
        : undefined,
    { path: ["build", "cache"], mend: () => "registry" },
  ),
  rule(
    z.looseObject({ build: z.looseObject({ cache: z.string().optional(), dockerServerComputeType: z.string() }) }),
    ({ build: { cache } }) => (cache === "dockerServer" ? undefined : "nothing: cache is not dockerServer"),
    { path: ["build", "dockerServerComputeType"], remove: true },
  ),
];

const containerNames = rule(
  z.looseObject({
    container: z.looseObject({ name: z.string() }),
    sidecars: z.array(z.looseObject({ name: z.string() })),
  }),
  ({ container, sidecars }) =>
    sidecars.some(({ name }) => name === container.name)
      ? `another name than the container's, ${JSON.stringify(container.name)}`
      : undefined,
  {
    path: ["sidecars"],
    at: ({ container, sidecars }) => [sidecars.findIndex(({ name }) => name === container.name), "name"],
  },
);

/** One folder is one volume, however it is written. */
const foldersOnce = rule(
  z.looseObject({
    container: z.looseObject({
      writablePaths: z.array(z.string()).optional(),
      fileSystems: z.record(z.string(), z.unknown()).optional(),
    }),
  }),
  ({ container }) =>
    twiceMounted(container) < 0
      ? undefined
      : "another folder: this one is among the others, or a file system's, already",
  {
    path: ["container", "writablePaths"],
    at: ({ container }) => [twiceMounted(container)],
  },
);

function twiceMounted(given: { writablePaths?: string[] | undefined; fileSystems?: object | undefined }): number {
  const plain = (path: string) => path.replace(/\/+$/, "");
  const mounted = Object.keys(given.fileSystems ?? {}).map(plain);
  const writable = (given.writablePaths ?? []).map(plain);
  return writable.findIndex((path, index) => mounted.includes(path) || writable.indexOf(path) < index);
}

const ownVolumes = rule(
  z.looseObject({
    container: z.looseObject({ writablePaths: z.array(z.string()).optional() }),
    sidecars: z.array(z.looseObject({ writablePaths: z.array(z.string()).optional() })).optional(),
  }),
  (given) => wholeSystem(given) && "folders: for the whole file system set readonlyRootFilesystem: false",
  {
    path: [],
    at: (given) => [...(wholeSystem(given) ?? []), "writablePaths"],
    remove: true,
    also: (given) => [{ path: [...(wholeSystem(given) ?? []), "readonlyRootFilesystem"], value: false }],
  },
);

const anyContainer = z.looseObject({
  name: z.string(),
  dependsOn: z.record(z.string(), z.enum(CONTAINER_CONDITIONS)).optional(),
  logConfiguration: z.looseObject({ logDriver: LOG_CONFIGURATION.logDriver }).optional(),
  healthCheck: z.looseObject({ command: z.string() }).optional(),
  definition: z.looseObject({}).optional(),
});

/** Containers that wait for one another, or hand their lines to one another. */
const containersTogether = rule(
  z.looseObject({
    container: anyContainer.extend({ port: z.number().optional(), otherPorts: z.array(z.number()).optional() }),
    sidecars: z
      .array(
        anyContainer.extend({
          essential: z.boolean().optional(),
          startsFirst: z.boolean().optional(),
          firelensConfiguration: z.looseObject({ type: FIRELENS.type }).optional(),
        }),
      )
      .optional(),
  }),
  ({ container, sidecars }) => togetherProblems(container, sidecars)[0]?.expected,
  { path: [], at: ({ container, sidecars }) => togetherProblems(container, sidecars)[0]?.path ?? [], remove: true },
);

interface Writable {
  readonly writablePaths?: readonly string[] | undefined;
}

/** The first container of which everything is to be writable. */
function wholeSystem(given: {
  readonly container: Writable;
  readonly sidecars?: readonly Writable[] | undefined;
}): readonly PropertyKey[] | undefined {
  const all = ({ writablePaths }: Writable) => writablePaths?.some((path) => /^\/+$/.test(path)) ?? false;
  if (all(given.container)) return ["container"];
  const index = (given.sidecars ?? []).findIndex(all);
  return index < 0 ? undefined : ["sidecars", index];
}

/** One entry of `services`. */
export const serviceSchema = [
  fargateCpu,
  fargateMemory,
  jvmMemory,
  ...taskSizes,
  capacityShares,
  ...buildTogether,
  containerNames,
  ownVolumes,
  foldersOnce,
  containersTogether,
].reduce((schema, one) => schema.refine(...one), z.strictObject(SERVICE_KEYS));

/** What a service is, as stack config says it. */
export type ServiceConfig = z.output<typeof serviceSchema>;
