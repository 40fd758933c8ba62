import { NAMES } from "../checks/names";
import { PLAIN_VALUE, SECRET_NAME, VARIABLE } from "../settings/secrets";
import { flag, group, listSetting, mapSetting, port, seconds, setting, text, wholeNumber } from "../settings/setting";
import { type ArgsOf, passedOn, settings } from "../settings/settings";

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

/** What every container has. */
export const ANY_CONTAINER = settings({
  /** Plain variables. @default - none */
  environment: mapSetting(VARIABLE, passedOn(PLAIN_VALUE)).optional(),
  /**
   * Variable to SSM parameter (`/path`, `parameter:name` or ARN) or Secrets Manager secret (its full ARN); never the value.
   * @default - none
   */
  secrets: mapSetting(VARIABLE, SECRET_NAME).optional(),
  /** Words of the command. @default - the image's own */
  command: COMMAND.optional(),
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
});

/** The container that serves. */
export const CONTAINER = settings({
  /** Name in the task definition; builds and load balancer refer to it. */
  name: text(NAMES.container, { example: "api" }),
  /** Port it listens on; without one the service is a worker and gets no load balancer. @default - none */
  port: port({ example: 8080 }).optional(),
  ...ANY_CONTAINER,
});

/** The container that serves, as a person describes it. */
export interface Container extends ArgsOf<typeof CONTAINER> {}

/** A container beside the one that serves: an agent, a proxy. */
export const SIDECAR = settings({
  /** Name in the task definition. */
  name: text(NAMES.container, { example: "agent" }),
  /** Image with its registry and tag or digest: it is as stack config says, not the pipeline's. */
  image: text(TAGGED_IMAGE, { example: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/agent:1.0" }),
  /** Whether the task ends when it does. @default true */
  essential: flag({ default: true }),
  /**
   * Whether the container that serves waits for it: until it is healthy if it has a health check, else until it has
   * started. @default false
   */
  startsFirst: flag({ default: false, example: true }),
  ...ANY_CONTAINER,
});

/** A container beside the one that serves, as a person describes it. */
export interface Sidecar extends ArgsOf<typeof SIDECAR> {}
