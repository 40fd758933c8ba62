import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { describeProblems } from "../../checks/problems";
import { artifactOf, declare, type SourceAction } from "../action";
import { connectionChangeUrl } from "../changeUrl";
import { connectionClonePermissions, usePermission } from "../clonePermissions";
import { checkPushFilter } from "../pushFilter";

/** Arguments of `codeStarSourceConnection`. */
export interface CodeStarSourceConnectionArgs {
  /** Action name; its artifact and variable namespace are named after it. */
  readonly name: string;
  /** A CodeConnections connection that is AVAILABLE (a person completes its handshake in the console). */
  readonly connectionArn: pulumi.Input<string>;
  /** `owner/name`; case matters. */
  readonly fullRepositoryId: string;
  /** Branch whose head is delivered. With `tags` it only serves a run that a person starts. */
  readonly branch: string;
  /**
   * Whether builds get a clone with its history, in the place of the commit's files. Their roles then take
   * `clonePermissions`, and none but CodeBuild actions can read the artifact. @default false
   */
  readonly fullHistory?: boolean;
  /** Glob patterns: a tag that is pushed starts the pipeline, a push to the branch does not. @default - none: pushes to the branch */
  readonly tags?: readonly string[];
  /** Glob patterns; a push starts the pipeline only when it changes a matching file. Not with `tags`. @default - every push */
  readonly filePaths?: readonly string[];
  /** Glob patterns; a push that changes nothing else starts nothing. Not with `tags`. @default - none */
  readonly excludedFilePaths?: readonly string[];
  /** Region of the console that `changeUrl` leads through. @default - no `changeUrl` */
  readonly region?: pulumi.Input<string>;
}

/** A source whose commits a person can look at. */
export interface ConnectionSource extends SourceAction {
  /** Link to the commit that the run works on. Undefined without a region. */
  readonly changeUrl?: pulumi.Output<string>;
}

/**
 * GitHub, GitLab or Bitbucket through CodeConnections, started by CodePipeline's own V2 trigger.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodestarConnectionSource.html
 */
export function codeStarSourceConnection(args: CodeStarSourceConnectionArgs): ConnectionSource {
  const { name, connectionArn, fullRepositoryId, branch, region, fullHistory = false } = args;
  const output = artifactOf(name);
  const namespace = `${name}Variables`;
  const commitId = `#{${namespace}.CommitId}`;
  return {
    declaration: declare("Source", "CodeStarSourceConnection", {
      name,
      namespace,
      outputArtifacts: [output.name],
      configuration: {
        ConnectionArn: connectionArn,
        FullRepositoryId: fullRepositoryId,
        BranchName: branch,
        OutputArtifactFormat: fullHistory ? "CODEBUILD_CLONE_REF" : "CODE_ZIP",
      },
    }),
    permissions: [usePermission(connectionArn)],
    clonePermissions: fullHistory ? connectionClonePermissions(connectionArn) : [],
    output,
    commitId,
    trigger: { kind: "git", filter: pushFilter(args) },
    changeUrl:
      region !== undefined ? connectionChangeUrl({ region, connectionArn, fullRepositoryId, commitId }) : undefined,
  };
}

/** Throws for what CodePipeline would refuse. */
function pushFilter(
  args: CodeStarSourceConnectionArgs,
): aws.types.input.codepipeline.PipelineTriggerGitConfigurationPush {
  const { branch, tags, filePaths, excludedFilePaths } = args;
  const branches = tags ? undefined : [branch];
  const { list } = checkPushFilter({
    branches: { branch: branches },
    tags: { tags },
    filePaths: { filePaths, excludedFilePaths },
  });
  if (list.length > 0) throw new pulumi.RunError(describeProblems(`pipeline action "${args.name}"`, list));
  const files = {
    includes: filePaths ? [...filePaths] : undefined,
    excludes: excludedFilePaths ? [...excludedFilePaths] : undefined,
  };
  return {
    branches: branches ? { includes: branches } : undefined,
    tags: tags ? { includes: [...tags] } : undefined,
    filePaths: (filePaths ?? excludedFilePaths) ? files : undefined,
  };
}
