import { createHash } from "node:crypto";

/** What AWS allows in a name. The checks, the messages and the configuration reference all come from here. */
export interface NameRule {
  readonly pattern: RegExp;
  readonly max: number;
  /** In words, for messages. */
  readonly expected: string;
}

/** Characters Pulumi's autonaming appends: `-` and seven hex digits. */
export const AUTONAME_LENGTH = 8;

/**
 * Longest logical names of what Pulumi names: with what it appends, AWS takes no more. All others have 255 characters.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
 * https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
 * https://docs.aws.amazon.com/codestar-notifications/latest/APIReference/API_CreateNotificationRule.html
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
 */
export const AUTONAMED_MAX = {
  loadBalancer: 32 - AUTONAME_LENGTH,
  targetGroup: 32 - AUTONAME_LENGTH,
  role: 64 - AUTONAME_LENGTH,
  eventRule: 64 - AUTONAME_LENGTH,
  schedule: 64 - AUTONAME_LENGTH,
  queue: 80 - AUTONAME_LENGTH,
  notificationRule: 64 - AUTONAME_LENGTH,
  stateMachine: 80 - AUTONAME_LENGTH,
} as const;

/** Characters of a hash in a shortened name. */
const HASH_LENGTH = 7;

/** Longest last word that a shortened name keeps. */
const LAST_WORD_MAX = 16;

/**
 * A name that nobody types, in at most `max` characters: as it is where it fits, else its beginning, a hash of all of it and
 * its last word. The same name is always shortened to the same one.
 */
export function fittedName(name: string, max: number): string {
  if (name.length <= max) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, HASH_LENGTH);
  const [lastWord = ""] = /-[^-]+$/.exec(name) ?? [];
  const end = `-${hash}${lastWord.length <= LAST_WORD_MAX ? lastWord : ""}`;
  return `${name.slice(0, max - end.length).replace(/[^A-Za-z0-9]+$/, "")}${end}`;
}

/** Longest name of a stack: its buckets are named after it, with words and a region behind. */
export const STACK_NAME_MAX = 30;

/** What everything of a stack is named after: the stack, with the project before it where its file says one. */
export function environmentNameIn(stack: string, project?: string): string {
  return project === undefined ? stack : `${project}-${stack}`;
}

/** What names of stacks are made of: the shortest that allow least are a bucket's and a target group's. */
export const STACK_NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** Beginnings of buckets and security groups that AWS keeps for itself. */
export const RESERVED_NAME = /^(?:sthree|amzn-s3-demo|sg)(?:-|$)/;

const PIPELINE_NAME_MAX = 100;
const SERVICE_NAME_MAX = PIPELINE_NAME_MAX - STACK_NAME_MAX - "--delivery".length;

/** Name rules, by what is named. */
export const NAMES = {
  /** A service in the list: of the names made from it that people look for, the pipeline's has the least room. */
  service: {
    pattern: /^[a-z](?:[a-z0-9]|-(?=[a-z0-9]))*$/,
    max: SERVICE_NAME_MAX,
    expected:
      `1 to ${SERVICE_NAME_MAX} lower-case letters, digits and single hyphens, a letter first ` +
      `(AWS allows ${PIPELINE_NAME_MAX} characters for the pipeline "<stack>-<name>-delivery")`,
  },
  container: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9_-]*$/,
    max: 255,
    expected: "1 to 255 letters, digits, - and _",
  },
  repository: {
    pattern: /^(?=.{2,256}$)[a-z0-9]+(?:[._-][a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-][a-z0-9]+)*)*$/,
    max: 256,
    expected: "2 to 256 lower-case letters, digits and single . _ - or / between them",
  },
  pipeline: { pattern: /^[A-Za-z0-9.@_-]+$/, max: PIPELINE_NAME_MAX, expected: "1 to 100 letters, digits and . @ - _" },
  project: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9_-]+$/,
    max: 150,
    expected: "2 to 150 letters, digits, - and _, a letter or digit first",
  },
  cluster: { pattern: /^[A-Za-z0-9_-]+$/, max: 255, expected: "1 to 255 letters, digits, - and _" },
  /** The region follows, in up to 25 characters of the 255 that a dashboard has. */
  dashboard: { pattern: /^[A-Za-z0-9_-]+$/, max: 230, expected: "1 to 230 letters, digits, - and _" },
  bucket: {
    pattern: /^(?=.{3,63}$)[a-z0-9][a-z0-9.-]*[a-z0-9]$/,
    max: 63,
    expected: "3 to 63 lower-case letters, digits, . and -",
  },
  role: { pattern: /^[\w+=,.@-]+$/, max: 64, expected: "1 to 64 letters, digits and + = , . @ - _" },
  imageTag: {
    pattern: /^[A-Za-z0-9_][A-Za-z0-9._-]*$/,
    max: 128,
    expected: "1 to 128 letters, digits and . _ -, the first neither . nor -",
  },
} as const satisfies Readonly<Record<string, NameRule>>;
