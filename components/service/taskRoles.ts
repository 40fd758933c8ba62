import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { type Place, placeOf, regionalArn } from "../arn";
import { allow, type Statement } from "../iam/policyDocument";
import { defineRole, type RoleWithPolicies } from "../iam/role";
import { secretKeyPermissions, secretPermissions } from "../iam/secrets";
import { imagePermissions, pullPermissions } from "../images/pull";
import type { ImageSource } from "../refs";
import type { ApplicationPermission } from "./applicationPermissions";

/** What the role that starts a task has to reach. */
interface ExecutionRoleArgs {
  /** Repository of the image. @default - the image needs no AWS permission (a public one) */
  readonly repository?: ImageSource;
  /** @default - no container writes there */
  readonly logGroupArn?: Input<string> | undefined;
  /** Images of other containers; those in ECR take a permission. @default - none */
  readonly images?: readonly string[];
  /** SSM parameter names or ARNs, Secrets Manager ARNs. */
  readonly secrets: readonly string[];
  /** ARNs of objects in S3. @default - none */
  readonly environmentFiles?: readonly string[];
  /** Keys that the secrets are encrypted with. @default - AWS's own keys */
  readonly secretsKeyArns?: readonly Input<string>[];
}

const SERVICE = "ecs-tasks.amazonaws.com";

/**
 * Role ECS starts tasks in: pull this image, write this log group, read these secrets.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
 */
export function defineExecutionRole(name: string, args: ExecutionRoleArgs, parent: pulumi.Resource): RoleWithPolicies {
  const place = placeOf(parent);
  const statements = executionPermissions(args, place);
  return defineRole(name, { service: SERVICE, statements, sourceArn: tasksIn(place) }, parent);
}

/** Role the application's own AWS calls are made in: what ECS does in it, what the application may do, and nothing else. */
export function defineTaskRole(
  name: string,
  own: readonly Statement[],
  permissions: readonly ApplicationPermission[] = [],
  parent: pulumi.Resource,
): RoleWithPolicies {
  const all = [
    ...own,
    ...permissions.flatMap((one) => ("actions" in one ? [allow(one.actions, one.resources, one.conditions)] : [])),
  ];
  const managedPolicyArns = permissions.flatMap((one) => ("actions" in one ? [] : [one.managedPolicyArn]));
  const statements = all.length > 0 ? all : undefined;
  return defineRole(
    name,
    { service: SERVICE, statements, managedPolicyArns, sourceArn: tasksIn(placeOf(parent)) },
    parent,
  );
}

/**
 * ECS names what runs in no narrower way.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
 */
function tasksIn(place: Place): Output<string> {
  return regionalArn(place, "ecs", "*");
}

function executionPermissions(args: ExecutionRoleArgs, place: Place): Statement[] {
  const { arn, pullSecretArn } = args.repository ?? {};
  // A secret by its plain ARN: what its key decrypts goes by that.
  const pullSecrets = typeof pullSecretArn === "string" ? [pullSecretArn] : [];
  return [
    ...(arn === undefined ? [] : pullPermissions(arn)),
    ...(args.images ?? []).flatMap((image) => imagePermissions(image, place)),
    ...(pullSecretArn === undefined ? [] : [allow(["secretsmanager:GetSecretValue"], [pullSecretArn])]),
    ...(args.logGroupArn === undefined
      ? []
      : [allow(["logs:CreateLogStream", "logs:PutLogEvents"], [pulumi.interpolate`${args.logGroupArn}:*`])]),
    ...secretPermissions(args.secrets, place),
    ...filePermissions(args.environmentFiles ?? []),
    ...secretKeyPermissions([...pullSecrets, ...args.secrets], args.secretsKeyArns ?? [], place),
  ];
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html#task-execution-environment-files */
function filePermissions(files: readonly string[]): Statement[] {
  if (files.length === 0) return [];
  const buckets = [...new Set(files.map((file) => file.split("/", 1)[0] ?? ""))];
  return [allow(["s3:GetObject"], files), allow(["s3:GetBucketLocation"], buckets)];
}
