import { z } from "zod";
import { arnPattern, KEY_ARN, TOPIC_ARN } from "../../components/settings/arns";
import { setting, text } from "../../components/settings/setting";
import { settings } from "../../components/settings/settings";

/** A name, or the ARN in which AWS writes it. */
function nameOrArn(name: string, form: Parameters<typeof arnPattern>[0]): RegExp {
  return new RegExp(`^(?:${name})$|${arnPattern(form).source}`);
}

const ROLE = nameOrArn("[\\w+=,.@-]{1,64}", {
  service: "iam",
  region: "none",
  resource: "role/(?:[\\w+=,.@-]+/)*[\\w+=,.@-]{1,64}",
});
const BUCKET_NAME = "(?!.*\\.\\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]";
const REPOSITORY_NAME = "[a-z0-9]+(?:[._/-][a-z0-9]+)*";
const PROJECT_NAME = "[A-Za-z0-9][A-Za-z0-9_-]{1,149}";
/** A queue that keeps an order takes nothing from EventBridge, and its name has a dot. */
const QUEUE_NAME = "[A-Za-z0-9_-]{1,80}";
const ECS_NAME = "[A-Za-z0-9_-]{1,255}";

const PATTERNS = {
  cluster: nameOrArn(ECS_NAME, { service: "ecs", resource: `cluster/${ECS_NAME}` }),
  service: nameOrArn(ECS_NAME, { service: "ecs", resource: `service/(?:${ECS_NAME}/)?${ECS_NAME}` }),
  role: ROLE,
  bucket: nameOrArn(BUCKET_NAME, { service: "s3", region: "none", account: "none", resource: BUCKET_NAME }),
  repository: nameOrArn(REPOSITORY_NAME, { service: "ecr", resource: `repository/${REPOSITORY_NAME}` }),
  queue: nameOrArn(QUEUE_NAME, { service: "sqs", resource: QUEUE_NAME }),
  project: nameOrArn(PROJECT_NAME, { service: "codebuild", resource: `project/${PROJECT_NAME}` }),
} as const;

const WORDS: Readonly<Record<keyof typeof PATTERNS, string>> = {
  cluster: "the name or ARN of an ECS cluster",
  service: "the name or ARN of an ECS service",
  role: "the name or ARN of an IAM role",
  bucket: "the name or ARN of an S3 bucket",
  repository: "the name or ARN of an ECR repository",
  queue: "the name or ARN of a standard SQS queue",
  project: "the name of a CodeBuild project",
};

/** `{ existing: <name or ARN> }`: someone else's, which the program neither creates nor changes. */
export function existing(kind: keyof typeof PATTERNS, example: string) {
  return taken(text({ pattern: PATTERNS[kind], expected: WORDS[kind], owned: true }, { example }));
}

/** The same, or the word `created`: one that the program makes where it would take someone else's. */
export function existingOrCreated(kind: keyof typeof PATTERNS, example: string) {
  return setting(
    z.union([existing(kind, example), z.literal("created")]),
    { expected: "{ existing: <name or ARN> }, or created" },
    { example: "" },
  );
}

/** The same for a KMS key. */
export const EXISTING_KEY = taken(KEY_ARN);

const ONE_SECRETS_KEY = z.union([EXISTING_KEY, z.literal("created")]);

/** A key of secrets: one that is there already, the one that the stack makes, or several. */
export const SECRETS_KEY = setting(
  z.union([ONE_SECRETS_KEY, z.array(ONE_SECRETS_KEY).min(1).max(5)]),
  { expected: "{ existing: <ARN of a KMS key> }, created, or a list of 1 to 5 of them" },
  { example: "" },
);

/** An SNS topic that is there already. */
export const GIVEN_TOPIC = settings({
  /** The one that is there already; it is neither created nor changed. */
  existing: TOPIC_ARN,
  /**
   * Key that it is encrypted with: the roles that publish may use it through SNS. Its policy has to admit the services that
   * publish without a role. @default - none, or a key that admits whoever publishes
   */
  kmsKey: KEY_ARN.optional(),
});

/** An SNS topic that is there already. */
export const EXISTING_TOPIC = z.strictObject(GIVEN_TOPIC);

/** The same for anything else. */
export function taken<T extends z.ZodType>(reference: T) {
  return z.strictObject({
    existing: reference.describe("The one that is there already; it is neither created nor changed"),
  });
}
