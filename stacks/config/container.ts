import { z } from "zod";
import { NAMES } from "../../components/checks/names";
import { flag, oneOf, rule, text, wholeNumber } from "./leaf";
import { containerHealthCheckSchema, fileSystems, scalingScheduleSchema, sidecarKeys } from "./task";

const VARIABLE = text({ pattern: /^[A-Za-z_][A-Za-z0-9_]*$/, max: 200, expected: "a variable name" }, "DB_URL");

/** A path inside the source repository. */
export const PATH = {
  pattern: /^(?!\/)(?!.*\.\.)[^\s'"$`\\]+$/,
  max: 250,
  expected: "a path inside the repository, without spaces or ..",
};

/** Name of an SSM parameter or secret; never its value. */
export const secretName = z
  .string()
  .regex(/^(?:arn:aws[\w-]*:(?:ssm|secretsmanager):.+|[A-Za-z0-9_./-]+)$/)
  .meta({
    expected: "an SSM parameter's name or ARN, or a Secrets Manager ARN",
    example: "/dev/api/db-url",
    hidden: true,
  });

/** Variables of an application or a build. */
export const variables = (value: z.ZodString) => z.record(VARIABLE, value);

const containerKeys = {
  environment: variables(z.string()).optional().describe("Plain variables"),
  secrets: variables(secretName)
    .optional()
    .describe("Variable to SSM parameter or Secrets Manager secret, by name or ARN; never the value"),
  user: text({ pattern: /^[\w-]+(?::[\w-]+)?$/, expected: "a user, uid or uid:gid" }, "1000")
    .optional()
    .describe("User the process runs as. Default: the image's"),
  readonlyRootFilesystem: flag(true).optional().describe("Default `true`"),
  writablePaths: z
    .array(text({ pattern: /^\/[^\s]*$/, expected: "an absolute path" }, "/tmp"))
    .optional()
    .describe("Folders that stay writable. Default `[/tmp]`"),
  stopTimeoutSeconds: wholeNumber(2, 120, 30, "seconds")
    .optional()
    .describe("Seconds between SIGTERM and SIGKILL. Default `30`"),
  command: z.array(z.string().min(1)).min(1).optional().describe("Words of the command. Default: the image's"),
  healthCheck: containerHealthCheckSchema.optional().describe("ECS's own check inside the container. Default: none"),
  fileSystems: fileSystems.optional().describe("Folder to EFS file system"),
};

/** The container that serves, as stack config says it. */
export const containerSchema = z.strictObject({
  name: text(NAMES.container, "api").describe("Name of the container in the task definition"),
  port: wholeNumber(1, 65_535, 8080)
    .optional()
    .describe("Port it listens on; without one the service is a worker and gets no load balancer"),
  ...containerKeys,
});

/** A container beside it. */
export const sidecarSchema = z.strictObject({ ...sidecarKeys, ...containerKeys });

/** The load balancer's health check. */
export const healthCheckSchema = z
  .strictObject({
    path: text({ pattern: /^\/\S{0,1023}$/, expected: "a path that starts with /" }, "/healthz")
      .optional()
      .describe("Default `/`"),
    matcher: text(
      { pattern: /^[2-4]\d\d(?:[-,][2-4]\d\d)*$/, expected: "status codes from 200 to 499: one, a list or a range" },
      "200-299",
    )
      .optional()
      .describe("Status codes that mean healthy. Default `200-299`"),
    intervalSeconds: wholeNumber(5, 300, 10, "seconds").optional().describe("Default `10`"),
    timeoutSeconds: wholeNumber(2, 120, 5, "seconds").optional().describe("Less than the interval. Default `5`"),
    healthyThreshold: wholeNumber(2, 10, 2)
      .optional()
      .describe("Good answers in a row that make a task healthy. Default `2`"),
    unhealthyThreshold: wholeNumber(2, 10, 3)
      .optional()
      .describe("Failures in a row that make it unhealthy. Default `3`"),
  })
  .refine(
    ...rule(
      z.object({ timeoutSeconds: z.coerce.number().optional(), intervalSeconds: z.coerce.number().optional() }),
      ({ timeoutSeconds = 5, intervalSeconds = 10 }) =>
        timeoutSeconds < intervalSeconds ? undefined : `fewer seconds than intervalSeconds, ${intervalSeconds}`,
      { path: ["timeoutSeconds"], mend: ({ intervalSeconds = 10 }) => Math.max(2, intervalSeconds - 1) },
    ),
  );

/** How many tasks run, by load. */
export const scalingSchema = z
  .strictObject({
    minCapacity: wholeNumber(0, 5000, 1, "tasks").describe("Fewest tasks"),
    maxCapacity: wholeNumber(1, 5000, 4, "tasks").describe("Most tasks"),
    targetCpuPercent: wholeNumber(1, 100, 60, "percent").optional().describe("Average CPU to aim at. Default `60`"),
    targetMemoryPercent: wholeNumber(1, 100, 75, "percent")
      .optional()
      .describe("Average memory to aim at. Default: memory does not count"),
    targetRequestsPerMinute: wholeNumber(1, 1_000_000, 600, "requests")
      .optional()
      .describe("Requests a minute for each task to aim at; for `rolling`. Default: they do not count"),
    schedules: z.array(scalingScheduleSchema).min(1).max(20).optional().describe("Other limits at certain times"),
  })
  .refine(
    ...rule(
      z.object({ minCapacity: z.coerce.number(), maxCapacity: z.coerce.number() }),
      ({ minCapacity, maxCapacity }) =>
        minCapacity <= maxCapacity ? undefined : `at least minCapacity, ${minCapacity}`,
      { path: ["maxCapacity"], mend: ({ minCapacity }) => minCapacity },
    ),
  );

/** Reports of tests. */
export const reportsSchema = z.strictObject({
  files: z.array(z.string().min(1)).min(1).describe("Patterns below `baseDirectory`"),
  baseDirectory: text(PATH, "reports").optional().describe("Default: the service's folder"),
  fileFormat: oneOf(["JUNITXML", "CUCUMBERJSON", "NUNITXML", "NUNIT3XML", "TESTNGXML", "VISUALSTUDIOTRX"])
    .optional()
    .describe("Default `JUNITXML`"),
});

/** Unit tests before the image build. */
export const unitTestsSchema = z
  .strictObject({
    buildspec: text(PATH, "ci/unit-tests.yml")
      .optional()
      .describe("Your own buildspec, a path in the repository. Default: generated from `commands`"),
    commands: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe("Run in the service's folder; the first that fails stops the pipeline"),
    runtimeVersions: z
      .record(z.string(), z.string())
      .optional()
      .describe("CodeBuild runtimes, for example `{ nodejs: '22' }`"),
    reports: reportsSchema.optional().describe("Test reports to publish"),
  })
  .refine(
    ...rule(
      z.object({ commands: z.unknown().optional(), buildspec: z.unknown().optional() }),
      ({ commands, buildspec }) =>
        commands || buildspec ? undefined : "a list of commands, or a buildspec of your own",
      { path: ["commands"] },
    ),
  );
