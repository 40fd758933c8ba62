import * as aws from "@pulumi/aws";
import type { Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { Problems } from "../checks/problems";
import { checkSchedule } from "../checks/schedule";
import { checkTimeZone } from "../checks/timeZone";
import type { ClusterRef, ServiceRef, TrafficTargets } from "../refs";
import { listSetting, mapSetting, oneOf, positiveNumber, text, wholeNumber } from "../settings/setting";
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

/**
 * Messages that wait in a queue, for each task that runs.
 * https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-target-tracking-metric-math.html
 */
export const SCALING_QUEUE = settings({
  /** Name of the SQS queue, in the stack's account and region. */
  queueName: text(
    {
      pattern: /^[A-Za-z0-9_-]{1,75}(?:\.fifo|[A-Za-z0-9_-]{0,5})$/,
      expected: "the name of an SQS queue",
      owned: true,
    },
    { example: "jobs" },
  ),
  /** Waiting messages that one task is meant for: what it handles in the time that a message may wait. */
  messagesPerTask: wholeNumber(1, 1_000_000, { example: 100, unit: "messages" }),
});

/** Messages that wait in a queue, for each task that runs. */
export interface ScalingQueue extends ArgsOf<typeof SCALING_QUEUE> {}

/** What CloudWatch makes of the values of a period. */
const STATISTICS = ["Average", "Maximum", "Minimum", "SampleCount", "Sum"] as const;

/**
 * Any metric of CloudWatch that falls when tasks are added.
 * https://docs.aws.amazon.com/autoscaling/application/APIReference/API_CustomizedMetricSpecification.html
 */
export const SCALING_METRIC = settings({
  /** Name, unique in the service. */
  name: text(OWN_NAME, { example: "sessions" }),
  /** Namespace of the metric. */
  namespace: text(
    {
      pattern: /^(?!:)[\w.\-/#:]{1,255}$/,
      expected: "a CloudWatch namespace, 1 to 255 letters, digits and . - _ / # : that do not begin with a colon",
    },
    { example: "Shop/Api" },
  ),
  /** Name of the metric. */
  metricName: text(
    {
      pattern: /^(?=.*\S)[\x20-\x7e]{1,255}$/,
      expected: "the name of a metric, 1 to 255 ASCII characters, not spaces alone",
    },
    { example: "Sessions" },
  ),
  /** Its dimensions, value by name: all that it was published with. @default - it has none */
  dimensions: mapSetting(
    {
      pattern: /^(?!:)(?=.*\S)[\x20-\x7e]{1,255}$/,
      expected: "the name of a dimension, 1 to 255 ASCII characters, not spaces alone, that do not begin with a colon",
      example: "Queue",
    },
    text(
      {
        pattern: /^(?=.*\S)[\x20-\x7e]{1,1024}$/,
        expected: "the value of a dimension, 1 to 1024 ASCII characters, not spaces alone",
      },
      { example: "jobs" },
    ),
  )
    .refine((dimensions) => Object.keys(dimensions).length <= 30)
    .meta({ expected: "30 dimensions or fewer" })
    .optional(),
  /** What is made of its values. @default "Average" */
  statistic: oneOf(STATISTICS, { default: "Average" }),
  /** Value that scaling aims at. */
  targetValue: positiveNumber({ example: 50 }),
});

/** Any metric of CloudWatch that falls when tasks are added. */
export interface ScalingMetric extends ArgsOf<typeof SCALING_METRIC> {}

/** How many tasks run, by load. */
export const SCALING = settings({
  ...CAPACITY,
  /** Average CPU that scaling aims at. @default 60 */
  targetCpuPercent: wholeNumber(1, 100, { default: 60, unit: "percent" }),
  /** Average memory that scaling aims at. @default - memory does not count */
  targetMemoryPercent: wholeNumber(1, 100, { example: 75, unit: "percent" }).optional(),
  /** Requests a minute for each task that scaling aims at; for the rolling strategy. @default - they do not count */
  targetRequestsPerMinute: wholeNumber(1, 1_000_000, { example: 600, unit: "requests" }).optional(),
  /** Waiting messages a task that scaling aims at, on a cluster with Container Insights. @default - no queue counts */
  targetQueue: z.strictObject(SCALING_QUEUE).optional(),
  /** Metrics of your own that scaling aims at: each is to fall when tasks are added. @default - none */
  targetMetrics: listSetting(z.strictObject(SCALING_METRIC), { min: 1, max: 20, distinct: true }).optional(),
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
  const track = (what: string, targetValue: number, metric: TrackedMetric) =>
    defineTracking(`${name}-${what}`, target, { targetValue, ...metric }, parent);
  const { targetCpuPercent } = withDefaults(SCALING, args);
  track("cpu", targetCpuPercent, predefined("ECSServiceAverageCPUUtilization"));
  if (args.targetMemoryPercent !== undefined) {
    track("memory", args.targetMemoryPercent, predefined("ECSServiceAverageMemoryUtilization"));
  }
  if (args.targetRequestsPerMinute !== undefined && args.targets) {
    const label = requestLabel(args.targets);
    track("requests", args.targetRequestsPerMinute, predefined("ALBRequestCountPerTarget", label));
  }
  const { targetQueue, targetMetrics = [] } = args;
  if (targetQueue) track("queue", targetQueue.messagesPerTask, backlogPerTask(targetQueue, cluster, service));
  for (const metric of targetMetrics) track(`metric-${metric.name}`, metric.targetValue, customized(metric));
  for (const schedule of args.schedules ?? []) defineSchedule(`${name}-${schedule.name}`, target, schedule, parent);
  return target;
}

type TrackedMetric = Pick<
  aws.types.input.appautoscaling.PolicyTargetTrackingScalingPolicyConfiguration,
  "predefinedMetricSpecification" | "customizedMetricSpecification"
>;

function predefined(predefinedMetricType: string, resourceLabel?: Output<string>): TrackedMetric {
  return { predefinedMetricSpecification: { predefinedMetricType, resourceLabel } };
}

function customized(metric: ScalingMetric): TrackedMetric {
  const { namespace, metricName, dimensions = {}, statistic } = withDefaults(SCALING_METRIC, metric);
  const named = Object.entries(dimensions).map(([name, value]) => ({ name, value }));
  return { customizedMetricSpecification: { namespace, metricName, dimensions: named, statistic } };
}

/** Where no task runs, the first is started for what waits: nothing is divided by 0. */
function backlogPerTask({ queueName }: ScalingQueue, cluster: ClusterRef, service: ServiceRef): TrackedMetric {
  const waiting = {
    namespace: "AWS/SQS",
    metricName: "ApproximateNumberOfMessagesVisible",
    dimensions: [{ name: "QueueName", value: queueName }],
  };
  const running = {
    namespace: "ECS/ContainerInsights",
    metricName: "RunningTaskCount",
    dimensions: [
      { name: "ClusterName", value: cluster.name },
      { name: "ServiceName", value: service.name },
    ],
  };
  return {
    customizedMetricSpecification: {
      metrics: [
        { id: "waiting", metricStat: { metric: waiting, stat: "Sum" }, returnData: false },
        { id: "running", metricStat: { metric: running, stat: "Average" }, returnData: false },
        { id: "each", expression: "IF(FILL(running, 0) > 0, waiting / running, waiting)", returnData: true },
      ],
    },
  };
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
  tracked: TrackedMetric & { readonly targetValue: number },
  parent: pulumi.Resource,
): void {
  new aws.appautoscaling.Policy(
    name,
    {
      policyType: "TargetTrackingScaling",
      serviceNamespace: target.serviceNamespace,
      scalableDimension: target.scalableDimension,
      resourceId: target.resourceId,
      targetTrackingScalingPolicyConfiguration: {
        ...tracked,
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
