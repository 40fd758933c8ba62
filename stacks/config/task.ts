import { z } from "zod";
import { NAMES } from "../../components/checks/names";
import { checkSchedule } from "../../components/checks/schedule";
import { checkTimeZone } from "../../components/checks/timeZone";
import { flag, leaf, rule, text, wholeNumber } from "./leaf";

const NAME = {
  pattern: /^[a-z](?:[a-z0-9]|-(?=[a-z0-9]))*$/,
  max: 30,
  expected: "up to 30 lower-case letters, digits and hyphens",
};

/** When something happens, as EventBridge Scheduler and Application Auto Scaling take it. */
export const schedule = leaf(
  z.string().refine((given) => checkSchedule(given).length === 0),
  "rate(5 minutes), cron(0 3 * * ? *) or at(2026-12-31T23:00:00)",
  "cron(0 7 ? * MON-FRI *)",
);

/** Whose clock a schedule means. */
export const timeZone = leaf(
  z.string().refine((zone) => checkTimeZone(zone) === undefined),
  "a time zone like Europe/Paris or UTC+02:00",
  "Europe/Paris",
);

/** A name among others of its kind in a service. */
export const ownName = (example: string) => text(NAME, example);

/** ECS's own check inside a container. */
export const containerHealthCheckSchema = z.strictObject({
  command: z.string().min(1).describe("Runs in the container's shell; exit code 0 is healthy"),
  intervalSeconds: wholeNumber(5, 300, 10, "seconds").optional().describe("Default `10`"),
  timeoutSeconds: wholeNumber(2, 60, 5, "seconds").optional().describe("Default `5`"),
  retries: wholeNumber(1, 10, 3).optional().describe("Failures in a row that make it unhealthy. Default `3`"),
  startPeriodSeconds: wholeNumber(0, 300, 30, "seconds")
    .optional()
    .describe("Seconds at the start in which failures do not count. Default `30`"),
});

/** An EFS file system. */
export const fileSystemSchema = z.strictObject({
  id: text({ pattern: /^fs-[0-9a-f]+$/, expected: "a file system id" }, "fs-0a1b2c3d").describe("File system id"),
  accessPointId: text({ pattern: /^fsap-[0-9a-f]+$/, expected: "an access point id" }, "fsap-0a1b2c3d")
    .optional()
    .describe("Access point. Default: the whole file system"),
  securityGroupId: text({ pattern: /^sg-[0-9a-z]+$/, expected: "a security group id" }, "sg-0a1b2c3d").describe(
    "Security group of its mount targets; it must admit the service's tasks on port 2049",
  ),
  readOnly: flag(true).optional().describe("Default `false`"),
});

/** Folder in a container to file system. */
export const fileSystems = z.record(
  text({ pattern: /^\/[^\s]+$/, expected: "an absolute path" }, "/data"),
  fileSystemSchema,
);

/** A command of the service's own image, at certain times. */
export const scheduledTaskSchema = z.strictObject({
  name: ownName("clean-up").describe("Name of the task"),
  schedule: schedule.describe("When it runs"),
  timeZone: timeZone.optional().describe("Default `UTC`"),
  command: z
    .array(z.string().min(1))
    .min(1)
    .meta({ expected: "the words of a command", example: "" })
    .describe("What runs instead of the image's command"),
});

/** Other limits of scaling at certain times. */
export const scalingScheduleSchema = z
  .strictObject({
    name: ownName("morning").describe("Name of the schedule"),
    schedule: schedule.describe("From when on"),
    timeZone: timeZone.optional().describe("Default `UTC`"),
    minCapacity: wholeNumber(0, 5000, 4, "tasks").describe("Fewest tasks from then on"),
    maxCapacity: wholeNumber(1, 5000, 8, "tasks").describe("Most tasks from then on"),
  })
  .refine(
    ...rule(
      z.object({ minCapacity: z.coerce.number(), maxCapacity: z.coerce.number() }),
      ({ minCapacity, maxCapacity }) =>
        minCapacity <= maxCapacity ? undefined : `at least minCapacity, ${minCapacity}`,
      { path: ["maxCapacity"], mend: ({ minCapacity }) => minCapacity },
    ),
  );

/** What a sidecar has besides what every container has. */
export const sidecarKeys = {
  name: text(NAMES.container, "agent").describe("Name of the container"),
  image: text(
    { pattern: /^\S+(?::[\w.-]+|@sha256:[0-9a-f]{64})$/, expected: "an image with a tag or digest" },
    "111122223333.dkr.ecr.eu-west-1.amazonaws.com/agent:1.0",
  ).describe("Its image"),
  essential: flag(true).optional().describe("Whether the task ends when it does. Default `true`"),
  startsFirst: flag(true)
    .optional()
    .describe("Whether the container that serves waits until it is healthy, or has started. Default `false`"),
};
