import * as pulumi from "@pulumi/pulumi";
import { allow } from "../../iam/policyDocument";
import { artifactOf, declare, type SourceAction } from "../action";

/** Arguments of `codeStarSourceConnection`. */
export interface CodeStarSourceConnectionArgs {
  /** Action name; its artifact and variable namespace are named after it. */
  readonly name: string;
  /** A CodeConnections connection that is AVAILABLE (a person completes its handshake in the console). */
  readonly connectionArn: pulumi.Input<string>;
  /** `owner/name`; case matters. */
  readonly fullRepositoryId: string;
  /** Branch whose head is delivered. */
  readonly branch: string;
  /** Glob patterns; a push starts the pipeline only when it changes a matching file. @default - every push */
  readonly filePaths?: readonly string[];
}

/**
 * GitHub, GitLab or Bitbucket through CodeConnections, started by CodePipeline's own V2 trigger.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodestarConnectionSource.html
 */
export function codeStarSourceConnection(args: CodeStarSourceConnectionArgs): SourceAction {
  const output = artifactOf(args.name);
  const namespace = `${args.name}Variables`;
  // AWS renamed the service: a connection's ARN may carry either prefix, and the action is checked under either name.
  const bothPrefixes = pulumi
    .output(args.connectionArn)
    .apply((arn) => arn.replace(/:(codeconnections|codestar-connections):/, ":codeconnections:"));
  const oldPrefix = bothPrefixes.apply((arn) => arn.replace(":codeconnections:", ":codestar-connections:"));
  return {
    declaration: declare("Source", "CodeStarSourceConnection", {
      name: args.name,
      namespace,
      outputArtifacts: [output.name],
      configuration: {
        ConnectionArn: args.connectionArn,
        FullRepositoryId: args.fullRepositoryId,
        BranchName: args.branch,
        OutputArtifactFormat: "CODE_ZIP",
      },
    }),
    permissions: [
      allow(["codeconnections:UseConnection", "codestar-connections:UseConnection"], [bothPrefixes, oldPrefix]),
    ],
    output,
    commitId: `#{${namespace}.CommitId}`,
    trigger: {
      kind: "git",
      filter: {
        branches: { includes: [args.branch] },
        ...(args.filePaths && { filePaths: { includes: [...args.filePaths] } }),
      },
    },
  };
}
