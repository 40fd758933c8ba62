import assert from "node:assert/strict";
import { type S3SourceArgs, s3Source } from "../../../../components/pipeline/source/s3";
import { matches } from "../../../support/eventPattern";
import { allowed, at, rendered, resolved } from "../../../support/read";
import { arn } from "../../../support/service";

const BUCKET = "arn:aws:s3:::uploads";
const source = (changes: Partial<S3SourceArgs> = {}) =>
  s3Source({ name: "Zip", bucket: "uploads", bucketArn: BUCKET, objectKey: "shop/app.zip", ...changes });

/** As S3 sends it: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
const event = (detail: object = {}, rest: object = {}) => ({
  version: "0",
  id: "17793124-05d4-b198-2fde-7ededc63b103",
  "detail-type": "Object Created",
  source: "aws.s3",
  account: "111122223333",
  time: "2026-06-12T00:00:00Z",
  region: "eu-west-1",
  resources: [BUCKET],
  detail: {
    version: "0",
    bucket: { name: "uploads" },
    object: {
      key: "shop/app.zip",
      size: 5,
      etag: "b1946ac92492d2347c6235b4d2611184",
      "version-id": "IYV3p45BT0ac8hjHg1houSdS1a.Mro8e",
      sequencer: "617f08299329d189",
    },
    "request-id": "N4N7GDK58NMKJ12R",
    requester: "111122223333",
    "source-ip-address": "192.0.2.4",
    reason: "PutObject",
    ...detail,
  },
  ...rest,
});

describe("s3Source", () => {
  let pattern: unknown;
  before(async () => {
    const { trigger } = source();
    pattern = trigger.kind === "event" ? await resolved(() => trigger.pattern) : undefined;
  });

  it("starts on a new version, however it was written", () => {
    for (const reason of ["PutObject", "CopyObject", "CompleteMultipartUpload"]) {
      assert.equal(matches(pattern, event({ reason })), true, reason);
    }
  });

  const others: [what: string, event: object][] = [
    ["another object", event({ object: { key: "app.zip" } })],
    ["an object whose key goes on", event({ object: { key: "shop/app.zip.sig" } })],
    ["another bucket", event({ bucket: { name: "uploads2" } })],
    ["a deletion", event({}, { "detail-type": "Object Deleted" })],
    ["a new tag on the object", event({}, { "detail-type": "Object Tags Added" })],
    ["another source", event({}, { source: "custom" })],
  ];
  for (const [what, other] of others) {
    it(`does not start on ${what}`, () => assert.equal(matches(pattern, other), false));
  }

  it("fetches this object and does not poll", () => {
    const { category, provider, owner, configuration } = source().declaration;
    assert.deepEqual([category, provider, owner], ["Source", "S3", "AWS"]);
    assert.deepEqual(configuration, {
      S3Bucket: "uploads",
      S3ObjectKey: "shop/app.zip",
      PollForSourceChanges: "false",
    });
  });

  const fetch = [
    ...["GetBucketAcl", "GetBucketLocation", "GetBucketVersioning"].map((verb) => `s3:${verb} ${BUCKET}`),
    ...["GetObject", "GetObjectTagging", "GetObjectVersion", "GetObjectVersionTagging"].map(
      (verb) => `s3:${verb} ${BUCKET}/shop/app.zip`,
    ),
  ].sort();

  it("may fetch this object and do nothing else", async () => {
    assert.deepEqual(allowed(await rendered(() => source().permissions)), fetch);
  });

  it("may decrypt with the bucket's key, and not encrypt", async () => {
    const kmsKeyArn = arn("kms", "key/0a1b");
    const lines = allowed(await rendered(() => source({ kmsKeyArn }).permissions));
    assert.deepEqual(lines, [`kms:Decrypt ${kmsKeyArn}`, ...fetch].sort());
  });

  it("gives later actions its files, and the version under its namespace", () => {
    const { declaration, output, commitId } = source();
    assert.deepEqual(declaration.outputArtifacts, [output.name]);
    assert.equal(commitId, `#{${String(at(declaration, "namespace"))}.VersionId}`);
  });
});
