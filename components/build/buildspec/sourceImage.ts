import { renderBuildspec, scriptCommand } from "./buildspec";
import type { BuildFile } from "./deploymentFiles";

/** Arguments of `sourceImageBuildspec`. */
export interface SourceImageBuildspecArgs {
  /** Files for the deploy action; they are the output artifact. */
  readonly buildFiles: readonly BuildFile[];
}

/**
 * Takes the image that an ECR source brought in, by digest, and leaves what the deploy step reads: nothing is built. It
 * reads the source's `imageDetail.json`, `CONTAINER_NAME` and whatever else `buildFiles` name, and exports `IMAGE_URI`
 * (by digest), `IMAGE_TAG` (the tag that was pushed) and `IMAGE_DIGEST`.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ECR.html
 */
export function sourceImageBuildspec(args: SourceImageBuildspecArgs): string {
  const files = args.buildFiles.map((file) => file.path);
  return renderBuildspec({
    env: { "exported-variables": ["IMAGE_URI", "IMAGE_TAG", "IMAGE_DIGEST"] },
    phases: {
      build: { commands: [scriptCommand("source-image.sh"), ...args.buildFiles.flatMap((file) => file.commands)] },
    },
    artifacts: files.length > 0 ? { files } : undefined,
  });
}
