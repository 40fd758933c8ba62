import * as aws from "@pulumi/aws";
import type { Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterRef, TrafficTargets } from "../refs";

/** What a service is told to run now. */
export interface LiveService {
  /**
   * Image of the container that serves. @default - AWS does not say, or the revision was deregistered: the confirmation does
   * that to one that failed
   */
  readonly image?: string;
  /** How many tasks of that image it is told to run. @default - as the image */
  readonly desiredCount?: number;
  /** Target group its tasks register in. @default - none, or AWS does not say */
  readonly targetGroupArn?: string;
  /** Whether rules of ECS's own decide between the target groups, and not the listener. @default - as the target group */
  readonly hasTrafficRules?: boolean;
  /** Port of the container that the target group leads to. @default - as the target group */
  readonly containerPort?: number;
}

/**
 * Asks ECS what the service is told to run: a deployment that is under way, too, which nobody has recorded yet. Nothing
 * where there is no such service, and where it may not be asked: then the record alone says what was delivered.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
 */
export function liveService(
  args: { readonly cluster: ClusterRef; readonly serviceName: string; readonly containerName: string },
  parent?: pulumi.Resource,
): Output<LiveService> {
  const { serviceName, containerName } = args;
  return pulumi.output(args.cluster.arn).apply(async (clusterArn): Promise<LiveService> => {
    try {
      const service = await aws.ecs.getService({ clusterArn, serviceName }, { parent });
      const { taskDefinition } = service;
      const revision = await aws.ecs.getTaskDefinition({ taskDefinition }, { parent });
      const [balancer] = service.loadBalancers;
      const { targetGroupArn, containerPort, advancedConfigurations } = balancer ?? {};
      const hasTrafficRules = (advancedConfigurations?.length ?? 0) > 0;
      const image = revision.status === "ACTIVE" ? imageIn(revision.containerDefinitions, containerName) : undefined;
      const desiredCount = image === undefined ? undefined : service.desiredCount;
      return { image, desiredCount, targetGroupArn, hasTrafficRules, containerPort };
    } catch {
      return {};
    }
  });
}

function imageIn(definitions: string, containerName: string): string | undefined {
  const containers: unknown = JSON.parse(definitions);
  if (!Array.isArray(containers)) return undefined;
  const images = containers.flatMap((one: unknown): string[] =>
    typeof one === "object" && one !== null && "name" in one && "image" in one && one.name === containerName
      ? [String(one.image)]
      : [],
  );
  return images[0];
}

/** Tag of the image that is named before the first delivery: it is in no repository. */
export const NOT_DELIVERED_YET = "not-delivered-yet";

/**
 * The target group to register in, and the other: where tasks register already, else blue, which serves first. A service
 * that loses its rules, or gets some, registers in blue: the listener has led there all the time, and new rules do. Rules
 * that are there whatever deploys lead where they have led.
 */
export function groupsOf(
  live: Output<LiveService>,
  { blue, green, rules }: Pick<TrafficTargets, "blue" | "green" | "rules">,
  hasRulesAfterwards: boolean,
): { readonly serving: Output<string>; readonly other: Output<string> } {
  const groups = pulumi.all([live, blue.arn, green.arn]).apply(([{ targetGroupArn, hasTrafficRules }, one, two]) => {
    const stays = rules !== undefined || hasRulesAfterwards === (hasTrafficRules ?? false);
    const swapped = targetGroupArn === two && stays;
    return swapped ? { serving: two, other: one } : { serving: one, other: two };
  });
  return { serving: groups.serving, other: groups.other };
}
