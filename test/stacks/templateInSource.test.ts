import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findingsOf } from "../../preview/rules";
import type { Graph } from "../support/graph";
import { at, json, textAt } from "../support/read";
import { actionOf, declaredVariables, PROJECT_TYPE } from "../support/shape";
import { runBuildspec } from "../support/shell";
import { exampleGraph, ROOT, service, stackGraph, stackRefusal } from "../support/stack";

const SOURCE = join(ROOT, "examples/template-in-source/source/api");
const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const DIGEST = `sha256:${"ab".repeat(32)}`;
const TAKEN = { taskDefinition: { from: "source" } };

const files = Object.fromEntries(
  readdirSync(SOURCE).map((name) => [`api/${name}`, readFileSync(join(SOURCE, name), "utf8")]),
);

/** Runs the image build of the recorded stack on these files. */
function build(graph: Graph, source: Readonly<Record<string, string>>) {
  const buildspec = textAt(at(graph.named(PROJECT_TYPE, "api-image").inputs.source, "buildspec"));
  return runBuildspec(buildspec, {
    files: { "api/Dockerfile": "FROM scratch\n", ...source },
    env: { CODEBUILD_RESOLVED_SOURCE_VERSION: COMMIT, ...declaredVariables(graph, "api-image") },
    answers: [{ when: "^aws ecr describe-images ", stdout: `${DIGEST}\n` }],
  });
}

describe("a task definition in the source", () => {
  let graph: Graph;
  before(async () => {
    graph = await exampleGraph("template-in-source", "dev");
  });

  it("is what the build hands to CodeDeploy, with the image that was built", () => {
    const result = build(graph, files);
    assert.equal(result.status, 0, result.output);
    assert.equal(result.files["taskdef.json"], files["api/taskdef.json"]);
    assert.equal(result.files["appspec.yaml"], files["api/appspec.yaml"]);
    assert.match(String(json(result.files["imageDetail.json"], "ImageURI")), new RegExp(`/dev/api@${DIGEST}$`));
  });

  for (const [file, placeholder] of [
    ["api/taskdef.json", "<IMAGE1_NAME>"],
    ["api/appspec.yaml", "<TASK_DEFINITION>"],
  ] as const) {
    it(`stops the build where ${file} has no ${placeholder}`, () => {
      const changed = { ...files, [file]: (files[file] ?? "").replace(placeholder, "api:1") };
      const result = build(graph, changed);
      assert.notEqual(result.status, 0);
      assert.match(result.output, new RegExp(`has no ${placeholder}, which the deploy action replaces`));
    });
  }

  it("leaves everything else to Pulumi, and publishes no template of its own", () => {
    const parameters = graph.all("aws:ssm/parameter:Parameter").map(({ inputs }) => inputs.name);
    assert.deepEqual(parameters, ["/ecs-delivery/dev-api/passport", "/ecs-delivery/dev-api/delivered-image"]);
    for (const type of ["aws:ecs/service:Service", "aws:codedeploy/deploymentGroup:DeploymentGroup"])
      assert.equal(graph.count(type), 1, type);
    assert.doesNotMatch(JSON.stringify(graph.statements("api-image")), /ssm:GetParameter"/);
  });

  it("is registered in its own family, with the roles that the stack file names", () => {
    const statements = JSON.stringify(graph.statements("dev-pipeline"));
    assert.match(statements, /task-definition\/dev-api:\*/);
    assert.match(statements, /role\/shop-api-execution/);
  });

  it("may have a family of its own", async () => {
    const changes = {
      deployment: "codeDeployBlueGreen",
      services: service("dev", { ...TAKEN, taskDefinitionFamily: "shop" }),
    };
    const other = await stackGraph("dev", { changes });
    const statements = JSON.stringify(other.statements("dev-pipeline"));
    assert.match(statements, /task-definition\/shop:\*/);
    assert.doesNotMatch(statements, /task-definition\/dev-api:\*/);
  });

  it("is told the roles and the log group by the stack's outputs", () => {
    const outputs = at(graph.recorded.stackOutputs, "services", "api");
    assert.equal(at(outputs, "executionRole"), "arn:aws:iam::111122223333:role/shop-api-execution");
    assert.equal(at(outputs, "taskRole"), "arn:aws:iam::111122223333:role/shop-api-task");
    assert.equal(at(outputs, "logGroup"), "/ecs/dev-api");
  });

  it("comes with a build of someone's own too, which need not hand it on", async () => {
    const own = await exampleGraph("template-in-source", "dev", {
      services: [{ name: "api", folder: "api", container: { name: "api", port: 8080 }, buildspec: "ci.yml", ...TAKEN }],
    });
    const resolve = actionOf(own, "api-resolve");
    assert.deepEqual(at(resolve, "inputArtifacts"), ["api_image", "Source"]);
    assert.equal(at(resolve, "configuration", "PrimarySource"), "api_image");
    const { TEMPLATE_ARTIFACT, SERVICE_FOLDER } = declaredVariables(own, "api-resolve");
    assert.deepEqual([TEMPLATE_ARTIFACT, SERVICE_FOLDER], ["Source", "api"]);
    assert.deepEqual(
      findingsOf(own.recorded).filter(({ level }) => level === "error"),
      [],
    );
  });

  it("is said to overrule the stack file, and only where it does", async () => {
    const said = (one: Graph) => findingsOf(one.recorded).filter(({ rule }) => rule === "template-in-source");
    const [{ level, message } = { level: "", message: "" }, ...more] = said(graph);
    assert.equal(level, "notice");
    assert.match(
      message,
      /^aws\.ecs\.Service "api": releases take taskdef\.json and appspec\.yaml from the source.*no effect on them/,
    );
    assert.deepEqual(more, []);
    assert.deepEqual(said(await exampleGraph("code-deploy-blue-green", "dev")), []);
  });

  it("goes with a strategy that releases from a template, and a source that has files", async () => {
    const services = service("dev", TAKEN);
    assert.match(
      await stackRefusal("dev", { services }),
      /ecs-delivery:deployment: expected codeDeployBlueGreen, which releases from a template: service "api" takes its task definition from the source.*\n +pulumi config set --stack dev --path 'ecs-delivery:deployment' codeDeployBlueGreen/,
    );
    assert.match(
      await stackRefusal("dev", {
        services,
        deployment: "codeDeployBlueGreen",
        source: { provider: "ECR", imageTag: "release-*" },
      }),
      /ecs-delivery:source\.provider: expected a provider that brings files/,
    );
  });
});
