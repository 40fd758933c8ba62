import assert from "node:assert/strict";
import { ArtifactStore } from "../../../components/storage/artifactStore";
import { SourceBucket, type SourceBucketArgs } from "../../../components/storage/sourceBucket";
import { type Graph, recordGraph } from "../../support/graph";
import { at, json, withoutKey } from "../../support/read";
import { arn } from "../../support/service";

const KEY = arn("kms", "key/0a1b");
const type = (name: string) => `aws:s3/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;
const LIFECYCLE = type("BucketLifecycleConfiguration");
const NOTIFICATION = type("BucketNotification");
/** What is set alike wherever something private is kept. */
const PRIVATE = [
  "BucketOwnershipControls",
  "BucketPublicAccessBlock",
  "BucketServerSideEncryptionConfiguration",
  "BucketVersioning",
].map(type);

const build = (changes: Partial<SourceBucketArgs> = {}) =>
  recordGraph(() => {
    const { bucket } = new SourceBucket("uploads", { kmsKeyArn: KEY, ...changes });
    return { bucket };
  });

describe("SourceBucket", () => {
  let graph: Graph;
  before(async () => {
    graph = await build();
  });

  it("is a bucket and seven settings of it, all its children", () => {
    const settings = [...PRIVATE, LIFECYCLE, NOTIFICATION, type("BucketPolicy")];
    assert.deepEqual(graph.counts(), Object.fromEntries([type("Bucket"), ...settings].map((one) => [one, 1])));
    const bucket = graph.only(type("Bucket"));
    for (const setting of settings) assert.equal(graph.only(setting).inputs.bucket, bucket.id, setting);
    const own = graph.only("ecs-delivery:index:SourceBucket").urn;
    for (const { urn, parent } of graph.resources) assert.ok(urn === own || parent === own, urn);
  });

  it("is as private as the artifact store: owner, locks, key and versions", async () => {
    const store = await recordGraph(() => new ArtifactStore("artifacts", { kmsKeyArn: KEY }));
    for (const setting of PRIVATE) {
      const [here, there] = [graph, store].map((one) => withoutKey(one.only(setting).inputs, "bucket"));
      assert.deepEqual(here, there, setting);
    }
    const { policy } = graph.only(type("BucketPolicy")).inputs;
    assert.deepEqual(json(policy, "Statement", 0, "Effect"), "Deny");
    assert.deepEqual(json(policy, "Statement", 0, "Condition"), { Bool: { "aws:SecureTransport": "false" } });
    assert.equal(json(policy, "Statement", 1), undefined);
  });

  it("tells EventBridge of what is uploaded, and nobody else", () => {
    assert.deepEqual(withoutKey(graph.only(NOTIFICATION).inputs, "bucket"), { eventbridge: true });
  });

  it("keeps the newest version for ever, and those before it for 90 days", async () => {
    const rule = (of: Graph) => at(of.only(LIFECYCLE).inputs, "rules", 0);
    assert.equal(at(rule(graph), "expiration"), undefined);
    assert.deepEqual(at(rule(graph), "noncurrentVersionExpiration"), { noncurrentDays: 90 });
    const other = await build({ expireOldVersionsAfterDays: 7 });
    assert.deepEqual(at(rule(other), "noncurrentVersionExpiration"), { noncurrentDays: 7 });
  });

  it("keeps what is in it from being destroyed unless that is asked for", async () => {
    assert.equal(graph.only(type("Bucket")).inputs.forceDestroy, false);
    assert.equal((await build({ forceDestroy: true })).only(type("Bucket")).inputs.forceDestroy, true);
  });

  it("is named to others once it encrypts, keeps versions and tells", async () => {
    const name = graph.only(type("Bucket")).id;
    assert.equal(graph.recorded.stackOutputs.bucket, name);
    const used = await recordGraph(() => {
      const { bucket } = new SourceBucket("uploads", { kmsKeyArn: KEY });
      new ArtifactStore("user", { kmsKeyArn: bucket });
    });
    const user = used.named(type("BucketServerSideEncryptionConfiguration"), "user");
    for (const setting of [...PRIVATE.slice(2), NOTIFICATION]) {
      assert.ok(user.dependencies.includes(used.named(setting, "uploads").urn), setting);
    }
  });
});
