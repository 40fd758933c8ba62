import * as aws from "@pulumi/aws";
import type { Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { Problems } from "../checks/problems";
import { checkSchedule } from "../checks/schedule";
import { checkTimeZone } from "../checks/timeZone";
import type { ClusterRef, ServiceRef, TrafficTargets } from "../refs";
import { text, wholeNumber } from "../settings/setting";
import { type ArgsOf, checkSettings, settings, withDefaults } from "../settings/settings";
import { OWN_NAME, SCHEDULE, TIME_ZONE } from "../settings/times";
import { MAX_TASKS } from "./settings";

/** Fewest and most tasks. */
const CAPACITY = settings({
  /** Fewest tasks. */
  minCapacity: wholeNumber(0, MAX_TASKS, { example: 1, unit: "tasks" }),
  /** Most tasks, at least `minCapacity`. */
  maxCapacity: wholeNumber(1, MAX_TASKS, { example: 4, unit: "tasks" }),
});

/** From a time on, other limits: more before a rush, fewer at night. */
export const SCALING_SCHEDULE = settings({
  /** Name, unique in the service. */
  name: text(OWN_NAME, { example: "morning" }),
  /** From when on: `cron(0 7 ? * MON-FRI *)`, `rate(...)` or `at(...)`. */
  schedule: SCHEDULE,
  /** Whose clock it means. @default "UTC" */
  timeZone: TIME_ZONE,
  /** Fewest tasks from then on. */
  minCapacity: CAPACITY.minCapacity,
  /** Most tasks from then on; 0 stops all of them. */
  maxCapacity: wholeNumber(0, MAX_TASKS, { example: 4, unit: "tasks" }),
});

/** From a time on, other limits: more before a rush, fewer at night. */
export interface ScalingSchedule extends ArgsOf<typeof SCALING_SCHEDULE> {}

/** How many tasks run, by load. */
export const SCALING = settings({
  ...CAPACITY,
  /** Average CPU that scaling aims at. @default 60 */
  targetCpuPercent: wholeNumber(1, 100, { default: 60, unit: "percent" }),
  /** Average memory that scaling aims at. @default - memory does not count */
  targetMemoryPercent: wholeNumber(1, 100, { example: 75, unit: "percent" }).optional(),
  /** Requests a minute for each task that scaling aims at; for the rolling strategy. @default - they do not count */
  targetRequestsPerMinute: wholeNumber(1, 1_000_000, { example: 600, unit: "requests" }).optional(),
});

/** How many tasks run, by load. */
export interface ScalingArgs extends ArgsOf<typeof SCALING> {
  /** Other limits at certain times. @default - none */
  readonly schedules?: readonly ScalingSchedule[];
}

/**
 * Application Auto Scaling of a service. Whether it is suspended is left out on purpose: a deployment may suspend it.
 * https://docs.aws.amazon.com/autoscaling/application/userguide/services-that-can-integrate-ecs.html
 */
export function defineScaling(
  name: string,
  args: ScalingArgs & {
    readonly cluster: ClusterRef;
    readonly service: ServiceRef;
    readonly targets?: TrafficTargets | undefined;
  },
  parent: pulumi.Resource,
): aws.appautoscaling.Target {
  const { cluster, service, minCapacity, maxCapacity } = args;
  const target = new aws.appautoscaling.Target(
    name,
    {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: pulumi.interpolate`service/${cluster.name}/${service.name}`,
      minCapacity,
      maxCapacity,
    },
    // Limits that a schedule has moved stay where it has put them; with schedules these here are those of the first day.
    { parent, ignoreChanges: ["suspendedState", ...(args.schedules?.length ? ["minCapacity", "maxCapacity"] : [])] },
  );
  defineTracking(
    `${name}-cpu`,
    target,
    "ECSServiceAverageCPUUtilization",
    withDefaults(SCALING, args).targetCpuPercent,
    parent,
  );
  if (args.targetMemoryPercent !== undefined) {
    const metric = "ECSServiceAverageMemoryUtilization";
    defineTracking(`${name}-memory`, target, metric, args.targetMemoryPercent, parent);
  }
  if (args.targetRequestsPerMinute !== undefined && args.targets) {
    const label = requestLabel(args.targets);
    defineTracking(`${name}-requests`, target, "ALBRequestCountPerTarget", args.targetRequestsPerMinute, parent, label);
  }
  for (const schedule of args.schedules ?? []) defineSchedule(`${name}-${schedule.name}`, target, schedule, parent);
  return target;
}

/** `app/<load balancer>/<id>/targetgroup/<target group>/<id>`: which requests are counted. */
function requestLabel({ productionListener, blue }: TrafficTargets): Output<string> {
  return pulumi.all([productionListener.arn, blue.arn]).apply(([listener, group]) => {
    const balancer = listener.split(":listener/")[1]?.split("/").slice(0, 3).join("/") ?? "";
    return `${balancer}/${group.split(":").at(-1) ?? ""}`;
  });
}

function defineSchedule(
  name: string,
  target: aws.appautoscaling.Target,
  args: ScalingSchedule,
  parent: pulumi.Resource,
): void {
  const { schedule, timeZone, minCapacity, maxCapacity } = withDefaults(SCALING_SCHEDULE, args);
  new aws.appautoscaling.ScheduledAction(
    name,
    {
      serviceNamespace: target.serviceNamespace,
      scalableDimension: target.scalableDimension,
      resourceId: target.resourceId,
      schedule,
      timezone: timeZone,
      scalableTargetAction: { minCapacity, maxCapacity },
    },
    { parent },
  );
}

/** More tasks within a minute, fewer only after five: too many cost little, too few cost users. */
function defineTracking(
  name: string,
  target: aws.appautoscaling.Target,
  predefinedMetricType: string,
  targetValue: number,
  parent: pulumi.Resource,
  resourceLabel?: Output<string>,
): void {
  new aws.appautoscaling.Policy(
    name,
    {
      policyType: "TargetTrackingScaling",
      serviceNamespace: target.serviceNamespace,
      scalableDimension: target.scalableDimension,
      resourceId: target.resourceId,
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType, resourceLabel },
        targetValue,
        scaleOutCooldown: 60,
        scaleInCooldown: 300,
      },
    },
    { parent },
  );
}

function schedulesOf({ schedules = [] }: ScalingArgs) {
  return schedules.map((schedule) => ({ where: `scaling.schedules ${schedule.name}`, ...schedule }));
}

/** What AWS would refuse of it. */
export function checkScaling(args: ScalingArgs): readonly string[] {
  const problems = new Problems().addAll(checkSettings(SCALING, args, "scaling."));
  const limits = [{ where: "scaling", ...args }, ...schedulesOf(args)];
  for (const { where, minCapacity: min, maxCapacity: max } of limits) {
    if (min > max) problems.add(`${where}.maxCapacity: expected at least minCapacity ${min}, got ${max}`);
  }
  for (const { where, schedule, timeZone } of schedulesOf(args)) {
    const zone = timeZone === undefined ? undefined : checkTimeZone(timeZone);
    problems.addAll(checkSchedule(schedule).map((problem) => `${where}.schedule: ${problem}`));
    problems.add(zone && `${where}.timeZone: ${zone}`);
  }
  return problems.list;
}
