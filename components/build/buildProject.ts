import * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { placeOf, regionalArn } from "../arn";
import { defineRole, type RoleWithPolicies } from "../iam/role";
import { isSecretsManager } from "../iam/secrets";
import type { ProjectRef } from "../refs";
import { withDefaults } from "../settings/settings";
import { BUILD, type BuildProjectArgs } from "./args";
import { checkProject } from "./check";
import { buildPermissions } from "./permissions";

/** What the names of CodeBuild's own images begin with. */
const CURATED = "aws/codebuild/";

/**
 * A CodeBuild project that pipelines call, with its role and log group.
 * https://docs.aws.amazon.com/codebuild/latest/userguide/create-project.html
 */
export class BuildProject extends pulumi.ComponentResource implements ProjectRef {
  readonly project: aws.codebuild.Project;
  readonly arn: Output<string>;
  readonly name: Output<string>;

  constructor(name: string, args: BuildProjectArgs, opts?: pulumi.ComponentResourceOptions) {
    const { projectName, secretsKeyArns } = args;
    super("ecs-delivery:index:BuildProject", name, { projectName, secretsKeyArns }, opts);
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
  const { roleName, projectName } = args;
  const place = placeOf(parent);
  const statements = buildPermissions(args, logGroup.arn, place);
  // https://docs.aws.amazon.com/codebuild/latest/userguide/cross-service-confused-deputy-prevention.html
  const sourceArn = regionalArn(place, "codebuild", `project/${projectName}`);
  return defineRole(name, { service: "codebuild.amazonaws.com", statements, roleName, sourceArn }, parent);
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
      cache:
        args.docker && (args.layerCache ?? true) && args.dockerServer === undefined
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
    dockerServer: args.dockerServer === undefined ? undefined : { computeType: args.dockerServer },
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
