import { z } from "zod";
import { COMPUTE_TYPES } from "../../components/build/args";
import { SEVERITIES } from "../../components/build/buildspec/scanGate";
import { NAMES } from "../../components/checks/names";
import { CHAT_IDS } from "../../components/notify/chatClient";
import { checkCron, checkTimeZone } from "../../components/pipeline/condition";
import { PATH, reportsSchema, secretName, variables } from "./container";
import { existing, leaf, oneOf, rule, text, wholeNumber } from "./leaf";

const ACCOUNT = text({ pattern: /^\d{12}$/, expected: "an AWS account id, 12 digits in quotes" }, "444455556666");
const REGION = text({ pattern: /^[a-z]{2}(?:-[a-z]+)+-\d$/, expected: "an AWS region" }, "eu-central-1");
const STACK = text({ pattern: /^[a-z][a-z0-9-]{0,29}$/, expected: "a stack's name" }, "production");
const URL = text(
  { pattern: /^https?:\/\/\S+$/, max: 500, expected: "an http or https address" },
  "https://example.com",
);

/** Tests against the running environment. */
export const testsSchema = z
  .strictObject({
    name: text(
      {
        pattern: /^[a-z](?:[a-z0-9]|-(?=[a-z0-9]))*$/,
        max: 40,
        expected: "up to 40 lower-case letters, digits and hyphens",
      },
      "end-to-end",
    ).describe("Name of the tests: the profile may put them in order by it"),
    service: z
      .string()
      .optional()
      .describe("Service whose address and image the tests get. Default: the first that has an address"),
    sourceRepository: z.string().min(1).max(200).optional().describe("Source repository. Default: the service's"),
    folder: text(PATH, "end-to-end").optional().describe("Folder the commands run in. Default `.`"),
    buildspec: text(PATH, "ci/end-to-end.yml")
      .optional()
      .describe("Your own buildspec. Default: generated from `commands`"),
    commands: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe("Run one after another; the first that fails stops the pipeline"),
    image: text({ pattern: /^\S{1,255}$/, expected: "an image" }, "mcr.microsoft.com/playwright:v1.56.0-noble")
      .optional()
      .describe("Build image, for example one with browsers. Default: CodeBuild's own"),
    computeType: oneOf(COMPUTE_TYPES).optional().describe("Default `BUILD_GENERAL1_SMALL`"),
    timeoutInMinutes: wholeNumber(5, 480, 30, "minutes").optional().describe("Default `30`"),
    runtimeVersions: z
      .record(z.string(), z.string())
      .optional()
      .describe("CodeBuild runtimes, for example `{ nodejs: '22' }`"),
    reports: reportsSchema.optional().describe("Test reports to publish"),
    parameters: variables(secretName).optional().describe("Variables from SSM parameters or secrets, by name or ARN"),
    project: existing("the name of a CodeBuild project", "end-to-end")
      .optional()
      .describe("Project that is there already"),
  })
  .refine(
    ...rule(
      z.object({
        commands: z.unknown().optional(),
        buildspec: z.unknown().optional(),
        project: z.unknown().optional(),
      }),
      ({ commands, buildspec, project }) =>
        commands || buildspec || project ? undefined : "a list of commands, or a buildspec of your own",
      { path: ["commands"] },
    ),
  );

/** What holds a delivery back. */
export const gatesSchema = z.strictObject({
  deploymentWindow: z
    .strictObject({
      cron: leaf(
        z.string().refine((cron) => checkCron(cron).length === 0),
        "a cron expression of six or seven fields (seconds first) as CodePipeline's DeploymentWindow rule takes it",
        "* * 9-16 ? * MON-THU *",
      ).describe("When a deployment may begin; a run that comes earlier waits"),
      timeZone: leaf(
        z.string().refine((zone) => checkTimeZone(zone) === undefined),
        "a time zone like Europe/Paris or UTC+02:00",
        "Europe/Paris",
      )
        .optional()
        .describe("Default `UTC`"),
    })
    .optional()
    .describe("Days and hours in which deployments may begin"),
  alarms: z
    .array(z.string().min(1).max(255))
    .min(1)
    .max(4)
    .meta({ expected: "1 to 4 names of CloudWatch alarms", example: "" })
    .optional()
    .describe(
      "CloudWatch alarms: in state ALARM, the stage that deploys is not entered. AWS looks when the run arrives, not again when a deployment window opens",
    ),
  maximumScanSeverity: oneOf(SEVERITIES)
    .optional()
    .describe(
      "Worst severity that ECR's scan of an image may find; above it, nothing is deployed. Default: scans are not looked at",
    ),
});

/** How a person is asked. */
export const approvalSchema = z.strictObject({
  environmentUrl: URL.optional().describe(
    "Environment under test that the approver can look at. Default: the services of this stack, once deployed",
  ),
  timeoutInMinutes: wholeNumber(5, 86_400, 10_080, "minutes")
    .optional()
    .describe("Minutes until no answer counts as a no. Default `10080`, seven days"),
});

/** What the other stack calls what it has of a service, where its stack file says so. */
const releasedServiceSchema = z.strictObject({
  container: text(NAMES.container, "api-production")
    .optional()
    .describe("Its `container.name` there. Default: this stack's"),
  service: existing("the name of an ECS service", "api-production", /^[A-Za-z0-9_-]{1,255}$/)
    .optional()
    .describe(
      "Its `service` there, where that is one that exists. Default: `<stack>-<name>`, which the other stack makes",
    ),
  repository: z
    .union([
      existing("the name or ARN of an ECR repository", "acme/api"),
      z.strictObject({ name: text(NAMES.repository, "acme/api").describe("Name of the one that it creates") }),
    ])
    .meta({ expected: "{ existing: <name or ARN> } or { name: <name of the one that it creates> }", example: "" })
    .optional()
    .describe("Its `repository` there, with `images: own`. Default: `<stack>/<name>`"),
});

/** Another stack of this program that the pipeline delivers to. */
export const releaseToSchema = z.strictObject({
  stack: STACK.describe("The other stack; the names of what it has follow from it"),
  account: ACCOUNT.optional().describe("Its account. Default: this one"),
  region: REGION.optional().describe("Its region, if it is another one. Default: this one"),
  cluster: text({ pattern: /^[A-Za-z0-9_-]{1,255}$/, expected: "the name of an ECS cluster" }, "production")
    .optional()
    .describe("Name of its cluster. Default: the stack's name"),
  images: oneOf(["own", "same"])
    .optional()
    .describe(
      "`own`: the image is copied into the other stack's repository; `same`: it gets a release tag where it is, and the other stack pulls it from here: its services name these repositories under `repository.existing`. Default `own`, `same` for a registry that is not ECR",
    ),
  services: z
    .record(text(NAMES.service, "api"), releasedServiceSchema)
    .optional()
    .describe("Service of this stack to what the other stack's file calls it, where that is not what this one's does"),
  desiredCount: wholeNumber(1, 5000, 2).optional().describe("Tasks that the first delivery starts. Default `2`"),
  timeoutInMinutes: wholeNumber(1, 60, 20, "minutes")
    .optional()
    .describe("Minutes the deploy action waits. Default `20`"),
});

/** The stack whose pipeline delivers to this one. */
export const deliveredBySchema = z.strictObject({
  stack: STACK.describe("The stack that has the pipeline; the names of its roles follow from it"),
  account: ACCOUNT.optional().describe("Its account. Default: this one"),
  artifactBucket: text(
    { pattern: /^(?=.{3,63}$)[a-z0-9][a-z0-9.-]*[a-z0-9]$/, expected: "the name of an S3 bucket" },
    "staging-artifacts-0a1b2c3",
  ).describe("Its artifact bucket in this region: output `artifactBucket` of that stack"),
  kmsKey: text(
    { pattern: /^arn:aws[\w-]*:kms:/, expected: "the ARN of a KMS key" },
    "arn:aws:kms:eu-west-1:111122223333:key/0a1b",
  ).describe("Key of its artifacts: output `artifactKey` of that stack"),
});

const { slack: slackIds, teams: teamsIds } = CHAT_IDS;
const slack = z.strictObject({
  teamId: text(slackIds.teamId, "T0123ABCD").describe("Workspace id"),
  channelId: text(slackIds.channelId, "C0123ABCD").describe("Channel id"),
});
const GUID = "11111111-2222-3333-4444-555555555555";
const teams = z.strictObject({
  teamId: text(teamsIds.teamId, GUID).describe("Team id"),
  tenantId: text(teamsIds.tenantId, GUID).describe("Tenant id"),
  channelId: text(teamsIds.channelId, "19:0a1b@thread.tacv2").describe("Channel id"),
});

/** Chat channels that get the notifications. */
export const chatSchema = z.strictObject({
  slack: slack.optional().describe("A Slack channel; its workspace must be authorised in AWS's console once"),
  teams: teams.optional().describe("A Microsoft Teams channel; its team must be authorised in AWS's console once"),
});
