import assert from "node:assert/strict";
import { ecrSource } from "../../../../components/pipeline/source/ecr";
import { matches } from "../../../support/eventPattern";
import { refusal } from "../../../support/graph";
import { allowed, at, rendered, resolved } from "../../../support/read";
import { arn } from "../../../support/service";

const REPOSITORY = arn("ecr", "repository/shop/api");
const source = (imageTag: string) =>
  ecrSource({ name: "Image", imageTag, repositoryName: "shop/api", repositoryArn: REPOSITORY });

const patternOf = async (imageTag: string) => {
  const { trigger } = source(imageTag);
  return trigger.kind === "event" ? resolved(() => trigger.pattern) : undefined;
};

/** As ECR sends it: https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html */
const event = (detail: object = {}, rest: object = {}) => ({
  version: "0",
  id: "13cde686-328b-6117-af20-0e5566167482",
  "detail-type": "ECR Image Action",
  source: "aws.ecr",
  account: "111122223333",
  time: "2026-06-16T01:54:34Z",
  region: "eu-west-1",
  resources: [],
  detail: {
    result: "SUCCESS",
    "repository-name": "shop/api",
    "image-digest": "sha256:7f5b2640fe6fb4f46592dfd3410c4a79dac4f89e4782432e0378abcd1234",
    "action-type": "PUSH",
    "image-tag": "release-1.4.0",
    ...detail,
  },
  ...rest,
});

describe("ecrSource", () => {
  it("starts on a push of its tag, or of any tag with its beginning", async () => {
    assert.equal(matches(await patternOf("release-1.4.0"), event()), true);
    assert.equal(matches(await patternOf("release-1.4.0"), event({ "image-tag": "release-1.4.01" })), false);
    const beginning = await patternOf("release-*");
    for (const tag of ["release-1.4.0", "release-0a1b2c3", "release-"]) {
      assert.equal(matches(beginning, event({ "image-tag": tag })), true, tag);
    }
  });

  const others: [what: string, event: object][] = [
    ["another tag", event({ "image-tag": "latest" })],
    ["the tag of a delivery", event({ "image-tag": "released-7f5b2640fe6f" })],
    ["a tag with the beginning inside", event({ "image-tag": "pre-release-1" })],
    ["a push without a tag", event({ "image-tag": undefined })],
    ["a push that failed", event({ result: "FAILURE" })],
    ["a deletion", event({ "action-type": "DELETE" })],
    ["another repository", event({ "repository-name": "shop/api2" })],
    ["a repository of that name in another account", event({}, { account: "444455556666" })],
    ["a repository of that name in another region", event({}, { region: "eu-central-1" })],
    ["a scan", event({}, { "detail-type": "ECR Image Scan" })],
    ["another source", event({}, { source: "custom" })],
  ];
  for (const [what, other] of others) {
    it(`does not start on ${what}`, async () => assert.equal(matches(await patternOf("release-*"), other), false));
  }

  it("brings in the image by its digest: a run that was told a digest has no tag", () => {
    const { declaration, output, commitId, imageUri } = source("release-*");
    const namespace = String(at(declaration, "namespace"));
    assert.deepEqual(declaration.outputArtifacts, [output.name]);
    assert.equal(commitId, `#{${namespace}.ImageDigest}`);
    assert.equal(imageUri, `#{${namespace}.ImageURI}`);
  });

  it("leaves a run that a person starts the tag itself, never a pattern or latest", () => {
    const { category, provider, owner, configuration } = source("release-*").declaration;
    assert.deepEqual([category, provider, owner], ["Source", "ECR", "AWS"]);
    assert.deepEqual(configuration, { RepositoryName: "shop/api", ImageTag: "release-" });
    assert.equal(at(source("live").declaration.configuration, "ImageTag"), "live");
  });

  it("may look at this repository's images and do nothing else", async () => {
    assert.deepEqual(allowed(await rendered(() => source("live").permissions)), [`ecr:DescribeImages ${REPOSITORY}`]);
  });

  it("refuses every tag that a delivery pushes: the pipeline would start itself", async () => {
    for (const tag of ["*", "r*", "release*", "released*", "released-*", "released-0*", "released-0a1b2c3d4e5f"]) {
      const message = await refusal(() => source(tag));
      assert.match(
        message,
        /pipeline action "Image": imageTag: expected no tag that begins with released-, got "/,
        tag,
      );
      assert.match(message, /start itself without end; name another beginning, for example release-\*$/);
    }
  });

  it("refuses what is no tag", async () => {
    for (const tag of ["", "a*b", "**", "-a", "a/b", "a:b", "a".repeat(129), "live *"]) {
      const message = await refusal(() => source(tag));
      assert.match(message, /^pipeline action "Image": imageTag: expected 1 to 128 letters, digits and .*, got "/, tag);
    }
    assert.equal(at(source("a".repeat(128)).declaration.configuration, "ImageTag"), "a".repeat(128));
  });
});
