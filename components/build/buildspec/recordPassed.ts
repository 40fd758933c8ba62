import type { Input } from "@pulumi/pulumi";
import { allow, type Statement } from "../../iam/policyDocument";
import { renderBuildspec, scriptCommand } from "./buildspec";
import { PASSPORT_VARIABLES } from "./passport";

/**
 * The end of a test stage: records that an image has passed, so that `promoteImageBuildspec` releases it. Every pass is
 * a version of the parameter; SSM keeps the last 100. It reads
 * - `IMAGE_URI`: `<registry>/<repository>@sha256:...`
 * - `COMMIT_ID`: goes into the record
 * - `PASSED_IMAGE_PARAMETER`: SSM parameter for `{"image","commit","passedAt"}`
 * - `DELIVERED_IMAGE_PARAMETERS`: records of deliveries that must name the image, with spaces between. @default - nobody looks
 * - what `PASSPORT_VARIABLES` says of the image's passport
 *
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html
 */
export function recordPassedBuildspec(): string {
  return renderBuildspec({
    env: { variables: { DELIVERED_IMAGE_PARAMETERS: "", ...PASSPORT_VARIABLES } },
    phases: { build: { commands: [["passport.sh", "record-passed.sh"].map(scriptCommand).join("\n\n")] } },
  });
}

/** Arguments of `recordPassedPermissions`. */
export interface RecordPassedPermissionsArgs {
  /** ARN of the parameter `PASSED_IMAGE_PARAMETER` names. */
  readonly passedImageParameterArn: Input<string>;
}

/** Exactly what `recordPassedBuildspec` does in AWS, apart from what any build does. */
export function recordPassedPermissions(args: RecordPassedPermissionsArgs): Statement[] {
  return [allow(["ssm:PutParameter"], [args.passedImageParameterArn])];
}
