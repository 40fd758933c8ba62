import assert from "node:assert/strict";
import { inOrder, stage } from "../../components/pipeline/action";
import { generatedWorkflows } from "../../model/workflow/document";
import type { EnvironmentProfile } from "../../stacks/profile";
import { renderWorkflow } from "../../workflow/render";
import { moreThanNotices } from "../support/findings";
import { gitHubProblems } from "../support/gitHubSchema";
import { service } from "../support/stack";
import { readWorkflow } from "../support/workflowRun";
import {
  BEFORE,
  calls,
  DELIVERED_DIGEST,
  DELIVERED_IMAGE,
  givenTo,
  outcomes,
  playProfile,
  profileGraph,
  tests,
  WELL,
  wellAfterTask,
} from "./playedDelivery";

/** Tests stand between the image and its deployment. */
const testedBefore: EnvironmentProfile["stages"] = (p) => [
  stage("Source", p.source()),
  stage("Build", inOrder(p.unitTests(), p.imageBuild(), p.scan())),
  stage("Contract", p.tests()),
  stage("BeforeDeployment", p.beforeDeployment()),
  stage("Deploy", inOrder(p.deploy(), p.confirm()), { onFailure: "ROLLBACK" }),
];

const task = wellAfterTask(0);

const deploying = "api-deploy";

describe("a delivery whose tests stand between the image and its deployment", () => {
  it("deploys by a job that writes the files anew, from the image that was handed on", async () => {
    const played = await playProfile(testedBefore, { tests, deployment: { strategy: "rolling" } });
    assert.deepEqual(played.outcomes, {
      "api-unit-tests": "success",
      deliver: "success",
      "end-to-end-test": "success",
      [deploying]: "success",
    });
    assert.equal(givenTo(played, "api-image-files").IMAGE_URI, DELIVERED_IMAGE);
    assert.equal(givenTo(played, "api-deploy-revision").image, DELIVERED_IMAGE);
    assert.equal(outcomes(played, deploying)["api-confirm"], "success");
    assert.match(calls(played, "put-parameter").join("\n"), new RegExp(DELIVERED_DIGEST));
    assert.equal(calls(played, "docker push").length <= 1, true, "the image is built once");
  }).timeout(60_000);

  it("gives CodeDeploy its template and its appspec", async () => {
    const played = await playProfile(testedBefore, { tests, deployment: { strategy: "codeDeployBlueGreen" } });
    assert.equal(played.outcomes[deploying], "success", played.log);
    assert.match(givenTo(played, deploying)["codedeploy-appspec"] ?? "", /api-deploy\/temp\/api_image\/appspec\.yaml$/);
  }).timeout(60_000);

  it("runs there what has to run before the deployment", async () => {
    const played = await playProfile(
      testedBefore,
      {
        tests,
        deployment: { strategy: "rolling" },
        services: service("dev", { beforeDeployment: { command: ["migrate"] } }),
      },
      { answers: task },
    );
    assert.equal(outcomes(played, "api-before-deployment")["api-before-deployment"], "success", played.log);
    assert.equal(outcomes(played, "api-before-deployment")[deploying], "success", played.log);
  }).timeout(60_000);

  it("deploys nothing where a test fails", async () => {
    const played = await playProfile(
      testedBefore,
      { tests, deployment: { strategy: "rolling" } },
      { answers: [{ when: "^npm run end-to-end", status: 1 }, ...WELL] },
    );
    assert.equal(played.outcomes[deploying], "skipped");
  }).timeout(60_000);

  it("brings back what went before where a test of what runs fails", async () => {
    const stages: EnvironmentProfile["stages"] = (p) => [
      stage("Source", p.source()),
      stage("Build", p.imageBuild()),
      stage("Contract", p.unitTests()),
      stage("Deploy", inOrder(p.deploy(), p.confirm(), p.tests()), { onFailure: "ROLLBACK" }),
    ];
    const played = await playProfile(
      stages,
      {
        tests,
        deployment: { strategy: "rolling" },
        services: service("dev", { unitTests: { commands: ["npm run contract"] } }),
      },
      { answers: [{ when: "^npm run end-to-end", status: 1 }, ...WELL] },
    );
    assert.equal(played.outcomes[deploying], "success", played.log);
    assert.equal(
      played.steps.find(({ job, id }) => job === "take-back" && id === "api-deploy-revision")?.given.image,
      BEFORE,
    );
  }).timeout(60_000);

  it("is one that GitHub's own schema takes, of several services, of which two run one image", async () => {
    const services = [
      { name: "web", folder: "web", container: { name: "web", port: 3000 } },
      { name: "api", folder: "api", container: { name: "api", port: 8080 } },
      { name: "worker", imageOf: "api", container: { name: "worker" } },
    ];
    const graph = await profileGraph(testedBefore, { tests, deployment: { strategy: "rolling" }, services });
    const [generated] = generatedWorkflows(graph.recorded);
    assert.ok(generated);
    const { text } = renderWorkflow(generated, "dev");
    assert.deepEqual(gitHubProblems(text), []);
    assert.deepEqual(moreThanNotices(graph), []);
    const { steps = [] } = Object.values(readWorkflow(text).jobs)[2] ?? {};
    assert.deepEqual(
      steps.flatMap(({ id = "" }) => (id.endsWith("-files") ? [id] : [])),
      ["web-image-files", "api-image-files"],
    );
  });
});
