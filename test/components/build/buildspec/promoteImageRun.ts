import * as assert from "node:assert/strict";
import { fromParameter, imageDefinitions } from "../../../../components/build/buildspec/deploymentFiles";
import { promoteImageBuildspec } from "../../../../components/build/buildspec/promoteImage";
import { type BuildOptions, type BuildRun, runBuildspec, type StandInAnswer } from "../../../support/shell";

export const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const SOURCE_HOST = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
export const RELEASED_FROM = `${SOURCE_HOST}/acme/api`;
export const TARGET_HOST = "210987654321.dkr.ecr.eu-central-1.amazonaws.com";
export const TESTED_DIGEST = `sha256:${"d".repeat(64)}`;
export const OTHER = `sha256:${"e".repeat(64)}`;
export const TESTED = `${RELEASED_FROM}@${TESTED_DIGEST}`;
export const PARAMETER = "/dev/api/passed-image";
export const TOKEN = "eyJwYXlsb2FkIjoic2VjcmV0In0=";
export const PASSWORD = "hub's $ecret %s";
export const INDEX = "application/vnd.oci.image.index.v1+json";
export const MANIFEST = '{ "schemaVersion": 2,\n  "manifests": [] }';

/** What `record-passed.sh` writes. */
export function passed(image: string): string {
  return `{"image":"${image}","commit":"${COMMIT}","passedAt":"2026-11-20T08:00:00Z"}`;
}

/** Answers for the parameter's versions, oldest first. */
export function versions(...values: readonly string[]): StandInAnswer {
  return { when: "^aws ssm get-parameter-history ", stdout: values.map((value) => `${value}\n`).join("") };
}

const DENIED = "An error occurred (AccessDeniedException) when calling it: denied";
const NO_IMAGE = "An error occurred (ImageNotFoundException) when calling the DescribeImages operation: not there";

/** Answers that the target has no release tag; from the third question on it has `digest`. */
function tagFrom(ask: string, missing: string, digest: string): StandInAnswer[] {
  return [
    { when: ask, stderr: `${missing}\n`, status: 254, times: 2 },
    { when: ask, stdout: `${digest}\n` },
  ];
}

/** One way from a tested image to a release tag, with what AWS and the registries answer. */
export interface Route {
  readonly target: string;
  /** Regular expression of the question for the release tag. */
  readonly ask: string;
  readonly answers: readonly StandInAnswer[];
  /** The calls of a release, in order. */
  readonly calls: readonly string[];
}

const HISTORY = "aws ssm get-parameter-history";
const LOG_IN: readonly StandInAnswer[] = [
  { when: "^aws ecr get-login-password --region [a-z0-9-]+$", stdout: `${TOKEN}\n` },
  { when: "^docker login ", stdout: "Login Succeeded\n" },
];
const CREATE: StandInAnswer = { when: "^docker buildx imagetools create " };
const ASK_ECR = "^aws ecr describe-images ";
const ASK_HUB = "^docker buildx imagetools inspect ";
const LOG_IN_CALLS = ["aws ecr get-login-password", "docker login"];
/** Looks, copies by digest, looks again, sets the tag, and looks whether it stands. */
function copyCalls(look: string): string[] {
  const copy = "docker buildx imagetools create";
  return [look, copy, look, copy, look];
}

export const ROUTES = {
  "within a repository": {
    target: RELEASED_FROM,
    ask: ASK_ECR,
    answers: [
      ...tagFrom(ASK_ECR, NO_IMAGE, TESTED_DIGEST),
      { when: "^aws ecr batch-get-image .*imageManifestMediaType", stdout: `${INDEX}\n` },
      { when: "^aws ecr batch-get-image .*imageManifest ", stdout: `${MANIFEST}\n` },
      { when: "^aws ecr put-image ", stdout: "released\n" },
    ],
    calls: [
      HISTORY,
      "aws ecr describe-images",
      "aws ecr batch-get-image",
      "aws ecr batch-get-image",
      "aws ecr describe-images",
      "aws ecr put-image",
      "aws ecr describe-images",
    ],
  },
  "to another account": {
    target: `${TARGET_HOST}/prod/api`,
    ask: ASK_ECR,
    answers: [...LOG_IN, ...tagFrom(ASK_ECR, NO_IMAGE, TESTED_DIGEST), CREATE],
    calls: [HISTORY, ...LOG_IN_CALLS, ...LOG_IN_CALLS, ...copyCalls("aws ecr describe-images")],
  },
  "to Docker Hub": {
    target: "docker.io/acme/backend",
    ask: ASK_HUB,
    answers: [
      ...LOG_IN,
      ...tagFrom(ASK_HUB, `ERROR: docker.io/acme/backend:${COMMIT}: not found`, `"${TESTED_DIGEST}"`),
      CREATE,
    ],
    calls: [HISTORY, ...LOG_IN_CALLS, "docker login", ...copyCalls("docker buildx imagetools inspect")],
  },
} satisfies Record<string, Route>;

const buildspec = promoteImageBuildspec({ buildFiles: [imageDefinitions, fromParameter("appspec.yaml", "APPSPEC")] });
const APPSPEC: StandInAnswer = { when: "^aws ssm get-parameter ", stdout: "version: 0.0\n" };

/** Releases the tested image on a route; `answers` come before the route's own. */
export function promote(route: Route, options: BuildOptions = {}): BuildRun {
  return runBuildspec(buildspec, {
    ...options,
    env: {
      TESTED_IMAGE_URI: TESTED,
      COMMIT_ID: COMMIT,
      TARGET_REPOSITORY_URI: route.target,
      PASSED_IMAGE_PARAMETER: PARAMETER,
      DOCKER_USER: "acme",
      DOCKER_PASSWORD: PASSWORD,
      CONTAINER_NAME: "web",
      APPSPEC: "/dev/api/appspec",
      ...options.env,
    },
    answers: [...(options.answers ?? []), versions("none", passed(TESTED)), ...route.answers, APPSPEC],
  });
}

/** The commands of a run without their options, up to the files for the deploy action. */
export function verbs(result: BuildRun): string[] {
  const words = (argv: readonly string[]) => (argv[0] === "aws" ? 3 : argv[1] === "buildx" ? 4 : 2);
  const all = result.calls.map(({ argv }) => argv.slice(0, words(argv)).join(" "));
  return all.filter((verb) => verb !== "aws ssm get-parameter");
}

/** The first call that begins so. */
export function callOf(result: BuildRun, verb: string): readonly string[] {
  return result.calls.find(({ argv }) => argv.join(" ").startsWith(`${verb} `))?.argv ?? [];
}

/** Fails unless the run failed, tagged nothing, left no file, and says why. */
export function assertRefused(result: BuildRun, reason: string | RegExp): void {
  assert.notEqual(result.status, 0, result.output);
  assert.deepStrictEqual(
    verbs(result).filter((verb) => /put-image|imagetools create/.test(verb)),
    [],
  );
  assertNothingLeft(result, reason);
}

/** Fails unless the run failed, left no file, and says why. */
export function assertNothingLeft(result: BuildRun, reason: string | RegExp): void {
  assert.notEqual(result.status, 0, result.output);
  assert.deepStrictEqual(result.files, {});
  assert.deepStrictEqual(result.exported.IMAGE_URI, undefined);
  if (typeof reason === "string") assert.ok(result.output.includes(reason), result.output);
  else assert.match(result.output, reason);
}

/** An answer that a call is not allowed. */
export function denied(when: string): StandInAnswer {
  return { when, stderr: DENIED, status: 254 };
}
