import { codeCommitSource } from "./codeCommit";
import { codeStarSourceConnection } from "./codeStarSourceConnection";

/** Where a pipeline's files come from, by CodePipeline's provider name. */
export const sources = { CodeCommit: codeCommitSource, CodeStarSourceConnection: codeStarSourceConnection } as const;

/** CodePipeline source providers that stack config may name. */
export type SourceProvider = keyof typeof sources;
