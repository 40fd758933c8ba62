import { regionalArn } from "../../components/arn";
import { fittedName, NAMES } from "../../components/checks/names";
import type { Statement } from "../../components/iam/policyDocument";
import { type Artifact, artifactOf, type SourceAction } from "../../components/pipeline/action";
import { codeCommitClonePermissions, connectionClonePermissions } from "../../components/pipeline/clonePermissions";
import { sources } from "../../components/pipeline/source";
import { withDefaults } from "../../components/settings/settings";
import { SourceBucket } from "../../components/storage/sourceBucket";
import {
  type ConnectionSettings,
  isGit,
  S3_SOURCE,
  type Source,
  sourceFacts,
  type ZipSettings,
} from "../config/source";
import type { DeliveryContext } from "../deliveryContext";
import { existingRef } from "../existing";
import { promised } from "../promised";
import type { ServiceDelivery } from "../serviceDelivery";

/** Characters of an action's name, less what its variables are called besides. */
const SOURCE_NAME_MAX = NAMES.pipeline.max - "Variables".length;

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
  const source = promised(context.config.source, "source");
  const keyOf = (delivery: ServiceDelivery) => keyIn(source, delivery);
  const actions = new Map(
    [...actionNames(source, deliveries, context)].map(([key, name]) => {
      const from = deliveries.filter((delivery) => keyOf(delivery) === key);
      return [key, defineSource(name, { source, repository: key, from }, context)];
    }),
  );
  return {
    actions: [...actions.values()],
    of: (delivery) => promised(actions.get(keyOf(delivery)), "source"),
    repository: (name) => actions.get(name ?? repositoryIn(source)),
  };
}

/**
 * What the source of a service, or of a repository, leaves in the pipeline of these services: by its name alone, because that
 * pipeline need not be there yet.
 */
export function sourceArtifact(
  from: { readonly service: ServiceDelivery; readonly repository?: string | undefined },
  deliveries: readonly ServiceDelivery[],
  context: DeliveryContext,
): Artifact {
  const source = promised(context.config.source, "source");
  const names = actionNames(source, deliveries, context);
  const own = keyIn(source, from.service);
  return artifactOf(names.get(from.repository ?? own) ?? names.get(own) ?? own);
}

/**
 * What builds take that read those sources of the pipeline of these services which hand on a clone: by names alone, as
 * `sourceArtifact`.
 */
export function clonesOf(
  from: { readonly service: ServiceDelivery; readonly repository?: string | undefined },
  deliveries: readonly ServiceDelivery[],
  context: DeliveryContext,
): { readonly repository: string; readonly permissions: readonly Statement[] } {
  const source = promised(context.config.source, "source");
  const repository = from.repository ?? keyIn(source, from.service);
  const origin = { source, repository, from: deliveries.filter((one) => keyIn(source, one) === repository) };
  if (!wantsHistory(origin)) return { repository, permissions: [] };
  const permissions =
    "connectionArn" in source
      ? connectionClonePermissions(source.connectionArn)
      : codeCommitClonePermissions(regionalArn(context.place, "codecommit", repository));
  return { repository, permissions };
}

/** Whether a build of what comes from there looks at its history: then all get it. */
function wantsHistory({ from }: Pick<Origin, "from">): boolean {
  return from.some(({ config: { build } }) => build?.fullHistory ?? false);
}

/** What tells sources from one another: the repository; of an image, the service that it is for. */
function keyIn(source: Source, delivery: ServiceDelivery): string {
  const { name, sourceRepository } = (delivery.imageOf ?? delivery).config;
  return sourceFacts(source.provider).brings === "image" ? name : (sourceRepository ?? repositoryIn(source));
}

/** The source actions of a pipeline: what each brings in, and its name. */
function actionNames(
  source: Source,
  deliveries: readonly ServiceDelivery[],
  { config: { tests = [] } }: DeliveryContext,
): ReadonlyMap<string, string> {
  const own = deliveries.map((one) => keyIn(source, one));
  const keys = [...new Set([...own, ...tests.flatMap(({ sourceRepository }) => sourceRepository ?? [])])];
  const names = sourceNames(keys, deliveries);
  return new Map(keys.map((key, index) => [key, keys.length === 1 ? "Source" : (names[index] ?? key)]));
}

/**
 * Names of source actions: the repository's, without what CodePipeline does not take. One that another repository or an action
 * of a service has gets more behind.
 */
function sourceNames(keys: readonly string[], deliveries: readonly ServiceDelivery[]): string[] {
  const taken = new Set<string>();
  return keys.map((key, index) => {
    const plain = fittedName(key.replace(/[^A-Za-z0-9_-]/g, "-"), SOURCE_NAME_MAX);
    const isBuild = deliveries.some(({ config }) => plain === `${config.name}-image`);
    const name = isBuild ? fittedName(`${plain}-source`, SOURCE_NAME_MAX) : plain;
    const own = taken.has(artifactOf(name).name) ? fittedName(`${name}-${index + 1}`, SOURCE_NAME_MAX) : name;
    taken.add(artifactOf(own).name);
    return own;
  });
}

/** The repository that stands for those of every service; what has no repository goes by its provider's name. */
function repositoryIn(source: Source): string {
  if (!isGit(source.provider)) return source.provider;
  return promised("repository" in source ? source.repository : undefined, "source.repository");
}

interface Origin {
  readonly source: Source;
  readonly repository: string;
  /** What comes from there. */
  readonly from: readonly ServiceDelivery[];
}

function defineSource(name: string, { source, repository, from }: Origin, context: DeliveryContext): SourceAction {
  const { place } = context;
  const { region } = place;
  const fullHistory = wantsHistory({ from });
  switch (source.provider) {
    case "CodeCommit": {
      const repositoryArn = regionalArn(place, "codecommit", repository);
      return sources.CodeCommit({
        name,
        branch: branchOf(context),
        region,
        repositoryArn,
        repositoryName: repository,
        fullHistory,
      });
    }
    case "CodeStarSourceConnection":
    case "GitHub":
    case "GitLab":
    case "Bitbucket":
      return sources.CodeStarSourceConnection({
        name,
        branch: branchOf(context),
        region,
        connectionArn: source.connectionArn,
        fullHistory,
        fullRepositoryId: repository,
        ...filtersOf(source, from, context),
      });
    case "ECR":
      return imageSource(name, source.imageTag, from);
    case "S3":
      return zipSource(name, source, context);
    default: {
      const never: never = source;
      return never;
    }
  }
}

function branchOf({ config }: DeliveryContext): string {
  return promised(config.branch, "branch");
}

/** A pipeline of one service starts when its own folder changes, unless stack config says otherwise. */
function filtersOf(
  { tags, filePaths, excludedFilePaths }: ConnectionSettings,
  from: readonly ServiceDelivery[],
  { config }: DeliveryContext,
) {
  const folder = from[0]?.config.folder;
  const own = config.pipelines === "perService" && !tags && folder && folder !== "." ? [`${folder}/**`] : undefined;
  return { tags, excludedFilePaths, filePaths: filePaths ?? own };
}

function imageSource(name: string, imageTag: string, [delivery]: readonly ServiceDelivery[]): SourceAction {
  const { name: repositoryName, arn: repositoryArn } = delivery?.repository ?? {};
  return sources.ECR({
    name,
    imageTag,
    repositoryName: promised(repositoryName, "services: a repository in ECR"),
    repositoryArn: promised(repositoryArn, "services: a repository in ECR"),
  });
}

function zipSource(name: string, given: ZipSettings, context: DeliveryContext): SourceAction {
  const { bucket: existing } = given;
  const { objectKey } = withDefaults(S3_SOURCE, given);
  const { foundation, place, stack, retain } = context;
  if (existing) {
    const { name: bucket, arn: bucketArn } = existingRef("bucket", existing.existing, place);
    return sources.S3({ name, bucket, bucketArn, objectKey });
  }
  const kmsKeyArn = foundation.kmsKeyArn();
  const made = new SourceBucket(
    `${stack}-source`,
    { kmsKeyArn, forceDestroy: !retain, accessLogs: foundation.logBucket() },
    { protect: retain },
  );
  return sources.S3({ name, bucket: made.bucket, bucketArn: made.arn, objectKey, kmsKeyArn });
}
