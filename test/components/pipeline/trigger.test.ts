import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { type SourceAction, stage } from "../../../components/pipeline/action";
import { manualApproval } from "../../../components/pipeline/approval/manual";
import { codeCommitSource } from "../../../components/pipeline/source/codeCommit";
import { codeStarSourceConnection } from "../../../components/pipeline/source/codeStarSourceConnection";
import { ecrSource } from "../../../components/pipeline/source/ecr";
import { s3Source } from "../../../components/pipeline/source/s3";
import { defineEventTrigger, gitTriggers, sourceActions } from "../../../components/pipeline/trigger";
import { transformed } from "../../support/eventPattern";
import { recordGraph } from "../../support/graph";
import { present } from "../../support/present";
import { at, json } from "../../support/read";
import { arn } from "../../support/service";

const PIPELINE = arn("codepipeline", "dev-delivery");
const commit = (name: string) =>
  codeCommitSource({ name, repositoryName: name, branch: "main", repositoryArn: arn("codecommit", name) });
const connection = codeStarSourceConnection({
  name: "App",
  connectionArn: arn("codeconnections", "connection/0a1b"),
  fullRepositoryId: "acme/shop",
  branch: "main",
});

class Owner extends pulumi.ComponentResource {
  constructor() {
    super("test:index:Owner", "dev");
  }
}

const graphOf = (source: SourceAction, role?: { arn: string; name: string }) =>
  recordGraph(() => {
    const parent = new Owner();
    defineEventTrigger("dev", source, { pipelineArn: PIPELINE, parent, ...(role && { role }) });
  });

describe("the rule that starts a pipeline", () => {
  it("starts this pipeline, in a role that may start this pipeline and nothing else", async () => {
    const graph = await graphOf(commit("Shop"));
    assert.deepEqual(graph.counts(), {
      "aws:cloudwatch/eventRule:EventRule": 1,
      "aws:cloudwatch/eventTarget:EventTarget": 1,
      "aws:iam/role:Role": 1,
      "aws:iam/rolePolicy:RolePolicy": 1,
    });
    const role = graph.only("aws:iam/role:Role");
    const target = graph.only("aws:cloudwatch/eventTarget:EventTarget");
    assert.equal(target.inputs.arn, PIPELINE);
    assert.equal(target.inputs.rule, graph.only("aws:cloudwatch/eventRule:EventRule").outputs.name);
    assert.equal(target.inputs.roleArn, role.outputs.arn);
    assert.deepEqual(graph.statements(role.name), [
      { Effect: "Allow", Action: ["codepipeline:StartPipelineExecution"], Resource: [PIPELINE] },
    ]);
    const [trust] = [json(role.inputs.assumeRolePolicy, "Statement", 0)];
    assert.deepEqual(at(trust, "Principal"), { Service: "events.amazonaws.com" });
    assert.deepEqual(at(trust, "Condition"), {
      StringEquals: { "aws:SourceAccount": "111122223333" },
      ArnLike: { "aws:SourceArn": graph.only("aws:cloudwatch/eventRule:EventRule").outputs.arn },
    });
  });

  it("is of no use before its role may start anything", async () => {
    const graph = await graphOf(commit("Shop"));
    const policy = graph.only("aws:iam/rolePolicy:RolePolicy").urn;
    assert.ok(graph.only("aws:cloudwatch/eventTarget:EventTarget").dependencies.includes(policy));
  });

  it("takes a role that is given, and creates none", async () => {
    const role = { arn: "arn:aws:iam::111122223333:role/starter", name: "starter" };
    const graph = await graphOf(commit("Shop"), role);
    assert.equal(graph.only("aws:cloudwatch/eventTarget:EventTarget").inputs.roleArn, role.arn);
    assert.equal(graph.resources.filter(({ type }) => type.startsWith("aws:iam")).length, 0);
  });

  it("tells the run nothing of a source whose newest commit is wanted", async () => {
    const target = (await graphOf(commit("Shop"))).only("aws:cloudwatch/eventTarget:EventTarget");
    assert.equal("inputTransformer" in target.inputs, false);
  });

  it("hands the digest and the version in the event to the action that they are of", async () => {
    const image = ecrSource({
      name: "Image",
      repositoryName: "api",
      imageTag: "release-*",
      repositoryArn: arn("ecr", "repository/api"),
    });
    const zip = s3Source({ name: "Zip", bucket: "b", bucketArn: "arn:aws:s3:::b", objectKey: "app.zip" });
    const cases = [
      [image, { detail: { "image-digest": "sha256:0a1b" } }, ["Image", "IMAGE_DIGEST", "sha256:0a1b"]],
      [zip, { detail: { object: { "version-id": ".FLQ" } } }, ["Zip", "S3_OBJECT_VERSION_ID", ".FLQ"]],
    ] as const;
    for (const [source, event, [actionName, revisionType, revisionValue]] of cases) {
      const { inputs } = (await graphOf(source)).only("aws:cloudwatch/eventTarget:EventTarget");
      const sent = transformed(inputs.inputTransformer, event);
      assert.deepEqual(sent, { sourceRevisions: [{ actionName, revisionType, revisionValue }] });
    }
  });

  it("is not made for a source that CodePipeline itself watches", async () => {
    assert.deepEqual((await graphOf(connection)).counts(), {});
  });
});

describe("CodePipeline's own triggers", () => {
  it("are for sources on a connection, each by the name of its action", () => {
    const stages = [stage("Source", [commit("Shop"), connection]), stage("Build", [manualApproval()])];
    assert.deepEqual(
      sourceActions(stages).map(({ declaration }) => declaration.name),
      ["Shop", "App"],
    );
    assert.deepEqual(present(gitTriggers(stages)), [
      {
        providerType: "CodeStarSourceConnection",
        gitConfiguration: { sourceActionName: "App", pushes: [{ branches: { includes: ["main"] } }] },
      },
    ]);
  });
});
