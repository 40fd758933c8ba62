import assert from "node:assert/strict";
import { inOrder, type PipelineAction, stage } from "../../../components/pipeline/action";
import { manualApproval } from "../../../components/pipeline/approval/manual";
import { codeBuildAction } from "../../../components/pipeline/build/codeBuild";
import { DeliveryPipeline, type DeliveryPipelineArgs } from "../../../components/pipeline/deliveryPipeline";
import { ecsDeployAction } from "../../../components/pipeline/deploy/ecs";
import { codeCommitSource } from "../../../components/pipeline/source/codeCommit";
import { codeStarSourceConnection } from "../../../components/pipeline/source/codeStarSourceConnection";
import { type Graph, recordGraph } from "../../support/graph";
import { allowed, at, json, list, rendered } from "../../support/read";
import { arn, PROJECT, STORE } from "../../support/service";

const PIPELINE = "aws:codepipeline/pipeline:Pipeline";
const ROLE = "aws:iam/role:Role";

const source = codeCommitSource({
  name: "Source",
  branch: "main",
  repositoryName: "shop",
  repositoryArn: arn("codecommit", "shop"),
});
const build = (name: string) => codeBuildAction({ name, project: PROJECT, input: source.output });
const deploy = ecsDeployAction({
  name: "deploy",
  input: build("image").output,
  clusterName: "shop",
  serviceName: "api",
  serviceArn: arn("ecs", "service/shop/api"),
  taskDefinitionArnPattern: arn("ecs", "task-definition/api:*"),
  passRoleArns: ["arn:aws:iam::111122223333:role/task"],
});

const ACTIONS: PipelineAction[] = [source, build("image"), build("test"), deploy];
const STAGES = [
  stage("Source", [source]),
  stage("Approval", []),
  stage("Build", inOrder([build("image"), build("test")])),
  stage("Deploy", [deploy], { onFailure: "ROLLBACK" }),
];

const pipeline = (changes: Partial<DeliveryPipelineArgs> = {}) =>
  recordGraph(() => {
    const { consoleUrl } = new DeliveryPipeline("dev", { stages: STAGES, artifactStore: STORE, ...changes });
    return { consoleUrl };
  });

const stageNames = (graph: Graph) => list(graph.only(PIPELINE).inputs.stages).map((one) => at(one, "name"));

describe("DeliveryPipeline", () => {
  let graph: Graph;
  before(async () => {
    graph = await pipeline();
  });

  it("is a pipeline, what starts it, and a role for each, all its children", () => {
    assert.deepEqual(graph.counts(), {
      [PIPELINE]: 1,
      "aws:cloudwatch/eventRule:EventRule": 1,
      "aws:cloudwatch/eventTarget:EventTarget": 1,
      [ROLE]: 2,
      "aws:iam/rolePolicy:RolePolicy": 2,
    });
    const own = graph.only("ecs-delivery:index:DeliveryPipeline").urn;
    for (const { urn, parent } of graph.resources) assert.ok(urn === own || parent === own, urn);
  });

  it("may do what its actions and its artifacts take, and nothing else", async () => {
    const actions = allowed(await rendered(() => ACTIONS.flatMap(({ permissions }) => permissions)));
    const key = ["DescribeKey", "Decrypt", "Encrypt", "ReEncrypt*", "GenerateDataKey*"];
    const artifacts = [
      ...["GetBucketVersioning", "GetBucketAcl", "GetBucketLocation"].map((name) => `s3:${name} ${STORE.arn}`),
      ...["GetObject", "GetObjectVersion", "PutObject"].map((name) => `s3:${name} ${STORE.arn}/dev/*`),
      ...key.map((name) => `kms:${name} ${STORE.kmsKeyArn}`),
    ];
    const both = [...new Set([...actions, ...artifacts])].sort();
    assert.deepEqual(allowed(graph.statements("dev-pipeline")), both);
  });

  it("writes statements that two actions share once: two builds by one project", () => {
    const starts = graph.statements("dev-pipeline").filter(({ Action }) => Action.includes("codebuild:StartBuild"));
    assert.equal(starts.length, 1);
  });

  it("runs in that role, once the role has its policy", () => {
    const { inputs, dependencies } = graph.only(PIPELINE);
    const role = graph.named(ROLE, "dev-pipeline");
    assert.equal(inputs.roleArn, role.outputs.arn);
    assert.ok(dependencies.includes(graph.named("aws:iam/rolePolicy:RolePolicy", "dev-pipeline").urn));
    const trust = json(role.inputs.assumeRolePolicy, "Statement", 0);
    assert.deepEqual(at(trust, "Principal"), { Service: "codepipeline.amazonaws.com" });
    assert.deepEqual(at(trust, "Condition"), {
      StringEquals: { "aws:SourceAccount": "111122223333" },
      ArnLike: { "aws:SourceArn": graph.only(PIPELINE).outputs.arn },
    });
  });

  it("leaves out a stage without actions", () => {
    assert.deepEqual(stageNames(graph), ["Source", "Build", "Deploy"]);
  });

  it("rolls back where a stage says so, and there only", () => {
    const results = list(graph.only(PIPELINE).inputs.stages).map((one) => at(one, "onFailure", "result"));
    assert.deepEqual(results, [undefined, undefined, "ROLLBACK"]);
  });

  it("is of type V2, in which a waiting run is overtaken by a newer one", async () => {
    const { inputs } = graph.only(PIPELINE);
    assert.deepEqual([inputs.pipelineType, inputs.executionMode], ["V2", "SUPERSEDED"]);
    const queued = (await pipeline({ executionMode: "QUEUED" })).only(PIPELINE);
    assert.equal(queued.inputs.executionMode, "QUEUED");
  });

  it("has one artifact store, encrypted with its key, and without a region", () => {
    const stores = graph.only(PIPELINE).inputs.artifactStores;
    assert.deepEqual(stores, [
      { location: STORE.bucket, type: "S3", encryptionKey: { id: STORE.kmsKeyArn, type: "KMS" } },
    ]);
  });

  it("needs no key where the bucket encrypts its own way", async () => {
    const other = await pipeline({ artifactStore: { bucket: "artifacts", arn: STORE.arn } });
    assert.deepEqual(other.only(PIPELINE).inputs.artifactStores, [{ location: "artifacts", type: "S3" }]);
    assert.doesNotMatch(allowed(other.statements("dev-pipeline")).join(), /kms:/);
  });

  it("says where a person watches it", () => {
    assert.equal(
      graph.recorded.stackOutputs.consoleUrl,
      "https://eu-west-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/dev/view?region=eu-west-1",
    );
  });
});

describe("DeliveryPipeline with what is there already", () => {
  const role = (name: string) => ({ arn: `arn:aws:iam::111122223333:role/${name}`, name });

  it("creates no role where both are given, and hands nothing to them", async () => {
    const graph = await pipeline({ role: role("pipeline"), triggerRole: role("starter") });
    assert.deepEqual(
      Object.keys(graph.counts()).filter((type) => type.startsWith("aws:iam")),
      [],
    );
    assert.equal(graph.only(PIPELINE).inputs.roleArn, role("pipeline").arn);
    assert.equal(graph.only("aws:cloudwatch/eventTarget:EventTarget").inputs.roleArn, role("starter").arn);
  });

  it("creates no rule for a source that CodePipeline itself watches", async () => {
    const connection = codeStarSourceConnection({
      name: "Source",
      connectionArn: arn("codeconnections", "connection/0a1b"),
      fullRepositoryId: "acme/shop",
      branch: "main",
    });
    const graph = await pipeline({ stages: [stage("Source", [connection]), stage("Ask", [manualApproval()])] });
    assert.deepEqual(graph.counts(), { [PIPELINE]: 1, [ROLE]: 1, "aws:iam/rolePolicy:RolePolicy": 1 });
    assert.equal(list(graph.only(PIPELINE).inputs.triggers).length, 1);
  });

  it("has one rule for each repository", async () => {
    const second = codeCommitSource({
      name: "Web",
      branch: "main",
      repositoryName: "web",
      repositoryArn: arn("codecommit", "web"),
    });
    const graph = await pipeline({ stages: [stage("Source", [source, second]), stage("Ask", [manualApproval()])] });
    assert.deepEqual(
      graph.all("aws:cloudwatch/eventRule:EventRule").map(({ name }) => name),
      ["dev-on-Source", "dev-on-Web"],
    );
  });
});
