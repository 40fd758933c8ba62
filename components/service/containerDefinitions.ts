import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { withDefaults } from "../settings/settings";
import {
  ANY_CONTAINER,
  AS_DELIVERED,
  CONTAINER_HEALTH_CHECK,
  type Container,
  type ContainerHealthCheck,
  type ContainerLog,
  type MountedFileSystem,
  SIDECAR,
  type Sidecar,
} from "./container";

/** What container definitions are made from. */
export interface ContainerDefinitionsArgs {
  readonly container: Container;
  readonly sidecars?: readonly Sidecar[];
  readonly image: Input<string>;
  /** Secrets Manager secret with the registry's `username` and `password`. @default - none: ECR, or anyone may pull */
  readonly pullSecretArn?: Input<string>;
  readonly logGroupName: Input<string>;
  /** Whether a shell in the container is possible. @default false */
  readonly executeCommand?: boolean;
  /** Whether Service Connect knows the port by the container's name. @default false */
  readonly serviceConnect?: boolean;
}

/** The container definitions as JSON text, keys and order as AWS gives them back, so that nothing looks changed. */
export function containerDefinitions(args: ContainerDefinitionsArgs, region: Input<string>): Output<string> {
  const { container, sidecars = [], pullSecretArn } = args;
  const log = (one: AnyContainer) =>
    ownLog(one.logConfiguration) ?? logConfiguration(args.logGroupName, region, one.name);
  const main = {
    name: container.name,
    image: args.image,
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/private-auth.html
    repositoryCredentials: pullSecretArn !== undefined ? { credentialsParameter: pullSecretArn } : undefined,
    essential: true,
    portMappings: portMappings(args),
    ...containerSettings(
      container,
      volumesOf(args).filter(({ of }) => of === container.name),
    ),
    dependsOn: dependenciesOf(container, sidecars),
    logConfiguration: log(container),
    ...lateSettings(container),
  };
  const others = sidecars.map((sidecar) => ({
    name: sidecar.name,
    image: sidecar.image === AS_DELIVERED ? args.image : sidecar.image,
    repositoryCredentials:
      sidecar.image === AS_DELIVERED && pullSecretArn !== undefined
        ? { credentialsParameter: pullSecretArn }
        : undefined,
    essential: withDefaults(SIDECAR, sidecar).essential,
    portMappings: [],
    ...containerSettings(
      sidecar,
      volumesOf(args).filter(({ of }) => of === sidecar.name),
    ),
    dependsOn: dependenciesOf(sidecar, []),
    logConfiguration: log(sidecar),
    firelensConfiguration: sidecar.firelensConfiguration,
    ...lateSettings(sidecar),
  }));
  // The one that serves is always first; an order of the others that changes would look like a change of settings.
  return pulumi.jsonStringify([main, ...others.sort((a, b) => (a.name < b.name ? -1 : 1))]);
}

/** A container of either kind. */
type AnyContainer = Omit<Container, "port" | "otherPorts">;

function portMappings({ container, serviceConnect }: ContainerDefinitionsArgs) {
  const others = (container.otherPorts ?? []).map((other) => ({
    containerPort: other,
    hostPort: other,
    protocol: "tcp",
  }));
  if (!container.port) return others;
  return [
    {
      containerPort: container.port,
      hostPort: container.port,
      protocol: "tcp",
      name: serviceConnect ? container.name : undefined,
      appProtocol: serviceConnect ? "http" : undefined,
    },
    ...others,
  ];
}

function containerSettings(container: AnyContainer, volumes: readonly Volume[]) {
  const { readonlyRootFilesystem, stopTimeoutSeconds, initProcessEnabled } = withDefaults(ANY_CONTAINER, container);
  const memory = byName(container.tmpfs).map(([containerPath, size]) => ({ containerPath, size }));
  return {
    // Rules that look for plain variables take an empty list for one that holds some.
    environment: listed(byName(container.environment).map(([name, value]) => ({ name, value }))),
    secrets: byName(container.secrets).map(([name, valueFrom]) => ({ name, valueFrom })),
    command: container.command,
    user: container.user || undefined,
    readonlyRootFilesystem,
    linuxParameters: {
      initProcessEnabled,
      tmpfs: memory.length > 0 ? memory : undefined,
      ...container.definition?.linuxParameters,
    },
    mountPoints: volumes.map(({ name, path, readOnly }) => ({
      sourceVolume: name,
      containerPath: path,
      readOnly: readOnly || undefined,
    })),
    stopTimeout: stopTimeoutSeconds,
    healthCheck: container.healthCheck ? renderHealthCheck(container.healthCheck) : undefined,
  };
}

/** What few containers have, after what all have: a definition without it stays as it is, to the letter. */
function lateSettings({
  entryPoint,
  workingDirectory,
  environmentFiles,
  ulimits,
  dockerLabels,
  definition,
}: AnyContainer) {
  const limits = byName(ulimits).map(([name, { softLimit, hardLimit }]) => ({ name, softLimit, hardLimit }));
  const files = (environmentFiles ?? []).map((value) => ({ value, type: "s3" }));
  const others = Object.fromEntries(Object.entries(definition ?? {}).filter(([field]) => field !== "linuxParameters"));
  return {
    entryPoint,
    workingDirectory,
    environmentFiles: files.length > 0 ? files : undefined,
    ulimits: limits.length > 0 ? limits : undefined,
    dockerLabels,
    ...others,
  };
}

/** What a container waits for: what it names, and the sidecars that start before the one that serves. */
function dependenciesOf({ dependsOn }: AnyContainer, sidecars: readonly Sidecar[]) {
  const first = sidecars.filter(({ startsFirst, name }) => startsFirst && dependsOn?.[name] === undefined);
  const all = [
    ...first.map(waitFor),
    ...byName(dependsOn).map(([containerName, condition]) => ({ containerName, condition })),
  ];
  return all.length > 0 ? all : undefined;
}

function listed<T>(items: readonly T[]): readonly T[] | undefined {
  return items.length > 0 ? items : undefined;
}

function waitFor({ name, healthCheck }: Sidecar) {
  return { containerName: name, condition: healthCheck ? "HEALTHY" : "START" };
}

/** Where lines go that do not go into the service's log group. */
function ownLog(given: ContainerLog | undefined) {
  if (given === undefined) return undefined;
  const secretOptions = byName(given.secretOptions).map(([name, valueFrom]) => ({ name, valueFrom }));
  return {
    logDriver: given.logDriver,
    options: given.options,
    secretOptions: secretOptions.length > 0 ? secretOptions : undefined,
  };
}

/** Log lines may be lost when the buffer is full, but a slow log service never stops the application. */
export function logConfiguration(group: Input<string>, region: Input<string>, prefix: string) {
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

function renderHealthCheck(given: ContainerHealthCheck) {
  const check = withDefaults(CONTAINER_HEALTH_CHECK, given);
  return {
    command: ["CMD-SHELL", check.command],
    interval: check.intervalSeconds,
    timeout: check.timeoutSeconds,
    retries: check.retries,
    startPeriod: check.startPeriodSeconds,
  };
}

/** A volume of the task, and where a container sees it. */
interface Volume {
  readonly name: string;
  /** The container. */
  readonly of: string;
  readonly path: string;
  readonly readOnly?: boolean;
  /** @default - an empty folder that ends with the task */
  readonly fileSystem?: MountedFileSystem;
}

/** Where the agent of ECS Exec writes in the container. */
const EXECUTE_COMMAND_PATHS = ["/var/lib/amazon", "/var/log/amazon"];

/**
 * One empty volume for each writable folder, none when the whole file system is writable; and the file systems.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
 */
export function volumesOf({
  container,
  sidecars = [],
  executeCommand,
}: Pick<ContainerDefinitionsArgs, "container" | "sidecars" | "executeCommand">): Volume[] {
  return [container, ...sidecars].flatMap((one) => {
    const prefix = one === container ? "" : `${one.name}-`;
    const named = (path: string) => `${prefix}${path.replace(/^\/+/, "").replace(/[^A-Za-z0-9_-]+/g, "-")}`;
    const { writablePaths, readonlyRootFilesystem } = withDefaults(ANY_CONTAINER, one);
    const writable = [...writablePaths, ...(executeCommand ? EXECUTE_COMMAND_PATHS : [])];
    const empty = !readonlyRootFilesystem ? [] : [...new Set(writable)];
    return [
      ...empty.map((path): Volume => ({ name: named(path), of: one.name, path })),
      ...byName(one.fileSystems).map(
        ([path, fileSystem]): Volume => ({
          name: named(path),
          of: one.name,
          path,
          fileSystem,
          readOnly: fileSystem.readOnly ? true : undefined,
        }),
      ),
    ];
  });
}

/** The volumes as a task definition has them; AWS's and Pulumi's names for it are the same. */
export function renderVolumes(volumes: readonly Volume[]) {
  return volumes.map(({ name, fileSystem }) => ({
    name,
    efsVolumeConfiguration: fileSystem
      ? {
          fileSystemId: fileSystem.id,
          transitEncryption: "ENABLED",
          authorizationConfig: {
            accessPointId: fileSystem.accessPointId || undefined,
            iam: "ENABLED",
          },
        }
      : undefined,
  }));
}

function byName<T>(values: Readonly<Record<string, T>> = {}): [string, T][] {
  return Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
}
