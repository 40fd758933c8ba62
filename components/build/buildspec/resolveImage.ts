import type { Input } from "@pulumi/pulumi";
import { allow, type Statement } from "../../iam/policyDocument";
import { renderBuildspec, scriptCommand } from "./buildspec";
import { type BuildFile, imageDefinitions } from "./deploymentFiles";

/** Arguments of `resolveImageBuildspec`. */
interface ResolveImageBuildspecArgs {
  /** Files for the deploy action; they are the output artifact. `imagedefinitions.json` is always one of them. */
  readonly buildFiles: readonly BuildFile[];
}

/** `imagedefinitions.json` as the build left it, with the digest in the place of the tag, and with other containers of the image. */
const resolvedDefinitions: BuildFile = {
  path: imageDefinitions.path,
  commands: [
    `for CONTAINER in $FURTHER_CONTAINERS; do [[ $DEFINITIONS == *"\\"name\\":\\"$CONTAINER\\""* ]] || DEFINITIONS="\${DEFINITIONS%]},{\\"name\\":\\"$CONTAINER\\",\\"imageUri\\":\\"$IMAGE_URI\\"}]"; done`,
    `printf '%s\\n' "$DEFINITIONS" > imagedefinitions.json`,
  ],
};

/**
 * The step after a build that this program has not written: finds the digest of the image that was pushed, before
 * anything is deployed, and hands it to all later steps. A tag is taken if it stands for one image, so `latest`, no tag, and
 * words like `staging` are refused. It reads the `imagedefinitions.json` that the build left, or else its
 * `imageDetail.json`, and
 * - `CONTAINER_NAME`: the container whose image it is; `FURTHER_CONTAINERS`: others that run it
 * - `IMAGE_REPOSITORY_URI`: the repository that the image must be in
 * - `COMMIT_ID`: a tag that begins it never moves. @default ""
 * - `ADDITIONAL_TAG`: a tag that the image gets besides, a version say; it never moves. @default - none
 * - `OTHER_CONTAINERS`: `keep` what the file says of other containers, or `refuse` it. @default "keep"
 * - `DOCKER_USER`, `DOCKER_PASSWORD`: who asks another registry than ECR. @default - it answers everybody
 * - `TEMPLATE_ARTIFACT`, `SERVICE_FOLDER`: further artifact, and folder in it, with the `taskdef.json` and `appspec.yaml` of
 *   `buildFiles`, unless the build left a `taskdef.json`. @default - they are at the root of what the build left
 * - whatever else `buildFiles` name
 *
 * and exports `IMAGE_URI` (by digest), `IMAGE_TAG` (empty where the build gave a digest) and `IMAGE_DIGEST`.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/file-reference.html
 */
export function resolveImageBuildspec(args: ResolveImageBuildspecArgs): string {
  const files = [resolvedDefinitions, ...args.buildFiles.filter(({ path }) => path !== resolvedDefinitions.path)];
  return renderBuildspec({
    env: {
      variables: {
        COMMIT_ID: "",
        ADDITIONAL_TAG: "",
        OTHER_CONTAINERS: "keep",
        SERVICE_FOLDER: ".",
        TEMPLATE_ARTIFACT: "",
      },
      "exported-variables": ["IMAGE_URI", "IMAGE_TAG", "IMAGE_DIGEST"],
    },
    phases: {
      build: {
        commands: [
          ["ecr-image.sh", "additional-tag.sh", "image-definitions.sh", "resolve-image.sh"]
            .map(scriptCommand)
            .join("\n\n"),
          ...files.flatMap(({ commands }) => commands),
        ],
      },
    },
    artifacts: { files: files.map(({ path }) => path) },
  });
}

/** Arguments of `resolveImagePermissions`. */
interface ResolveImagePermissionsArgs {
  /** Repository in ECR. @default - another registry, which takes no AWS permission */
  readonly repositoryArn?: Input<string> | undefined;
  /** Whether the image gets an additional tag there. @default false */
  readonly tags?: boolean;
}

/** Exactly what `resolveImageBuildspec` does in AWS, apart from what any build does and from its build files. */
export function resolveImagePermissions({ repositoryArn, tags = false }: ResolveImagePermissionsArgs): Statement[] {
  if (repositoryArn === undefined) return [];
  return [allow(["ecr:BatchGetImage", ...(tags ? ["ecr:PutImage"] : [])], [repositoryArn])];
}
