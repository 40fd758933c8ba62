import type { Input } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import type { Place } from "../arn";
import { allow, type Statement } from "../iam/policyDocument";

/**
 * What pulling an image from a repository in ECR takes.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html
 */
export function pullPermissions(repositoryArn: Input<string>): Statement[] {
  return [
    // ecr:GetAuthorizationToken has no resource level.
    allow(["ecr:GetAuthorizationToken"], ["*"]),
    allow(["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"], [repositoryArn]),
  ];
}

/** What pulling an image by its URI takes: nothing, unless it is in ECR. */
export function imagePermissions(image: string, { partition }: Place): Statement[] {
  const [, account, region, name] =
    /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)/.exec(image) ?? [];
  if (!account || !region || !name) return [];
  return pullPermissions(pulumi.interpolate`arn:${partition}:ecr:${region}:${account}:repository/${name}`);
}
