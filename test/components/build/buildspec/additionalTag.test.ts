import assert from "node:assert/strict";
import { imageDefinitions } from "../../../../components/build/buildspec/deploymentFiles";
import { dockerImageBuildspec } from "../../../../components/build/buildspec/dockerImage";
import { resolveImageBuildspec, resolveImagePermissions } from "../../../../components/build/buildspec/resolveImage";
import { type BuildOptions, type BuildRun, calledWith, runBuildspec, type StandInAnswer } from "../../../support/shell";
import { OTHER, promote, ROUTES, TESTED_DIGEST } from "./promoteImageRun";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const VERSION = "1.0.RELEASE";
const MANIFEST = '{"schemaVersion":2}';
const MEDIA_TYPE = "application/vnd.oci.image.manifest.v1+json";
const REPOSITORY = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/acme/api";

const tagIs = (digest: string): StandInAnswer => ({
  when: `^aws ecr batch-get-image .*imageTag=${VERSION} `,
  stdout: `${digest}\n`,
});
const REST: readonly StandInAnswer[] = [
  { when: "^aws ecr batch-get-image .*imageManifestMediaType", stdout: `${MEDIA_TYPE}\n` },
  { when: "^aws ecr batch-get-image .*imageManifest ", stdout: `${MANIFEST}\n` },
  { when: "^aws ecr batch-get-image .*imageDigest ", stdout: `${TESTED_DIGEST}\n` },
  { when: "^aws ecr put-image ", stdout: "tagged\n" },
  { when: "^aws ecr describe-images ", stdout: `${TESTED_DIGEST}\n` },
];

type Run = (tag: StandInAnswer, options?: BuildOptions) => BuildRun;

const variables = { IMAGE_REPOSITORY_URI: REPOSITORY, CONTAINER_NAME: "api" };

/** Every build that tags, each on an image that is in ECR already. */
const BUILDS: Readonly<Record<string, Run>> = {
  "the image build": (tag, options = {}) =>
    runBuildspec(dockerImageBuildspec({ buildFiles: [imageDefinitions] }), {
      ...options,
      env: { CODEBUILD_RESOLVED_SOURCE_VERSION: COMMIT, ...variables, ADDITIONAL_TAG: VERSION, ...options.env },
      answers: [tag, ...REST],
    }),
  "the step after a build of someone's own": (tag, options = {}) =>
    runBuildspec(resolveImageBuildspec({ buildFiles: [imageDefinitions] }), {
      ...options,
      env: { COMMIT_ID: COMMIT, ...variables, ADDITIONAL_TAG: VERSION, ...options.env },
      files: { "imagedefinitions.json": `[{"name":"api","imageUri":"${REPOSITORY}:${COMMIT}"}]` },
      answers: [tag, ...REST],
    }),
  "the release": (tag, options = {}) =>
    promote(ROUTES["within a repository"], {
      ...options,
      env: { ADDITIONAL_TAG: VERSION, ...options.env },
      answers: [tag],
    }),
};

const tagged = (result: BuildRun) =>
  result.calls
    .map(calledWith)
    .filter((call) => call.startsWith("aws ecr put-image ") && call.includes(` --image-tag ${VERSION} `));

for (const [build, run] of Object.entries(BUILDS)) {
  describe(`an additional tag, by ${build}`, () => {
    it("is given to the image, by its digest and with its manifest", () => {
      const result = run(tagIs("None"));
      assert.equal(result.status, 0, result.output);
      const [call = "", ...more] = tagged(result);
      assert.match(
        call,
        new RegExp(`--repository-name acme/api --image-tag ${VERSION} --image-digest ${TESTED_DIGEST} `),
      );
      assert.deepEqual(more, []);
      assert.match(result.output, new RegExp(`Tagged: ${REPOSITORY}:${VERSION}`));
      assert.notEqual(result.exported.IMAGE_TAG, VERSION);
    });

    it("is left where it is when the image has it", () => {
      const result = run(tagIs(TESTED_DIGEST));
      assert.equal(result.status, 0, result.output);
      assert.deepEqual(tagged(result), []);
    });

    it("never moves: another image that has it is left alone, and the build says what to do", () => {
      const result = run(tagIs(OTHER));
      assert.notEqual(result.status, 0);
      assert.match(result.output, /a tag never moves: put the next version into the parameter that tagParameter names/);
      assert.equal(
        result.calls.some((call) => calledWith(call).startsWith("aws ecr put-image ")),
        false,
      );
      assert.equal(result.exported.IMAGE_URI, undefined);
    });

    it("is checked before anything is asked", () => {
      for (const wrong of ["1.0 RELEASE", ".1", "-1", "a".repeat(129), "1.0$(touch x)", "latest"]) {
        const result = run(tagIs("None"), { env: { ADDITIONAL_TAG: wrong } });
        assert.notEqual(result.status, 0, wrong);
        assert.match(result.output, /ADDITIONAL_TAG, the value of the parameter that tagParameter names, is /);
        assert.equal(result.calls.length, 0, wrong);
      }
    });

    it("fails with whichever call fails", () => {
      const calls = run(tagIs("None")).calls;
      const first = calls.findIndex((call) => calledWith(call).includes(`imageTag=${VERSION} `));
      assert.ok(first >= 0);
      for (let number = first + 1; number <= calls.length; number++) {
        const result = run(tagIs("None"), { failCall: { number } });
        assert.notEqual(result.status, 0, calledWith(calls[number - 1] ?? { argv: [], stdin: "" }));
      }
    });
  });
}

describe("an additional tag in another registry", () => {
  const hub = "docker.io/acme/backend";
  const ask = `^docker buildx imagetools inspect .* ${hub}:${VERSION}$`;
  const released = (answer: StandInAnswer) =>
    promote(ROUTES["to Docker Hub"], { env: { ADDITIONAL_TAG: VERSION }, answers: [answer] });

  it("is given in the registry, without a daemon", () => {
    const result = released({ when: ask, stderr: `ERROR: ${hub}:${VERSION}: not found\n`, status: 1 });
    assert.equal(result.status, 0, result.output);
    const [last = ""] = result.calls.map(calledWith).filter((call) => call.includes(`--tag ${hub}:${VERSION}`));
    assert.equal(
      last,
      `docker buildx imagetools create --prefer-index=false --tag ${hub}:${VERSION} ${hub}@${TESTED_DIGEST}`,
    );
  });

  it("never moves there either, and an unclear answer is no tag that is free", () => {
    for (const [answer, reason] of [
      [{ when: ask, stdout: `"${OTHER}"\n` }, /a tag never moves/],
      [
        { when: ask, stderr: "ERROR: unexpected status 503\n", status: 1 },
        /cannot tell whether docker\.io\/acme\/backend has/,
      ],
    ] as const) {
      const result = released(answer);
      assert.notEqual(result.status, 0);
      assert.match(result.output, reason);
      assert.equal(
        result.calls.some((call) => calledWith(call).startsWith("docker buildx imagetools create")),
        false,
      );
    }
  });
});

describe("resolveImagePermissions", () => {
  it("lets the step tag only where there is a tag", () => {
    const actions = (tags: boolean) =>
      resolveImagePermissions({ repositoryArn: "arn:repository", tags }).flatMap((one) => one.actions);
    assert.deepEqual([actions(false), actions(true)], [["ecr:BatchGetImage"], ["ecr:BatchGetImage", "ecr:PutImage"]]);
    assert.deepEqual(resolveImagePermissions({ tags: true }), []);
  });
});
