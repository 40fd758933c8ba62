import type { Input } from "@pulumi/pulumi";
import { allow, type Statement } from "../../iam/policyDocument";
import { shellWord } from "../../shellWord";
import { renderBuildspec, scriptCommand } from "./buildspec";
import type { BuildFile } from "./deploymentFiles";
import { NO_PASSPORT } from "./passport";

/** Arguments of `promoteImageBuildspec`. */
export interface PromoteImageBuildspecArgs {
  /** Files for the deploy action, written once the image is released; they are the output artifact. */
  readonly buildFiles: readonly BuildFile[];
}

/**
 * Releases the image that was tested: the same digest gets a release tag in the target repository, with every platform
 * it has, and nothing is built. It reads
 * - `TESTED_IMAGE_URI`: `<registry>/<repository>@sha256:...`
 * - `COMMIT_ID`: 40 hexadecimal digits, or another revision that can be part of a tag
 * - `RELEASE_TAG_PREFIX`: the release tag is this and the commit. @default ""
 * - `ADDITIONAL_TAG`: a tag that the released image gets besides, a version say; it never moves either. @default - none
 * - `TARGET_REPOSITORY_URI`: in ECR, or in another registry such as `docker.io/<user>/<name>`
 * - `PASSED_IMAGE_PARAMETER`: SSM parameter that `recordPassedBuildspec` writes; an image that none of its versions (the
 *   last 100) names is not released
 * - `PASSPORT_STACK`: the stack whose test stage wrote the passport beside that parameter; an image without one, or with one
 *   that was changed, is not released. @default - no passport is asked for
 * - `PASSPORT_KEY`, `PASSPORT_ALGORITHM`: KMS key that must have signed it. @default - none
 * - `DOCKER_USER`, `DOCKER_PASSWORD`: only for a registry other than ECR; from parameters or secrets
 * - `CONTAINER_NAME` and whatever else `buildFiles` name
 *
 * and exports `IMAGE_URI` (in the target, by digest), `IMAGE_TAG` (the release tag) and `IMAGE_DIGEST`. Needs no
 * privileged project: between repositories it copies from registry to registry. A release tag never moves.
 * https://docs.docker.com/reference/cli/docker/buildx/imagetools/create/
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-retag.html
 */
export function promoteImageBuildspec(args: PromoteImageBuildspecArgs): string {
  const { buildFiles } = args;
  const files = buildFiles.map((file) => file.path);
  const removeFiles = `[[ $CODEBUILD_BUILD_SUCCEEDING == 1 ]] || rm -f -- ${files.map(shellWord).join(" ")}`;
  return renderBuildspec({
    env: {
      variables: { RELEASE_TAG_PREFIX: "", ADDITIONAL_TAG: "", ...NO_PASSPORT },
      "exported-variables": ["IMAGE_URI", "IMAGE_TAG", "IMAGE_DIGEST"],
    },
    phases: {
      build: {
        commands: [
          ["ecr-image.sh", "additional-tag.sh", "passport.sh", "promote-image.sh"].map(scriptCommand).join("\n\n"),
          ...buildFiles.flatMap((file) => file.commands),
        ],
      },
      // CodeBuild uploads what it finds after a failure too; half of the files must not pass for a release.
      post_build: files.length > 0 ? { commands: [removeFiles] } : undefined,
    },
    artifacts: files.length > 0 ? { files } : undefined,
  });
}

/** Arguments of `promoteImagePermissions`. */
export interface PromoteImagePermissionsArgs {
  /** Repository of the image that was tested. @default - it is not in ECR */
  readonly sourceRepositoryArn?: Input<string>;
  /** Repository that the image is released to. @default - it is not in ECR */
  readonly targetRepositoryArn?: Input<string>;
  /** ARN of the parameter `PASSED_IMAGE_PARAMETER` names. */
  readonly passedImageParameterArn: Input<string>;
  /** ARN of the passport beside it. @default - none is asked for */
  readonly passportArn?: Input<string> | undefined;
  /** Key that signs passports. @default - they are not signed */
  readonly signingKeyArn?: Input<string> | undefined;
}

/**
 * What `promoteImageBuildspec` does in AWS, apart from what any build does and from its build files. An account that
 * does not own a repository needs that repository's policy as well.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
 */
export function promoteImagePermissions(args: PromoteImagePermissionsArgs): Statement[] {
  const { sourceRepositoryArn: source, targetRepositoryArn: target, passedImageParameterArn } = args;
  const { passportArn, signingKeyArn } = args;
  return [
    allow(["ssm:GetParameterHistory"], [passedImageParameterArn, ...(passportArn === undefined ? [] : [passportArn])]),
    ...(signingKeyArn === undefined ? [] : [allow(["kms:Verify"], [signingKeyArn])]),
    // ecr:GetAuthorizationToken has no resource level.
    ...(source === undefined && target === undefined ? [] : [allow(["ecr:GetAuthorizationToken"], ["*"])]),
    ...(source === undefined ? [] : [allow(["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], [source])]),
    ...(target === undefined ? [] : [allow(PUSH, [target])]),
  ];
}

/** Asks for the tag, takes what is missing, sets the tag. Docker asks for manifests with `ecr:BatchGetImage`. */
const PUSH = [
  "ecr:DescribeImages",
  "ecr:BatchGetImage",
  "ecr:BatchCheckLayerAvailability",
  "ecr:InitiateLayerUpload",
  "ecr:UploadLayerPart",
  "ecr:CompleteLayerUpload",
  "ecr:PutImage",
];
