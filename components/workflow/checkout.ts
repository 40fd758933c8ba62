import type * as aws from "@pulumi/aws";
import { artifactOf, declare, type SourceAction } from "../pipeline/action";

/** Arguments of `gitHubCheckout`. */
export interface GitHubCheckoutArgs {
  /** Name of the source; its variables are named after it. */
  readonly name: string;
  /** `owner/name`. */
  readonly repository: string;
  /** Branch whose pushes start the workflow. */
  readonly branch: string;
  /** Glob patterns: only a push that changes one of these files starts it. @default - every push */
  readonly filePaths?: readonly string[] | undefined;
  /** Glob patterns: a push that changes nothing but these files starts nothing. @default - none */
  readonly excludedFilePaths?: readonly string[] | undefined;
  /** Whether builds see the whole history, in the place of the commit alone. @default false */
  readonly fullHistory?: boolean | undefined;
}

/**
 * The commit that a workflow runs for, checked out in every job that needs its files. Nothing in AWS has a part in it.
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#onpushpull_requestpull_request_targetpathspaths-ignore
 */
export function gitHubCheckout(args: GitHubCheckoutArgs): SourceAction {
  const { name, repository, branch, filePaths, excludedFilePaths, fullHistory = false } = args;
  const output = artifactOf(name);
  const namespace = `${name}Variables`;
  const commitId = `#{${namespace}.CommitId}`;
  const filter: aws.types.input.codepipeline.PipelineTriggerGitConfigurationPush = {
    branches: { includes: [branch] },
    filePaths: filePaths || excludedFilePaths ? filesOf(filePaths, excludedFilePaths) : undefined,
  };
  return {
    declaration: declare("Source", "GitHub", {
      name,
      namespace,
      outputArtifacts: [output.name],
      configuration: { FullRepositoryId: repository, BranchName: branch, FetchDepth: fullHistory ? "0" : "1" },
    }),
    permissions: [],
    output,
    commitId,
    trigger: { kind: "git", filter },
  };
}

function filesOf(includes: readonly string[] | undefined, excludes: readonly string[] | undefined) {
  return { includes: includes && [...includes], excludes: excludes && [...excludes] };
}
