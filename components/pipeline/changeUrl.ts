import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { consoleIn } from "../arn";

/** A change on a connection, in AWS's words. */
interface ConnectionChange {
  readonly region: Input<string>;
  readonly connectionArn: Input<string>;
  /** `owner/name`. */
  readonly fullRepositoryId: string;
  /** Commit, or the pipeline variable that holds it. */
  readonly commitId: string;
}

/**
 * Link to a commit at GitHub, GitLab or Bitbucket: AWS knows which it is, and leads there.
 * https://docs.aws.amazon.com/dtconsole/latest/userguide/welcome-connections.html
 */
export function connectionChangeUrl(change: ConnectionChange): Output<string> {
  const { fullRepositoryId: repository, commitId } = change;
  const redirect = pulumi.interpolate`${codeSuite(change.region)}/settings/connections/redirect`;
  return pulumi.interpolate`${redirect}?connectionArn=${change.connectionArn}&referenceType=COMMIT&FullRepositoryId=${repository}&Commit=${commitId}`;
}

/** A change in CodeCommit. */
interface CodeCommitChange {
  readonly region: Input<string>;
  /** Repository name. */
  readonly repositoryName: string;
  /** Commit, or the pipeline variable that holds it. */
  readonly commitId: string;
}

/** Link to a commit in CodeCommit's console. */
export function codeCommitChangeUrl({ region, repositoryName, commitId }: CodeCommitChange): Output<string> {
  return pulumi.interpolate`${codeSuite(region)}/codecommit/repositories/${repositoryName}/commit/${commitId}?region=${region}`;
}

function codeSuite(region: Input<string>): Output<string> {
  return pulumi.interpolate`${consoleIn(region)}/codesuite`;
}
