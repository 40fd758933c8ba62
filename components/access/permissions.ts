import type { Input } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import type { Place } from "../arn";
import { allow, type Conditions, type Statement } from "../iam/policyDocument";
import { POLICY_PATH } from "../iam/role";
import { PARAMETERS } from "../parameters";
import { callsOf, ROLE_TAKERS } from "./managedServices";

/** Path of the roles that deploy: what an update may not touch, its own role included. */
export const DEPLOYMENT_PATH = "/ecs-delivery-deployment/";

const READ_ROLES = [
  "iam:GetPolicy",
  "iam:GetPolicyVersion",
  "iam:GetRole",
  "iam:GetRolePolicy",
  "iam:ListAttachedRolePolicies",
  "iam:ListInstanceProfilesForRole",
  "iam:ListPolicyVersions",
  "iam:ListRolePolicies",
  "iam:ListRoleTags",
  // Whether a service-linked role is there.
  "iam:ListRoles",
] as const;

/** What `pulumi preview` and a look for drift need: how things are set up, and the record of what was delivered. */
export function previewStatements(place: Place): Statement[] {
  return [
    // Whatever may be made later has no ARN yet, and most calls that list take none.
    allow([...callsOf("read"), ...READ_ROLES], ["*"]),
    allow(["ssm:GetParameter", "ssm:GetParameters"], [ownParameters(place)]),
  ];
}

/**
 * What `pulumi up`, `refresh` and `destroy` need. Roles of the program are made with permissions of its choosing: where
 * that must have an end, the end is `permissionsBoundaryArn`, and every role of the program must carry it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export function updateStatements(place: Place, permissionsBoundaryArn?: Input<string>): Statement[] {
  return [
    ...previewStatements(place),
    allow(callsOf("change"), ["*"]),
    allow(["ssm:DeleteParameter", "ssm:DeleteParameters", "ssm:PutParameter"], [ownParameters(place)]),
    ...roleStatements(place, permissionsBoundaryArn),
    handsOff(place),
  ];
}

/** Denies a role that deploys to widen itself, or another one, whatever else it may do. */
export function handsOff(place: Place): Statement {
  return { effect: "Deny", actions: ["iam:*"], resources: [rolesIn(place, DEPLOYMENT_PATH)] };
}

function roleStatements(place: Place, permissionsBoundaryArn?: Input<string>): Statement[] {
  const roles = rolesIn(place, "/");
  const bounded: Conditions | undefined =
    permissionsBoundaryArn === undefined
      ? undefined
      : { StringEquals: { "iam:PermissionsBoundary": permissionsBoundaryArn } };
  const widening = ["iam:AttachRolePolicy", "iam:CreateRole", "iam:PutRolePolicy"];
  const other = [
    "iam:DeleteRole",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:TagRole",
    "iam:UntagRole",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateRole",
    "iam:UpdateRoleDescription",
  ];
  const takers = ROLE_TAKERS.map((service) => `${service}.amazonaws.com`);
  return [
    allow(bounded ? [...widening, "iam:PutRolePermissionsBoundary"] : widening, [roles], bounded),
    allow(other, [roles]),
    // What is more than a role's own policy takes. Only attaching one gives it to a role, and that is bounded.
    allow(
      [
        "iam:CreatePolicy",
        "iam:CreatePolicyVersion",
        "iam:DeletePolicy",
        "iam:DeletePolicyVersion",
        "iam:TagPolicy",
        "iam:UntagPolicy",
      ],
      [pulumi.interpolate`arn:${place.partition}:iam::${place.accountId}:policy${POLICY_PATH}*`],
    ),
    allow(["iam:PassRole"], [roles], { StringEquals: { "iam:PassedToService": takers } }),
    allow(["iam:CreateServiceLinkedRole"], [rolesIn(place, "/aws-service-role/")]),
  ];
}

function rolesIn({ partition, accountId }: Place, path: string) {
  return pulumi.interpolate`arn:${partition}:iam::${accountId}:role${path}*`;
}

/** In every region: roles are not of one, and stacks of several may be deployed in them. */
function ownParameters({ partition, accountId }: Place) {
  return pulumi.interpolate`arn:${partition}:ssm:*:${accountId}:parameter${PARAMETERS}/*`;
}
