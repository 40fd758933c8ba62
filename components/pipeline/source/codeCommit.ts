import * as pulumi from "@pulumi/pulumi";
import { allow } from "../../iam/policyDocument";
import { artifactOf, declare, type SourceAction } from "../action";

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
export function codeCommitSource(args: CodeCommitSourceArgs): SourceAction {
  const output = artifactOf(args.name);
  const namespace = `${args.name}Variables`;
  return {
    declaration: declare("Source", "CodeCommit", {
      name: args.name,
      namespace,
      outputArtifacts: [output.name],
      configuration: {
        RepositoryName: args.repositoryName,
        BranchName: args.branch,
        PollForSourceChanges: "false",
        OutputArtifactFormat: "CODE_ZIP",
      },
    }),
    permissions: [allow(FETCH, [args.repositoryArn])],
    output,
    commitId: `#{${namespace}.CommitId}`,
    trigger: {
      kind: "event",
      pattern: pulumi.jsonStringify({
        source: ["aws.codecommit"],
        "detail-type": ["CodeCommit Repository State Change"],
        resources: [args.repositoryArn],
        detail: {
          event: ["referenceCreated", "referenceUpdated"],
          referenceType: ["branch"],
          referenceName: [args.branch],
        },
      }),
    },
  };
}
