import * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { assumeRoleWithToken, type TokenHolder } from "../access/webIdentity";
import { placeOf } from "../arn";
import { AUTONAMED_MAX, fittedName } from "../checks/names";
import type { RoleRef } from "../refs";
import { assumeRoleByOther, type OtherRole } from "./otherAccount";
import { assumeRoleBy, type SourceArn, type Statement } from "./policyDocument";
import { documents, MANAGED_POLICIES_MAX, policiesNeeded } from "./policySize";

/** A role, and the policies that must exist before anything acts in it. */
export interface RoleWithPolicies extends RoleRef {
  readonly policies: readonly pulumi.Resource[];
}

/** What a role is for. */
export interface RoleArgs {
  /**
   * Who acts in it: an AWS service, for example `codebuild.amazonaws.com`, a role of someone else, or who brings a token of an
   * identity provider.
   */
  readonly service: string | OtherRole | TokenHolder;
  /** Seconds that who acts in it may keep it, 3600 to 43200. @default 3600 */
  readonly maxSessionDuration?: number | undefined;
  /** Name of the role, where someone must name it before it is there. @default - Pulumi makes one */
  readonly roleName?: string | undefined;
  /** What it may do. @default - nothing: no policy is made */
  readonly statements?: readonly Statement[];
  /** ARNs of managed policies that it gets besides. @default - none */
  readonly managedPolicyArns?: readonly Input<string>[];
  /** @default - none */
  readonly description?: Input<string>;
  /** Whether the service must act on behalf of this account. False only where the service cannot say so. @default true */
  readonly forThisAccount?: boolean;
  /**
   * What the service works on when it takes the role. Only where AWS's page of the service says that it tells.
   * @default - anything of the account
   */
  readonly sourceArn?: SourceArn;
}

/** A role with its policies, named alike. */
export function defineRole(
  name: string,
  args: RoleArgs,
  parent: pulumi.Resource,
): RoleWithPolicies & { readonly arn: Output<string> } {
  const { roleName, statements, managedPolicyArns = [], description, maxSessionDuration } = args;
  const role = new aws.iam.Role(
    fittedName(name, AUTONAMED_MAX.role),
    {
      assumeRolePolicy: trustOf(args, parent),
      name: roleName,
      description,
      maxSessionDuration,
    },
    { parent },
  );
  const attached = managedPolicyArns.map(
    (policyArn, index) =>
      new aws.iam.RolePolicyAttachment(
        `${name}-${policyNamed(policyArn) ?? `managed-${index + 1}`}`,
        { role: role.name, policyArn },
        { parent },
      ),
  );
  const own = statements ? definePolicies(name, role, statements, parent, attached.length) : [];
  return { arn: role.arn, name: role.name, policies: [...own, ...attached] };
}

/**
 * Path of the roles and the policies of a stack, unless it says another one: who deploys the stack may change what is in it,
 * and nothing else of IAM.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-friendly-names
 */
export function rolePathOf(stack: string): string {
  return `/ecs-delivery/${stack}/`;
}

/** One inline policy; managed ones besides, where what a role may do is more than AWS takes in one. */
function definePolicies(
  name: string,
  role: aws.iam.Role,
  statements: readonly Statement[],
  parent: pulumi.Resource,
  attached: number,
): pulumi.Resource[] {
  const count = policiesNeeded(statements);
  if (count - 1 + attached > MANAGED_POLICIES_MAX) {
    const text = `role "${name}" would take ${count - 1 + attached} managed policies, AWS allows ${MANAGED_POLICIES_MAX}; let it be for fewer services`;
    throw new pulumi.ResourceError(text, parent, true);
  }
  const [inline = "", ...managed] = documents(statements, count);
  return [
    new aws.iam.RolePolicy(name, { role: role.name, policy: inline }, { parent }),
    ...managed.map((policy, index) => {
      const own = `${name}-${index + 2}`;
      const { arn } = new aws.iam.Policy(own, { policy }, { parent });
      return new aws.iam.RolePolicyAttachment(own, { role: role.name, policyArn: arn }, { parent });
    }),
  ];
}

/** What is told apart of managed policies: whose it is, path and name. */
function policyNamed(arn: Input<string>): string | undefined {
  return typeof arn === "string" ? arn.split(":iam::").at(-1)?.replace(/[:/]+/g, "-") : undefined;
}

function trustOf({ service, forThisAccount = true, sourceArn }: RoleArgs, parent: pulumi.Resource): Output<string> {
  if (typeof service === "object" && "provider" in service) return assumeRoleWithToken([service]);
  if (typeof service !== "string") return assumeRoleByOther(service, placeOf(parent));
  return assumeRoleBy(service, forThisAccount ? { accountId: placeOf(parent).accountId, sourceArn } : undefined);
}
