import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { at, textAt } from "../support/read";
import { exampleGraph, stackGraph } from "../support/stack";

describe("the outputs of a stack", () => {
  it("are what a person wants to open, and the commands that show what happens", async () => {
    const { stackOutputs } = (await stackGraph("dev")).recorded;
    assert.match(
      textAt(stackOutputs.pipelineUrl),
      /^https:\/\/eu-west-1\.console\.aws\.amazon\.com\/codesuite\/.*dev-delivery/,
    );
    const api = at(stackOutputs, "services", "api");
    assert.match(textAt(at(api, "url")), /^http:\/\/api-/);
    assert.match(textAt(at(api, "testUrl")), /:8080$/);
    assert.match(textAt(at(api, "repository")), /\.dkr\.ecr\.eu-west-1\.amazonaws\.com\/dev\/api$/);
    assert.equal(at(api, "followLogs"), "aws logs tail /ecs/dev-api --follow --region eu-west-1");
    assert.match(textAt(at(api, "followDeployment")), /--region eu-west-1 --cluster dev --services dev-api /);
  });

  it("are commands that a shell takes", async () => {
    const { stackOutputs } = (await stackGraph("dev")).recorded;
    for (const name of ["followDeployment", "followLogs"]) {
      const command = textAt(at(stackOutputs, "services", "api", name));
      assert.equal(spawnSync("bash", ["-n", "-c", command]).status, 0, command);
    }
  });

  it("name the pipeline of each service where each has one", async () => {
    const { stackOutputs } = (await exampleGraph("monorepo", "dev")).recorded;
    assert.match(textAt(at(stackOutputs, "pipelineUrls", "backend")), /dev-backend-delivery/);
    assert.match(textAt(at(stackOutputs, "pipelineUrls", "front-end")), /dev-front-end-delivery/);
  });

  it("link to the dashboard of prod, and of whoever asks for one", async () => {
    const DASHBOARD = "aws:cloudwatch/dashboard:Dashboard";
    const prod = await stackGraph("prod");
    assert.equal(
      textAt(prod.recorded.stackOutputs.dashboardUrl),
      "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#dashboards:name=prod-eu-west-1",
    );
    // A rolling service has two target groups, and uses one.
    const body = textAt(prod.only(DASHBOARD).inputs.dashboardBody);
    assert.match(body, /targetgroup\/api-blue/);
    assert.doesNotMatch(body, /targetgroup\/api-green/);
    for (const marked of ["SucceededBuilds", "prod-confirm", "RunningTaskCount"])
      assert.ok(body.includes(marked), marked);
    assert.equal((await stackGraph("prod", { changes: { dashboard: false } })).all(DASHBOARD).length, 0);
    const moving = await exampleGraph("ecs-blue-green", "dev", { dashboard: true });
    assert.match(textAt(moving.only(DASHBOARD).inputs.dashboardBody), /targetgroup\/api-blue.*targetgroup\/api-green/);
    const delivered = await exampleGraph("two-accounts", "production", { dashboard: true });
    assert.doesNotMatch(textAt(delivered.only(DASHBOARD).inputs.dashboardBody), /AWS\/CodeBuild/);
    const others = await stackGraph("dev", { changes: { dashboard: true, cluster: { existing: "shared" } } });
    assert.doesNotMatch(textAt(others.only(DASHBOARD).inputs.dashboardBody), /ContainerInsights/);
  });

  it("tell the stack that the pipeline goes on to where the artifacts are, and nobody else", async () => {
    const { stackOutputs } = (await exampleGraph("two-accounts", "staging")).recorded;
    assert.match(textAt(stackOutputs.artifactBucket), /^staging-artifacts-/);
    assert.match(textAt(stackOutputs.artifactKey), /^arn:aws:kms:eu-west-1:/);
    const plain = (await stackGraph("dev")).recorded.stackOutputs;
    assert.deepEqual(Object.keys(plain).sort(), ["pipelineUrl", "services"]);
  });
});
