import * as pulumi from "@pulumi/pulumi";
import { allow, type Statement } from "../iam/policyDocument";

/** What the role of a build takes that clones a repository of CodeCommit. */
export function codeCommitClonePermissions(repositoryArn: pulumi.Input<string>): Statement[] {
  return [allow(["codecommit:GitPull"], [repositoryArn])];
}

/** What the role of a build takes that clones through a connection. */
export function connectionClonePermissions(connectionArn: pulumi.Input<string>): Statement[] {
  return [usePermission(connectionArn)];
}

/** AWS renamed the service: a connection's ARN may carry either prefix, and the action is checked under either name. */
export function usePermission(connectionArn: pulumi.Input<string>): Statement {
  const newPrefix = pulumi
    .output(connectionArn)
    .apply((arn) => arn.replace(/:(codeconnections|codestar-connections):/, ":codeconnections:"));
  const oldPrefix = newPrefix.apply((arn) => arn.replace(":codeconnections:", ":codestar-connections:"));
  return allow(["codeconnections:UseConnection", "codestar-connections:UseConnection"], [newPrefix, oldPrefix]);
}
