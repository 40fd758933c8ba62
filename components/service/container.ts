import type { Input } from "@pulumi/pulumi";

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
  /** File systems it sees, by the folder they are in. @default - none */
  readonly fileSystems?: Readonly<Record<string, MountedFileSystem>>;
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

/** A container beside the one that serves: an agent, a proxy. Its image is as stack config says, not the pipeline's. */
export interface Sidecar extends Omit<Container, "port"> {
  /** Image with its registry and tag or digest. */
  readonly image: string;
  /** Whether the task ends when it does. @default true */
  readonly essential?: boolean;
  /**
   * Whether the container that serves waits for it: until it is healthy if it has a health check, else until it has
   * started. @default false
   */
  readonly startsFirst?: boolean;
}

/**
 * An EFS file system, mounted over TLS in the task's role.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/efs-volumes.html
 */
export interface MountedFileSystem {
  /** `fs-...` */
  readonly id: string;
  /** `fsap-...`: its folder and user are what the task gets. @default - the whole file system */
  readonly accessPointId?: string;
  /** Security group of the mount targets; tasks open port 2049 to it. */
  readonly securityGroupId: string;
  /** @default false */
  readonly readOnly?: boolean;
}
