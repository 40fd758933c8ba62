import * as pulumi from "@pulumi/pulumi";
import { allow } from "../../iam/policyDocument";
import { artifactOf, declare, type SourceAction } from "../action";
import { codeCommitChangeUrl } from "../changeUrl";
import { codeCommitClonePermissions } from "../clonePermissions";

/** Arguments of `codeCommitSource`. */
export interface CodeCommitSourceArgs {
  /** Action name; its artifact and variable namespace are named after it. */
  readonly name: string;
  /** Repository name. */
  readonly repositoryName: string;
  /** Repository ARN. */
  readonly repositoryArn: pulumi.Input<string>;
  /** Branch whose head is delivered. */
  readonly branch: string;
  /**
   * Whether builds get a clone with its history, in the place of the commit's files. Their roles then take
   * `clonePermissions`, and none but CodeBuild actions can read the artifact. @default false
   */
  readonly fullHistory?: boolean;
  /** Region of the console that `changeUrl` leads to. @default - no `changeUrl` */
  readonly region?: pulumi.Input<string>;
}

/** A source whose commits a person can look at. */
export interface CodeCommitSource extends SourceAction {
  /** Link to the commit that the run works on. Undefined without a region. */
  readonly changeUrl?: pulumi.Output<string>;
}

/** What bringing in a branch as a zip takes. */
const FETCH = [
  "codecommit:GetBranch",
  "codecommit:GetCommit",
  "codecommit:UploadArchive",
  "codecommit:GetUploadArchiveStatus",
  "codecommit:CancelUploadArchive",
];

/**
 * CodeCommit source, started by an EventBridge rule on the branch; nothing polls.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodeCommit.html
 */
export function codeCommitSource(args: CodeCommitSourceArgs): CodeCommitSource {
  const { name, repositoryName, region, fullHistory = false } = args;
  const output = artifactOf(name);
  const namespace = `${name}Variables`;
  const commitId = `#{${namespace}.CommitId}`;
  return {
    declaration: declare("Source", "CodeCommit", {
      name,
      namespace,
      outputArtifacts: [output.name],
      configuration: {
        RepositoryName: repositoryName,
        BranchName: args.branch,
        PollForSourceChanges: "false",
        OutputArtifactFormat: fullHistory ? "CODEBUILD_CLONE_REF" : "CODE_ZIP",
      },
    }),
    permissions: [allow([...FETCH, ...(fullHistory ? ["codecommit:GetRepository"] : [])], [args.repositoryArn])],
    clonePermissions: fullHistory ? codeCommitClonePermissions(args.repositoryArn) : [],
    output,
    commitId,
    trigger: { kind: "event", pattern: pushPattern(args) },
    changeUrl: region !== undefined ? codeCommitChangeUrl({ region, repositoryName, commitId }) : undefined,
  };
}

function pushPattern(args: CodeCommitSourceArgs): pulumi.Output<string> {
  return pulumi.jsonStringify({
    source: ["aws.codecommit"],
    "detail-type": ["CodeCommit Repository State Change"],
    resources: [args.repositoryArn],
    detail: {
      event: ["referenceCreated", "referenceUpdated"],
      referenceType: ["branch"],
      referenceName: [args.branch],
    },
  });
}
