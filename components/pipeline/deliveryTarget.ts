import type { Input } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import type { TokenHolder } from "../access/webIdentity";
import type { OtherRole } from "../iam/otherAccount";
import type { Statement } from "../iam/policyDocument";
import { defineRole } from "../iam/role";
import type { ArtifactStoreRef, RoleRef } from "../refs";
import { ACTION_LOOKS, artifactPermissions } from "../storage/artifactStore";

/** Arguments of `DeliveryTarget`. */
export interface DeliveryTargetArgs {
  /** Name of the role that deploys; the pipeline names it. */
  readonly deployRoleName: string;
  /** Name of the role that confirms; the pipeline's build names it. */
  readonly confirmRoleName: string;
  /** Who delivers: the role of a pipeline, or jobs of a workflow by their tokens. */
  readonly pipelineRole: OtherRole | TokenHolder;
  /** Who confirms deliveries: the role of a build, or jobs of a workflow by their tokens. */
  readonly confirmBuildRole: OtherRole | TokenHolder;
  /** Where the pipeline keeps what it deploys. @default - nowhere: a job of a workflow keeps it */
  readonly artifactStore?: ArtifactStoreRef | undefined;
  /** Pattern of the keys of what is deployed, there. @default - any */
  readonly artifacts?: string;
  /** What deploying takes, here. */
  readonly deployPermissions: readonly Statement[];
  /** What confirming takes, here. */
  readonly confirmPermissions: readonly Statement[];
  /** Seconds that who takes the roles may keep them. @default 3600 */
  readonly maxSessionDuration?: number | undefined;
}

/**
 * This side of a delivery by another stack's pipeline or workflow, in this account or another: the role its deploy actions
 * take, and the role its confirmation takes. Each admits exactly one role of the other side, which need not be there yet, or the
 * runs of one environment on GitHub.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-create-cross-account.html
 */
export class DeliveryTarget extends pulumi.ComponentResource {
  readonly deployRole: RoleRef;
  readonly confirmRole: RoleRef;

  constructor(name: string, args: DeliveryTargetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ecs-delivery:index:DeliveryTarget", name, {}, opts);
    const { artifactStore, maxSessionDuration } = args;
    this.deployRole = defineRole(
      `${name}-deploy`,
      {
        service: args.pipelineRole,
        roleName: args.deployRoleName,
        description: descriptionOf("Deploys", args.pipelineRole),
        maxSessionDuration,
        statements: [
          ...(artifactStore
            ? artifactPermissions(artifactStore, { reads: [args.artifacts ?? "*"], writes: [], looks: ACTION_LOOKS })
            : []),
          ...args.deployPermissions,
        ],
      },
      this,
    );
    this.confirmRole = defineRole(
      `${name}-confirm`,
      {
        service: args.confirmBuildRole,
        roleName: args.confirmRoleName,
        description: descriptionOf("Confirms deliveries", args.confirmBuildRole),
        maxSessionDuration,
        statements: args.confirmPermissions,
      },
      this,
    );
    this.registerOutputs({ deployRoleArn: this.deployRole.arn, confirmRoleArn: this.confirmRole.arn });
  }
}

function descriptionOf(what: string, who: OtherRole | TokenHolder): Input<string> {
  if ("provider" in who) return `${what} for ${who.subjects.join(", ")}`;
  const { accountId, roleName } = who;
  return pulumi.interpolate`${what} for role ${roleName} of account ${accountId}`;
}
