import * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { placeOf, regionalArn } from "./arn";
import { artifactPermissions } from "./artifactStore";
import { NAMES } from "./checks/names";
import { Problems } from "./checks/problems";
import { allow, type Statement } from "./iam/policyDocument";
import { defineRole, type RoleWithPolicies } from "./iam/role";
import type { ArtifactStoreRef, ProjectRef, RoleRef } from "./refs";
import type { CpuArchitecture } from "./taskDefinition";
import { isSecretsManager, parameterArn, secretArn } from "./taskRoles";

/** CodeBuild compute types for builds in containers. */
export const COMPUTE_TYPES = [
  "BUILD_GENERAL1_SMALL",
  "BUILD_GENERAL1_MEDIUM",
  "BUILD_GENERAL1_LARGE",
  "BUILD_GENERAL1_XLARGE",
  "BUILD_GENERAL1_2XLARGE",
] as const;

/** Arguments of `BuildProject`. */
export interface BuildProjectArgs {
  /** Project name; people look for it. */
  readonly projectName: string;
  readonly description: string;
  /** Buildspec text, or a path in the source. */
  readonly buildspec: string;
  /** Artifact stores of the pipelines that use the project. */
  readonly artifactStores: readonly ArtifactStoreRef[];
  /** Whether the build leaves files for later actions. @default true */
  readonly writesArtifacts?: boolean;
  /** Whether the build publishes test reports. @default false */
  readonly reports?: boolean;
  /** What the build may do beside reading its source and writing its artifacts, logs and reports. @default - nothing */
  readonly permissions?: readonly Statement[];
  /** @default - a new role with exactly these permissions */
  readonly role?: RoleRef;
  /** A Docker daemon in the build, which takes a privileged container. @default false */
  readonly docker?: boolean;
  /** Variable name to SSM parameter (name or ARN) or Secrets Manager secret (ARN). @default - none */
  readonly parameters?: Readonly<Record<string, string>>;
  /** @default "BUILD_GENERAL1_SMALL" */
  readonly computeType?: (typeof COMPUTE_TYPES)[number];
  /** CPU that the image is built for. @default "X86_64" */
  readonly cpuArchitecture?: CpuArchitecture;
  /** Minutes a build may take, 5 to 2160. @default 30 */
  readonly timeoutInMinutes?: number;
  /** Key the log group is encrypted with. @default - CloudWatch Logs' own encryption */
  readonly kmsKeyArn?: Input<string>;
}

/**
 * A CodeBuild project that pipelines call, with its role and log group.
 * https://docs.aws.amazon.com/codebuild/latest/userguide/create-project.html
 */
export class BuildProject extends pulumi.ComponentResource implements ProjectRef {
  readonly project: aws.codebuild.Project;
  readonly arn: Output<string>;
  readonly name: Output<string>;

  constructor(name: string, args: BuildProjectArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ecs-delivery:index:BuildProject", name, { projectName: args.projectName }, opts);
    new Problems()
      .text("projectName", args.projectName, NAMES.project)
      .range("timeoutInMinutes", args.timeoutInMinutes, 5, 2160, "minutes")
      .throwFor(this, `BuildProject "${name}"`);
    const logGroup = new aws.cloudwatch.LogGroup(
      name,
      {
        name: `/aws/codebuild/${args.projectName}`,
        retentionInDays: 30,
        ...(args.kmsKeyArn !== undefined && { kmsKeyId: args.kmsKeyArn }),
      },
      { parent: this },
    );
    const role = args.role ? { arn: args.role.arn, policies: [] } : defineBuildRole(name, args, logGroup, this);
    this.project = defineProject(name, args, { roleArn: role.arn, logGroup, parent: this, dependsOn: role.policies });
    this.arn = this.project.arn;
    this.name = this.project.name;
    this.registerOutputs({ arn: this.arn, name: this.name });
  }
}

/** https://docs.aws.amazon.com/codebuild/latest/userguide/test-permissions.html */
const PUBLISH_REPORTS = [
  ...["codebuild:CreateReportGroup", "codebuild:CreateReport", "codebuild:UpdateReport"],
  ...["codebuild:BatchPutTestCases", "codebuild:BatchPutCodeCoverages"],
];

function defineBuildRole(
  name: string,
  args: BuildProjectArgs,
  logGroup: aws.cloudwatch.LogGroup,
  parent: pulumi.Resource,
): RoleWithPolicies {
  const place = placeOf(parent);
  const secrets = Object.values(args.parameters ?? {});
  const parameters = secrets.filter((secret) => !isSecretsManager(secret)).map((secret) => parameterArn(secret, place));
  const secretArns = secrets.filter(isSecretsManager).map(secretArn);
  const statements = [
    allow(["logs:CreateLogStream", "logs:PutLogEvents"], [logGroup.arn, pulumi.interpolate`${logGroup.arn}:*`]),
    ...args.artifactStores.flatMap((store) =>
      artifactPermissions(store, args.writesArtifacts === false ? "read" : "write"),
    ),
    ...(args.reports
      ? [allow(PUBLISH_REPORTS, [regionalArn(place, "codebuild", `report-group/${args.projectName}-*`)])]
      : []),
    ...(parameters.length > 0 ? [allow(["ssm:GetParameters"], parameters)] : []),
    ...(secretArns.length > 0 ? [allow(["secretsmanager:GetSecretValue"], secretArns)] : []),
    ...(args.permissions ?? []),
  ];
  return defineRole(name, { service: "codebuild.amazonaws.com", statements }, parent);
}

function defineProject(
  name: string,
  args: BuildProjectArgs,
  made: {
    readonly roleArn: Input<string>;
    readonly logGroup: aws.cloudwatch.LogGroup;
    readonly parent: pulumi.Resource;
    readonly dependsOn: readonly pulumi.Resource[];
  },
): aws.codebuild.Project {
  const [store] = args.artifactStores;
  return new aws.codebuild.Project(
    name,
    {
      name: args.projectName,
      description: args.description,
      serviceRole: made.roleArn,
      buildTimeout: args.timeoutInMinutes ?? 30,
      source: { type: "CODEPIPELINE", buildspec: args.buildspec },
      artifacts: { type: "CODEPIPELINE" },
      ...(store?.kmsKeyArn !== undefined && { encryptionKey: store.kmsKeyArn }),
      environment: environmentOf(args),
      cache: args.docker
        ? { type: "LOCAL", modes: ["LOCAL_DOCKER_LAYER_CACHE", "LOCAL_SOURCE_CACHE"] }
        : { type: "NO_CACHE" },
      logsConfig: { cloudwatchLogs: { status: "ENABLED", groupName: made.logGroup.name } },
    },
    { parent: made.parent, deleteBeforeReplace: true, dependsOn: [...made.dependsOn] },
  );
}

/** The image is built on the CPU that runs it: emulation would be slow. */
function environmentOf(args: BuildProjectArgs): aws.types.input.codebuild.ProjectEnvironment {
  const arm = args.cpuArchitecture === "ARM64";
  return {
    type: arm ? "ARM_CONTAINER" : "LINUX_CONTAINER",
    image: `aws/codebuild/amazonlinux-${arm ? "aarch64-standard:3.0" : "x86_64-standard:5.0"}`,
    computeType: args.computeType ?? "BUILD_GENERAL1_SMALL",
    imagePullCredentialsType: "CODEBUILD",
    privilegedMode: args.docker ?? false,
    environmentVariables: Object.entries(args.parameters ?? {}).map(([variable, value]) => ({
      name: variable,
      value,
      type: isSecretsManager(value) ? "SECRETS_MANAGER" : "PARAMETER_STORE",
    })),
  };
}
