import assert from "node:assert/strict";
import { findingsOf } from "../../preview/rules";
import { deployStack } from "../../stacks/environment";
import { type Graph, recordGraph, refusal } from "../support/graph";
import { applyCommand, type ConfigValues, commandsIn } from "../support/pulumiConfig";
import { at, list, textAt } from "../support/read";
import { engineConfig, stackGraph, stackRefusal, stackValues } from "../support/stack";

const PIPELINE = "aws:codepipeline/pipeline:Pipeline";
const PROJECT = "aws:codebuild/project:Project";
const KEY = "arn:aws:kms:eu-west-1:111122223333:key/0f4c9a1e-7a52-4b8e-9a2d-2f6f3d1c8b70";
const WEB = { name: "web", container: { name: "web", port: 8080 }, unitTests: { commands: ["npm test"] } };
const WORKER = { name: "worker", imageOf: "web", container: { name: "worker", command: ["work"] } };
const ADMIN = { name: "admin", imageOf: "web", container: { name: "admin", port: 9000 } };

/** One that runs an image before the one that builds it: the order of a stack file says nothing. */
const SERVICES = [WORKER, WEB, ADMIN];

/** What is not right with a graph, in a few words. */
const problems = (graph: Graph) =>
  findingsOf(graph.recorded)
    .filter(({ level, rule }) => level === "error" || ["not-needed", "lacking", "role-cannot"].includes(rule))
    .map(({ rule, message }) => `${rule}: ${message}`);

const stackOf = (changes: ConfigValues) => stackGraph("dev", { changes: { services: SERVICES, ...changes } });

const actionsIn = (graph: Graph, pipeline = 0) =>
  list(graph.all(PIPELINE)[pipeline]?.inputs.stages).flatMap((stage) => list(at(stage, "actions")));
const names = (graph: Graph) => actionsIn(graph).map((action) => textAt(at(action, "name")));
const action = (graph: Graph, name: string) => actionsIn(graph).find((one) => at(one, "name") === name);
const configured = (graph: Graph, name: string, key: string) => at(action(graph, name), "configuration", key);
const buildspec = (graph: Graph, name: string) =>
  textAt(at(graph.all(PROJECT).find((one) => one.name === name)?.inputs.source, "buildspec"));
const variablesOf = (graph: Graph, name: string) =>
  Object.fromEntries(
    (JSON.parse(textAt(configured(graph, name, "EnvironmentVariables"))) as { name: string; value: string }[]).map(
      (one) => [one.name, one.value],
    ),
  );
const parameters = (graph: Graph, end: string) =>
  graph
    .all("aws:ssm/parameter:Parameter")
    .filter(({ name }) => name.endsWith(end))
    .map(({ name }) => name);

describe("a service that runs the image of another", () => {
  it("has what it runs on, and nothing of what makes the image", async () => {
    const graph = await stackOf({
      environment: "staging",
      gates: { maximumScanSeverity: "HIGH" },
      tests: [{ name: "end-to-end", service: "admin", commands: ["npm test"] }],
    });
    assert.deepEqual(
      graph.all("aws:ecr/repository:Repository").map(({ name }) => name),
      ["web"],
    );
    assert.deepEqual(
      names(graph).filter((name) => /-(image|unit-tests|scan|passed)$/.test(name)),
      ["web-unit-tests", "web-image", "web-scan", "web-passed"],
    );
    assert.deepEqual(parameters(graph, "-passed-image"), ["web-passed-image"]);
    assert.deepEqual(parameters(graph, "-passport"), ["web-passport"]);
    assert.deepEqual(parameters(graph, "-delivered-image").sort(), [
      "admin-delivered-image",
      "web-delivered-image",
      "worker-delivered-image",
    ]);
    const deploys = ["worker", "web", "admin"].map((name) => action(graph, `${name}-deploy`));
    assert.deepEqual(
      deploys.map((one) => [at(one, "runOrder"), at(one, "inputArtifacts", 0)]),
      [1, 1, 1].map((order) => [order, "web_image"]),
    );
    assert.deepEqual(
      ["worker", "web", "admin"].map((name) => configured(graph, `${name}-deploy`, "FileName")),
      ["imagedefinitions-worker.json", "imagedefinitions.json", "imagedefinitions-admin.json"],
    );
    const spec = buildspec(graph, "web-image");
    for (const file of ["imagedefinitions.json", "imagedefinitions-worker.json", "imagedefinitions-admin.json"])
      assert.ok(list(at(JSON.parse(spec), "artifacts", "files")).includes(file), file);
    assert.equal(variablesOf(graph, "worker-confirm").IMAGE_DEFINITIONS, "imagedefinitions-worker.json");
    assert.equal("IMAGE_DEFINITIONS" in variablesOf(graph, "web-confirm"), false);
    assert.equal(variablesOf(graph, "worker-confirm").PASSPORT_STACK, "", "an image has one passport");
    assert.equal(variablesOf(graph, "end-to-end-test").IMAGE_URI, "#{web-imageVariables.IMAGE_URI}");
    assert.deepEqual(problems(graph), []);
  });

  it("is deployed by a strategy of its own: CodeDeploy reads files of its own, and scaling pauses where it deploys", async () => {
    const graph = await stackOf({
      services: [
        { ...WORKER, scaling: { minCapacity: 1, maxCapacity: 4 } },
        { ...WEB, deployment: "ecsBlueGreen" },
        { ...ADMIN, scaling: { minCapacity: 1, maxCapacity: 4 }, beforeDeployment: { command: ["migrate"] } },
      ],
      deployment: "codeDeployBlueGreen",
    });
    assert.equal(configured(graph, "admin-deploy", "TaskDefinitionTemplatePath"), "taskdef-admin.json");
    assert.equal(configured(graph, "admin-deploy", "AppSpecTemplatePath"), "appspec-admin.yaml");
    assert.equal(configured(graph, "admin-deploy", "Image1ArtifactName"), "web_image");
    assert.match(buildspec(graph, "web-image"), /TASK_DEFINITION_PARAMETER_admin/);
    const machines = graph.all("aws:sfn/stateMachine:StateMachine").map(({ name }) => name);
    assert.deepEqual(machines, ["admin-scaling-pause"]);
    assert.deepEqual(problems(graph), []);
  });

  const variants: Readonly<Record<string, ConfigValues>> = {
    "every service by CodeDeploy": { services: [WEB, ADMIN], deployment: "codeDeployBlueGreen" },
    "images that come in": {
      source: { provider: "ECR", imageTag: "release-*" },
      branch: undefined,
      services: [WORKER, { ...WEB, unitTests: undefined }],
    },
    "a build of one's own": {
      services: [WORKER, { ...WEB, buildspec: "build.yml" }, ADMIN],
      deployment: "codeDeployBlueGreen",
    },
    "a build project that is there": {
      services: [WORKER, { ...WEB, projects: { imageBuild: { existing: "images" } } }],
    },
    "services that are there": {
      cluster: { existing: "shared" },
      pipelineRole: { existing: "delivery-pipeline" },
      services: [
        { ...WEB, repository: { existing: "shop" }, service: { existing: "shop-web" } },
        { ...WORKER, service: { existing: "shop-worker" } },
      ],
    },
    "a pipeline for each image": {
      pipelines: "perService",
      services: [...SERVICES, { name: "bff", container: { name: "bff", port: 80 } }],
    },
    "another architecture": { services: [WORKER, { ...WEB, cpuArchitecture: "ARM64" }] },
    "a release to another account": {
      environment: "commitToProduction",
      releaseTo: { stack: "production", account: "444455556666", images: "same" },
    },
    "deliveries by another stack": {
      source: undefined,
      branch: undefined,
      deliveredBy: {
        stack: "staging",
        account: "444455556666",
        artifactBucket: "staging-artifacts-0a1b2c3",
        kmsKey: KEY,
      },
      services: [WORKER, { ...WEB, unitTests: undefined }, ADMIN],
    },
  };
  for (const [what, changes] of Object.entries(variants)) {
    it(`goes with ${what}`, async () => {
      const graph = await stackOf(changes);
      // What a build of one's own, or services of someone else, make of their permissions is the same without another service.
      const known = list(changes.services ?? []).some((one) => at(one, "buildspec") ?? at(one, "service"));
      assert.deepEqual(
        problems(graph).filter((problem) => !known || !problem.startsWith("not-needed")),
        [],
      );
      const definitions = graph.all("aws:ecs/taskDefinition:TaskDefinition");
      const images = definitions.map(({ inputs }) =>
        textAt(at(JSON.parse(textAt(inputs.containerDefinitions)), 0, "image")),
      );
      assert.ok(new Set(images).size <= (changes.pipelines ? 2 : 1), images.join());
      const architectures = definitions.map(({ inputs }) => at(inputs.runtimePlatform, "cpuArchitecture"));
      assert.ok(new Set(architectures).size <= 1);
    });
  }

  it("is delivered by the pipeline of the service whose image it runs", async () => {
    const graph = await stackOf({ pipelines: "perService" });
    assert.deepEqual(
      graph.all(PIPELINE).map(({ name }) => name),
      ["web"],
    );
    assert.deepEqual(
      names(graph).filter((name) => name.endsWith("-deploy")),
      ["web-deploy", "worker-deploy", "admin-deploy"],
    );
  });

  it("is released with it: one release, of which the other stack's deployments read a file each", async () => {
    const releaseTo = { stack: "production", services: { worker: { container: "jobs" } } };
    const graph = await stackOf({ environment: "commitToProduction", releaseTo });
    const all = names(graph);
    assert.deepEqual(
      all.filter((name) => name.endsWith("-release")),
      ["web-release"],
    );
    assert.deepEqual(
      all.filter((name) => name.endsWith("-to-production")),
      ["worker-to-production", "web-to-production", "admin-to-production"],
    );
    assert.equal(configured(graph, "worker-to-production", "FileName"), "imagedefinitions-worker.json");
    assert.equal(at(action(graph, "worker-to-production"), "inputArtifacts", 0), "web_release");
    const project = graph.all(PROJECT).find(({ name }) => name === "web-release");
    const variables = list(at(project?.inputs.environment, "environmentVariables"));
    assert.ok(variables.some((one) => at(one, "name") === "CONTAINER_NAME_worker" && at(one, "value") === "jobs"));
    assert.deepEqual(problems(graph), []);
  });

  const refused: Readonly<Record<string, readonly [ConfigValues, string]>> = {
    "a service that is not there": [
      { services: [WEB, { ...WORKER, imageOf: "api" }] },
      'services[1].imageOf: expected a service of this stack that has an image of its own (web), got "api"',
    ],
    itself: [
      { services: [WEB, { ...WORKER, imageOf: "worker" }] },
      "services[1].imageOf: expected nothing: it builds its image itself",
    ],
    "a service that has none of its own": [
      { services: [WEB, WORKER, { ...ADMIN, imageOf: "worker" }] },
      'services[2].imageOf: expected a service of this stack that has an image of its own (web); worker has none of its own, got "worker"',
    ],
    "a circle": [
      { services: [WEB, { ...WORKER, imageOf: "admin" }, { ...ADMIN, imageOf: "worker" }] },
      "services[1].imageOf: expected a service of this stack",
    ],
    "a build of its own": [
      { services: [WEB, { ...WORKER, dockerfile: "worker.Dockerfile", unitTests: { commands: ["x"] } }] },
      "services[1].dockerfile: expected nothing beside imageOf: it runs the image of web, of which dockerfile is said there",
    ],
    "a repository of its own": [
      { services: [WEB, { ...WORKER, repository: { name: "shop/worker" } }] },
      "services[1].repository: expected nothing beside imageOf",
    ],
    "another architecture": [
      {
        services: [
          { ...WEB, cpuArchitecture: "ARM64" },
          { ...WORKER, cpuArchitecture: "X86_64" },
        ],
      },
      "services[1].cpuArchitecture: expected the one that web is built for",
    ],
    "a project that writes no files for it": [
      { services: [{ ...WEB, buildspec: "build.yml", projects: { resolve: { existing: "resolve" } } }, WORKER] },
      "services[0].projects.resolve: expected nothing, because worker runs its image",
    ],
    "a repository of its own in the other stack": [
      {
        environment: "commitToProduction",
        releaseTo: { stack: "production", services: { worker: { repository: { name: "w" } } } },
        services: [WEB, WORKER],
      },
      "releaseTo.services.worker.repository: expected nothing: worker runs the image of web",
    ],
  };
  for (const [what, [changes, expected]] of Object.entries(refused)) {
    it(`is refused with ${what}, and the mend works when it is pasted`, async () => {
      const message = await stackRefusal("dev", changes);
      assert.ok(message.includes(expected), message);
      const before = stackValues("dev", changes);
      let mended = commandsIn(message).reduce((all, command) => applyCommand(command, all), before);
      // Each of a circle is said once the one before is mended.
      if (what === "a circle") {
        const second = await refusal(() => deployStack(), { stack: "dev", config: engineConfig(mended) });
        mended = commandsIn(second).reduce((all, command) => applyCommand(command, all), mended);
      }
      await recordGraph(() => deployStack(), { stack: "dev", config: engineConfig(mended) });
    });
  }
});
