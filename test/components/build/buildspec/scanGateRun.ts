import * as assert from "node:assert/strict";
import { scanGateBuildspec } from "../../../../components/build/buildspec/scanGate";
import { type BuildOptions, type BuildRun, calledWith, runBuildspec, type StandInAnswer } from "../../../support/shell";

export const SCANNED_DIGEST = `sha256:${"d".repeat(64)}`;
export const AMD64 = `sha256:${"a".repeat(64)}`;
export const ARM64 = `sha256:${"b".repeat(64)}`;
export const ATTESTATION = `sha256:${"c".repeat(64)}`;
export const SCANNED_IMAGE = `123456789012.dkr.ecr.eu-west-1.amazonaws.com/acme/api@${SCANNED_DIGEST}`;
export const PLACE = "--registry-id 123456789012 --region eu-west-1 --repository-name acme/api";

const RATINGS = ["UNDEFINED", "UNTRIAGED", "INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL"] as const;

/** Findings by severity. */
export type Counts = Readonly<Partial<Record<(typeof RATINGS)[number], number>>>;

/** A scan as ECR describes it. */
interface Scan {
  /** @default "COMPLETE" */
  readonly status?: string;
  readonly counts?: Counts;
  /** Whether there are findings yet, or that there are none. @default true */
  readonly completed?: boolean;
  /** Image that was scanned. @default - any */
  readonly digest?: string;
  readonly times?: number;
}

/** Answers the script's question for a scan, as its query prints it. */
export function scanAnswer({
  status = "COMPLETE",
  counts = {},
  completed = true,
  digest = "",
  times,
}: Scan): StandInAnswer {
  const numbers = RATINGS.map((rating) => counts[rating] ?? "None");
  const words = [status, completed ? "2026-11-20T08:00:00+00:00" : "None", ...numbers, `The scan is ${status}.`];
  return {
    when: `^aws ecr describe-image-scan-findings .*imageDigest=${digest}`,
    stdout: `${words.join("\t")}\n`,
    ...(times !== undefined && { times }),
  };
}

/** Answers that there is no scan. */
export function noScan(times: number): StandInAnswer {
  return {
    when: "^aws ecr describe-image-scan-findings ",
    stderr: "An error occurred (ScanNotFoundException) when calling the DescribeImageScanFindings operation: none",
    status: 254,
    times,
  };
}

/** Answers what the image's manifest is. */
export function manifest(mediaType: string, text = "{}"): StandInAnswer[] {
  return [
    { when: "^aws ecr batch-get-image .*imageManifestMediaType", stdout: `${mediaType}\n` },
    { when: "^aws ecr batch-get-image .*imageManifest ", stdout: `${text}\n` },
  ];
}

/** One image of an index: `[digest, architecture]`, with further fields. */
export function entry(digest: string, architecture: string, more: Readonly<Record<string, unknown>> = {}) {
  const os = architecture === "unknown" ? "unknown" : "linux";
  return {
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    digest,
    size: 9,
    ...more,
    platform: { architecture, os },
  };
}

/** The annotations with which a builder marks what it says about an image. */
export const ATTESTS = {
  annotations: { "vnd.docker.reference.digest": AMD64, "vnd.docker.reference.type": "attestation-manifest" },
};

/** Answers that the image is an index of these. */
export function index(...manifests: readonly unknown[]): StandInAnswer[] {
  const mediaType = "application/vnd.oci.image.index.v1+json";
  return manifest(mediaType, JSON.stringify({ schemaVersion: 2, mediaType, manifests }, undefined, 2));
}

/** Runs the gate; later answers are an image for one platform that needs no poll, and a scan that starts. */
export function gate(answers: readonly StandInAnswer[], options: BuildOptions = {}): BuildRun {
  return runBuildspec(scanGateBuildspec(), {
    ...options,
    env: { IMAGE_URI: SCANNED_IMAGE, POLL_SECONDS: "0", ...options.env },
    answers: [
      ...answers,
      ...manifest("application/vnd.docker.distribution.manifest.v2+json"),
      { when: "^aws ecr start-image-scan ", stdout: "IN_PROGRESS\n" },
    ],
  });
}

/** The images whose scans were asked for, in order. */
export function scanned(result: BuildRun): string[] {
  const texts = result.calls.map(calledWith).filter((text) => text.startsWith("aws ecr describe-image-scan-findings "));
  return texts.map((text) => /imageDigest=(\S+)/.exec(text)?.[1] ?? "");
}

/** Fails unless the gate is closed, and says why. */
export function assertStopped(result: BuildRun, reason: string | RegExp): void {
  assert.notEqual(result.status, 0, result.output);
  assert.ok(!result.output.includes("Nothing above"), result.output);
  if (typeof reason === "string") assert.ok(result.output.includes(reason), result.output);
  else assert.match(result.output, reason);
}
