import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import type { ListenerRef } from "../refs";

/** Load balancer and target group as CloudWatch names them. */
export type TrafficDimensions = Output<{ LoadBalancer: string; TargetGroup: string }>;

/**
 * Load balancer and target group as CloudWatch names them: the ends of their ARNs.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
export function trafficDimensions(listener: ListenerRef, groupArn: Input<string>): TrafficDimensions {
  return pulumi.all([listener.arn, groupArn]).apply(([listenerArn, arn]) => ({
    LoadBalancer: listenerArn.split(":listener/")[1]?.split("/").slice(0, 3).join("/") ?? "",
    TargetGroup: arn.split(":").at(-1) ?? "",
  }));
}
