import * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { placeOf } from "./arn";

/** The container that serves, as a person describes it. */
export interface Container {
  /** Name in the task definition; builds and load balancer refer to it. */
  readonly name: string;
  /** Port it listens on, 1 to 65535. @default - none: a worker */
  readonly port?: number;
  /** Plain variables. @default - none */
  readonly environment?: Readonly<Record<string, Input<string>>>;
  /** Variable name to SSM parameter (name or ARN) or Secrets Manager secret (full ARN). @default - none */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Overrides the image's command. @default - the image's own */
  readonly command?: readonly string[];
  /** User, `uid` or `uid:gid`. @default - the image's own */
  readonly user?: string;
  /** Folders that stay writable while the rest of the file system is read-only. @default ["/tmp"] */
  readonly writablePaths?: readonly string[];
  /** @default true */
  readonly readonlyRootFilesystem?: boolean;
  /** Seconds between SIGTERM and SIGKILL, 2 to 120. @default 30 */
  readonly stopTimeoutSeconds?: number;
  /** ECS's own check inside the container. @default - none, the load balancer's check decides */
  readonly healthCheck?: ContainerHealthCheck;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html */
export interface ContainerHealthCheck {
  /** Runs in the container's shell; 0 is healthy. */
  readonly command: string;
  /** 5 to 300. @default 10 */
  readonly intervalSeconds?: number;
  /** 2 to 60. @default 5 */
  readonly timeoutSeconds?: number;
  /** 1 to 10. @default 3 */
  readonly retries?: number;
  /** Seconds at the start in which failures do not count, 0 to 300. @default 30 */
  readonly startPeriodSeconds?: number;
}

/** CPU architectures that Fargate runs and CodeBuild builds for. */
export type CpuArchitecture = "X86_64" | "ARM64";

/** What a task definition is made from. */
export interface TaskDefinitionArgs {
  readonly family: string;
  readonly container: Container;
  readonly image: Input<string>;
  /** Secrets Manager secret with the registry's `username` and `password`. @default - none: ECR, or anyone may pull */
  readonly pullSecretArn?: Input<string>;
  /** CPU units, 1024 = 1 vCPU. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
  readonly cpuArchitecture: CpuArchitecture;
  /** "FARGATE" or "EC2". */
  readonly compatibility: "FARGATE" | "EC2";
  readonly executionRoleArn: Input<string>;
  readonly taskRoleArn: Input<string>;
  readonly logGroupName: Input<string>;
  /** `frozen`: it only starts the service, and never changes; releases register revisions of their own. */
  readonly ownership: "tracked" | "frozen";
}

/**
 * The task definition. Its revisions outlive it: a rollback needs the old ones, and the newest one may be a pipeline's.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
 */
export function defineTaskDefinition(
  name: string,
  args: TaskDefinitionArgs,
  opts: pulumi.CustomResourceOptions & { parent: pulumi.Resource },
): aws.ecs.TaskDefinition {
  const frozen = args.ownership === "frozen";
  return new aws.ecs.TaskDefinition(
    name,
    {
      ...settingsOf(args),
      containerDefinitions: containerDefinitions(args, placeOf(opts.parent).region),
      skipDestroy: true,
      trackLatest: !frozen,
    },
    { ...opts, ignoreChanges: frozen ? FROZEN : UNTAGGED },
  );
}

/** A revision that a pipeline registers carries no default tags; putting them back would start every task anew. */
const UNTAGGED = ["tags", "tagsAll"];

/** Everything that would make a new revision that nothing runs. */
const FROZEN = [
  ...UNTAGGED,
  ...["containerDefinitions", "cpu", "memory", "executionRoleArn", "taskRoleArn"],
  ...["volumes", "runtimePlatform", "requiresCompatibilities"],
];

/**
 * The task definition as RegisterTaskDefinition takes it, for a release to put its image in.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
 */
export function taskDefinitionTemplate(args: TaskDefinitionArgs, parent: pulumi.Resource): Output<string> {
  const definitions = containerDefinitions(args, placeOf(parent).region);
  return pulumi.jsonStringify({
    ...settingsOf(args),
    containerDefinitions: definitions.apply((text): unknown => JSON.parse(text)),
  });
}

/** Everything but the containers: AWS's and Pulumi's names for it are the same. */
function settingsOf(args: TaskDefinitionArgs) {
  return {
    family: args.family,
    cpu: String(args.cpu),
    memory: String(args.memory),
    networkMode: "awsvpc",
    requiresCompatibilities: [args.compatibility],
    runtimePlatform: { cpuArchitecture: args.cpuArchitecture, operatingSystemFamily: "LINUX" },
    executionRoleArn: args.executionRoleArn,
    taskRoleArn: args.taskRoleArn,
    volumes: volumesOf(args.container).map(({ name }) => ({ name })),
  };
}

/** The container definitions as JSON text, keys and order as AWS gives them back, so that nothing looks changed. */
export function containerDefinitions(
  args: Pick<TaskDefinitionArgs, "container" | "image" | "pullSecretArn" | "logGroupName">,
  region: Input<string>,
): Output<string> {
  const { container, pullSecretArn } = args;
  return pulumi.jsonStringify([
    {
      name: container.name,
      image: args.image,
      // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/private-auth.html
      ...(pullSecretArn !== undefined && { repositoryCredentials: { credentialsParameter: pullSecretArn } }),
      essential: true,
      portMappings: container.port
        ? [{ containerPort: container.port, hostPort: container.port, protocol: "tcp" }]
        : [],
      environment: byName(container.environment).map(([name, value]) => ({ name, value })),
      secrets: byName(container.secrets).map(([name, valueFrom]) => ({ name, valueFrom })),
      ...(container.command && { command: container.command }),
      ...(container.user && { user: container.user }),
      readonlyRootFilesystem: container.readonlyRootFilesystem ?? true,
      linuxParameters: { initProcessEnabled: true },
      mountPoints: volumesOf(container).map(({ name, path }) => ({ sourceVolume: name, containerPath: path })),
      stopTimeout: container.stopTimeoutSeconds ?? 30,
      ...(container.healthCheck && { healthCheck: renderHealthCheck(container.healthCheck) }),
      logConfiguration: logConfiguration(args.logGroupName, region, container.name),
    },
  ]);
}

/** Log lines may be lost when the buffer is full, but a slow log service never stops the application. */
function logConfiguration(group: Input<string>, region: Input<string>, prefix: string) {
  return {
    logDriver: "awslogs",
    options: {
      "awslogs-group": group,
      "awslogs-region": region,
      "awslogs-stream-prefix": prefix,
      mode: "non-blocking",
      "max-buffer-size": "25m",
    },
  };
}

function renderHealthCheck(check: ContainerHealthCheck) {
  return {
    command: ["CMD-SHELL", check.command],
    interval: check.intervalSeconds ?? 10,
    timeout: check.timeoutSeconds ?? 5,
    retries: check.retries ?? 3,
    startPeriod: check.startPeriodSeconds ?? 30,
  };
}

/** One empty volume for each writable folder; none when the whole file system is writable. */
export function volumesOf(container: Container): { name: string; path: string }[] {
  if (container.readonlyRootFilesystem === false) return [];
  return (container.writablePaths ?? ["/tmp"]).map((path) => ({
    name: path.replace(/^\/+/, "").replace(/[^A-Za-z0-9_-]+/g, "-"),
    path,
  }));
}

function byName<T>(values: Readonly<Record<string, T>> = {}): [string, T][] {
  return Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
}
