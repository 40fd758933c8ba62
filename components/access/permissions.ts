import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import type { Place } from "../arn";
import { allow, type Conditions, type Statement } from "../iam/policyDocument";
import { rolePathOf } from "../iam/role";
import { PARAMETERS } from "../parameters";
import { callsOf, ROLE_TAKERS } from "./managedServices";

/** Path of the roles that deploy: what an update may not touch, its own role included. */
export const DEPLOYMENT_PATH = "/ecs-delivery-deployment/";

/** What tells how roles and policies are set up. */
export const READ_ROLES = [
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

/** A stack, as far as permissions of who runs it are concerned. */
export interface StackReach {
  /** Its name; with `*` at the end, every stack whose name begins so. */
  readonly stack: string;
  /** Other stacks of the account: what is theirs is out of reach also where its name begins like this one's. @default - none */
  readonly others?: readonly string[];
  /** Path of the roles and policies it makes. @default - `/ecs-delivery/<stack>/` */
  readonly rolePath?: string | undefined;
  /** Roles that exist, which it passes to AWS services. @default - none */
  readonly passedRoleArns?: readonly Input<string>[] | undefined;
  /** Ids of hosted zones that it writes records in. @default - none */
  readonly hostedZoneIds?: readonly Input<string>[] | undefined;
  /** Permissions boundary that every role it makes must carry. @default - none */
  readonly permissionsBoundaryArn?: Input<string> | undefined;
}

/** What `pulumi preview` and a look for drift need: how things are set up, and the record of what was delivered. */
export function previewStatements(reach: StackReach, place: Place): Statement[] {
  return [
    // Whatever may be made later has no ARN yet, and most calls that list take none.
    allow([...callsOf("read"), ...READ_ROLES], ["*"]),
    ...parameterStatements(["ssm:GetParameter", "ssm:GetParameters"], reach, place),
  ];
}

const WRITE_PARAMETERS = [
  "ssm:AddTagsToResource",
  "ssm:DeleteParameter",
  "ssm:DeleteParameters",
  "ssm:PutParameter",
  "ssm:RemoveTagsFromResource",
];

/**
 * What `pulumi up`, `refresh` and `destroy` need. Roles of the program are made with permissions of its choosing: where
 * that must have an end, the end is `permissionsBoundaryArn`, and every role of the program must carry it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export function updateStatements(reach: StackReach, place: Place): Statement[] {
  return [
    ...previewStatements(reach, place),
    allow(callsOf("change"), ["*"]),
    ...parameterStatements(WRITE_PARAMETERS, reach, place),
    ...roleStatements(reach, place),
    ...zoneStatements(reach, place),
    ...handsOff(place, reach.permissionsBoundaryArn),
  ];
}

/**
 * Denies a role that deploys to widen itself or another one, to take a boundary off or to change what it says, whatever else
 * it may do.
 */
export function handsOff(place: Place, permissionsBoundaryArn?: Input<string>): Statement[] {
  const deny = (actions: readonly string[], resources: readonly Input<string>[]): Statement => ({
    effect: "Deny",
    actions,
    resources,
  });
  const boundary = permissionsBoundaryArn === undefined ? [] : [permissionsBoundaryArn];
  return [
    deny(["iam:*"], [inIam(place, "role", DEPLOYMENT_PATH)]),
    deny(CHANGE_POLICY, [inIam(place, "policy", DEPLOYMENT_PATH), ...boundary]),
    deny(["iam:DeleteRolePermissionsBoundary"], ["*"]),
  ];
}

const CHANGE_POLICY = [
  "iam:CreatePolicy",
  "iam:CreatePolicyVersion",
  "iam:DeletePolicy",
  "iam:DeletePolicyVersion",
  "iam:SetDefaultPolicyVersion",
  "iam:TagPolicy",
  "iam:UntagPolicy",
] as const;

/** What making, changing and deleting roles and policies of a stack takes, and passing them: in its path, and nowhere else. */
export function roleStatements(reach: StackReach, place: Place): Statement[] {
  const { rolePath = rolePathOf(reach.stack), passedRoleArns = [], permissionsBoundaryArn: boundary } = reach;
  const roles = inIam(place, "role", rolePath);
  const bounded: Conditions | undefined =
    boundary === undefined ? undefined : { StringEquals: { "iam:PermissionsBoundary": boundary } };
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
      CHANGE_POLICY.filter((call) => call !== "iam:SetDefaultPolicyVersion"),
      [inIam(place, "policy", rolePath)],
    ),
    allow(["iam:PassRole"], [roles, ...passedRoleArns], { StringEquals: { "iam:PassedToService": takers } }),
    allow(["iam:CreateServiceLinkedRole"], [inIam(place, "role", "/aws-service-role/")]),
  ];
}

/** Records of a domain of one's own, and of what validates its certificate. */
function zoneStatements({ hostedZoneIds = [] }: StackReach, { partition }: Place): Statement[] {
  if (hostedZoneIds.length === 0) return [];
  const zones = hostedZoneIds.map((id) => pulumi.interpolate`arn:${partition}:route53:::hostedzone/${id}`);
  return [allow(["route53:ChangeResourceRecordSets"], zones)];
}

function inIam({ partition, accountId }: Place, kind: "role" | "policy", path: string) {
  return pulumi.interpolate`arn:${partition}:iam::${accountId}:${kind}${path}*`;
}

/** The stack's own parameters, and its services', whose names begin with the stack's. Those of other stacks may begin so, too. */
function parameterStatements(
  actions: readonly string[],
  { stack, others = [] }: StackReach,
  place: Place,
): Statement[] {
  const theirs = others.filter((other) => other.startsWith(`${stack}-`));
  const denied: Statement = {
    effect: "Deny",
    actions,
    resources: theirs.flatMap((other) => parametersOf(other, place)),
  };
  return [allow(actions, parametersOf(stack, place)), ...(theirs.length > 0 ? [denied] : [])];
}

/** In every region: roles are not of one, and stacks of several may be deployed in them. */
function parametersOf(stack: string, { partition, accountId }: Place): Output<string>[] {
  const names = stack.endsWith("*") ? [stack] : [`${stack}/*`, `${stack}-*`];
  return names.map((name) => pulumi.interpolate`arn:${partition}:ssm:*:${accountId}:parameter${PARAMETERS}/${name}`);
}
