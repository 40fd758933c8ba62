import type { Input } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { type Place, placeOf, regionalArn } from "./arn";
import { allow, type Statement } from "./iam/policyDocument";
import { defineRole, type RoleWithPolicies } from "./iam/role";
import type { ImageSource } from "./refs";

/** What the role that starts a task has to reach. */
export interface ExecutionRoleArgs {
  /** Repository of the image. @default - the image needs no AWS permission (a public one) */
  readonly repository?: ImageSource;
  readonly logGroupArn: Input<string>;
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

/** Role the application's own AWS calls are made in: it may do nothing until someone attaches a policy. */
export function defineTaskRole(name: string, parent: pulumi.Resource): RoleWithPolicies {
  return defineRole(name, { service: SERVICE }, parent);
}

function executionPermissions(args: ExecutionRoleArgs, place: Place): Statement[] {
  const { arn, pullSecretArn } = args.repository ?? {};
  const parameters = args.secrets.filter((secret) => !isSecretsManager(secret));
  const secrets = args.secrets.filter(isSecretsManager);
  return [
    ...(arn === undefined ? [] : pullPermissions(arn)),
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
