import * as aws from "@pulumi/aws";
import type { Input } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { placeOf } from "../arn";
import { NAMES } from "../checks/names";
import { Problems } from "../checks/problems";
import { document, type Statement } from "../iam/policyDocument";
import { DEPLOYMENT_PATH, handsOff, previewStatements, updateStatements } from "./permissions";
import { assumeRoleWithToken, type TokenHolder } from "./webIdentity";

/** Arguments of `DeploymentRoles`. */
export interface DeploymentRolesArgs {
  /** Stack that is deployed in the roles. @default - the component's name */
  readonly stack?: string;
  /** Other stacks of the account, out of reach also where a name begins like this stack's. @default - none */
  readonly otherStacks?: readonly string[];
  /** Path of the stack's roles, where its file says one (`rolePath`). @default - `/ecs-delivery/<stack>/` */
  readonly rolePath?: string;
  /** Roles that exist and that the stack passes to AWS services; only with the inline policy. @default - none */
  readonly passedRoleArns?: readonly Input<string>[];
  /** Ids of hosted zones in which the stack writes records (`domain`); only with the inline policy. @default - none */
  readonly hostedZoneIds?: readonly Input<string>[];
  /** Who may look. @default - nobody: there is no such role */
  readonly previewedBy?: readonly TokenHolder[];
  /** Who may change the stack. One runner: two that update a stack stand in each other's way. */
  readonly updatedBy: TokenHolder;
  /**
   * Policies of the role that looks. A state in S3 takes one that reads the bucket.
   * @default - an inline policy: reading how what the program makes is set up, and nothing that is in it
   */
  readonly previewPolicyArns?: readonly Input<string>[];
  /**
   * Policies of the role that updates. Whatever they allow, roles that deploy are out of its reach.
   * @default - an inline policy: the services the program uses, and roles; no users
   */
  readonly updatePolicyArns?: readonly Input<string>[];
  /**
   * Permissions boundary that every role an update makes must carry; only with the inline policy.
   * @default - none: an update can make a role that may do more than itself
   */
  readonly permissionsBoundaryArn?: Input<string>;
  /** Permissions boundary of the role that updates, itself. @default - none */
  readonly boundaryArn?: Input<string>;
  /** How long an update may take, 1 to 12. @default 1 */
  readonly maxSessionDurationInHours?: number;
}

/**
 * The roles in which a runner (GitHub Actions, Pulumi Deployments) previews and updates one stack of the program. They
 * are given to short-lived tokens, so no access key is stored anywhere.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc.html
 */
export class DeploymentRoles extends pulumi.ComponentResource {
  /** Absent where nobody may look. */
  readonly previewRole?: aws.iam.Role;
  readonly updateRole: aws.iam.Role;

  constructor(name: string, args: DeploymentRolesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ecs-delivery:index:DeploymentRoles", name, {}, opts);
    const { previewedBy = [], updatedBy, maxSessionDurationInHours: hours = 1 } = args;
    checkRoles(name, args).throwFor(this, `DeploymentRoles "${name}"`);
    const place = placeOf(this);
    const { stack = name, otherStacks: others, rolePath, passedRoleArns, hostedZoneIds, permissionsBoundaryArn } = args;
    const reach = { stack, others, rolePath, passedRoleArns, hostedZoneIds, permissionsBoundaryArn };
    const define = (purpose: "preview" | "update", role: Omit<PurposeArgs, "hours">) =>
      defineDeploymentRole(`${name}-${purpose}`, { ...role, hours }, this);
    if (previewedBy.length > 0) {
      const { previewPolicyArns: policyArns } = args;
      const statements = policyArns ? [] : previewStatements(reach, place);
      this.previewRole = define("preview", { holders: previewedBy, statements, policyArns });
    }
    const { updatePolicyArns: policyArns } = args;
    const statements = policyArns ? handsOff(place) : updateStatements(reach, place);
    this.updateRole = define("update", { holders: [updatedBy], statements, policyArns, boundaryArn: args.boundaryArn });
    this.registerOutputs({ updateRoleArn: this.updateRole.arn });
  }
}

interface PurposeArgs {
  readonly holders: readonly TokenHolder[];
  /** Of its inline policy. */
  readonly statements: readonly Statement[];
  readonly policyArns: readonly Input<string>[] | undefined;
  readonly boundaryArn?: Input<string> | undefined;
  readonly hours: number;
}

function defineDeploymentRole(
  name: string,
  { holders, statements, policyArns = [], hours, boundaryArn }: PurposeArgs,
  parent: pulumi.Resource,
): aws.iam.Role {
  const role = new aws.iam.Role(
    name,
    {
      // People and settings name it, before it is there and wherever it is.
      name: `ecs-delivery-${name}`,
      path: DEPLOYMENT_PATH,
      assumeRolePolicy: assumeRoleWithToken(holders),
      maxSessionDuration: hours * 3600,
      permissionsBoundary: boundaryArn,
    },
    { parent },
  );
  if (statements.length > 0) {
    new aws.iam.RolePolicy(name, { role: role.name, policy: document(statements) }, { parent });
  }
  for (const [index, policyArn] of policyArns.entries()) {
    new aws.iam.RolePolicyAttachment(`${name}-${index}`, { role: role.name, policyArn }, { parent });
  }
  return role;
}

function checkRoles(name: string, args: DeploymentRolesArgs): Problems {
  const { updatedBy, updatePolicyArns, previewPolicyArns, permissionsBoundaryArn } = args;
  const holders = [...(args.previewedBy ?? []), updatedBy];
  return new Problems()
    .text("name", `ecs-delivery-${name}-preview`, NAMES.role)
    .range("maxSessionDurationInHours", args.maxSessionDurationInHours, 1, 12)
    .addAll(holders.flatMap(({ subjects }) => subjects).flatMap(subjectProblems))
    .add(updatePolicyArns?.length === 0 ? "updatePolicyArns: expected one policy or more; or leave it out" : undefined)
    .add(
      previewPolicyArns?.length === 0 ? "previewPolicyArns: expected one policy or more; or leave it out" : undefined,
    )
    .add(
      updatePolicyArns && (args.passedRoleArns || args.hostedZoneIds || args.rolePath !== undefined)
        ? "passedRoleArns, hostedZoneIds, rolePath: expected none beside updatePolicyArns; they are part of the policy made here"
        : undefined,
    )
    .add(
      updatePolicyArns && permissionsBoundaryArn !== undefined
        ? "permissionsBoundaryArn: expected none beside updatePolicyArns; it is a condition of the policy made here"
        : undefined,
    );
}

/** A subject that is open where it must not be admits strangers: nothing in front of the stack's name may vary. */
function subjectProblems(subject: string): string[] {
  const pulumiCloud = /^pulumi:deploy:org:[\w.-]+:project:[\w.-]+:stack:[\w.-]+\*?:operation:[a-z-]+:scope:write$/;
  const gitHub = /^repo:[\w.-]+(@\d+)?\/[\w.-]+(@\d+)?:(pull_request|environment:[^*?:]+|ref:refs\/heads\/[^*?:]+)$/;
  if (pulumiCloud.test(subject) || gitHub.test(subject)) return [];
  return [
    `subject: expected a repository's or a stack's in full, with * at most at the end of the stack, got "${subject}"`,
  ];
}
