import { codeCommitSource } from "./codeCommit";
import { codeStarSourceConnection } from "./codeStarSourceConnection";
import { ecrSource } from "./ecr";
import { s3Source } from "./s3";

/** Where a pipeline's files come from, by CodePipeline's provider name. */
export const sources = {
  CodeCommit: codeCommitSource,
  CodeStarSourceConnection: codeStarSourceConnection,
  ECR: ecrSource,
  S3: s3Source,
} as const;

/** CodePipeline source providers that stack config may name. */
export type SourceProvider = keyof typeof sources;
