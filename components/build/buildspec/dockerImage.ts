import type { Input } from "@pulumi/pulumi";
import { allow, type Statement } from "../../iam/policyDocument";
import { renderBuildspec, scriptCommand } from "./buildspec";
import type { BuildFile } from "./deploymentFiles";

/** Arguments of `dockerImageBuildspec`. */
export interface DockerImageBuildspecArgs {
  /** Files for the deploy action, written once the image is pushed; they are the output artifact. */
  readonly buildFiles: readonly BuildFile[];
}

/**
 * Builds a service's image, tags it with the commit and pushes it; a commit whose image is already there is not built
 * again. Apart from `buildFiles` the text is always the same. It reads
 * - `IMAGE_REPOSITORY_URI`: `<account>.dkr.ecr.<region>.amazonaws.com/<name>`, or `<registry host>/<name>` of another
 *   registry, for example `docker.io/acme/api`; the repository must be there
 * - `DOCKER_USER`, `DOCKER_PASSWORD`: who pushes to another registry. With ECR, who pulls base images from Docker Hub.
 *   @default - with ECR, base images are pulled without a login
 * - `SOURCE_REVISION`: the tag, for a source that has no commits. @default - the commit
 * - `ADDITIONAL_TAG`: a tag that the image gets besides, a version say; it never moves. @default - none
 * - `SERVICE_FOLDER`: folder the image is built from. @default "."
 * - `DOCKERFILE`: from `SERVICE_FOLDER`. @default "Dockerfile"
 * - `CONTAINER_NAME` and whatever else `buildFiles` name
 *
 * and exports `IMAGE_URI` (by digest), `IMAGE_TAG` (the commit or revision) and `IMAGE_DIGEST`. Needs a privileged project.
 */
export function dockerImageBuildspec(args: DockerImageBuildspecArgs): string {
  return renderBuildspec({
    env: {
      variables: { SERVICE_FOLDER: ".", DOCKERFILE: "Dockerfile", ADDITIONAL_TAG: "" },
      "exported-variables": ["IMAGE_URI", "IMAGE_TAG", "IMAGE_DIGEST"],
    },
    phases: {
      build: {
        commands: [
          "set -o pipefail",
          ["ecr-image.sh", "additional-tag.sh", "docker-image.sh"].map(scriptCommand).join("\n\n"),
          ...args.buildFiles.flatMap((file) => file.commands),
        ],
      },
    },
    artifacts: args.buildFiles.length > 0 ? { files: args.buildFiles.map((file) => file.path) } : undefined,
  });
}

/** Arguments of `dockerImagePermissions`. */
export interface DockerImagePermissionsArgs {
  /** Repository in ECR. @default - the image goes to another registry, which takes no AWS permission */
  readonly repositoryArn?: Input<string>;
}

/**
 * What `dockerImageBuildspec` does in AWS, apart from what any build does and from its build files.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
 */
export function dockerImagePermissions({ repositoryArn }: DockerImagePermissionsArgs): Statement[] {
  if (repositoryArn === undefined) return [];
  return [
    // ecr:GetAuthorizationToken has no resource level.
    allow(["ecr:GetAuthorizationToken"], ["*"]),
    allow(
      [
        "ecr:DescribeImages",
        "ecr:BatchCheckLayerAvailability",
        "ecr:InitiateLayerUpload",
        "ecr:UploadLayerPart",
        "ecr:CompleteLayerUpload",
        "ecr:PutImage",
        // The newest image is pulled as a layer cache.
        "ecr:BatchGetImage",
        "ecr:GetDownloadUrlForLayer",
      ],
      [repositoryArn],
    ),
  ];
}
