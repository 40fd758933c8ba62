import type { Input } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { type Place, regionalArn } from "../components/arn";
import type { ArtifactStoreRef, NamedArn, RepositoryRef, ServiceRef, TrafficTargets } from "../components/refs";
import type { ServiceConfig } from "./config/load";

/** How AWS writes what a name stands for, after `arn:<partition>:`. */
const KINDS = {
  cluster: (place: Place, name: string) => regionalArn(place, "ecs", `cluster/${name}`),
  project: (place: Place, name: string) => regionalArn(place, "codebuild", `project/${name}`),
  repository: (place: Place, name: string) => regionalArn(place, "ecr", `repository/${name}`),
  role: (place: Place, name: string) => pulumi.interpolate`arn:${place.partition}:iam::${place.accountId}:role/${name}`,
  queue: (place: Place, name: string) => regionalArn(place, "sqs", name),
  bucket: (place: Place, name: string) => pulumi.interpolate`arn:${place.partition}:s3:::${name}`,
} as const;

/** Something that is there already, given by name or ARN. Nothing is looked up, so a preview needs no credentials for it. */
export function existingRef(
  kind: keyof typeof KINDS,
  given: string,
  place: Place,
): NamedArn & { readonly name: string } {
  return given.startsWith("arn:")
    ? { arn: given, name: nameIn(kind, given) }
    : { arn: KINDS[kind](place, given), name: given };
}

/** The name in an ARN. A repository's has slashes of its own; a role's may have a path before it. */
function nameIn(kind: keyof typeof KINDS, arn: string): string {
  const resource = arn.split(":").slice(5).join(":");
  if (kind === "bucket" || kind === "queue") return resource;
  return kind === "repository" ? resource.replace(/^repository\//, "") : resource.slice(resource.lastIndexOf("/") + 1);
}

/** A service given by name or ARN; it is in the cluster of the stack. */
export function existingService(given: string, clusterName: Input<string>, place: Place): ServiceRef {
  if (given.startsWith("arn:")) return { arn: given, name: given.slice(given.lastIndexOf("/") + 1) };
  return { arn: regionalArn(place, "ecs", pulumi.interpolate`service/${clusterName}/${given}`), name: given };
}

/** A repository given by name or ARN; an ARN may be of another account or region. */
export function existingRepository(given: string, place: Place): RepositoryRef {
  const ref = existingRef("repository", given, place);
  const url = pulumi.all([ref.arn, place.partition]).apply(([arn, partition]) => repositoryUrl(arn, partition));
  return { ...ref, repositoryUrl: url };
}

function repositoryUrl(arn: string, partition: string): string {
  const [, , , region = "", account = "", ...rest] = arn.split(":");
  const suffix = partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  return `${account}.dkr.ecr.${region}.${suffix}/${rest.join(":").replace(/^repository\//, "")}`;
}

/** A bucket given by name or ARN. Its artifacts are encrypted with the stack's key if one is given, else its own way. */
export function existingArtifactStore(given: string, kmsKeyArn: string | undefined, place: Place): ArtifactStoreRef {
  const { arn, name } = existingRef("bucket", given, place);
  return { bucket: name, arn, kmsKeyArn };
}

/** Listeners and target groups given by ARN. */
export function existingTargets(
  given: Extract<NonNullable<ServiceConfig["targets"]>, { readonly existing: unknown }>["existing"],
): TrafficTargets {
  const group = (arn: string) => ({ arn, name: arn.split("/")[1] ?? arn });
  return {
    blue: group(given.blueTargetGroup),
    green: group(given.greenTargetGroup),
    productionListener: { arn: given.productionListener },
    testListener: { arn: given.testListener },
    targetSecurityGroupId: given.targetSecurityGroup,
  };
}
