import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Input, Output } from "@pulumi/pulumi";
import { placeOf } from "../arn";
import type { RoleRef } from "../refs";
import { assumeRoleByOther, type OtherRole } from "./otherAccount";
import { assumeRoleBy, document, type Statement } from "./policyDocument";

/** A role, and the policies that must exist before anything acts in it. */
export interface RoleWithPolicies extends RoleRef {
  readonly policies: readonly pulumi.Resource[];
}

/** What a role is for. */
export interface RoleArgs {
  /** Who acts in it: an AWS service, for example `codebuild.amazonaws.com`, or a role of someone else. */
  readonly service: string | OtherRole;
  /** Name of the role, where someone must name it before it is there. @default - Pulumi makes one */
  readonly roleName?: string | undefined;
  /** What it may do. @default - nothing: no policy is made */
  readonly statements?: readonly Statement[];
  /** @default - none */
  readonly description?: Input<string>;
  /** Whether the service must act on behalf of this account. False only where the service cannot say so. @default true */
  readonly forThisAccount?: boolean;
}

/** A role with its inline policy, named alike. */
export function defineRole(
  name: string,
  args: RoleArgs,
  parent: pulumi.Resource,
): RoleWithPolicies & { readonly arn: Output<string> } {
  const { roleName, statements, description } = args;
  const role = new aws.iam.Role(
    name,
    {
      assumeRolePolicy: trustOf(args, parent),
      name: roleName,
      description,
    },
    { parent },
  );
  if (!statements) return { arn: role.arn, name: role.name, policies: [] };
  const policy = new aws.iam.RolePolicy(name, { role: role.name, policy: document(statements) }, { parent });
  return { arn: role.arn, name: role.name, policies: [policy] };
}

function trustOf({ service, forThisAccount = true }: RoleArgs, parent: pulumi.Resource): Output<string> {
  if (typeof service !== "string") return assumeRoleByOther(service, placeOf(parent));
  return assumeRoleBy(service, forThisAccount ? placeOf(parent).accountId : undefined);
}
