import * as aws from "@pulumi/aws";
import type { Input } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { type Place, regionalArn } from "../arn";
import { allow, type Statement } from "../iam/policyDocument";
import { arnPattern } from "../settings/arns";
import { oneOf, text } from "../settings/setting";
import { type ArgsOf, settings } from "../settings/settings";

/** Registries that ECR keeps images of, and whether it asks for credentials there. */
const UPSTREAM_REGISTRIES = [
  "public.ecr.aws",
  "registry.k8s.io",
  "quay.io",
  "registry-1.docker.io",
  "ghcr.io",
  "registry.gitlab.com",
] as const;
const OPEN: readonly string[] = ["public.ecr.aws", "registry.k8s.io", "quay.io"];

/**
 * Repositories of another registry that ECR fills as they are pulled.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
 */
export const PULL_THROUGH_CACHE = settings({
  /** Prefix of their repositories: an image is `<account>.dkr.ecr.<region>.amazonaws.com/<prefix>/<its name there>`. */
  pullThroughCache: text(
    {
      pattern: /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/,
      max: 30,
      expected: "a prefix of 2 to 30 lower-case letters, digits and . _ -",
    },
    { example: "docker-hub" },
  ),
  /** Registry that they come from; the rule is made with it. @default - a rule of that prefix is there already */
  upstreamRegistry: oneOf(UPSTREAM_REGISTRIES, { example: "registry-1.docker.io" }).optional(),
  /**
   * Secret `{"username","accessToken"}` for that registry, whose name begins with `ecr-pullthroughcache/`. @default - none is
   * asked for
   */
  credentials: text(
    {
      pattern: arnPattern({
        service: "secretsmanager",
        resource: "secret:ecr-pullthroughcache/[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}",
      }),
      expected: "the ARN of a Secrets Manager secret whose name begins with ecr-pullthroughcache/",
      owned: true,
    },
    { example: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ecr-pullthroughcache/docker-hub-AbCdEf" },
  ).optional(),
});

/** Repositories of another registry that ECR fills as they are pulled. */
export interface PullThroughCache extends ArgsOf<typeof PULL_THROUGH_CACHE> {}

/** What is expected of `credentials`, where it is not so. */
export function credentialsProblem({ upstreamRegistry, credentials }: Partial<PullThroughCache>): string | undefined {
  if (upstreamRegistry === undefined)
    return credentials && "nothing without upstreamRegistry: the rule is there already";
  const asked = !OPEN.includes(upstreamRegistry);
  if (asked && credentials === undefined) return `the ARN of a secret: ECR logs in to ${upstreamRegistry}`;
  return !asked && credentials !== undefined ? `nothing: ECR does not log in to ${upstreamRegistry}` : undefined;
}

/** The rule of an account's registry. One that is there already is not made again: the prefix is the account's. */
export function definePullThroughCache(cache: PullThroughCache): aws.ecr.PullThroughCacheRule | undefined {
  const { pullThroughCache: prefix, upstreamRegistry, credentials } = cache;
  if (upstreamRegistry === undefined) return undefined;
  return new aws.ecr.PullThroughCacheRule(prefix, {
    ecrRepositoryPrefix: prefix,
    upstreamRegistryUrl: upstreamRegistry,
    credentialArn: credentials,
  });
}

/** Where such repositories are. */
export function cacheAddress(prefix: Input<string>, place: Place): pulumi.Output<string> {
  const suffix = place.partition.apply((partition) => (partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com"));
  return pulumi.interpolate`${place.accountId}.dkr.ecr.${place.region}.${suffix}/${prefix}`;
}

/**
 * What pulling through a cache takes: the first pull makes the repository, and brings the image there.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html
 */
export function cachePermissions(prefixes: readonly string[], place: Place): Statement[] {
  const pull = ["BatchGetImage", "GetDownloadUrlForLayer", "BatchImportUpstreamImage", "CreateRepository"];
  return prefixes.length === 0
    ? []
    : [
        allow(
          pull.map((verb) => `ecr:${verb}`),
          prefixes.map((prefix) => regionalArn(place, "ecr", `repository/${prefix}/*`)),
        ),
      ];
}
