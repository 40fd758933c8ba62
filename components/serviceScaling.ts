import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Problems } from "./checks/problems";
import type { ClusterRef, ServiceRef } from "./refs";

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
}

/**
 * Application Auto Scaling of a service. Whether it is suspended is left out on purpose: a deployment may suspend it.
 * https://docs.aws.amazon.com/autoscaling/application/userguide/services-that-can-integrate-ecs.html
 */
export function defineScaling(
  name: string,
  args: ScalingArgs & { readonly cluster: ClusterRef; readonly service: ServiceRef },
  parent: pulumi.Resource,
): aws.appautoscaling.Target {
  const { cluster, service, minCapacity, maxCapacity } = args;
  const target = new aws.appautoscaling.Target(
    name,
    {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: pulumi.interpolate`service/${cluster.name}/${service.name}`,
      ...{ minCapacity, maxCapacity },
    },
    { parent, ignoreChanges: ["suspendedState"] },
  );
  defineTracking(`${name}-cpu`, target, "ECSServiceAverageCPUUtilization", args.targetCpuPercent ?? 60, parent);
  if (args.targetMemoryPercent !== undefined) {
    const metric = "ECSServiceAverageMemoryUtilization";
    defineTracking(`${name}-memory`, target, metric, args.targetMemoryPercent, parent);
  }
  return target;
}

/** More tasks within a minute, fewer only after five: too many cost little, too few cost users. */
function defineTracking(
  name: string,
  target: aws.appautoscaling.Target,
  predefinedMetricType: string,
  targetValue: number,
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
        predefinedMetricSpecification: { predefinedMetricType },
        ...{ targetValue, scaleOutCooldown: 60, scaleInCooldown: 300 },
      },
    },
    { parent },
  );
}

/** What AWS would refuse of it. */
export function checkScaling(args: ScalingArgs): readonly string[] {
  const { minCapacity, maxCapacity } = args;
  const problems = new Problems()
    .range("scaling.minCapacity", minCapacity, 0, 5000, "tasks")
    .range("scaling.maxCapacity", maxCapacity, 1, 5000, "tasks")
    .range("scaling.targetCpuPercent", args.targetCpuPercent, 1, 100, "percent")
    .range("scaling.targetMemoryPercent", args.targetMemoryPercent, 1, 100, "percent");
  if (minCapacity > maxCapacity) {
    problems.add(`scaling.maxCapacity: expected at least minCapacity ${minCapacity}, got ${maxCapacity}`);
  }
  return problems.list;
}
