import * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";

/** The account, region and partition that `parent`'s provider works in. */
export interface Place {
  readonly accountId: Output<string>;
  readonly region: Output<string>;
  readonly partition: Output<string>;
}

/** Asks the provider of `parent` (without one, the stack's) where it works; an invoke, so nothing is created. */
export function placeOf(parent?: pulumi.Resource): Place {
  const opts = parent ? { parent } : {};
  return {
    accountId: aws.getCallerIdentityOutput({}, opts).accountId,
    region: aws.getRegionOutput({}, opts).region,
    partition: aws.getPartitionOutput({}, opts).partition,
  };
}

/** `arn:<partition>:<service>:<region>:<account>:<resource>`, in the place given. */
export function regionalArn(place: Place, service: string, resource: Input<string>): Output<string> {
  return pulumi.interpolate`arn:${place.partition}:${service}:${place.region}:${place.accountId}:${resource}`;
}

/** Where the consoles of partitions other than AWS's first are, by what their regions begin with. */
const CONSOLES: readonly (readonly [prefix: string, domain: string])[] = [
  ["cn-", "amazonaws.cn"],
  ["us-gov-", "amazonaws-us-gov.com"],
  ["eusc-", "amazonaws-eusc.eu"],
];

/** Address of the console of a region, without a page. */
export function consoleIn(region: Input<string>): Output<string> {
  return pulumi.output(region).apply((here) => {
    const [, domain = "aws.amazon.com"] = CONSOLES.find(([prefix]) => here.startsWith(prefix)) ?? [];
    return `https://${here}.console.${domain}`;
  });
}

/** The ARN pattern of every revision of a task definition family. */
export function revisionsOf(family: Input<string>, place: Place): Output<string> {
  return regionalArn(place, "ecs", pulumi.interpolate`task-definition/${family}:*`);
}

/** Where the ARNs of a kind of things begin that a service has, each by a name of its own. */
export function belowService(
  serviceArn: Input<string>,
  kind: "service-deployment" | "service-revision",
): Output<string> {
  return pulumi.output(serviceArn).apply((arn) => `${arn.replace(":service/", `:${kind}/`)}/`);
}

const TASKS = new WeakMap<object, Output<string>>();

/** All tasks of a cluster: one value for each cluster, so that a role that is for many services is taken to name it once. */
export function tasksIn(clusterArn: Input<string>): Output<string> {
  const known = typeof clusterArn === "object" ? TASKS.get(clusterArn) : undefined;
  const tasks = known ?? pulumi.output(clusterArn).apply((arn) => `${arn.replace(":cluster/", ":task/")}/*`);
  if (typeof clusterArn === "object") TASKS.set(clusterArn, tasks);
  return tasks;
}
