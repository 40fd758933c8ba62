import { regionalArn } from "../../components/arn";
import type { SourceAction } from "../../components/pipeline/action";
import { codeCommitSource } from "../../components/pipeline/source/codeCommit";
import { codeStarSourceConnection } from "../../components/pipeline/source/codeStarSourceConnection";
import { ecrSource } from "../../components/pipeline/source/ecr";
import { s3Source } from "../../components/pipeline/source/s3";
import { SourceBucket } from "../../components/storage/sourceBucket";
import type { StackConfig } from "../config/load";
import type { DeliveryContext } from "../deliveryContext";
import { existingRef } from "../existing";
import type { ServiceDelivery } from "../serviceDelivery";

type Source = NonNullable<StackConfig["source"]>;

/** Where a service's files, or its image, come from in one pipeline. */
export interface Sources {
  readonly actions: readonly SourceAction[];
  /** The action that brings in a service. */
  of(delivery: ServiceDelivery): SourceAction;
  /** The action that brings in a repository; without a name, the stack's. */
  repository(name: string | undefined): SourceAction | undefined;
}

/** One source action for each repository that something comes from; from ECR, one for each service. */
export function defineSources(deliveries: readonly ServiceDelivery[], context: DeliveryContext): Sources {
  const { source, tests = [] } = context.config;
  const keyOf = (delivery: ServiceDelivery) =>
    source?.provider === "ECR" ? delivery.config.name : (delivery.config.sourceRepository ?? source?.repository ?? "");
  const keys = new Set([...deliveries.map(keyOf), ...tests.flatMap(({ sourceRepository }) => sourceRepository ?? [])]);
  const actions = new Map(
    [...keys].map((key) => {
      const name = keys.size === 1 ? "Source" : key.replace(/[^A-Za-z0-9_-]/g, "-");
      const from = deliveries.filter((delivery) => keyOf(delivery) === key);
      return [key, defineSource(name, key, from, context)];
    }),
  );
  const found = (key: string): SourceAction => {
    const action = actions.get(key);
    if (!action) throw new Error(`no source brings in ${key}`);
    return action;
  };
  return {
    actions: [...actions.values()],
    of: (delivery) => found(keyOf(delivery)),
    repository: (name) => actions.get(name ?? source?.repository ?? ""),
  };
}

function defineSource(
  name: string,
  repository: string,
  from: readonly ServiceDelivery[],
  context: DeliveryContext,
): SourceAction {
  const { config, place } = context;
  const { source, branch = "" } = config;
  if (!source) throw new Error("a pipeline without a source");
  const { region } = place;
  switch (source.provider) {
    case "CodeCommit": {
      const repositoryArn = regionalArn(place, "codecommit", repository);
      return codeCommitSource({ name, branch, region, repositoryArn, repositoryName: repository });
    }
    case "CodeStarSourceConnection": {
      const { connectionArn = "" } = source;
      const filters = filtersOf(source, from, context);
      return codeStarSourceConnection({
        name,
        branch,
        region,
        connectionArn,
        fullRepositoryId: repository,
        ...filters,
      });
    }
    case "ECR":
      return imageSource(name, source, from);
    case "S3":
      return zipSource(name, source, context);
    default: {
      const never: never = source.provider;
      return never;
    }
  }
}

/** A pipeline of one service starts when its own folder changes, unless stack config says otherwise. */
function filtersOf(
  { tags, filePaths, excludedFilePaths }: Source,
  from: readonly ServiceDelivery[],
  { config }: DeliveryContext,
) {
  const folder = from[0]?.config.folder;
  const own = config.pipelines === "perService" && !tags && folder && folder !== "." ? [`${folder}/**`] : undefined;
  return { tags, excludedFilePaths, filePaths: filePaths ?? own };
}

function imageSource(name: string, { imageTag = "" }: Source, [delivery]: readonly ServiceDelivery[]): SourceAction {
  const repository = delivery?.repository;
  if (repository?.arn === undefined || repository.name === undefined) throw new Error(`${name}: not in ECR`);
  return ecrSource({ name, imageTag, repositoryName: repository.name, repositoryArn: repository.arn });
}

function zipSource(
  name: string,
  { bucket: given, objectKey = "source.zip" }: Source,
  context: DeliveryContext,
): SourceAction {
  const { foundation, place, stack, retain } = context;
  if (given) {
    const { name: bucket, arn: bucketArn } = existingRef("bucket", given.existing, place);
    return s3Source({ name, bucket, bucketArn, objectKey });
  }
  const kmsKeyArn = foundation.kmsKeyArn();
  const made = new SourceBucket(`${stack}-source`, { kmsKeyArn, forceDestroy: !retain }, { protect: retain });
  return s3Source({ name, bucket: made.bucket, bucketArn: made.arn, objectKey, kmsKeyArn });
}
