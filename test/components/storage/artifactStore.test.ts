import assert from "node:assert/strict";
import { stage } from "../../../components/pipeline/action";
import { manualApproval } from "../../../components/pipeline/approval/manual";
import { DeliveryPipeline } from "../../../components/pipeline/deliveryPipeline";
import { codeCommitSource } from "../../../components/pipeline/source/codeCommit";
import { ACTION_LOOKS, ArtifactStore, artifactPermissions } from "../../../components/storage/artifactStore";
import { type Graph, recordGraph } from "../../support/graph";
import { allowed, at, json, list, rendered, withoutKey } from "../../support/read";
import { arn, STORE } from "../../support/service";

const KEY = arn("kms", "key/0a1b");
const SETTINGS = [
  "bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "bucketOwnershipControls:BucketOwnershipControls",
  "bucketPolicy:BucketPolicy",
  "bucketPublicAccessBlock:BucketPublicAccessBlock",
  "bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "bucketVersioning:BucketVersioning",
].map((type) => `aws:s3/${type}`);

describe("ArtifactStore", () => {
  let graph: Graph;
  before(async () => {
    const source = codeCommitSource({
      name: "Source",
      branch: "main",
      repositoryName: "shop",
      repositoryArn: arn("codecommit", "shop"),
    });
    graph = await recordGraph(() => {
      const artifactStore = new ArtifactStore("artifacts", { kmsKeyArn: KEY });
      new DeliveryPipeline("dev", {
        artifactStore,
        stages: [stage("Source", [source]), stage("Ask", [manualApproval()])],
      });
    });
  });

  it("is a bucket and six settings of it", () => {
    const own = Object.entries(graph.counts()).filter(([type]) => type.startsWith("aws:s3/"));
    assert.deepEqual(
      Object.fromEntries(own),
      Object.fromEntries(["aws:s3/bucket:Bucket", ...SETTINGS].map((type) => [type, 1])),
    );
    const bucket = graph.only("aws:s3/bucket:Bucket");
    for (const type of SETTINGS) assert.equal(graph.only(type).inputs.bucket, bucket.id, type);
  });

  it("is closed to everyone outside, by all four locks", () => {
    const { inputs } = graph.only("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock");
    assert.deepEqual(withoutKey(inputs, "bucket"), {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
  });

  it("denies everything that does not come by TLS, and allows nothing", () => {
    const { arn: bucket } = graph.only("aws:s3/bucket:Bucket").outputs;
    assert.deepEqual(json(graph.only("aws:s3/bucketPolicy:BucketPolicy").inputs.policy, "Statement"), [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [bucket, `${String(bucket)}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  });

  it("encrypts with the key given, keeps versions, and empties itself after 90 days", () => {
    const { rules } = graph.only(SETTINGS[4] ?? "").inputs;
    const byDefault = { sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY };
    assert.deepEqual(at(rules, 0, "applyServerSideEncryptionByDefault"), byDefault);
    const versioning = graph.only("aws:s3/bucketVersioning:BucketVersioning").inputs.versioningConfiguration;
    assert.deepEqual(versioning, { status: "Enabled" });
    assert.equal(at(graph.only(SETTINGS[0] ?? "").inputs.rules, 0, "expiration", "days"), 90);
  });

  it("sets one thing after another where S3 wants it so, and belongs to its account whoever writes", () => {
    const after = (first: string | undefined, second: string | undefined) =>
      graph.only(second ?? "").dependencies.includes(graph.only(first ?? "").urn);
    const [lifecycle, ownership, policy, locks, , versioning] = SETTINGS;
    assert.ok(after(locks, policy));
    assert.ok(after(versioning, lifecycle));
    assert.deepEqual(graph.only(ownership ?? "").inputs.rule, { objectOwnership: "BucketOwnerEnforced" });
  });

  it("is handed to the pipeline only when versions and encryption are on", () => {
    const pipeline = graph.only("aws:codepipeline/pipeline:Pipeline");
    for (const type of [SETTINGS[4], SETTINGS[5]]) {
      assert.ok(pipeline.dependencies.includes(graph.only(type ?? "").urn), type);
    }
  });

  it("keeps what is in it from being destroyed unless that is asked for", async () => {
    assert.equal(graph.only("aws:s3/bucket:Bucket").inputs.forceDestroy, false);
    const other = await recordGraph(
      () => new ArtifactStore("a", { kmsKeyArn: KEY, forceDestroy: true, expireAfterDays: 7 }),
    );
    assert.equal(other.only("aws:s3/bucket:Bucket").inputs.forceDestroy, true);
    assert.equal(at(other.only(SETTINGS[0] ?? "").inputs.rules, 0, "expiration", "days"), 7);
  });
});

const ALL = { reads: ["*"], writes: ["*"], looks: ACTION_LOOKS };

describe("the permissions on artifacts", () => {
  it("are on this bucket and this key only", async () => {
    const statements = await rendered(() => artifactPermissions(STORE, ALL));
    const resources = new Set(statements.flatMap(({ Resource }) => Resource));
    assert.deepEqual([...resources].sort(), [STORE.arn, `${STORE.arn}/*`, STORE.kmsKeyArn].sort());
  });

  it("change nothing for who only reads", async () => {
    const lines = allowed(await rendered(() => artifactPermissions(STORE, { ...ALL, writes: [] })));
    assert.doesNotMatch(lines.join("\n"), /Put|:Encrypt|ReEncrypt|GenerateDataKey|Delete/);
    assert.ok(lines.includes(`kms:Decrypt ${STORE.kmsKeyArn}`));
  });

  it("name no key where the bucket encrypts its own way", async () => {
    const lines = allowed(await rendered(() => artifactPermissions({ bucket: "b", arn: "arn:aws:s3:::b" }, ALL)));
    assert.doesNotMatch(lines.join("\n"), /kms/);
  });
});

describe("ArtifactStore in another region, for another account", () => {
  let far: Graph;
  before(async () => {
    const readers = [{ accountId: "444455556666", roleName: "production-deploy" }];
    const given = { kmsKeyArn: KEY, region: "eu-central-1", readers, readKeys: ["staging-delivery/api_releas/*"] };
    far = await recordGraph(() => new ArtifactStore("far", given));
  });

  it("has every one of its parts there", () => {
    for (const { type, inputs } of far.resources.filter(({ custom }) => custom)) {
      assert.equal(inputs.region, "eu-central-1", type);
    }
  });

  it("is read by the role that deploys there, over TLS, and written by nobody there", () => {
    const statements = list(json(far.only("aws:s3/bucketPolicy:BucketPolicy").inputs.policy, "Statement"));
    assert.equal(at(statements[0], "Effect"), "Deny");
    const admitted = statements.slice(1).map((one) => [at(one, "Condition", "ArnLike"), at(one, "Action")]);
    const role = { "aws:PrincipalArn": "arn:aws:iam::444455556666:role/production-deploy" };
    assert.deepEqual(admitted, [
      [role, ["s3:GetObject", "s3:GetObjectVersion"]],
      [role, ["s3:GetBucketVersioning", "s3:GetBucketAcl", "s3:GetBucketLocation"]],
    ]);
    const objects = at(statements[1], "Resource");
    assert.match(JSON.stringify(objects), /^\["arn:aws:s3:::far-[0-9a-f]{7}\/staging-delivery\/api_releas\/\*"\]$/);
  });
});
