import { NAMES } from "../checks/names";
import { PLAIN_VALUE, SECRET_NAME, VARIABLE } from "../settings/secrets";
import {
  flag,
  group,
  listSetting,
  mapSetting,
  oneOf,
  port,
  seconds,
  setting,
  text,
  wholeNumber,
} from "../settings/setting";
import { type ArgsOf, passedOn, settings } from "../settings/settings";
import { CONTAINER_DEFINITION } from "./containerFields";

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html */
export const CONTAINER_HEALTH_CHECK = settings({
  /** Runs in the container's shell; exit code 0 is healthy. */
  command: text(
    { pattern: /\S/, max: 8192, expected: "a command of the container's shell, as one text", meant: shellCommand },
    { example: "curl -f localhost:8080" },
  ),
  /** Seconds between checks. @default 10 */
  intervalSeconds: seconds(5, 300, { default: 10 }),
  /** Seconds until a check that has not ended counts as failed. @default 5 */
  timeoutSeconds: seconds(2, 60, { default: 5 }),
  /** Failures in a row that make it unhealthy. @default 3 */
  retries: wholeNumber(1, 10, { default: 3 }),
  /** Seconds at the start in which failures do not count. @default 30 */
  startPeriodSeconds: seconds(0, 300, { default: 30 }),
});

/** A check written as a list, as AWS has it: what comes after CMD-SHELL, or the words after CMD. */
function shellCommand(given: unknown): string | undefined {
  if (!Array.isArray(given) || !given.every((word) => typeof word === "string")) return undefined;
  const [first, ...rest] = given;
  if (first === "CMD-SHELL") return rest.join(" ");
  const words = first === "CMD" ? rest : given;
  return words.map((word) => (/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");
}

/** ECS's own check inside a container. */
export interface ContainerHealthCheck extends ArgsOf<typeof CONTAINER_HEALTH_CHECK> {}

/**
 * An EFS file system, mounted over TLS in the task's role.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/efs-volumes.html
 */
export const FILE_SYSTEM = settings({
  /** File system id, `fs-...`. */
  id: text({ pattern: /^fs-[0-9a-f]+$/, expected: "a file system id", owned: true }, { example: "fs-0a1b2c3d" }),
  /** Access point, `fsap-...`: its folder and user are what the task gets. @default - the whole file system */
  accessPointId: text(
    { pattern: /^fsap-[0-9a-f]+$/, expected: "an access point id", owned: true },
    { example: "fsap-0a1b2c3d" },
  ).optional(),
  /** Security group of its mount targets; it must admit the service's tasks on port 2049. */
  securityGroupId: text({ pattern: /^sg-[0-9a-z]+$/, expected: "a security group id" }, { example: "sg-0a1b2c3d" }),
  /** Whether nothing can be written. @default false */
  readOnly: flag({ default: false, example: true }),
});

/** An EFS file system in a container. */
export interface MountedFileSystem extends ArgsOf<typeof FILE_SYSTEM> {}

/** An image by tag or digest. */
export const TAGGED_IMAGE = {
  pattern: /^\S+(?::[\w.-]+|@sha256:[0-9a-f]{64})$/,
  expected: "an image with a tag or digest",
};

/** Stands for the image that the pipeline delivers, in a container beside the one that serves. */
export const AS_DELIVERED = "delivered";

/** One word of a command. */
const WORD = text({ pattern: /^[\s\S]+$/, max: 8192, expected: "a word" }, { example: "" });

/** The words of a command. */
export const COMMAND = setting(
  listSetting(WORD, { min: 1 }),
  {
    expected: 'the words of a command, like ["java", "-jar", "app.jar"]',
    missing: "the words of a command",
    meant: wordsOfCommand,
  },
  { example: "" },
);

/** A command written as one text: its words, or the shell that it wants. */
function wordsOfCommand(given: unknown): readonly string[] | undefined {
  if (typeof given !== "string" || given.trim() === "") return undefined;
  return /^[\w\s./:=,@%+-]+$/.test(given) ? given.trim().split(/\s+/) : ["sh", "-c", given];
}

const ABSOLUTE_PATH = { pattern: /^\/[^\s]*$/, expected: "an absolute path", example: "/tmp" };

/** Names of limits. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Ulimit.html */
const ULIMITS = /^(?:core|cpu|data|fsize|locks|memlock|msgqueue|nice|nofile|nproc|rss|rtprio|rttime|sigpending|stack)$/;

const LIMIT = { unit: "of what the limit counts", example: 65_536 } as const;

/** A limit of the operating system. */
export const ULIMIT = settings({
  /** Where the process starts. */
  softLimit: wholeNumber(0, 2_147_483_647, LIMIT),
  /** As far as the process may raise it. */
  hardLimit: wholeNumber(0, 2_147_483_647, LIMIT),
});

/** A limit of the operating system. */
export interface ContainerUlimit extends ArgsOf<typeof ULIMIT> {}

/** What drivers Fargate has. */
const LOG_DRIVERS = ["awslogs", "awsfirelens", "splunk"] as const;

const OPTION = { pattern: /^\S+$/, max: 512, expected: "the name of an option", example: "Name" };
const OPTION_VALUE = text({ pattern: /^[^\p{Cc}]+$/u, expected: "a text of one line" }, { example: "cloudwatch" });

/**
 * Where a container's lines go, in place of its log group.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_firelens.html
 */
export const LOG_CONFIGURATION = settings({
  /** `awslogs`, `splunk`, or `awsfirelens`, which hands lines to the container that has `firelensConfiguration`. */
  logDriver: oneOf(LOG_DRIVERS, { example: "awsfirelens" }),
  /** Options of the driver, by their names. @default - none */
  options: mapSetting(OPTION, OPTION_VALUE).optional(),
  /** Option to SSM parameter or Secrets Manager secret. @default - none */
  secretOptions: mapSetting(OPTION, SECRET_NAME).optional(),
});

/** Where a container's lines go. */
export interface ContainerLog extends ArgsOf<typeof LOG_CONFIGURATION> {}

/** What a container waits for of another: `START`, `HEALTHY`, `COMPLETE` (it ended), `SUCCESS` (it ended with 0). */
export const CONTAINER_CONDITIONS = ["START", "HEALTHY", "COMPLETE", "SUCCESS"] as const;

/** An object in S3 with variables, one `NAME=value` a line. */
const ENVIRONMENT_FILE = text(
  {
    pattern: /^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/\S+\.env$/,
    expected: "the ARN of an object in S3 whose name ends in .env",
    owned: true,
  },
  { example: "arn:aws:s3:::acme-settings/api.env" },
);

/** What every container has. */
export const ANY_CONTAINER = settings({
  /** Plain variables. @default - none */
  environment: mapSetting(VARIABLE, passedOn(PLAIN_VALUE)).optional(),
  /**
   * Variable to SSM parameter (`/path`, `parameter:name` or ARN) or Secrets Manager secret (its full ARN); never the value.
   * @default - none
   */
  secrets: mapSetting(VARIABLE, SECRET_NAME).optional(),
  /** Files of variables in S3, by ARN; those of `environment` go first. @default - none */
  environmentFiles: listSetting(ENVIRONMENT_FILE, { min: 1, max: 10, distinct: true }).optional(),
  /** Words of the entry point. @default - the image's own */
  entryPoint: COMMAND.optional(),
  /** Words of the command. @default - the image's own */
  command: COMMAND.optional(),
  /** Folder that the command runs in. @default - the image's own */
  workingDirectory: text(ABSOLUTE_PATH, { example: "/app" }).optional(),
  /** User the process runs as, `uid` or `uid:gid`. @default - the image's own */
  user: text({ pattern: /^[\w-]+(?::[\w-]+)?$/, expected: "a user, uid or uid:gid" }, { example: "1000" }).optional(),
  /** Folders that stay writable while the rest of the file system is read-only. @default ["/tmp"] */
  writablePaths: setting(
    listSetting(text(ABSOLUTE_PATH, ABSOLUTE_PATH)),
    { expected: "a list of absolute paths" },
    { default: ["/tmp"] },
  ),
  /** Whether nothing but `writablePaths` can be written. @default true */
  readonlyRootFilesystem: flag({ default: true }),
  /** Seconds between SIGTERM and SIGKILL. @default 30 */
  stopTimeoutSeconds: seconds(2, 120, { default: 30 }),
  /** ECS's own check inside the container. @default - none, the load balancer's check decides */
  healthCheck: group<ContainerHealthCheck>(CONTAINER_HEALTH_CHECK).optional(),
  /** Folder to EFS file system. @default - none */
  fileSystems: mapSetting(
    { ...ABSOLUTE_PATH, pattern: /^\/[^\s]+$/, example: "/data" },
    group<MountedFileSystem>(FILE_SYSTEM),
  ).optional(),
  /** Folder to MiB of memory that it may take: a file system in memory, which ends with the task. @default - none */
  tmpfs: mapSetting(
    { ...ABSOLUTE_PATH, pattern: /^\/[^\s]+$/, example: "/run" },
    wholeNumber(1, 1_000_000, { example: 64, unit: "MiB" }),
  ).optional(),
  /** Limits of the operating system, by name. @default - those of the host; on Fargate 65535 open files */
  ulimits: mapSetting(
    { pattern: ULIMITS, expected: "the name of a limit, like nofile", example: "nofile" },
    group<ContainerUlimit>(ULIMIT),
  ).optional(),
  /** Docker labels. @default - none */
  dockerLabels: mapSetting(
    { pattern: /^[^\p{Cc}\s]+$/u, max: 256, expected: "the name of a label", example: "com.acme.team" },
    text({ pattern: /^[^\p{Cc}]*$/u, expected: "a text of one line" }, { example: "shop" }),
  ).optional(),
  /** Whether a process of one's own reaps others and hands signals on. @default true */
  initProcessEnabled: flag({ default: true }),
  /** Other containers of the task, and what of each it waits for before it starts. @default - it waits for none */
  dependsOn: mapSetting(
    { ...NAMES.container, example: "migrate" },
    oneOf(CONTAINER_CONDITIONS, { example: "SUCCESS" }),
  ).optional(),
  /** Where its lines go. @default - the service's log group, without waiting for it */
  logConfiguration: group<ContainerLog>(LOG_CONFIGURATION).optional(),
  /**
   * Any other field of a container definition, by the name that AWS gives it.
   * @default - nothing
   */
  definition: CONTAINER_DEFINITION.optional(),
});

/** The container that serves. */
export const CONTAINER = settings({
  /** Name in the task definition; builds and load balancer refer to it. */
  name: text(NAMES.container, { example: "api" }),
  /** Port it listens on; without one the service is a worker and gets no load balancer. @default - none */
  port: port({ example: 8080 }).optional(),
  /** Other ports it listens on, for metrics or administration; no load balancer leads there. @default - none */
  otherPorts: listSetting(port({ example: 9090 }), { min: 1, max: 99, distinct: true }).optional(),
  ...ANY_CONTAINER,
});

/** The container that serves, as a person describes it. */
export interface Container extends ArgsOf<typeof CONTAINER> {}

/** A log router. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_FirelensConfiguration.html */
export const FIRELENS = settings({
  /** What runs in it. */
  type: oneOf(["fluentbit", "fluentd"], { example: "fluentbit" }),
  /** Its options, by their names. @default - none */
  options: mapSetting(OPTION, OPTION_VALUE).optional(),
});

/** A log router. */
export interface FirelensConfiguration extends ArgsOf<typeof FIRELENS> {}

/** A container beside the one that serves: an agent, a proxy. */
export const SIDECAR = settings({
  /** Name in the task definition. */
  name: text(NAMES.container, { example: "agent" }),
  /**
   * Image with its registry and tag or digest: it is as stack config says, not the pipeline's. `delivered`: the one that serves,
   * with a command of its own.
   */
  image: text(
    {
      pattern: new RegExp(`^${AS_DELIVERED}$|${TAGGED_IMAGE.pattern.source}`),
      expected: `${TAGGED_IMAGE.expected}, or ${AS_DELIVERED}`,
    },
    { example: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/agent:1.0" },
  ),
  /** Whether the task ends when it does. @default true */
  essential: flag({ default: true }),
  /**
   * Whether the container that serves waits for it: until it is healthy if it has a health check, else until it has
   * started. @default false
   */
  startsFirst: flag({ default: false, example: true }),
  /** Makes it the log router of the containers whose `logDriver` is `awsfirelens`. @default - it routes no logs */
  firelensConfiguration: group<FirelensConfiguration>(FIRELENS).optional(),
  ...ANY_CONTAINER,
});

/** A container beside the one that serves, as a person describes it. */
export interface Sidecar extends ArgsOf<typeof SIDECAR> {}

/** Names of the containers beside the one that serves which run the image that is delivered. */
export function deliveredContainers(sidecars: readonly Pick<Sidecar, "name" | "image">[] = []): string[] {
  return sidecars.filter(({ image }) => image === AS_DELIVERED).map(({ name }) => name);
}

/** Names and ARNs of what ECS hands to containers as secrets: their variables, and options of their log drivers. */
export function containerSecrets(containers: readonly Pick<Container, "secrets" | "logConfiguration">[]): string[] {
  return containers.flatMap(({ secrets, logConfiguration }) => [
    ...Object.values(secrets ?? {}),
    ...Object.values(logConfiguration?.secretOptions ?? {}),
  ]);
}
