import type { Input } from "@pulumi/pulumi";
import { allow, type Statement } from "../../iam/policyDocument";
import { PATH } from "../../settings/paths";
import { BUILD_SECRET_NAME, BUILD_VARIABLE } from "../../settings/secrets";
import { listSetting, mapSetting, oneOf, text } from "../../settings/setting";
import { settings } from "../../settings/settings";
import { COMPUTE_TYPES } from "../computeTypes";
import { renderBuildspec, scriptCommand } from "./buildspec";
import type { BuildFile } from "./deploymentFiles";

/** Where layers of former builds come from. */
const BUILD_CACHES = ["registry", "local", "dockerServer", "none"] as const;

/** Platforms of an image, by the CPU architecture of tasks. */
export const PLATFORM_OF = { X86_64: "linux/amd64", ARM64: "linux/arm64" } as const;
const PLATFORMS = ["linux/amd64", "linux/arm64"] as const;

/** Emulates other CPUs: QEMU, as the builds of EKS's own images have it. */
const EMULATOR_IMAGE = "public.ecr.aws/eks-distro-build-tooling/binfmt-misc:qemu-v7.0.0";
/** Docker's own daemon makes no index: a builder in a container does. From a mirror, because Docker Hub counts pulls. */
const BUILDER_IMAGE = "public.ecr.aws/vend/moby/buildkit:buildx-stable-1";

/** What the image is built with. */
export const DOCKER_BUILD = settings({
  /** Build arguments (`ARG` in the Dockerfile). They stay in the image: no place for a secret. @default - none */
  arguments: mapSetting(
    BUILD_VARIABLE,
    text({ pattern: /^[^\p{Cc}]*$/u, max: 1000, expected: "a text of one line" }, { example: "22" }),
  ).optional(),
  /**
   * Secrets that `RUN --mount=type=secret,id=<name>` reads while it runs, and no layer keeps: name to SSM parameter or Secrets
   * Manager secret. @default - none
   */
  secrets: mapSetting(BUILD_VARIABLE, BUILD_SECRET_NAME).optional(),
  /** Stage of the Dockerfile that is built. @default - the last one */
  target: text(
    { pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, expected: "the name of a stage" },
    { example: "runtime" },
  ).optional(),
  /**
   * Where layers of former builds come from: `registry`, the newest image and what CodeBuild's host still has; `local`, that
   * host alone; `dockerServer`, a machine of the project's own that CodeBuild keeps with its layers for up to a month, and
   * bills while it builds; `none`, nowhere. @default "registry"
   */
  cache: oneOf(BUILD_CACHES, { default: "registry", example: "dockerServer" }),
  /** Size of the `dockerServer`. @default - the smallest, `BUILD_GENERAL1_SMALL` */
  dockerServerComputeType: oneOf(COMPUTE_TYPES, { example: "BUILD_GENERAL1_MEDIUM" }).optional(),
  /**
   * Platforms of the image, `linux/amd64` and `linux/arm64`: it is an index then, with an image for each, and what is recorded
   * and released is the index's digest. What another CPU than the build's has to run is emulated, and slow.
   * @default - the CPU of the tasks alone
   */
  platforms: listSetting(oneOf(PLATFORMS, { example: "linux/amd64" }), { min: 1, max: 2, distinct: true }).optional(),
  /** Folder whose files the build sees, from the root of the repository; the Dockerfile stays in `folder`. @default - `folder` */
  contextFolder: text(PATH, { example: "." }).optional(),
});

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
 * - `BUILD_CONTEXT`: folder the image is built from, where that is another. @default - `SERVICE_FOLDER`
 * - `BUILD_ARGUMENTS`, `BUILD_SECRETS`: names, with a space between; values are in `ARG_<name>` and `SECRET_<name>`
 * - `BUILD_TARGET`: stage that is built. @default - the last
 * - `BUILD_CACHE`: `registry`, `local`, `dockerServer` or `none`. @default "registry"
 * - `BUILD_PLATFORMS`: platforms of an index, with a comma between. @default - the machine's, and no index
 * - `BUILD_EMULATED`: CPUs among them that the machine has not, as QEMU's installer calls them. @default - none
 * - `BASE_REPOSITORIES`: repositories in ECR that base images come from, with a space between
 * - `PULL_THROUGH_CACHES`: the same, of prefixes whose repositories ECR fills
 * - `CONTAINER_NAME` and whatever else `buildFiles` name
 *
 * and exports `IMAGE_URI` (by digest), `IMAGE_TAG` (the commit or revision) and `IMAGE_DIGEST`. Needs a privileged project.
 */
export function dockerImageBuildspec(args: DockerImageBuildspecArgs): string {
  return renderBuildspec({
    env: {
      variables: {
        SERVICE_FOLDER: ".",
        DOCKERFILE: "Dockerfile",
        ADDITIONAL_TAG: "",
        BUILD_CONTEXT: "",
        BUILD_ARGUMENTS: "",
        BUILD_SECRETS: "",
        BUILD_TARGET: "",
        BUILD_CACHE: "registry",
        BUILD_PLATFORMS: "",
        BUILD_EMULATED: "",
        EMULATOR_IMAGE,
        BUILDER_IMAGE,
        BASE_REPOSITORIES: "",
        PULL_THROUGH_CACHES: "",
      },
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
  /** Repositories in ECR that base images come from. @default - none */
  readonly baseRepositoryArns?: readonly Input<string>[];
  /** Whether it pulls from the repository: layers of the newest image, or to see what an index lacks there. @default true */
  readonly pulls?: boolean;
}

/**
 * What `dockerImageBuildspec` does in AWS, apart from what any build does and from its build files.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
 */
export function dockerImagePermissions({
  repositoryArn,
  baseRepositoryArns = [],
  pulls = true,
}: DockerImagePermissionsArgs): Statement[] {
  const base =
    baseRepositoryArns.length > 0
      ? [allow(["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], baseRepositoryArns)]
      : [];
  // ecr:GetAuthorizationToken has no resource level.
  if (repositoryArn === undefined) {
    return base.length > 0 ? [allow(["ecr:GetAuthorizationToken"], ["*"]), ...base] : [];
  }
  return [
    ...base,
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
        // The newest image is pulled as a layer cache; a builder of indexes looks which layers are there already.
        ...(pulls ? ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"] : []),
      ],
      [repositoryArn],
    ),
  ];
}
