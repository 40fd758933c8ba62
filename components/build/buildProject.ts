import * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { placeOf } from "../arn";
import type { Statement } from "../iam/policyDocument";
import { defineRole, type RoleWithPolicies } from "../iam/role";
import type { ArtifactStoreRef, ProjectRef, RoleRef } from "../refs";
import type { CpuArchitecture } from "../service/settings";
import { isSecretsManager } from "../service/taskRoles";
import { SECRET_NAME, VARIABLE } from "../settings/secrets";
import { mapOf, minutes, oneOf, text } from "../settings/setting";
import { type ArgsOf, settings, withDefaults } from "../settings/settings";
import { checkProject } from "./check";
import { buildPermissions } from "./permissions";

/** CodeBuild compute types for builds in containers. */
export const COMPUTE_TYPES = [
  "BUILD_GENERAL1_SMALL",
  "BUILD_GENERAL1_MEDIUM",
  "BUILD_GENERAL1_LARGE",
  "BUILD_GENERAL1_XLARGE",
  "BUILD_GENERAL1_2XLARGE",
] as const;

/** What the names of CodeBuild's own images begin with. */
const CURATED = "aws/codebuild/";

/** Where in a VPC builds run. */
export interface BuildNetwork {
  readonly vpcId: Input<string>;
  /** Private subnets with a way to what a build needs: S3 and CloudWatch Logs at least, by NAT or by endpoints. */
  readonly subnetIds: Input<Input<string>[]>;
  readonly securityGroupIds: Input<Input<string>[]>;
}

/** What a build runs on. */
export const BUILD = settings({
  /** Build image: CodeBuild's own (`aws/codebuild/...`), one in ECR, or a public one. @default - CodeBuild's Amazon Linux */
  image: text(
    { pattern: /^[^\s@:]\S*$/, max: 1000, expected: "a build image, for example aws/codebuild/standard:7.0" },
    { example: "mcr.microsoft.com/playwright:v1.56.0-noble" },
  ).optional(),
  /** Size of the build's machine. @default "BUILD_GENERAL1_SMALL" */
  computeType: oneOf(COMPUTE_TYPES, { default: "BUILD_GENERAL1_SMALL" }),
  /** Minutes a build may take. @default 30 */
  timeoutInMinutes: minutes(5, 2160, { default: 30 }),
  /** Variables of the build, from SSM parameters or secrets by name or ARN. @default - none */
  parameters: mapOf(VARIABLE, SECRET_NAME).optional(),
});

/** Arguments of `BuildProject`. */
export interface BuildProjectArgs extends ArgsOf<typeof BUILD> {
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
  /** Name of the new role: another account can name it before it is there. @default - Pulumi makes one */
  readonly roleName?: string;
  /** @default - the builds run outside of any VPC, and reach the internet */
  readonly vpc?: BuildNetwork;
  /** CPU that the image is built for. @default "X86_64" */
  readonly cpuArchitecture?: CpuArchitecture;
  /** A Docker daemon in the build, which takes a privileged container. @default false */
  readonly docker?: boolean;
  /** Plain variables. @default - none */
  readonly environment?: Readonly<Record<string, Input<string>>>;
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
    checkProject(args).throwFor(this, `BuildProject "${name}"`);
    const logGroup = new aws.cloudwatch.LogGroup(
      name,
      {
        name: `/aws/codebuild/${args.projectName}`,
        retentionInDays: 30,
        kmsKeyId: args.kmsKeyArn,
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

function defineBuildRole(
  name: string,
  args: BuildProjectArgs,
  logGroup: aws.cloudwatch.LogGroup,
  parent: pulumi.Resource,
): RoleWithPolicies {
  const { roleName } = args;
  const statements = buildPermissions(args, logGroup.arn, placeOf(parent));
  return defineRole(name, { service: "codebuild.amazonaws.com", statements, roleName }, parent);
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
  const { vpc } = args;
  const [store] = args.artifactStores;
  return new aws.codebuild.Project(
    name,
    {
      name: args.projectName,
      description: args.description,
      serviceRole: made.roleArn,
      buildTimeout: withDefaults(BUILD, args).timeoutInMinutes,
      source: { type: "CODEPIPELINE", buildspec: args.buildspec },
      artifacts: { type: "CODEPIPELINE" },
      encryptionKey: store?.kmsKeyArn,
      environment: environmentOf(args),
      vpcConfig: vpc ? { vpcId: vpc.vpcId, subnets: vpc.subnetIds, securityGroupIds: vpc.securityGroupIds } : undefined,
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
  const { image = `${CURATED}amazonlinux-${arm ? "aarch64-standard:3.0" : "x86_64-standard:5.0"}` } = args;
  const plain = Object.entries(args.environment ?? {});
  const named = Object.entries(args.parameters ?? {});
  return {
    type: arm ? "ARM_CONTAINER" : "LINUX_CONTAINER",
    image,
    computeType: withDefaults(BUILD, args).computeType,
    imagePullCredentialsType: image.startsWith(CURATED) ? "CODEBUILD" : "SERVICE_ROLE",
    privilegedMode: args.docker ?? false,
    environmentVariables: [
      ...plain.map(([variable, value]) => ({ name: variable, value, type: "PLAINTEXT" })),
      ...named.map(([variable, value]) => ({
        name: variable,
        value,
        type: isSecretsManager(value) ? "SECRETS_MANAGER" : "PARAMETER_STORE",
      })),
    ],
  };
}
