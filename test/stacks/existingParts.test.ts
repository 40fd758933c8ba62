import assert from "node:assert/strict";
import type { Graph } from "../support/graph";
import { at, json, list } from "../support/read";
import { PIPELINE, shape } from "../support/shape";
import { exampleGraph } from "../support/stack";

type Values = Readonly<Record<string, unknown>>;

const ALONE = {
  "aws:codepipeline/pipeline:Pipeline": 1,
  "aws:cloudwatch/eventRule:EventRule": 1,
  "aws:cloudwatch/eventTarget:EventTarget": 1,
};
const API = {
  name: "api",
  container: { name: "api", port: 8080 },
  repository: { existing: "shop/api" },
  service: { existing: "shop-api" },
};
const PROJECTS = { unitTests: { existing: "shop-unit-tests" }, imageBuild: { existing: "shop-image-build" } };

/** A stack of the example, with nothing given that would verify deliveries. */
const graphOf = (stack: string, changes: Values = {}): Promise<Graph> =>
  exampleGraph("bring-your-own", stack, { confirmProject: undefined, ...changes });
const key = "aws:kms/key:Key";

describe("a stack of which everything is there already", () => {
  for (const stack of ["dev", "qa", "prod"]) {
    it(`makes a pipeline, what starts it, and a lifecycle policy if one is given: ${stack}`, async () => {
      const policy = stack === "dev" ? { "aws:ecr/lifecyclePolicy:LifecyclePolicy": 1 } : {};
      const graph = await graphOf(stack, { kmsKey: undefined });
      assert.deepEqual(graph.counts(), { ...ALONE, ...policy });
      assert.doesNotMatch(shape(graph.only(PIPELINE)).join(), /confirm|resolve/);
    });
  }

  it("verifies where it is told to, by projects of its own", async () => {
    const graph = await graphOf("qa", { verify: true });
    assert.match(shape(graph.only(PIPELINE)).join(), /api-image \| api-resolve.*api-deploy \| api-confirm/);
    assert.equal(graph.count("aws:codebuild/project:Project"), 2);
  });

  it("verifies where it makes a project anyway", async () => {
    const changes: readonly Values[] = [
      { services: [{ ...API, buildspec: "ci/image.yml" }] },
      { services: [{ ...API, projects: PROJECTS }], gates: { maximumScanSeverity: "HIGH" } },
      { environment: "staging" },
      { services: [{ ...API, projects: PROJECTS, tagParameter: "/shop/tag" }] },
      {
        services: [{ ...API, url: "https://qa.example.com", projects: PROJECTS }],
        tests: [{ name: "smoke", commands: ["npm test"] }],
      },
    ];
    for (const change of changes) {
      const steps = shape((await graphOf("qa", change)).only(PIPELINE)).join();
      assert.match(steps, /api-resolve/, JSON.stringify(change));
      assert.match(steps, /api-confirm/, JSON.stringify(change));
    }
  });

  it("leaves both out where others are made and it is told so", async () => {
    const graph = await graphOf("qa", { verify: false, services: [{ ...API, buildspec: "ci/image.yml" }] });
    assert.doesNotMatch(shape(graph.only(PIPELINE)).join(), /confirm|resolve/);
    assert.equal(graph.count("aws:codebuild/project:Project"), 1);
  });

  it("tells a test that exists no image that the build need not name", async () => {
    const graph = await graphOf("qa", {
      services: [{ ...API, url: "https://qa.example.com", projects: PROJECTS }],
      tests: [{ name: "smoke", project: { existing: "shop-smoke" } }],
    });
    assert.deepEqual(graph.counts(), ALONE);
    assert.doesNotMatch(JSON.stringify(graph.only(PIPELINE).inputs.stages), /IMAGE_URI/);
  });
});

describe("builds in a role that exists", () => {
  const own = { buildRole: { existing: "shop-build" }, services: [{ ...API, buildspec: "ci/image.yml" }] };

  it("make no key where nothing else does", async () => {
    const graph = await graphOf("qa", { ...own, kmsKey: undefined });
    assert.equal(graph.count(key), 0);
    for (const group of graph.all("aws:cloudwatch/logGroup:LogGroup")) assert.equal(group.inputs.kmsKeyId, undefined);
    for (const project of graph.all("aws:codebuild/project:Project"))
      assert.equal(project.inputs.encryptionKey, undefined);
  });

  it("use the key that is given", async () => {
    const graph = await graphOf("qa", own);
    assert.equal(graph.count(key), 0);
    for (const group of graph.all("aws:cloudwatch/logGroup:LogGroup"))
      assert.match(String(group.inputs.kmsKeyId), /:key\/0f4c9a1e-/);
  });

  it("are admitted to the bucket and the key of this stack, with the pipeline's role, which knows neither", async () => {
    const graph = await graphOf("qa", { ...own, kmsKey: undefined, artifactBucket: undefined });
    const roles = ["shop-pipeline", "shop-build"].map((name) => `arn:aws:iam::111122223333:role/${name}`);
    const admitted = (policy: unknown, action: string) =>
      list(json(policy, "Statement"))
        .filter((one) => list(at(one, "Action")).includes(action))
        .map((one) => at(one, "Principal", "AWS"));
    assert.deepEqual(admitted(graph.only(key).inputs.policy, "kms:GenerateDataKey*").filter(Boolean), roles);
    const bucket = graph.only("aws:s3/bucketPolicy:BucketPolicy").inputs.policy;
    for (const action of ["s3:PutObject", "s3:GetObjectVersion", "s3:GetBucketLocation"]) {
      assert.deepEqual(admitted(bucket, action), roles, action);
    }
  });
});
