import * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterRef } from "../refs";

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
}

/**
 * Asks ECS what the service is told to run: a deployment that is under way, too, which nobody has recorded yet. Nothing
 * where there is no such service, and where it may not be asked: then the record alone says what was delivered.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
 */
export function liveService(
  args: { readonly cluster: ClusterRef; readonly serviceName: string; readonly containerName: string },
  parent: pulumi.Resource,
): Output<LiveService> {
  const { serviceName, containerName } = args;
  return pulumi.output(args.cluster.arn).apply(async (clusterArn): Promise<LiveService> => {
    try {
      const service = await aws.ecs.getService({ clusterArn, serviceName }, { parent });
      const { taskDefinition } = service;
      const revision = await aws.ecs.getTaskDefinition({ taskDefinition }, { parent });
      const targetGroupArn = groupIn(service.loadBalancers);
      const image = revision.status === "ACTIVE" ? imageIn(revision.containerDefinitions, containerName) : undefined;
      return image === undefined ? { targetGroupArn } : { image, desiredCount: service.desiredCount, targetGroupArn };
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

function groupIn(balancers: readonly { readonly targetGroupArn?: string }[] = []): string | undefined {
  return balancers.map(({ targetGroupArn }) => targetGroupArn).find((arn) => arn);
}

/** The target group to register in: the one that is registered in already, else blue, which serves first. */
export function servingGroup(
  live: Output<LiveService>,
  targets: { readonly blue: { readonly arn: Input<string> }; readonly green: { readonly arn: Input<string> } },
): Output<string> {
  return pulumi
    .all([live, targets.blue.arn, targets.green.arn])
    .apply(([{ targetGroupArn }, blue, green]) => (targetGroupArn === green ? green : blue));
}
