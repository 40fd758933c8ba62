import * as aws from "@pulumi/aws";
import type { Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { Problems } from "../checks/problems";
import { checkSchedule } from "../checks/schedule";
import { checkTimeZone } from "../checks/timeZone";
import type { ClusterRef, ServiceRef, TrafficTargets } from "../refs";

/** How many tasks run, by load. */
export interface ScalingArgs {
  /** Fewest tasks, 0 or more. */
  readonly minCapacity: number;
  /** Most tasks, at least `minCapacity`. */
  readonly maxCapacity: number;
  /** Average CPU that scaling aims at, 1 to 100 percent. @default 60 */
  readonly targetCpuPercent?: number;
  /** Average memory that scaling aims at, 1 to 100 percent. @default - memory does not count */
  readonly targetMemoryPercent?: number;
  /** Requests a minute for each task that scaling aims at, 1 or more; for the rolling strategy. @default - they do not count */
  readonly targetRequestsPerMinute?: number;
  /** Other limits at certain times. @default - none */
  readonly schedules?: readonly ScalingSchedule[];
}

/** From a time on, other limits: more before a rush, fewer at night. */
export interface ScalingSchedule {
  /** Name, unique in the service. */
  readonly name: string;
  /** `cron(0 7 ? * MON-FRI *)`, `rate(...)` or `at(...)`. */
  readonly schedule: string;
  /** @default "UTC" */
  readonly timeZone?: string;
  readonly minCapacity: number;
  readonly maxCapacity: number;
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
    { parent, ignoreChanges: ["suspendedState"] },
  );
  defineTracking(`${name}-cpu`, target, "ECSServiceAverageCPUUtilization", args.targetCpuPercent ?? 60, parent);
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
  const { schedule, timeZone = "UTC", minCapacity, maxCapacity } = args;
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
  const { minCapacity, maxCapacity } = args;
  const problems = new Problems()
    .range("scaling.minCapacity", minCapacity, 0, 5000, "tasks")
    .range("scaling.maxCapacity", maxCapacity, 1, 5000, "tasks")
    .range("scaling.targetCpuPercent", args.targetCpuPercent, 1, 100, "percent")
    .range("scaling.targetMemoryPercent", args.targetMemoryPercent, 1, 100, "percent");
  problems.range("scaling.targetRequestsPerMinute", args.targetRequestsPerMinute, 1, 1_000_000, "requests");
  const limits = [{ where: "scaling", ...args }, ...schedulesOf(args)];
  for (const { where, minCapacity: min, maxCapacity: max } of limits) {
    if (min > max) problems.add(`${where}.maxCapacity: expected at least minCapacity ${min}, got ${max}`);
  }
  for (const { where, schedule, timeZone = "UTC" } of schedulesOf(args)) {
    const zone = checkTimeZone(timeZone);
    problems.addAll(checkSchedule(schedule).map((problem) => `${where}.schedule: ${problem}`));
    problems.add(zone && `${where}.timeZone: ${zone}`);
  }
  return problems.list;
}
