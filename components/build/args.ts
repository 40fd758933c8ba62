import type { Input } from "@pulumi/pulumi";
import type { Statement } from "../iam/policyDocument";
import type { StoredArtifact } from "../pipeline/artifactKeys";
import type { ArtifactStoreRef, RoleRef } from "../refs";
import type { CpuArchitecture } from "../service/settings";
import { BUILD_SECRET_NAME, BUILD_VARIABLE } from "../settings/secrets";
import { mapSetting, minutes, oneOf, text } from "../settings/setting";
import { type ArgsOf, settings } from "../settings/settings";
import { COMPUTE_TYPES, type ComputeType } from "./computeTypes";

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
  /** Variables of the build, from SSM parameters (by name or ARN) or secrets (by full ARN). @default - none */
  parameters: mapSetting(BUILD_VARIABLE, BUILD_SECRET_NAME).optional(),
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
  /** Artifacts that the builds read. @default - whatever is in the stores */
  readonly reads?: readonly StoredArtifact[];
  /** Artifacts that the builds leave for later actions; an empty list for builds that leave none. @default - any in the stores */
  readonly writes?: readonly StoredArtifact[];
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
  /** Whether the daemon finds layers that the host of the builds still has. @default true */
  readonly layerCache?: boolean;
  /** Size of a Docker server of the project's own, which keeps layers, in the place of the daemon. @default - none */
  readonly dockerServer?: ComputeType | undefined;
  /** Plain variables. @default - none */
  readonly environment?: Readonly<Record<string, Input<string>>>;
  /** Keys that `parameters` are encrypted with: the new role decrypts these parameters and secrets alone. @default - AWS's own keys, which ask for no permission */
  readonly secretsKeyArns?: readonly Input<string>[];
  /** Key the log group is encrypted with. @default - CloudWatch Logs' own encryption */
  readonly kmsKeyArn?: Input<string>;
}
