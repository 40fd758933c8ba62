import * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { placeOf } from "../arn";
import { NAMES } from "../checks/names";
import { Problems } from "../checks/problems";
import { admitting, type OtherRole } from "../iam/otherAccount";
import type { RepositoryRef } from "../refs";
import { checkLifecyclePolicy } from "./lifecyclePolicy/grammar";
import { type LifecyclePolicySetting, lifecyclePolicyText, type ReleasedImages } from "./lifecyclePolicy/policy";

/** Arguments of `ImageRepository`. */
export interface ImageRepositoryArgs {
  /** Repository name; people type it. */
  readonly repositoryName: string;
  /** JSON text, an object in ECR's grammar, or `{ keepImages, expireUntaggedAfterDays }`. @default - keep the newest 5 images */
  readonly lifecyclePolicy?: LifecyclePolicySetting;
  /** Beginnings of the tags that releases to other environments have; the newest of each are kept. @default - none */
  readonly releasePrefixes?: readonly string[];
  /** Roles of other accounts that pull from it. @default - none */
  readonly pulledBy?: readonly OtherRole[];
  /** Roles of other accounts that push to it. @default - none */
  readonly pushedBy?: readonly OtherRole[];
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
    new aws.ecr.LifecyclePolicy(
      name,
      {
        repository: repository.name,
        policy: lifecyclePolicyText(args.lifecyclePolicy, { prefixes: args.releasePrefixes }),
      },
      // Another policy replaces it, which Pulumi refuses of what is protected; without one, no image is lost.
      { parent: this, protect: false },
    );
    defineRepositoryPolicy(name, repository.name, args, this);
    this.arn = repository.arn;
    this.name = repository.name;
    this.repositoryUrl = repository.repositoryUrl;
    this.registerOutputs({ repositoryUrl: this.repositoryUrl });
  }
}

/** The lifecycle policy of a repository that is someone else's. */
export function defineLifecyclePolicy(
  name: string,
  repository: Input<string>,
  setting: LifecyclePolicySetting | undefined,
  released: ReleasedImages,
): aws.ecr.LifecyclePolicy {
  return new aws.ecr.LifecyclePolicy(name, { repository, policy: lifecyclePolicyText(setting, released) });
}

const PULL = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"];
const PUSH = [
  "ecr:DescribeImages",
  "ecr:InitiateLayerUpload",
  "ecr:UploadLayerPart",
  "ecr:CompleteLayerUpload",
  "ecr:PutImage",
];

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html */
function defineRepositoryPolicy(
  name: string,
  repository: Input<string>,
  { pulledBy = [], pushedBy = [] }: ImageRepositoryArgs,
  parent: pulumi.Resource,
): void {
  if (pulledBy.length + pushedBy.length === 0) return;
  const place = placeOf(parent);
  const policy = pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      ...pulledBy.map((role) => ({ ...admitting(role, place), Action: PULL })),
      ...pushedBy.map((role) => ({ ...admitting(role, place), Action: [...PULL, ...PUSH] })),
    ],
  });
  new aws.ecr.RepositoryPolicy(name, { repository, policy }, { parent });
}

function checkRepository(args: ImageRepositoryArgs): Problems {
  const problems = new Problems().text("repositoryName", args.repositoryName, NAMES.repository);
  if (args.lifecyclePolicy === undefined) return problems;
  return problems.addAll(checkLifecyclePolicy(args.lifecyclePolicy).map((problem) => `lifecyclePolicy: ${problem}`));
}
