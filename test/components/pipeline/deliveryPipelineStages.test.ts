import assert from "node:assert/strict";
import { inTarget, stage } from "../../../components/pipeline/action";
import { codeBuildAction } from "../../../components/pipeline/build/codeBuild";
import { alarmQuiet, deploymentWindow } from "../../../components/pipeline/condition";
import { DeliveryPipeline, type DeliveryPipelineArgs } from "../../../components/pipeline/deliveryPipeline";
import { ecsDeployAction } from "../../../components/pipeline/deploy/ecs";
import { codeCommitSource } from "../../../components/pipeline/source/codeCommit";
import { type Graph, recordGraph, refusal } from "../../support/graph";
import { present } from "../../support/present";
import { allowed, at, list } from "../../support/read";
import { arn, PROJECT, STORE } from "../../support/service";

const PIPELINE = "aws:codepipeline/pipeline:Pipeline";
const ROLE = "aws:iam/role:Role";

const source = codeCommitSource({
  name: "Source",
  branch: "main",
  repositoryName: "shop",
  repositoryArn: arn("codecommit", "shop"),
});
const build = codeBuildAction({ name: "image", project: PROJECT, input: source.output });
const deploy = ecsDeployAction({
  name: "deploy",
  input: build.output,
  clusterName: "shop",
  serviceName: "api",
  passRoleArns: [],
  serviceArn: arn("ecs", "service/shop/api"),
  taskDefinitionArnPattern: arn("ecs", "task-definition/api:*"),
});

const pipeline = (changes: Pick<DeliveryPipelineArgs, "stages"> & Partial<DeliveryPipelineArgs>) =>
  recordGraph(() => new DeliveryPipeline("dev", { artifactStore: STORE, ...changes }));

describe("DeliveryPipeline with conditions", () => {
  const window = deploymentWindow({ cron: "* * 9-16 ? * MON-FRI", timeZone: "Europe/Paris" });
  const alarm = alarmQuiet({ alarmName: "checkout" });
  const gated = (beforeEntry = [window, alarm]) => [
    stage("Source", [source]),
    stage("Build", [build], { onFailure: "RETRY", beforeEntry: [] }),
    stage("Deploy", [deploy], { onFailure: "ROLLBACK", beforeEntry }),
  ];
  const stageOf = (graph: Graph, index: number) => list(graph.only(PIPELINE).inputs.stages)[index];

  it("enters a stage when its rules hold, and others at once", async () => {
    const graph = await pipeline({ stages: gated() });
    assert.deepEqual(at(stageOf(graph, 2), "beforeEntry"), {
      condition: { result: "FAIL", rules: present([window.declaration, alarm.declaration]) },
    });
    for (const index of [0, 1]) assert.equal(at(stageOf(graph, index), "beforeEntry"), undefined);
  });

  it("tries again what failed, where a stage says so", async () => {
    const graph = await pipeline({ stages: gated() });
    assert.deepEqual(at(stageOf(graph, 1), "onFailure"), {
      result: "RETRY",
      retryConfiguration: { retryMode: "FAILED_ACTIONS" },
    });
    assert.deepEqual(at(stageOf(graph, 2), "onFailure"), { result: "ROLLBACK" });
  });

  it("may look at alarms where there are some, and hands nothing to a role that is given", async () => {
    const looks = (graph: Graph) =>
      allowed(graph.statements("dev-pipeline")).filter((one) => one.startsWith("cloudwatch"));
    assert.deepEqual(looks(await pipeline({ stages: gated() })), ["cloudwatch:DescribeAlarms *"]);
    assert.deepEqual(looks(await pipeline({ stages: gated([window]) })), []);
    const given = { arn: "arn:aws:iam::111122223333:role/own", name: "own" };
    const graph = await pipeline({ stages: gated(), role: given, triggerRole: given });
    assert.equal(graph.all("aws:iam/rolePolicy:RolePolicy").length, 0);
  });

  it("refuses a way back where runs are parallel", async () => {
    const program = () =>
      new DeliveryPipeline("dev", { stages: gated(), artifactStore: STORE, executionMode: "PARALLEL" });
    assert.match(
      await refusal(program),
      /DeliveryPipeline "dev" has 1 problem\(s\):\n {2}stage Deploy, ROLLBACK: no stage rolls back where runs are PARALLEL; use QUEUED or SUPERSEDED/,
    );
  });
});

describe("DeliveryPipeline to another account and region", () => {
  const roleArn = "arn:aws:iam::444455556666:role/deploy";
  const there = { bucket: "there", arn: "arn:aws:s3:::there", kmsKeyArn: "arn:aws:kms:us-east-1:111122223333:key/1" };
  const here = [stage("Source", [source]), stage("Build", [build])];
  const stages = [...here, stage("Deploy", [inTarget(deploy, { roleArn, region: "us-east-1" })])];
  const encryptionKey = (id: string) => ({ id, type: "KMS" });

  it("has a store in each region, each with its region", async () => {
    const graph = await pipeline({ stages, regionalStores: { "us-east-1": there } });
    assert.deepEqual(graph.only(PIPELINE).inputs.artifactStores, [
      { location: "artifacts", type: "S3", encryptionKey: encryptionKey(STORE.kmsKeyArn), region: "eu-west-1" },
      { location: "there", type: "S3", encryptionKey: encryptionKey(there.kmsKeyArn), region: "us-east-1" },
    ]);
    const deployed = at(list(graph.only(PIPELINE).inputs.stages)[2], "actions", 0);
    assert.deepEqual([at(deployed, "roleArn"), at(deployed, "region")], [roleArn, "us-east-1"]);
  });

  it("may write to every store and take the other role, and does nothing there itself", async () => {
    const own = await pipeline({ stages: here });
    const graph = await pipeline({ stages, regionalStores: { "us-east-1": there } });
    const before = new Set(allowed(own.statements("dev-pipeline")));
    const more = allowed(graph.statements("dev-pipeline")).filter((one) => !before.has(one));
    const stores = [...before].filter((one) => one.includes(STORE.arn) || one.includes(STORE.kmsKeyArn));
    const expected = stores.map((one) => one.replace(STORE.arn, there.arn).replace(STORE.kmsKeyArn, there.kmsKeyArn));
    assert.deepEqual(more, [...expected, `sts:AssumeRole ${roleArn}`].sort());
  });

  it("has one store without a region where all is in one, and a generated name for its role", async () => {
    const graph = await pipeline({ stages: here, regionalStores: {} });
    assert.equal(list(graph.only(PIPELINE).inputs.artifactStores).length, 1);
    assert.equal(at(graph.only(PIPELINE).inputs.artifactStores, 0, "region"), undefined);
    assert.equal("name" in graph.named(ROLE, "dev-pipeline").inputs, false);
  });

  it("has a role that the other account can name before it is there", async () => {
    const graph = await pipeline({ stages, roleName: "dev-pipeline" });
    assert.equal(graph.named(ROLE, "dev-pipeline").inputs.name, "dev-pipeline");
    const program = () => new DeliveryPipeline("dev", { stages, artifactStore: STORE, roleName: "two words" });
    assert.match(
      await refusal(program),
      /\n {2}roleName: expected 1 to 64 letters, digits and \+ = , \. @ - _, got "two words"/,
    );
  });
});
