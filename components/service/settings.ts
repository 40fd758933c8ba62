import { z } from "zod";
import { listSetting, oneOf, oneOfNumbers, seconds, wholeNumber } from "../settings/setting";
import { settings } from "../settings/settings";
import { CAPACITY_PROVIDER, CAPACITY_SHARE, MAX_SHARES } from "./capacity";
import { FARGATE_CPU } from "./fargate";

/** CPU architectures that Fargate runs and CodeBuild builds for. */
export const CPU_ARCHITECTURES = ["X86_64", "ARM64"] as const;

/** One of `CPU_ARCHITECTURES`. */
export type CpuArchitecture = (typeof CPU_ARCHITECTURES)[number];

/** What a task runs on. */
export const TASK = settings({
  /** CPU units, 1024 = 1 vCPU. @default 256 */
  cpu: wholeNumber(1, 1_000_000, { default: 256, words: `CPU units: ${FARGATE_CPU.join(", ")} on Fargate` }),
  /** MiB. A JVM wants 1024 or more, else it starts too slowly for its health check. @default 512 */
  memory: wholeNumber(128, 10_000_000, { default: 512, unit: "MiB" }),
  /** Space for files of a task. @default - what Fargate includes, 20 GiB */
  ephemeralStorageGiB: wholeNumber(21, 200, { example: 50, unit: "GiB" }).optional(),
  /** CPU of tasks, and of the build. @default "X86_64" */
  cpuArchitecture: oneOf(CPU_ARCHITECTURES, { default: "X86_64" }),
  /** `FARGATE`, `FARGATE_SPOT`, or the name of one of the cluster's own (EC2). @default "FARGATE" */
  capacityProvider: CAPACITY_PROVIDER,
  /**
   * Several of them, each with its share: a base on FARGATE and the rest on FARGATE_SPOT, for example.
   * @default - `capacityProvider` alone
   */
  capacityProviderStrategy: listSetting(z.strictObject(CAPACITY_SHARE), { min: 1, max: MAX_SHARES }).optional(),
});

/** Tasks that Application Auto Scaling, and so a service, can have. */
export const MAX_TASKS = 5000;

/**
 * Days that CloudWatch Logs can keep a log group.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
export const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** A service and its tasks. */
export const SERVICE = settings({
  ...TASK,
  /** Tasks that run once something was delivered. @default - 1, or the fewest that scaling allows */
  desiredCount: wholeNumber(0, MAX_TASKS, { example: 1 }).optional(),
  /** Seconds in which a new task's failing health checks do not count. @default 60 */
  healthCheckGracePeriodSeconds: seconds(0, 2_147_483_647, { default: 60 }),
  /** Days logs are kept. @default 30 */
  logRetentionInDays: oneOfNumbers(LOG_RETENTION_DAYS, { default: 30 }),
});
