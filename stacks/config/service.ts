import { z } from "zod";
import { COMPUTE_TYPES } from "../../components/build/args";
import { NAMES } from "../../components/checks/names";
import { CIDR_BLOCK } from "../../components/network/cidrBlock";
import {
  FARGATE_CPU,
  fargateMemoryFor,
  fargateSizeProblem,
  isFargate,
  JVM_MINIMUM_MEMORY,
  nearestFargateMemory,
} from "../../components/service/fargate";
import { LOG_RETENTION_DAYS } from "../../components/service/settings";
import {
  containerSchema,
  healthCheckSchema,
  PATH,
  scalingSchema,
  secretName,
  sidecarSchema,
  unitTestsSchema,
  variables,
} from "./container";
import { existing, flag, leaf, oneOf, rule, text, wholeNumber } from "./leaf";
import { targetsSchema } from "./targets";
import { scheduledTaskSchema } from "./task";

const ROLE = "the name or ARN of an IAM role";

const projects = z.strictObject({
  unitTests: existing("the name of a CodeBuild project", "unit-tests")
    .optional()
    .describe("Project that runs the unit tests"),
  imageBuild: existing("the name of a CodeBuild project", "image-build")
    .optional()
    .describe("Project that builds the image; it leaves what a `buildspec` of your own leaves"),
  resolve: existing("the name of a CodeBuild project", "resolve-image")
    .optional()
    .describe(
      "Project that finds the digest of the image that a `buildspec` or an `imageBuild` of yours pushed. Default: one is created where `verify` says so",
    ),
  release: existing("the name of a CodeBuild project", "release")
    .optional()
    .describe("Project that releases the image that was tested"),
});

const registry = z.strictObject({
  registry: text(
    { pattern: /^[a-z0-9.-]+\.[a-z]+(?::\d+)?(?:\/[a-z0-9._-]+)+$/, expected: "a repository with its registry's host" },
    "docker.io/acme/api",
  ).describe("Repository in a registry that is not ECR, with its host"),
  username: secretName.describe("SSM parameter or secret that holds the user name for builds"),
  password: secretName.describe("SSM parameter or secret that holds the password or token for builds"),
  pullSecret: text(
    { pattern: /^arn:aws[\w-]*:secretsmanager:/, expected: "the ARN of a Secrets Manager secret" },
    "arn:aws:secretsmanager:eu-west-1:111122223333:secret:docker-hub-AbCdEf",
  )
    .optional()
    .describe('Secret `{"username","password"}` that tasks pull with. Default: the image is public'),
});

const size = z.object({
  cpu: wholeNumber(1, 1_000_000, 256).optional(),
  memory: wholeNumber(1, 10_000_000, 512).optional(),
  capacityProvider: z.string().optional(),
  runtime: z.string().optional(),
});

/** One entry of `services`. */
export const serviceSchema = z
  .strictObject({
    name: text(NAMES.service, "api").describe("Identity of the service: everything it has is named after it"),
    container: containerSchema.describe("The container that serves"),
    sourceRepository: text({ pattern: /^[\w.-]+(?:\/[\w.-]+)*$/, max: 200, expected: "a repository name" }, "api")
      .optional()
      .describe("Source repository. Default: `source.repository`"),
    folder: text(PATH, "backend").optional().describe("Folder of the service in its repository. Default `.`"),
    dockerfile: text(PATH, "Dockerfile").optional().describe("Path below the folder. Default `Dockerfile`"),
    buildspec: text(PATH, "backend/build/production/buildspec.yml")
      .optional()
      .describe(
        'Your own buildspec for the image. It pushes to `$IMAGE_REPOSITORY_URI` with a tag that never moves (the commit), and its artifact has at its root `imagedefinitions.json`, `[{"name": "<container.name>", "imageUri": "<repository>:<tag>"}]`, or CodeDeploy\'s `imageDetail.json`. A step after it finds the digest; it needs to export nothing. Default: generated',
      ),
    parameters: variables(secretName)
      .optional()
      .describe("Variables of the builds, from SSM parameters or secrets by name or ARN"),
    unitTests: unitTestsSchema.optional().describe("Unit tests before the image is built. Default: none are run"),
    computeType: oneOf(COMPUTE_TYPES).optional().describe("Size of the image build. Default `BUILD_GENERAL1_SMALL`"),
    repository: z
      .union([
        existing("the name or ARN of an ECR repository", "acme/api"),
        z.strictObject({ name: text(NAMES.repository, "acme/api").describe("Name of the repository to create") }),
        registry,
      ])
      .meta({
        expected:
          "{ existing: <name or ARN> }, { name: <name of the one to create> } or { registry, username, password } for one that is not in ECR",
        example: "",
      })
      .optional()
      .describe("Image repository. Default: one is created, `<stack>/<name>`"),
    sidecars: z.array(sidecarSchema).min(1).max(9).optional().describe("Containers beside the one that serves"),
    executeCommand: flag(true)
      .optional()
      .describe(
        "Whether people can open a shell in a task (ECS Exec); who may is their own permission. Default `false`",
      ),
    scheduledTasks: z
      .array(scheduledTaskSchema)
      .min(1)
      .max(20)
      .optional()
      .describe("Commands of the service's own image at certain times"),
    cpu: leaf(wholeNumber(1, 1_000_000, 256), `CPU units: ${FARGATE_CPU.join(", ")} on Fargate`, 256)
      .optional()
      .describe("CPU units, 1024 = 1 vCPU. Default `256`"),
    memory: wholeNumber(128, 10_000_000, 512, "MiB").optional().describe("MiB. Default `512`"),
    runtime: oneOf(["native", "jvm"])
      .optional()
      .describe("`jvm` asks for 1024 MiB or more and gives it 120 seconds to start. Default `native`"),
    cpuArchitecture: oneOf(["X86_64", "ARM64"]).optional().describe("CPU of tasks, and of the build. Default `X86_64`"),
    capacityProvider: text(
      { pattern: /^[A-Za-z0-9_-]{1,255}$/, expected: "FARGATE, FARGATE_SPOT or one of the cluster's own" },
      "FARGATE",
    )
      .optional()
      .describe("`FARGATE`, `FARGATE_SPOT`, or the name of one of the cluster's own (EC2). Default `FARGATE`"),
    desiredCount: wholeNumber(0, 5000, 1)
      .optional()
      .describe("Tasks that run once something was delivered. Default: the profile's"),
    scaling: scalingSchema.optional().describe("How many tasks run, by load. Default: always `desiredCount`"),
    loadBalanced: flag(false)
      .optional()
      .describe(
        "Whether it gets a load balancer. Default: `true` with a port; `false` for one that others reach by `serviceConnect` alone",
      ),
    healthCheck: healthCheckSchema.optional().describe("The load balancer's check"),
    healthCheckGracePeriodSeconds: wholeNumber(0, 7200, 60, "seconds")
      .optional()
      .describe("Seconds in which a new task's failing checks do not count. Default `60`, `120` for a JVM"),
    logRetentionInDays: leaf(
      wholeNumber(1, 3653, 30).refine((days) => LOG_RETENTION_DAYS.some((allowed) => allowed === days)),
      `one of ${LOG_RETENTION_DAYS.join(", ")}`,
      30,
    )
      .optional()
      .describe("Days logs are kept. Default `30`"),
    outbound: z
      .array(
        z.strictObject({
          port: wholeNumber(1, 65_535, 5432).describe("TCP port"),
          cidrBlock: text({ pattern: CIDR_BLOCK, expected: "an IPv4 range like 10.0.0.0/16" }, "10.0.0.0/16").describe(
            "Where to",
          ),
          description: z.string().max(255).optional().describe("What is there"),
        }),
      )
      .optional()
      .describe("What tasks may connect to beside AWS itself. Default: nothing"),
    image: text(
      { pattern: /^\S+(?::[\w.-]+|@sha256:[0-9a-f]{64})$/, expected: "an image with a tag or digest" },
      "111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1.0",
    )
      .optional()
      .describe("Image until the first delivery. Default: none; the service waits for its first delivery"),
    url: text({ pattern: /^https?:\/\/\S+$/, max: 500, expected: "an http or https address" }, "https://qa.example.com")
      .optional()
      .describe("Address that tests and approvers use. Default: the load balancer's, if this stack makes one"),
    service: existing("the name or ARN of an ECS service", "api")
      .optional()
      .describe("Service that is there already; only deployed to"),
    taskDefinitionFamily: text({ pattern: /^[\w-]{1,255}$/, expected: "a task definition family" }, "api")
      .optional()
      .describe("Family of the service that is there already. Default: the service's name"),
    targets: targetsSchema
      .optional()
      .describe("Listeners and target groups that are there already, or a share of a load balancer"),
    executionRole: existing(ROLE, "ecsTaskExecutionRole")
      .optional()
      .describe("Role ECS starts tasks in; created unless it exists"),
    taskRole: existing(ROLE, "api-task")
      .optional()
      .describe("Role of the application; created, without permissions, unless it exists"),
    projects: projects.optional().describe("Build projects that are there already"),
  })
  .refine(
    ...rule(
      size,
      ({ cpu = 256, capacityProvider }) => {
        const wrong = isFargate(capacityProvider) && !FARGATE_CPU.includes(cpu);
        return wrong ? `one of ${FARGATE_CPU.join(", ")} on Fargate` : undefined;
      },
      { path: ["cpu"] },
    ),
  )
  .refine(
    ...rule(
      size,
      ({ cpu = 256, memory = 512, capacityProvider }) => {
        const wrong = isFargate(capacityProvider) && FARGATE_CPU.includes(cpu) && fargateSizeProblem(cpu, memory);
        return wrong ? `${fargateMemoryFor(cpu)} MiB, which go with cpu ${cpu} on Fargate` : undefined;
      },
      { path: ["memory"], mend: ({ cpu = 256, memory = 512 }) => nearestFargateMemory(cpu, memory) },
    ),
  )
  .refine(
    ...rule(
      size,
      ({ runtime, memory = 512 }) => {
        const wrong = runtime === "jvm" && memory < JVM_MINIMUM_MEMORY;
        return wrong
          ? `${JVM_MINIMUM_MEMORY} MiB or more: with less a JVM starts too slowly for its health check`
          : undefined;
      },
      { path: ["memory"], mend: ({ cpu = 256 }) => nearestFargateMemory(cpu, JVM_MINIMUM_MEMORY) },
    ),
  );

/** What a service is, as stack config says it. */
export type ServiceConfig = z.output<typeof serviceSchema>;
