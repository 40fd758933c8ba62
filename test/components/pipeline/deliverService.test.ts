import assert from "node:assert/strict";
import { codeDeployBlueGreen } from "../../../components/deployment/codeDeployBlueGreen";
import { ImageRepository } from "../../../components/images/imageRepository";
import { inOrder, stage } from "../../../components/pipeline/action";
import { manualApproval } from "../../../components/pipeline/approval/manual";
import { codeBuildAction } from "../../../components/pipeline/build/codeBuild";
import { type DeliverServiceArgs, deliverService } from "../../../components/pipeline/deliverService";
import { codeCommitSource } from "../../../components/pipeline/source/codeCommit";
import type { EcsServiceArgs } from "../../../components/service/args";
import { EcsService } from "../../../components/service/ecsService";
import { ArtifactStore } from "../../../components/storage/artifactStore";
import { EncryptionKey } from "../../../components/storage/encryptionKey";
import { findingsOf } from "../../../preview/rules";
import { recordGraph } from "../../support/graph";
import { arn, CLUSTER, TARGETS, TEST_NETWORK } from "../../support/service";
import { PIPELINE, PROJECT_TYPE, shape } from "../../support/shape";

const source = codeCommitSource({
  name: "Source",
  repositoryName: "shop",
  repositoryArn: arn("codecommit", "shop"),
  branch: "main",
});

const delivered = (args: Partial<DeliverServiceArgs> = {}, changes: Partial<EcsServiceArgs> = {}) =>
  recordGraph(() => {
    const kmsKeyArn = new EncryptionKey("shop", { description: "Delivery" }).arn;
    const service = new EcsService("web", {
      cluster: CLUSTER,
      network: TEST_NETWORK,
      container: { name: "web", port: 8080 },
      repository: new ImageRepository("web", { repositoryName: "shop/web" }),
      targets: TARGETS,
      kmsKeyArn,
      ...changes,
    });
    const artifactStore = new ArtifactStore("shop-artifacts", { kmsKeyArn });
    deliverService("web", { service, source, artifactStore, kmsKeyArn, ...args });
  });

describe("the usual delivery of a service", () => {
  it("is source, build and a deployment that is confirmed, each build in a project of its own", async () => {
    const graph = await delivered();
    assert.deepEqual(shape(graph.only(PIPELINE)), [
      "Source: Source",
      "Build: web-image",
      "Deploy: web-deploy | web-confirm",
    ]);
    assert.deepEqual(
      graph.all(PROJECT_TYPE).map(({ inputs }) => inputs.name),
      ["web-confirm", "web-image"],
    );
  });

  it("tests units before the image is built, and runs what comes before a deployment", async () => {
    const graph = await delivered(
      { unitTests: { commands: ["npm test"] }, folder: "web" },
      { beforeDeployment: { command: ["migrate"] } },
    );
    assert.deepEqual(shape(graph.only(PIPELINE)), [
      "Source: Source",
      "Build: web-unit-tests | web-image",
      "BeforeDeployment: web-before-deployment",
      "Deploy: web-deploy | web-confirm",
    ]);
  });

  for (const deployment of [undefined, codeDeployBlueGreen()]) {
    it(`may do what it does, and nothing else: ${deployment?.kind ?? "rolling"}`, async () => {
      const graph = await delivered({ unitTests: { commands: ["npm test"] } }, { deployment });
      const permissions = ["role-cannot", "not-needed", "role-too-wide", "policy-refuses", "policy-too-wide"];
      assert.deepEqual(
        findingsOf(graph.recorded).filter(({ rule, level }) => level === "error" || permissions.includes(rule)),
        [],
      );
    });
  }

  it("can be arranged otherwise, with other steps between and a build of one's own", async () => {
    const imageBuild = codeBuildAction({
      name: "Image",
      project: { name: "image", arn: arn("codebuild", "project/image") },
      input: source.output,
    });
    const graph = await delivered({
      imageBuild,
      stages: (steps) => [
        stage("Source", steps.source),
        stage("Build", steps.imageBuild),
        stage("Ship", inOrder([manualApproval()], steps.deploy)),
      ],
    });
    assert.deepEqual(shape(graph.only(PIPELINE)), ["Source: Source", "Build: Image", "Ship: Approve | web-deploy"]);
    assert.deepEqual(
      graph.all(PROJECT_TYPE).map(({ inputs }) => inputs.name),
      ["web-confirm"],
    );
  });

  it("says which service has no repository", () =>
    assert.rejects(
      delivered({}, { repository: undefined }),
      /deliverService "web": service\.repository: expected a repository in ECR.*give EcsService one/,
    ));
});
