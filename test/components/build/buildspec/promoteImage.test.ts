import * as assert from "node:assert/strict";
import { imageDefinitions } from "../../../../components/build/buildspec/deploymentFiles";
import { promoteImageBuildspec } from "../../../../components/build/buildspec/promoteImage";
import { calledWith, parseBuildspec } from "../../../support/shell";
import {
  assertNothingLeft,
  COMMIT,
  callOf,
  INDEX,
  MANIFEST,
  OTHER,
  PASSWORD,
  promote,
  RELEASED_FROM,
  ROUTES,
  TARGET_HOST,
  TESTED,
  TESTED_DIGEST,
  TOKEN,
  verbs,
} from "./promoteImageRun";

for (const [name, route] of Object.entries(ROUTES)) {
  describe(`promoteImageBuildspec, ${name}`, () => {
    it("releases the tested digest under the commit, in these calls", () => {
      const result = promote(route);
      assert.equal(result.status, 0, result.output);
      assert.deepStrictEqual(verbs(result), route.calls);
      assert.deepStrictEqual(result.exported, {
        IMAGE_URI: `${route.target}@${TESTED_DIGEST}`,
        IMAGE_TAG: COMMIT,
        IMAGE_DIGEST: TESTED_DIGEST,
      });
      assert.match(result.output, new RegExp(`Released: ${route.target}@${TESTED_DIGEST} \\(${COMMIT}\\)`));
    });

    it("leaves the files that the deploy step reads", () => {
      const { files } = promote(route);
      assert.deepStrictEqual(Object.keys(files).sort(), ["appspec.yaml", "imagedefinitions.json"]);
      assert.deepStrictEqual(JSON.parse(files["imagedefinitions.json"] ?? ""), [
        { name: "web", imageUri: `${route.target}@${TESTED_DIGEST}` },
      ]);
    });

    it("asks for the release tag with its prefix", () => {
      const result = promote(route, { env: { RELEASE_TAG_PREFIX: "prod-" } });
      assert.ok(result.calls.map(calledWith).some((text) => new RegExp(`${route.ask}.*prod-${COMMIT}`).test(text)));
    });

    it("fails whichever call fails, tags nothing afterwards, and leaves no file", () => {
      const good = promote(route);
      for (let number = 1; number <= good.calls.length; number++) {
        const result = promote(route, { failCall: { number } });
        assertNothingLeftButExports(result);
        assert.match(result.output, /AccessDeniedException/);
        const after = verbs(result).slice(number);
        assert.ok(
          !after.some((verb) => /put-image|imagetools create/.test(verb)),
          `tagged after call ${number} failed`,
        );
      }
    });

    it("copies nothing when the target has the tag, for this digest", () => {
      const result = promote(route, { answers: [{ when: route.ask, stdout: `${TESTED_DIGEST}\n` }] });
      assert.equal(result.status, 0, result.output);
      const asked = route.calls.findIndex((verb) => new RegExp(route.ask).test(`${verb} `));
      assert.deepStrictEqual(verbs(result), route.calls.slice(0, asked + 1));
      assert.match(result.output, new RegExp(`already has ${COMMIT}; nothing is copied`));
      assert.equal(result.exported.IMAGE_URI, `${route.target}@${TESTED_DIGEST}`);
    });

    it("never moves a tag that stands for another digest", () => {
      const result = promote(route, { answers: [{ when: route.ask, stdout: `${OTHER}\n` }] });
      assertNothingLeft(
        result,
        `${route.target}:${COMMIT} is ${OTHER}, not the tested ${TESTED_DIGEST}; a release tag never moves`,
      );
      assert.ok(!verbs(result).some((verb) => /put-image|imagetools create/.test(verb)));
    });

    it("refuses a release that is not the tested digest, or not there", () => {
      const [missing] = route.answers.filter(({ when }) => when === route.ask);
      assert.ok(missing);
      const other = promote(route, { answers: [missing, { when: route.ask, stdout: `${OTHER}\n` }] });
      assertNothingLeft(
        other,
        `${route.target}:${COMMIT} is ${OTHER} after the release, expected the tested ${TESTED_DIGEST}`,
      );
      const none = promote(route, { answers: [{ ...missing, times: 3 }] });
      assertNothingLeft(none, `${route.target}:${COMMIT} is not there after the release`);
    });

    it("sets no tag that another has set since the first look", () => {
      const [missing] = route.answers.filter(({ when }) => when === route.ask);
      assert.ok(missing);
      const answers = [
        { ...missing, times: 1 },
        { when: route.ask, stdout: `${OTHER}\n` },
      ];
      const result = promote(route, { answers });
      assertNothingLeft(
        result,
        `${route.target}:${COMMIT} is ${OTHER}, not the tested ${TESTED_DIGEST}; a release tag never moves`,
      );
      const tagged = result.calls
        .map(calledWith)
        .filter((text) => text.includes(`:${COMMIT} `) && text.includes("create"));
      assert.deepStrictEqual(tagged, []);
      assert.ok(!verbs(result).some((verb) => verb.includes("put-image")));
    });

    it("is content with the tag that another has set for the same digest meanwhile", () => {
      const [missing] = route.answers.filter(({ when }) => when === route.ask);
      assert.ok(missing);
      const answers = [
        { ...missing, times: 1 },
        { when: route.ask, stdout: `${TESTED_DIGEST}\n` },
      ];
      const result = promote(route, { answers });
      assert.equal(result.status, 0, result.output);
      assert.equal(result.exported.IMAGE_URI, `${route.target}@${TESTED_DIGEST}`);
    });

    it("shows no secret, in the log or in arguments", () => {
      const { calls, output, files, exported } = promote(route);
      const seen = JSON.stringify([calls.map(({ argv }) => argv), files, exported]) + output;
      for (const secret of [TOKEN, PASSWORD]) assert.ok(!seen.includes(secret));
    });
  });
}

/** As `assertNothingLeft`, for failures that come after the image is released too. */
function assertNothingLeftButExports(result: ReturnType<typeof promote>): void {
  assert.notEqual(result.status, 0, result.output);
  assert.deepStrictEqual(result.files, {});
}

describe("promoteImageBuildspec", () => {
  it("tags within a repository by manifest, unchanged", () => {
    const result = promote(ROUTES["within a repository"], { env: { RELEASE_TAG_PREFIX: "prod-" } });
    const put = callOf(result, "aws ecr put-image");
    const after = (flag: string) => put[put.indexOf(flag) + 1];
    assert.equal(after("--image-tag"), `prod-${COMMIT}`);
    assert.equal(after("--image-digest"), TESTED_DIGEST);
    assert.equal(after("--image-manifest"), MANIFEST);
    assert.equal(after("--image-manifest-media-type"), INDEX);
    assert.deepStrictEqual(put.slice(3, 9), [
      "--registry-id",
      "123456789012",
      "--region",
      "eu-west-1",
      "--repository-name",
      "acme/api",
    ]);
    const get = callOf(result, "aws ecr batch-get-image");
    assert.deepStrictEqual(
      get.filter((word) => word.startsWith("application/")).map((type) => type.replace(/^.*\.(\w+\.v\d)\+json$/, "$1")),
      ["index.v1", "manifest.v1", "list.v2", "manifest.v2"],
    );
    assert.ok(get.includes(`imageDigest=${TESTED_DIGEST}`));
  });

  it("copies an image by digest, whole and without a new index around it", () => {
    for (const route of [ROUTES["to another account"], ROUTES["to Docker Hub"]]) {
      const copies = promote(route)
        .calls.map(calledWith)
        .filter((text) => text.includes(" create "));
      assert.deepStrictEqual(
        copies,
        [`${route.target}@${TESTED_DIGEST}`, `${route.target}:${COMMIT}`].map(
          (to) => `docker buildx imagetools create --prefer-index=false --tag ${to} ${TESTED}`,
        ),
      );
    }
  });

  it("asks another registry for the digest only: what an index consists of has digests too", () => {
    assert.deepStrictEqual(callOf(promote(ROUTES["to Docker Hub"]), "docker buildx imagetools inspect"), [
      "docker",
      "buildx",
      "imagetools",
      "inspect",
      "--format",
      "{{json .Manifest.Digest}}",
      `docker.io/acme/backend:${COMMIT}`,
    ]);
  });

  it("logs in to each registry, with what opens it through a pipe", () => {
    const logins = (route: (typeof ROUTES)[keyof typeof ROUTES]) =>
      promote(route).calls.filter(({ argv }) => argv[1] === "login" || argv[2] === "get-login-password");
    const host = RELEASED_FROM.split("/")[0] ?? "";
    const ecr = (region: string, of: string) => [
      { argv: ["aws", "ecr", "get-login-password", "--region", region], stdin: "" },
      { argv: ["docker", "login", "--username", "AWS", "--password-stdin", of], stdin: `${TOKEN}\n` },
    ];
    assert.deepStrictEqual(logins(ROUTES["to another account"]), [
      ...ecr("eu-west-1", host),
      ...ecr("eu-central-1", TARGET_HOST),
    ]);
    assert.deepStrictEqual(logins(ROUTES["to Docker Hub"]), [
      ...ecr("eu-west-1", host),
      { argv: ["docker", "login", "--username", "acme", "--password-stdin", "docker.io"], stdin: PASSWORD },
    ]);
    assert.deepStrictEqual(logins(ROUTES["within a repository"]), []);
  });

  it("logs in once where both repositories are in one registry", () => {
    const target = `${RELEASED_FROM}-prod`;
    const result = promote({ ...ROUTES["to another account"], target });
    assert.equal(result.status, 0, result.output);
    assert.equal(result.calls.filter(({ argv }) => argv[1] === "login").length, 1);
    assert.equal(result.exported.IMAGE_URI, `${target}@${TESTED_DIGEST}`);
  });

  it("removes the files when a later one cannot be written, and lists them as the artifact", () => {
    const result = promote(ROUTES["within a repository"], {
      answers: [{ when: "^aws ssm get-parameter ", stdout: "\n" }],
      files: { "imagedefinitions.json": "of an older release" },
    });
    assertNothingLeftButExports(result);
    assert.match(result.output, /SSM parameter "\/dev\/api\/appspec" is empty/);
    const [bare, full] = [[], [imageDefinitions]].map((buildFiles) =>
      parseBuildspec(promoteImageBuildspec({ buildFiles })),
    );
    assert.deepStrictEqual([bare?.artifacts, full?.artifacts], [undefined, { files: ["imagedefinitions.json"] }]);
    assert.equal(bare?.phases.post_build, undefined);
  });
});
