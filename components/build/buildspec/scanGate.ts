import type { Input } from "@pulumi/pulumi";
import { allow, type Statement } from "../../iam/policyDocument";
import { renderBuildspec, scriptCommand } from "./buildspec";

/** Values of `MAX_SEVERITY`, in rising order: with NONE no finding passes, with CRITICAL every finding does. */
export const SEVERITIES = ["NONE", "INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL"] as const;

/**
 * A gate on what ECR's scan found in an image, basic or enhanced: waits for the scan, starts it if there is none, and
 * fails on findings that are too severe or when nobody scanned the image. Of an image for several platforms it looks at
 * each. It reads
 * - `IMAGE_URI`: `<account>.dkr.ecr.<region>.amazonaws.com/<name>@sha256:...`
 * - `MAX_SEVERITY`: one of `SEVERITIES`, the worst that passes; findings that nobody has rated stop only with NONE.
 *   @default "HIGH"
 * - `TIMEOUT_SECONDS`: for all platforms together. @default 600; must be well under the project's build timeout
 * - `POLL_SECONDS`: @default 10
 *
 * and exports `SCAN_RESULT`, the findings by severity, for the image's passport.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html
 */
export function scanGateBuildspec(): string {
  return renderBuildspec({
    env: {
      variables: { MAX_SEVERITY: "HIGH", TIMEOUT_SECONDS: "600", POLL_SECONDS: "10" },
      "exported-variables": ["SCAN_RESULT"],
    },
    phases: {
      build: { commands: [["ecr-image.sh", "look-again.sh", "scan-gate.sh"].map(scriptCommand).join("\n\n")] },
    },
  });
}

/** Arguments of `scanGatePermissions`. */
export interface ScanGatePermissionsArgs {
  /** Repositories of the images that pass the gate. */
  readonly repositoryArns: readonly Input<string>[];
}

/**
 * What `scanGateBuildspec` does in AWS, apart from what any build does.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced-iam.html
 */
export function scanGatePermissions(args: ScanGatePermissionsArgs): Statement[] {
  return [
    allow(["ecr:BatchGetImage", "ecr:DescribeImageScanFindings", "ecr:StartImageScan"], args.repositoryArns),
    // With enhanced scanning ECR asks Inspector in the caller's name; neither action has a resource level.
    allow(["inspector2:ListCoverage", "inspector2:ListFindings"], ["*"]),
  ];
}
