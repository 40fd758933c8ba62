import assert from "node:assert/strict";
import { findingsOf } from "../../preview/rules";
import { allowed, at, json, textAt } from "../support/read";
import { actionOf } from "../support/shape";
import { exampleGraph, service, stackGraph, stackRefusal } from "../support/stack";

const errors = (graph: Awaited<ReturnType<typeof stackGraph>>) =>
  findingsOf(graph.recorded).filter(({ level }) => level === "error");

const zip = (objectKey: string) => ({ branch: undefined, source: { provider: "S3", objectKey } });
const connection = (repository: string) => ({
  source: {
    provider: "GitLab",
    repository,
    connectionArn: "arn:aws:codeconnections:eu-west-1:111122223333:connection/0a1b",
  },
});

describe("object keys", () => {
  for (const key of ["shop source.zip", "releases/[1]/ünï.zip", "/shop.zip", "a".repeat(1000), "what's $HOME.zip"]) {
    it(`take ${key.slice(0, 30)}`, async () => {
      const graph = await stackGraph("dev", { changes: zip(key) });
      assert.equal(at(actionOf(graph, "Source"), "configuration", "S3ObjectKey"), key);
      const pattern = graph.named("aws:cloudwatch/eventRule:EventRule", "dev-on-Source").inputs.eventPattern;
      assert.deepEqual(json(pattern, "detail", "object", "key"), [key]);
      assert.ok(
        allowed(graph.statements("dev-pipeline")).some(
          (one) => one.startsWith("s3:GetObject ") && one.endsWith(`/${key}`),
        ),
      );
      assert.deepEqual(errors(graph), []);
    });
  }

  for (const key of [
    "*.zip",
    "a?.zip",
    "${aws:username}.zip",
    "#{codepipeline.PipelineExecutionId}",
    "a\nb",
    "ü".repeat(513),
    "a".repeat(1001),
    "",
  ]) {
    it(`are refused that would mean something else, or are none: ${JSON.stringify(key).slice(0, 30)}`, async () => {
      assert.match(await stackRefusal("dev", zip(key)), /ecs-delivery:source\.objectKey: expected an object key/);
    });
  }
});

describe("hooks of CodeDeploy", () => {
  const hooks = (hook: string) => ({
    deployment: { strategy: "codeDeployBlueGreen", hooks: { AfterAllowTestTraffic: hook } },
  });
  const invoked = async (hook: string) => {
    const graph = await stackGraph("dev", { changes: hooks(hook) });
    const appspec = graph.named("aws:ssm/parameter:Parameter", "api-appspec").inputs.value;
    assert.match(textAt(appspec), new RegExp(`AfterAllowTestTraffic: ${hook.replace(/\$/g, "\\$")}`));
    return allowed(graph.statements("api-codedeploy")).filter((one) => one.startsWith("lambda:"));
  };
  const arn = "arn:aws:lambda:eu-west-1:111122223333:function:check-new";

  it("are functions by name, which the role may call here", async () => {
    assert.deepEqual(await invoked("check-new"), [`lambda:InvokeFunction ${arn}`]);
    assert.deepEqual(await invoked("check-new:live"), [`lambda:InvokeFunction ${arn}:live`]);
  });

  it("are functions by ARN", async () => {
    assert.deepEqual(await invoked(arn), [`lambda:InvokeFunction ${arn}`]);
  });

  it("are nothing else", async () => {
    for (const wrong of ["check new", "arn:aws:lambda:*", "a".repeat(65), "arn:aws:sns:eu-west-1:111122223333:check"]) {
      assert.match(await stackRefusal("dev", hooks(wrong)), /expected the name or ARN of a Lambda function/, wrong);
    }
  });
});

describe("repositories and branches", () => {
  for (const branch of ["feature/#123", "fix@home", "release/2026.11", "ünïcode", `long/${"a".repeat(251)}`]) {
    it(`take branch ${branch.slice(0, 20)}`, async () => {
      const graph = await stackGraph("dev", { changes: { branch } });
      assert.equal(at(actionOf(graph, "Source"), "configuration", "BranchName"), branch);
      assert.deepEqual(errors(graph), []);
    });
  }

  for (const branch of [
    "a..b",
    "a b",
    "-a",
    ".a",
    "a/.b",
    "a.",
    "a.lock",
    "a.lock/b",
    "@",
    "a@{1}",
    "a//b",
    "#{x.y}",
    "a".repeat(257),
  ]) {
    it(`refuse branch ${branch.slice(0, 20)}, which git has not`, async () => {
      assert.match(await stackRefusal("dev", { branch }), /ecs-delivery:branch: expected a branch name/);
    });
  }

  it("take a project in GitLab's groups", async () => {
    const graph = await stackGraph("dev", { changes: connection("acme/shop/backend.api") });
    assert.equal(at(actionOf(graph, "Source"), "configuration", "FullRepositoryId"), "acme/shop/backend.api");
    assert.deepEqual(errors(graph), []);
  });

  it("are written as their provider has them", async () => {
    const commit = (repository: string) => ({ source: { provider: "CodeCommit", repository } });
    for (const wrong of ["acme/shop", "a".repeat(101), "shop.git"])
      assert.match(
        await stackRefusal("dev", commit(wrong)),
        /source\.repository: expected the name of a repository: 1 to 100/,
      );
    assert.match(await stackRefusal("dev", connection("shop")), /source\.repository: expected owner\/name, for GitLab/);
    assert.match(
      await stackRefusal("dev", { services: service("dev", { sourceRepository: "acme/api" }) }),
      /ecs-delivery:services\[0\]\.sourceRepository: expected the name of a repository.*got "acme\/api"/,
    );
  });

  it("are the sources of every example", async () => {
    assert.deepEqual(errors(await exampleGraph("monorepo", "dev")), []);
  });
});
