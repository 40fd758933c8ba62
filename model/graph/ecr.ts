import type { RecordedGraph } from "./graph";
import { arnOf, arnPlace, referredBy, TYPES } from "./resources";

/** What pulling an image calls in ECR, beside the token. */
export const ECR_PULL: readonly string[] = ["BatchGetImage", "GetDownloadUrlForLayer"];

/** What pushing one calls: asking for layers, uploading what is missing, setting the tag. */
export const ECR_PUSH: readonly string[] = [
  "BatchCheckLayerAvailability",
  "InitiateLayerUpload",
  "UploadLayerPart",
  "CompleteLayerUpload",
  "PutImage",
];

/** A repository, and what names an image in it. */
export interface ImageName {
  /** `<registry>/<name>` */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** The parts of an image's name. */
export function imageName(image: string): ImageName {
  const [name = "", digest] = image.split("@");
  // A colon before a slash is a port.
  const [, repository = name, tag] = /^(.*?)(?::([^:/]+))?$/.exec(name) ?? [];
  return { repository, tag, digest };
}

/** Account, region and name of a repository in ECR; undefined for any other. */
export function ecrPlace(
  repository: string,
):
  | { readonly account: string; readonly region: string; readonly name: string; readonly partition: string }
  | undefined {
  const [, account, region, china, name] =
    /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?\/(.+)$/.exec(repository) ?? [];
  if (!account || !region || !name) return undefined;
  return { account, region, name, partition: china ? "aws-cn" : region.startsWith("us-gov-") ? "aws-us-gov" : "aws" };
}

/** ARN of a repository in ECR. */
export function repositoryArn(repository: string): string | undefined {
  const place = ecrPlace(repository);
  return place && `arn:${place.partition}:ecr:${place.region}:${place.account}:repository/${place.name}`;
}

/** ARN of the repository that an address means; for one of the graph the ARN that it has there. */
export function repositoryIn(graph: RecordedGraph, address = ""): string | undefined {
  const place = ecrPlace(address);
  if (!place) return undefined;
  const made = referredBy(graph, TYPES.repository, place.name);
  const own = made && arnOf(made);
  const { account, region } = arnPlace(own) ?? {};
  return account === place.account && region === place.region ? own : repositoryArn(address);
}
