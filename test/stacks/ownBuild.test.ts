import assert from "node:assert/strict";
import { findingsOf } from "../../preview/rules";
import type { Graph } from "../support/graph";
import { allowed, at, list, textAt } from "../support/read";
import { declaredVariables, environmentOf, PIPELINE, PROJECT_TYPE, shape } from "../support/shape";
import { service, stackGraph, stackRefusal } from "../support/stack";

const BUILDSPEC = "ci/image.yml";
const stages = async (changes: Record<string, unknown>) => shape((await stackGraph("dev", { changes })).only(PIPELINE));

describe("a build of someone's own", () => {
  it("is followed by the step that finds its image, and everything after reads that step's result", async () => {
    const graph = await stackGraph("dev", { changes: { services: service("dev", { buildspec: BUILDSPEC }) } });
    const build = shape(graph.only(PIPELINE)).find((stage) => stage.startsWith("Build"));
    assert.match(build ?? "", /\| api-image \| api-resolve$/);
    const actions = JSON.stringify(graph.only(PIPELINE).inputs.stages);
    assert.doesNotMatch(actions.split('"api-resolve"')[1] ?? "", /api_image"|api-imageVariables/);
    const { IMAGE_REPOSITORY_URI, COMMIT_ID, OTHER_CONTAINERS, CONTAINER_NAME } = declaredVariables(
      graph,
      "api-resolve",
    );
    assert.match(IMAGE_REPOSITORY_URI ?? "", /\/dev\/api$/);
    assert.deepEqual([COMMIT_ID, OTHER_CONTAINERS, CONTAINER_NAME], ["#{SourceVariables.CommitId}", "refuse", "api"]);
  });

  it("is looked up without a docker daemon, and with one call of ECR", async () => {
    const graph = await stackGraph("dev", { changes: { services: service("dev", { buildspec: BUILDSPEC }) } });
    const { inputs } = graph.named(PROJECT_TYPE, "api-resolve");
    assert.match(JSON.stringify(inputs.environment), /"privilegedMode":false/);
    assert.deepEqual(
      allowed(graph.statements("api-resolve")).filter((one) => one.startsWith("ecr:")),
      [`ecr:BatchGetImage ${textAt(graph.only("aws:ecr/repository:Repository").outputs.arn)}`],
    );
  });

  it("may be a project that exists, and the step may be one too", async () => {
    const imageBuild = { existing: "shop-image-build" };
    const made = { services: service("dev", { projects: { imageBuild } }) };
    assert.match((await stages(made)).join(), /api-image \| api-resolve/);
    const given = { services: service("dev", { projects: { imageBuild, resolve: { existing: "shop-resolve" } } }) };
    const graph = await stackGraph("dev", { changes: given });
    assert.match(shape(graph.only(PIPELINE)).join(), /api-image \| api-resolve/);
    assert.equal(
      graph.all(PROJECT_TYPE).some(({ name }) => name === "api-resolve"),
      false,
    );
  });

  it("is not looked up where the build is generated", async () => {
    assert.doesNotMatch((await stages({})).join(), /resolve/);
  });

  it("takes the newest template of a CodeDeploy release along", async () => {
    const graph = await stackGraph("dev", {
      changes: { deployment: "codeDeployBlueGreen", services: service("dev", { buildspec: BUILDSPEC }) },
    });
    const buildspec = JSON.stringify(graph.named(PROJECT_TYPE, "api-resolve").inputs.source);
    for (const file of ["imagedefinitions.json", "imageDetail.json", "taskdef.json", "appspec.yaml"]) {
      assert.ok(buildspec.includes(file), file);
    }
    assert.ok(allowed(graph.statements("api-resolve")).some((one) => one.startsWith("ssm:GetParameter ")));
    // The step alone reads it.
    assert.ok(!allowed(graph.statements("api-image")).some((one) => one.startsWith("ssm:GetParameter ")));
    assert.deepEqual(
      findingsOf(graph.recorded).filter(({ rule }) => rule === "not-needed"),
      [],
    );
  });
});

describe("verify", () => {
  it("cannot be left out where deliveries have to be recorded", async () => {
    const message = await stackRefusal("dev", { verify: false });
    assert.match(
      message,
      /ecs-delivery:verify: expected true, because service "api" is this stack's: what is delivered to it has to be recorded, got false\n +pulumi config set --stack dev --path 'ecs-delivery:verify' true/,
    );
  });
});

describe("releaseTo.services", () => {
  const releasing = (services: unknown, images = "own") => ({
    environment: "commitToProduction",
    releaseTo: { stack: "production", images, services },
  });

  it("names services of the stack alone", async () => {
    assert.match(
      await stackRefusal("dev", releasing({ web: { container: "x" } })),
      /ecs-delivery:releaseTo\.services\.web: expected the name of a service in the list \(api\), but "web" is none\n +pulumi config rm .*releaseTo\.services\.web/,
    );
  });

  it("names no repository where the image stays in its own", async () => {
    assert.match(
      await stackRefusal("dev", releasing({ api: { repository: { existing: "shop/api" } } }, "same")),
      /expected no repository of "api" beside images: same, because its image stays where it is/,
    );
  });

  it("records nothing of a service that exists there, and tags nothing in a repository that does", async () => {
    const api = { service: { existing: "shop-api" }, repository: { existing: "shop/api" } };
    const graph = await stackGraph("dev", { changes: releasing({ api }) });
    const variables = declaredVariables(graph, "api-confirm-production");
    assert.deepEqual(
      [variables.SERVICE_NAME, variables.DELIVERED_IMAGE_PARAMETER, variables.RELEASED_TAG_PREFIX],
      ["shop-api", "", ""],
    );
    assert.ok(
      allowed(graph.statements("api-release")).some((one) => /^ecr:PutImage .*:repository\/shop\/api$/.test(one)),
    );
  });
});

describe("tagParameter", () => {
  const TAG = "API_IMAGE_TAG";
  const parameterOf = (graph: Graph, project: string) =>
    list(at(environmentOf(graph, project), "environmentVariables"))
      .filter((one) => at(one, "name") === "ADDITIONAL_TAG")
      .map((one) => [at(one, "type"), at(one, "value")]);
  const reads = (graph: Graph, role: string) =>
    allowed(graph.statements(role)).filter((one) => one.startsWith("ssm:GetParameters "));
  const value = [["PARAMETER_STORE", TAG]];
  const may = ["ssm:GetParameters arn:aws:ssm:eu-west-1:111122223333:parameter/API_IMAGE_TAG"];

  it("is read by the build alone that tags, and by none without one", async () => {
    const generated = await stackGraph("dev", { changes: { services: service("dev", { tagParameter: TAG }) } });
    assert.deepEqual([parameterOf(generated, "api-image"), reads(generated, "api-image")], [value, may]);
    const own = await stackGraph("dev", {
      changes: { services: service("dev", { tagParameter: TAG, buildspec: BUILDSPEC }) },
    });
    assert.deepEqual([parameterOf(own, "api-image"), parameterOf(own, "api-resolve")], [[], value]);
    assert.deepEqual([reads(own, "api-image"), reads(own, "api-resolve")], [[], may]);
    assert.ok(allowed(own.statements("api-resolve")).some((one) => one.startsWith("ecr:PutImage ")));
    assert.deepEqual(parameterOf(await stackGraph("dev"), "api-image"), []);
  });

  it("is handed to a project that exists", async () => {
    const projects = { imageBuild: { existing: "shop-image" }, resolve: { existing: "shop-resolve" } };
    const changes = { services: service("dev", { tagParameter: TAG, projects }) };
    const graph = await stackGraph("dev", { changes });
    assert.equal(declaredVariables(graph, "api-resolve").ADDITIONAL_TAG, TAG);
    assert.equal(declaredVariables(graph, "api-image").ADDITIONAL_TAG, undefined);
  });

  it("of a release is read by the release", async () => {
    const releaseTo = { stack: "production", services: { api: { tagParameter: TAG } } };
    const graph = await stackGraph("dev", { changes: { environment: "commitToProduction", releaseTo } });
    assert.deepEqual([parameterOf(graph, "api-release"), reads(graph, "api-release")], [value, may]);
    assert.deepEqual(parameterOf(graph, "api-image"), []);
  });

  it("is for what is built", async () => {
    const changes = { services: service("dev", { tagParameter: TAG }), source: { provider: "ECR", imageTag: "v*" } };
    assert.match(
      await stackRefusal("dev", changes),
      /expected no tagParameter of "api": with source ECR nothing is built/,
    );
  });
});
