import type { Input } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { type Place, placeOf, regionalArn } from "../arn";
import { allow, type Statement } from "../iam/policyDocument";
import { defineRole, type RoleWithPolicies } from "../iam/role";
import type { ImageSource } from "../refs";

/** What the role that starts a task has to reach. */
export interface ExecutionRoleArgs {
  /** Repository of the image. @default - the image needs no AWS permission (a public one) */
  readonly repository?: ImageSource;
  readonly logGroupArn: Input<string>;
  /** Images of other containers; those in ECR take a permission. @default - none */
  readonly images?: readonly string[];
  /** SSM parameter names or ARNs, Secrets Manager ARNs. */
  readonly secrets: readonly string[];
}

const SERVICE = "ecs-tasks.amazonaws.com";

/**
 * Role ECS starts tasks in: pull this image, write this log group, read these secrets.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
 */
export function defineExecutionRole(name: string, args: ExecutionRoleArgs, parent: pulumi.Resource): RoleWithPolicies {
  return defineRole(name, { service: SERVICE, statements: executionPermissions(args, placeOf(parent)) }, parent);
}

/** Role the application's own AWS calls are made in: it may do these things, and what policies that someone attaches say. */
export function defineTaskRole(
  name: string,
  statements: readonly Statement[],
  parent: pulumi.Resource,
): RoleWithPolicies {
  return defineRole(name, { service: SERVICE, statements: statements.length > 0 ? statements : undefined }, parent);
}

function executionPermissions(args: ExecutionRoleArgs, place: Place): Statement[] {
  const { arn, pullSecretArn } = args.repository ?? {};
  const parameters = args.secrets.filter((secret) => !isSecretsManager(secret));
  const secrets = args.secrets.filter(isSecretsManager);
  return [
    ...(arn === undefined ? [] : pullPermissions(arn)),
    ...(args.images ?? []).flatMap((image) => imagePermissions(image, place)),
    ...(pullSecretArn === undefined ? [] : [allow(["secretsmanager:GetSecretValue"], [pullSecretArn])]),
    allow(["logs:CreateLogStream", "logs:PutLogEvents"], [pulumi.interpolate`${args.logGroupArn}:*`]),
    ...(parameters.length > 0
      ? [
          allow(
            ["ssm:GetParameters"],
            parameters.map((parameter) => parameterArn(parameter, place)),
          ),
        ]
      : []),
    ...(secrets.length > 0 ? [allow(["secretsmanager:GetSecretValue"], secrets.map(secretArn))] : []),
  ];
}

/**
 * What pulling an image from a repository in ECR takes.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html
 */
export function pullPermissions(repositoryArn: Input<string>): Statement[] {
  return [
    // ecr:GetAuthorizationToken has no resource level.
    allow(["ecr:GetAuthorizationToken"], ["*"]),
    allow(["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"], [repositoryArn]),
  ];
}

/** What pulling an image by its URI takes: nothing, unless it is in ECR. */
export function imagePermissions(image: string, { partition }: Place): Statement[] {
  const [, account, region, name] =
    /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)/.exec(image) ?? [];
  if (!account || !region || !name) return [];
  return pullPermissions(pulumi.interpolate`arn:${partition}:ecr:${region}:${account}:repository/${name}`);
}

/** Whether a `valueFrom` names a Secrets Manager secret; everything else is an SSM parameter. */
export function isSecretsManager(valueFrom: string): boolean {
  return /^arn:[^:]+:secretsmanager:/.test(valueFrom);
}

/** ARN of an SSM parameter given by name or ARN. */
export function parameterArn(parameter: string, place: Place): Input<string> {
  if (parameter.startsWith("arn:")) return parameter;
  return regionalArn(place, "ssm", `parameter/${parameter.replace(/^\//, "")}`);
}

/** The secret's own ARN: a `valueFrom` may go on with JSON key, stage and version. */
export function secretArn(valueFrom: string): string {
  return valueFrom.split(":").slice(0, 7).join(":");
}
