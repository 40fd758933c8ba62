import * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { NAMES } from "./checks/names";
import { Problems } from "./checks/problems";
import { checkLifecyclePolicy } from "./lifecyclePolicy/grammar";
import { type LifecyclePolicySetting, lifecyclePolicyText } from "./lifecyclePolicy/policy";
import type { RepositoryRef } from "./refs";

/** Arguments of `ImageRepository`. */
export interface ImageRepositoryArgs {
  /** Repository name; people type it. */
  readonly repositoryName: string;
  /** JSON text, an object in ECR's grammar, or `{ keepImages, expireUntaggedAfterDays }`. @default - keep the newest 5 images */
  readonly lifecyclePolicy?: LifecyclePolicySetting;
  /** Delete the repository with the images in it. @default false */
  readonly forceDelete?: boolean;
}

/**
 * An ECR repository: tags that never move, scanned on push, encrypted, and a lifecycle policy.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/Repositories.html
 */
export class ImageRepository extends pulumi.ComponentResource implements RepositoryRef {
  readonly arn: Output<string>;
  readonly name: Output<string>;
  readonly repositoryUrl: Output<string>;

  constructor(name: string, args: ImageRepositoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ecs-delivery:index:ImageRepository", name, { repositoryName: args.repositoryName }, opts);
    checkRepository(args).throwFor(this, `ImageRepository "${name}"`);
    const repository = new aws.ecr.Repository(
      name,
      {
        name: args.repositoryName,
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "KMS" }],
        forceDelete: args.forceDelete ?? false,
      },
      { parent: this, deleteBeforeReplace: true },
    );
    defineLifecyclePolicy(name, repository.name, args.lifecyclePolicy, { parent: this });
    this.arn = repository.arn;
    this.name = repository.name;
    this.repositoryUrl = repository.repositoryUrl;
    this.registerOutputs({ repositoryUrl: this.repositoryUrl });
  }
}

/** The lifecycle policy of a repository, ours or someone else's. */
export function defineLifecyclePolicy(
  name: string,
  repository: Input<string>,
  setting: LifecyclePolicySetting | undefined,
  opts: pulumi.CustomResourceOptions,
): aws.ecr.LifecyclePolicy {
  return new aws.ecr.LifecyclePolicy(name, { repository, policy: lifecyclePolicyText(setting) }, opts);
}

function checkRepository(args: ImageRepositoryArgs): Problems {
  const problems = new Problems().text("repositoryName", args.repositoryName, NAMES.repository);
  if (args.lifecyclePolicy === undefined) return problems;
  return problems.addAll(checkLifecyclePolicy(args.lifecyclePolicy).map((problem) => `lifecyclePolicy: ${problem}`));
}
