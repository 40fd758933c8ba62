import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { definePrivateBucket, type Expiry } from "../../../components/storage/privateBucket";
import { type Graph, recordGraph } from "../../support/graph";
import { at, list } from "../../support/read";

class Owner extends pulumi.ComponentResource {
  constructor(expiry: Expiry) {
    super("test:index:Owner", "owner");
    definePrivateBucket("files", { kmsKeyArn: "key", expiry }, this);
  }
}

const ruleOf = (graph: Graph) => {
  const { rules } = graph.only("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration").inputs;
  assert.equal(list(rules).length, 1);
  return at(rules, 0);
};

describe("definePrivateBucket", () => {
  it("deletes uploads that were broken off, and of the rest nothing that it is not told to", async () => {
    const rule = ruleOf(await recordGraph(() => new Owner({ id: "keep" })));
    assert.deepEqual(rule, {
      id: "keep",
      status: "Enabled",
      filter: {},
      abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
    });
  });

  it("deletes objects and old versions when it is told to, each in its time", async () => {
    const expiry = { id: "old", expiration: { days: 30 }, noncurrentVersionExpiration: { noncurrentDays: 2 } };
    const rule = ruleOf(await recordGraph(() => new Owner(expiry)));
    assert.deepEqual(at(rule, "expiration"), { days: 30 });
    assert.deepEqual(at(rule, "noncurrentVersionExpiration"), { noncurrentDays: 2 });
  });

  it("puts everything under its owner", async () => {
    const graph = await recordGraph(() => new Owner({ id: "keep" }));
    const own = graph.only("test:index:Owner").urn;
    assert.equal(graph.resources.filter(({ parent }) => parent === own).length, graph.resources.length - 1);
  });
});
