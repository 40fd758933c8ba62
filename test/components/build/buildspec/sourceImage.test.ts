import assert from "node:assert/strict";
import { imageDefinitions, imageDetail } from "../../../../components/build/buildspec/deploymentFiles";
import { sourceImageBuildspec } from "../../../../components/build/buildspec/sourceImage";
import { runBuildspec } from "../../../support/shell";

const DIGEST = `sha256:${"ab".repeat(32)}`;
const URI = `111122223333.dkr.ecr.eu-west-1.amazonaws.com/prod/api@${DIGEST}`;
const detail = (changes: Record<string, unknown> = {}) =>
  JSON.stringify({ ImageSizeInBytes: "1", ImageDigest: DIGEST, ImageTags: ["release-1"], ImageURI: URI, ...changes });

function run(files: Record<string, string>, env: Record<string, string> = {}) {
  const text = sourceImageBuildspec({ buildFiles: [imageDefinitions] });
  return runBuildspec(text, { files, env: { CONTAINER_NAME: "api", ...env } });
}

describe("sourceImageBuildspec", () => {
  it("leaves what the deploy step reads, with the image that was pushed, by digest", () => {
    const { status, files, exported, calls } = run({ "imageDetail.json": detail() });
    assert.equal(status, 0);
    assert.deepEqual(JSON.parse(files["imagedefinitions.json"] ?? ""), [{ name: "api", imageUri: URI }]);
    assert.deepEqual(exported, { IMAGE_URI: URI, IMAGE_TAG: "release-1", IMAGE_DIGEST: DIGEST });
    assert.equal(calls.length, 0);
  });

  it("reads the file as pretty JSON too, and an image whose tag is gone", () => {
    const pretty = JSON.stringify({ ImageURI: URI, ImageTags: [] }, undefined, 2);
    const { status, exported } = run({ "imageDetail.json": pretty });
    assert.equal(status, 0);
    assert.equal(exported.IMAGE_TAG, "");
  });

  it("leaves CodeDeploy's file as well", () => {
    const text = sourceImageBuildspec({ buildFiles: [imageDefinitions, imageDetail] });
    const { files } = runBuildspec(text, { files: { "imageDetail.json": detail() }, env: { CONTAINER_NAME: "api" } });
    assert.deepEqual(JSON.parse(files["imageDetail.json"] ?? ""), { ImageURI: URI });
  });

  for (const [what, files, message] of [
    ["no imageDetail.json", {}, /ERROR: the source has no imageDetail\.json; it must be an ECR source/],
    ["no ImageURI", { "imageDetail.json": "{}" }, /ERROR: imageDetail\.json names no ImageURI: \{\}/],
    [
      "a tag where the digest should be",
      { "imageDetail.json": detail({ ImageURI: URI.replace(`@${DIGEST}`, ":latest") }) },
      /ERROR: imageDetail\.json has ImageURI ".*:latest", expected it by digest/,
    ],
  ] as const) {
    it(`refuses ${what}`, () => {
      const { status, output, files: left } = run(files);
      assert.notEqual(status, 0);
      assert.match(output, message);
      assert.equal("imagedefinitions.json" in left, false);
    });
  }

  it("refuses a container that ECS would not have", () => {
    const { status, output } = run({ "imageDetail.json": detail() }, { CONTAINER_NAME: 'a"b' });
    assert.notEqual(status, 0);
    assert.match(output, /CONTAINER_NAME is "a"b"/);
  });
});
