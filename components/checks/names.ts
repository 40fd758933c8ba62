/** What AWS allows in a name. The checks, the messages and the configuration reference all come from here. */
export interface NameRule {
  readonly pattern: RegExp;
  readonly max: number;
  /** In words, for messages. */
  readonly expected: string;
}

/** Characters Pulumi's autonaming appends: `-` and seven hex digits. */
export const AUTONAME_LENGTH = 8;

/** Longest name of a load balancer or target group. */
export const LOAD_BALANCER_NAME_MAX = 32;

const SERVICE_NAME_MAX = LOAD_BALANCER_NAME_MAX - AUTONAME_LENGTH - "-green".length;

/** Name rules, by what is named. */
export const NAMES = {
  /** A service in the list: the shortest of the names made from it is the target group's. */
  service: {
    pattern: /^[a-z](?:[a-z0-9]|-(?=[a-z0-9]))*$/,
    max: SERVICE_NAME_MAX,
    expected:
      `1 to ${SERVICE_NAME_MAX} lower-case letters, digits and single hyphens, a letter first ` +
      `(AWS allows ${LOAD_BALANCER_NAME_MAX} characters for the target group "<name>-green-<7 hex digits>")`,
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
  pipeline: { pattern: /^[A-Za-z0-9.@_-]+$/, max: 100, expected: "1 to 100 letters, digits and . @ - _" },
  project: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9_-]+$/,
    max: 150,
    expected: "2 to 150 letters, digits, - and _, a letter or digit first",
  },
  cluster: { pattern: /^[A-Za-z0-9_-]+$/, max: 255, expected: "1 to 255 letters, digits, - and _" },
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
