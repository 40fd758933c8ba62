import { z } from "zod";
import { BUILD } from "../../components/build/args";
import { SEVERITIES } from "../../components/build/buildspec/scanGate";
import { NAMES } from "../../components/checks/names";
import { ALARM_NAME } from "../../components/deployment/alarms";
import { CHAT_IDS } from "../../components/notify/chatClient";
import { APPROVAL } from "../../components/pipeline/approval/manual";
import { DEPLOYMENT_WINDOW } from "../../components/pipeline/condition";
import { ECS_ACTION } from "../../components/pipeline/deploy/ecs";
import { MAX_TASKS } from "../../components/service/settings";
import { arnPattern, KEY_ARN, ROLE_PATH } from "../../components/settings/arns";
import { GITHUB_SUBJECT } from "../../components/settings/gitHub";
import { PATH } from "../../components/settings/paths";
import { REGION } from "../../components/settings/places";
import { TAG_PARAMETER } from "../../components/settings/secrets";
import {
  flag,
  listSetting,
  mapSetting,
  minutes,
  oneOf,
  setting,
  text,
  wholeNumber,
} from "../../components/settings/setting";
import { settings } from "../../components/settings/settings";
import { COMMAND_RULES, runsSomething, TESTS } from "./container";
import { EXISTING_KEY, existing, SECRETS_KEY, taken } from "./existing";
import { ACCOUNT_ID, STACK } from "./otherStack";
import { SOURCE_REPOSITORY } from "./source";

/** An address that people or tests open. */
export const ADDRESS = text(
  {
    pattern: /^https?:\/\/(?!.*#\{)[A-Za-z0-9[\].:_-]+(?:[/?#][^\s'"<>]*)?$/,
    max: 500,
    expected: "an http or https address",
  },
  { example: "https://qa.example.com" },
);

/** Tests against the running environment. */
export const ENVIRONMENT_TESTS = settings({
  /** Name of the tests: the profile may put them in order by it. */
  name: text(
    {
      pattern: /^[a-z](?:[a-z0-9]|-(?=[a-z0-9]))*$/,
      max: 40,
      expected: "up to 40 lower-case letters, digits and hyphens",
    },
    { example: "end-to-end" },
  ),
  /** Service whose address and image the tests get. @default - the first that has an address */
  service: text(NAMES.service, { example: "api" }).optional(),
  /** Source repository. @default - the service's */
  sourceRepository: text(SOURCE_REPOSITORY, { example: "end-to-end" }).optional(),
  /** Folder the commands run in. @default "." */
  folder: text(PATH, { default: ".", example: "end-to-end" }),
  ...TESTS,
  ...BUILD,
  /** Key, or keys, of `parameters`. @default - the stack's `secretsKey` */
  secretsKey: SECRETS_KEY.optional(),
  /** Minutes the tests may take. @default 30 */
  timeoutInMinutes: minutes(5, 480, { default: 30 }),
  /**
   * Whether they run in the VPC of the services, where an internal load balancer is reached and admits them. They come to the
   * internet by a NAT gateway alone, so packages may have to be in the build image. @default false
   */
  network: flag({ default: false, example: true }),
  /** Project that is there already. @default - a new one */
  project: existing("project", "end-to-end").optional(),
});

/** Tests against the running environment. */
export const testsSchema = COMMAND_RULES.reduce(
  (schema, one) => schema.refine(...one),
  z.strictObject(ENVIRONMENT_TESTS).refine(...runsSomething),
);

/** What holds a delivery back. */
export const GATES = settings({
  /** Days and hours in which deployments may begin. @default - at any time */
  deploymentWindow: z.strictObject(DEPLOYMENT_WINDOW).optional(),
  /**
   * CloudWatch alarms: in state ALARM, the stage that deploys is not entered. AWS looks when the run arrives, not again
   * when a deployment window opens. @default - none
   */
  alarms: listSetting(ALARM_NAME, {
    min: 1,
    max: 4,
    expected: "1 to 4 names of CloudWatch alarms",
    distinct: true,
  }).optional(),
  /** Worst severity that ECR's scan of an image may find; above it, nothing is deployed. @default - scans are not looked at */
  maximumScanSeverity: oneOf(SEVERITIES, { example: "HIGH" }).optional(),
});

/** How a passport may be signed, in KMS' own words: by a key of NIST's curves, or of RSA. */
const SIGNING_ALGORITHMS = [
  "ECDSA_SHA_256",
  "ECDSA_SHA_384",
  "ECDSA_SHA_512",
  "RSASSA_PSS_SHA_256",
  "RSASSA_PSS_SHA_384",
  "RSASSA_PSS_SHA_512",
] as const;

/** The passport of every image that is delivered. */
export const PASSPORT = settings({
  /**
   * KMS key that signs passports, an asymmetric one for signing (SIGN_VERIFY), and that a release asks before it goes on. Its
   * policy must let this account's roles use it by their own policies. @default - passports are hashed and not signed: whoever
   * may write the parameter could write another
   */
  signingKey: EXISTING_KEY.optional(),
  /** How it signs: what goes with the kind of the key. @default "ECDSA_SHA_256" */
  algorithm: oneOf(SIGNING_ALGORITHMS, { default: "ECDSA_SHA_256" }),
});

/** How a person is asked. */
export const STACK_APPROVAL = settings({
  /** Environment under test that the approver can look at. @default - the services of this stack, once deployed */
  environmentUrl: ADDRESS.optional(),
  ...APPROVAL,
});

const repositoryThere = setting(
  z.union([
    existing("repository", "acme/api"),
    z.strictObject({
      name: text(NAMES.repository, { example: "acme/api" }).describe("Name of the one that it creates"),
    }),
  ]),
  { expected: "{ existing: <name or ARN> } or { name: <name of the one that it creates> }" },
  { example: "" },
);

/** What the other stack calls what it has of a service, where its stack file says so. */
export const RELEASED_SERVICE = settings({
  /** Its `container.name` there. @default - this stack's */
  container: text(NAMES.container, { example: "api-production" }).optional(),
  /** Its `service` there, where that is one that exists. @default - `<stack>-<name>`, which the other stack makes */
  service: taken(
    text({ pattern: /^[A-Za-z0-9_-]{1,255}$/, expected: "the name of an ECS service" }, { example: "api-production" }),
  ).optional(),
  /**
   * SSM parameter of this stack's account that holds a tag which a release gets beside the commit, for example `1.0.RELEASE`. A
   * release is refused when another image has the tag: it never moves. @default - the commit alone
   */
  tagParameter: TAG_PARAMETER.optional(),
  /** Its `repository` there, with `images: own`. @default - `<stack>/<name>` */
  repository: repositoryThere.optional(),
});

/** Name of an environment on GitHub: what workflows would take for an expression is none, nor what conditions of roles would. */
const GITHUB_ENVIRONMENT = text(
  {
    pattern: /^(?!.*(?:[*?:]|\$\{))[^\s\p{C}](?:[^\p{C}\p{Zl}\p{Zp}]{0,253}[^\s\p{C}])?$/u,
    max: 255,
    expected: "the name of an environment, without : * ? ${",
  },
  { example: "production" },
);

/** Another stack of this program that the pipeline or the workflow delivers to. */
export const RELEASE_TO = settings({
  /** The other stack; the names of what it has follow from it. */
  stack: STACK,
  /** Its account. @default - this one */
  account: ACCOUNT_ID.optional(),
  /** Path of its roles, where its file says one. @default - `/ecs-delivery/<its name>/` */
  rolePath: ROLE_PATH.optional(),
  /** Its region, if it is another one. @default - this one */
  region: REGION.optional(),
  /** Name of its cluster. @default - the stack's name */
  cluster: text(
    { pattern: /^[A-Za-z0-9_-]{1,255}$/, expected: "the name of an ECS cluster" },
    { example: "production" },
  ).optional(),
  /**
   * `own`: the image is copied into the other stack's repository; `same`: it gets a release tag where it is, and the other
   * stack pulls it from here: its services name these repositories under `repository.existing`.
   * @default - `own`, `same` for a registry that is not ECR
   */
  images: oneOf(["own", "same"], { example: "own" }).optional(),
  /**
   * Its environment on GitHub, beside `delivery.gitHubActions`: its reviewers are asked, and what happens there happens in its job.
   * @default - the other stack's name
   */
  environment: GITHUB_ENVIRONMENT.optional(),
  /** Service of this stack to what the other stack's file calls it, where that is not what this one's does. @default - the same names */
  services: mapSetting({ ...NAMES.service, example: "api" }, z.strictObject(RELEASED_SERVICE)).optional(),
  /** Tasks that the first delivery starts. @default 2 */
  desiredCount: wholeNumber(1, MAX_TASKS, { default: 2 }),
  ...ECS_ACTION,
});

/** The stack whose pipeline or workflow delivers to this one. */
export const DELIVERED_BY = settings({
  /** The stack that has the pipeline, or the workflow; the names of its roles follow from it. */
  stack: STACK,
  /** Its account. @default - this one */
  account: ACCOUNT_ID.optional(),
  /** Path of its roles, where its file says one. @default - `/ecs-delivery/<its name>/` */
  rolePath: ROLE_PATH.optional(),
  /** Its artifact bucket in this region: output `artifactBucket` of that stack. @default - none: it is a workflow (`delivery`) */
  artifactBucket: text(
    { pattern: /^(?=.{3,63}$)[a-z0-9][a-z0-9.-]*[a-z0-9]$/, expected: "the name of an S3 bucket", owned: true },
    { example: "staging-artifacts-0a1b2c3" },
  ).optional(),
  /** Key of its artifacts: output `artifactKey` of that stack. @default - none: it is a workflow (`delivery`) */
  kmsKey: KEY_ARN.optional(),
});

/** Where the identity provider that stands for GitHub comes from. */
const IDENTITY_PROVIDER = setting(
  z.union([
    z.literal("created"),
    taken(
      text(
        {
          pattern: arnPattern({
            service: "iam",
            region: "none",
            resource: "oidc-provider/token\\.actions\\.githubusercontent\\.com",
          }),
          expected: "the ARN of an OIDC identity provider",
          owned: true,
        },
        { example: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" },
      ),
    ),
  ]),
  { expected: "created, or { existing: <its ARN> }" },
  { example: "created" },
);

/** Glob patterns, as GitHub reads them: what stands in braces is no choice there, and what leaves out has a setting of its own. */
const GITHUB_PATTERNS = listSetting(
  text(
    { pattern: /^(?!!)(?=.*\S)[^{}]+$/, max: 255, expected: "a glob pattern of GitHub's, without { } or ! first" },
    { example: "services/**" },
  ),
  { min: 1, max: 8, expected: "1 to 8 glob patterns of at most 255 characters", distinct: true },
).optional();

/** A workflow of GitHub Actions. */
export const GITHUB_ACTIONS = settings({
  /** Repository on GitHub, as its tokens name it: `owner/name`, or `owner@id/name@id`. */
  repository: text({ ...GITHUB_SUBJECT, owned: true }, { example: "acme/shop" }),
  /** Environment on GitHub whose jobs take the role: its reviewers are asked, its branches let in. @default - the stack's name */
  environment: GITHUB_ENVIRONMENT.optional(),
  /** Glob patterns: only a push that changes one of these files starts it. @default - every push; with `pipelines: perService`, those that change the service's folder */
  filePaths: GITHUB_PATTERNS,
  /** Glob patterns: a push that changes nothing but these files starts nothing. @default - none */
  excludedFilePaths: GITHUB_PATTERNS,
  /** Label of the runners of its jobs: Linux, with bash and Docker. @default "ubuntu-24.04" */
  runsOn: text(
    {
      // GitHub's own of other systems, one without Docker, and those that are gone.
      pattern:
        /^(?!(?:[Ww][Ii][Nn][Dd][Oo][Ww][Ss]|[Mm][Aa][Cc][Oo][Ss])(?:-(?:latest|\d)[\w.-]*)?$)(?!ubuntu-(?:slim|(?:16|18|20)\.04)$)[\w.-]{1,100}$/,
      expected: "a label of Linux runners that have bash and Docker: ubuntu-24.04, or one of your own",
    },
    { default: "ubuntu-24.04", example: "ubuntu-22.04" },
  ),
  /** The account's identity provider for GitHub; `created`: this stack makes it, one stack of the account may. @default - the one that is there, which AWS names after GitHub's issuer */
  identityProvider: IDENTITY_PROVIDER.optional(),
});

/** What delivers in the place of a pipeline. */
export const DELIVERY = settings({
  /** A workflow of GitHub Actions, in the repository of the application. */
  gitHubActions: z.strictObject(GITHUB_ACTIONS),
});

/** A Slack channel; its workspace must be authorised in AWS's console once. */
export const SLACK = settings({
  /** Workspace id. */
  teamId: text({ ...CHAT_IDS.slack.teamId, owned: true }, { example: "T0123ABCD" }),
  /** Channel id. */
  channelId: text({ ...CHAT_IDS.slack.channelId, owned: true }, { example: "C0123ABCD" }),
});

const GUID = "11111111-2222-3333-4444-555555555555";

/** A Microsoft Teams channel; its team must be authorised in AWS's console once. */
export const TEAMS = settings({
  /** Team id. */
  teamId: text({ ...CHAT_IDS.teams.teamId, owned: true }, { example: GUID }),
  /** Tenant id. */
  tenantId: text({ ...CHAT_IDS.teams.tenantId, owned: true }, { example: GUID }),
  /** Channel id. */
  channelId: text({ ...CHAT_IDS.teams.channelId, owned: true }, { example: "19:0a1b@thread.tacv2" }),
});

/** Chat channels that get the notifications. */
export const CHAT = settings({
  /** A Slack channel; its workspace must be authorised in AWS's console once. @default - none */
  slack: z.strictObject(SLACK).optional(),
  /** A Microsoft Teams channel; its team must be authorised in AWS's console once. @default - none */
  teams: z.strictObject(TEAMS).optional(),
});
