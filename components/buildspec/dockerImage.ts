import type { Input } from "@pulumi/pulumi";
import { allow, type Statement } from "../iam/policyDocument";
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
 * - `IMAGE_REPOSITORY_URI`: `<account>.dkr.ecr.<region>.amazonaws.com/<name>`
 * - `SERVICE_FOLDER`: folder the image is built from. @default "."
 * - `DOCKERFILE`: from `SERVICE_FOLDER`. @default "Dockerfile"
 * - `CONTAINER_NAME` and whatever else `buildFiles` name
 *
 * and exports `IMAGE_URI` (by digest), `IMAGE_TAG` (the commit) and `IMAGE_DIGEST`. Needs a privileged project.
 */
export function dockerImageBuildspec(args: DockerImageBuildspecArgs): string {
  return renderBuildspec({
    env: {
      variables: { SERVICE_FOLDER: ".", DOCKERFILE: "Dockerfile" },
      "exported-variables": ["IMAGE_URI", "IMAGE_TAG", "IMAGE_DIGEST"],
    },
    phases: {
      build: {
        commands: [
          "set -o pipefail",
          scriptCommand("docker-image.sh"),
          ...args.buildFiles.flatMap((file) => file.commands),
        ],
      },
    },
    ...(args.buildFiles.length > 0 && { artifacts: { files: args.buildFiles.map((file) => file.path) } }),
  });
}

/**
 * What `dockerImageBuildspec` does in AWS, apart from what any build does and from its build files.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
 */
export function dockerImagePermissions(args: { readonly repositoryArn: Input<string> }): Statement[] {
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
      [args.repositoryArn],
    ),
  ];
}
