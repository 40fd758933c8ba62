import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import type { Place } from "../arn";

/** A role that someone else makes, perhaps later, perhaps in another account. */
export interface OtherRole {
  readonly accountId: Input<string>;
  /** Its name, or the beginning of it and `*`. */
  readonly roleName: string;
  /** Its path, which begins and ends with `/`. @default "/" */
  readonly path?: string;
}

/**
 * The parts of a resource policy's statement that admit one role. The account is the principal, because AWS refuses a
 * role that is not there yet; the condition leaves only the role.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
 */
export function admitting({ accountId, roleName, path = "/" }: OtherRole, { partition }: Place) {
  return {
    Effect: "Allow",
    Principal: { AWS: pulumi.interpolate`arn:${partition}:iam::${accountId}:root` },
    Condition: {
      ArnLike: { "aws:PrincipalArn": pulumi.interpolate`arn:${partition}:iam::${accountId}:role${path}${roleName}` },
    },
  } as const;
}

/** Trust policy: this role may assume the one that has it, and nobody else in its account. */
export function assumeRoleByOther(other: OtherRole, place: Place): Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [{ ...admitting(other, place), Action: "sts:AssumeRole" }],
  });
}
