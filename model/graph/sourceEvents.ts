import type { Action, Pipeline } from "./pipelines";
import type { Values } from "./read";
import { arnIn, type Place, placeOf } from "./resources";

/** How a source tells that it has changed. */
interface SourceEvent {
  /** What it watches, in messages. */
  readonly watched: (given: Action["configuration"]) => string;
  /** Kind of revision that a run can be told to take. */
  readonly revisionType: string;
  readonly event: (given: Action["configuration"], place: Place) => Values;
}

/**
 * The sources that EventBridge must watch, by provider.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/create-cwe-ecr-source.html
 */
const SOURCE_EVENTS: Readonly<Record<string, SourceEvent>> = {
  CodeCommit: {
    watched: (given) => `repository ${given.RepositoryName}, branch ${given.BranchName}`,
    revisionType: "COMMIT_ID",
    event: ({ RepositoryName: repositoryName = "", BranchName: branch = "" }, place) => ({
      source: "aws.codecommit",
      resources: [arnIn(place, "codecommit", repositoryName)],
      "detail-type": "CodeCommit Repository State Change",
      detail: {
        event: "referenceUpdated",
        referenceType: "branch",
        repositoryName,
        commitId: "0a1b2c3",
        referenceName: branch,
        referenceFullName: `refs/heads/${branch}`,
      },
    }),
  },
  ECR: {
    watched: (given) => `image ${given.RepositoryName}:${given.ImageTag ?? "latest"}`,
    revisionType: "IMAGE_DIGEST",
    event: (given) => ({
      // It names no ARN.
      source: "aws.ecr",
      "detail-type": "ECR Image Action",
      resources: [],
      detail: {
        "action-type": "PUSH",
        result: "SUCCESS",
        "repository-name": given.RepositoryName,
        "image-tag": given.ImageTag ?? "latest",
        "image-digest": "sha256:0a1b2c3",
      },
    }),
  },
  S3: {
    watched: (given) => `object s3://${given.S3Bucket}/${given.S3ObjectKey}`,
    revisionType: "S3_OBJECT_VERSION_ID",
    event: (given, { partition }) => ({
      source: "aws.s3",
      "detail-type": "Object Created",
      resources: [`arn:${partition}:s3:::${given.S3Bucket ?? ""}`],
      detail: {
        bucket: { name: given.S3Bucket },
        reason: "PutObject",
        object: { key: given.S3ObjectKey, "version-id": "0a1b2c3" },
      },
    }),
  },
};

/** A source that EventBridge must watch. */
export interface WatchedSource {
  readonly what: string;
  readonly revisionType: string;
  /** The event that AWS sends when it changes. */
  readonly event: Values;
}

/** How a source action's changes become known; undefined for one that CodePipeline itself watches. */
export function watchedSource(pipeline: Pipeline, action: Action): WatchedSource | undefined {
  const here = placeOf(pipeline.arn);
  const known = SOURCE_EVENTS[action.provider];
  if (!here || !known) return undefined;
  const { configuration, region = here.region, roleArn } = action;
  const place = { ...here, region, account: roleArn?.split(":")[4] ?? here.account };
  return {
    what: known.watched(configuration),
    revisionType: known.revisionType,
    event: { ...known.event(configuration, place), account: place.account, region },
  };
}
