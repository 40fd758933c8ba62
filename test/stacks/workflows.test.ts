import assert from "node:assert/strict";
import { findingsOf } from "../../preview/rules";
import type { Graph } from "../support/graph";
import type { ConfigValues } from "../support/pulumiConfig";
import { at, json, list, textAt } from "../support/read";
import { service, stackGraph, stackRefusal } from "../support/stack";

const WORKFLOW = "ecs-delivery:index:DeliveryWorkflow";
const ROLE = "aws:iam/role:Role";
const ISSUER = "token.actions.githubusercontent.com";
const delivery = { gitHubActions: { repository: "acme/shop" } };

const delivered = (changes: ConfigValues = {}, stack = "dev") =>
  stackGraph(stack, { changes: { source: undefined, delivery, ...changes } });
const api = (changes: ConfigValues) => ({ services: service("dev", changes) });
const trustOf = (graph: Graph, role = "dev-github-actions") =>
  json(graph.named(ROLE, role).inputs.assumeRolePolicy, "Statement", 0);
const jobs = (graph: Graph) => list(graph.only(WORKFLOW).inputs.jobs);
const errors = (graph: Graph) => findingsOf(graph.recorded).filter(({ level }) => level !== "notice");

const strategies = ["rolling", "ecsBlueGreen", "ecsLinear", "ecsCanary", "codeDeployBlueGreen"];

describe("a stack delivered by GitHub Actions", () => {
  it("makes no pipeline, no build projects and no artifact bucket", async () => {
    const graph = await delivered();
    const types = graph.types().filter((type) => /codepipeline|codebuild|s3\/bucket|eventRule|codestar/.test(type));
    assert.deepEqual(types, []);
    assert.equal(graph.count(WORKFLOW), 1);
  });

  it("makes services, records and repositories as a pipeline's stack does", async () => {
    const [own, other] = [await delivered(), await stackGraph("dev")];
    const kept = (graph: Graph) =>
      graph
        .identity()
        .split("\n")
        .filter((line) => /EcsService|ImageRepository|BlueGreenTargets|passport|Network/.test(line));
    assert.deepEqual(kept(own), kept(other));
  });

  it("admits runs of the environment on the branch, and nobody else", async () => {
    const graph = await delivered({ branch: "release/1" });
    assert.deepEqual(trustOf(graph), {
      Effect: "Allow",
      Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${ISSUER}` },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: {
        StringEquals: {
          [`${ISSUER}:aud`]: "sts.amazonaws.com",
          [`${ISSUER}:sub`]: ["repo:acme/shop:environment:dev"],
          [`${ISSUER}:ref`]: "refs/heads/release/1",
        },
      },
    });
    assert.equal(json(graph.named(ROLE, "dev-github-actions").inputs.assumeRolePolicy, "Statement", 1), undefined);
  });

  it("takes environment and identity provider from stack config, and makes the provider where it is asked to", async () => {
    const existing = `arn:aws:iam::444455556666:oidc-provider/${ISSUER}`;
    const graph = await delivered({
      delivery: {
        gitHubActions: { repository: "acme/shop", environment: "live", identityProvider: { existing } },
      },
    });
    assert.equal(at(trustOf(graph), "Principal", "Federated"), existing);
    const subjects = at(trustOf(graph), "Condition", "StringEquals", `${ISSUER}:sub`);
    assert.deepEqual(subjects, ["repo:acme/shop:environment:live"]);
    const created = await delivered({
      delivery: { gitHubActions: { repository: "acme/shop", identityProvider: "created" } },
    });
    const provider = created.only("aws:iam/openIdConnectProvider:OpenIdConnectProvider");
    assert.equal(provider.inputs.url, `https://${ISSUER}`);
    assert.deepEqual(provider.inputs.clientIdLists, ["sts.amazonaws.com"]);
    assert.equal(provider.retainOnDelete, true);
  });

  it("may be kept in its role for as long as its longest job takes", async () => {
    const graph = await delivered();
    const longest = Math.max(...jobs(graph).map((job) => Number(at(job, "timeoutInMinutes"))));
    assert.equal(graph.named(ROLE, "dev-github-actions").inputs.maxSessionDuration, longest * 60);
  });

  for (const strategy of strategies) {
    it(`gives the role what a delivery by ${strategy} calls, and nothing else`, async () => {
      const graph = await delivered({
        deployment: { strategy },
        ...api({ beforeDeployment: { command: ["migrate"] }, desiredCount: 2 }),
        gates: { maximumScanSeverity: "HIGH" },
        tests: [{ name: "end-to-end", commands: ["npm test"] }],
      });
      assert.deepEqual(errors(graph), []);
    });
  }

  it("gives no access to AWS to jobs that run the application's own commands", async () => {
    const graph = await delivered({ tests: [{ name: "end-to-end", commands: ["npm test"] }] });
    const without = jobs(graph).filter((job) => at(job, "environment") === undefined);
    assert.deepEqual(
      without.map((job) => at(job, "id")),
      ["api-unit-tests", "end-to-end-test"],
    );
  });

  it("asks the reviewers of prod once, before anything is built", async () => {
    const graph = await delivered({}, "prod");
    assert.deepEqual(
      jobs(graph).map((job) => [at(job, "id"), at(job, "asks")]),
      [
        ["api-unit-tests", false],
        ["deliver", true],
      ],
    );
  });

  it("makes the topic of notifications only for who listens to it", async () => {
    const topics = "aws:sns/topic:Topic";
    assert.equal((await delivered({ notificationEmails: undefined }, "prod")).count(topics), 0);
    const graph = await delivered({}, "prod");
    assert.equal(graph.count(topics), 1);
    assert.equal(graph.count("aws:codestarnotifications/notificationRule:NotificationRule"), 0);
    assert.deepEqual(errors(graph), []);
  });

  it("publishes what only the stack knows, and nothing where all is known", async () => {
    const graph = await delivered(api({ beforeDeployment: { command: ["migrate"] } }));
    const { inputs } = graph.named("aws:ssm/parameter:Parameter", "dev");
    assert.equal(inputs.name, "/ecs-delivery/dev/workflow");
    assert.match(textAt(inputs.value), /^api-url=http:\/\/\S+\napi-run-task=\{"cluster":.*\}$/);
    const plain = await delivered(api({ url: "https://dev.example.com" }));
    assert.ok(!plain.all("aws:ssm/parameter:Parameter").some(({ name }) => name === "dev"));
  });

  it("has a workflow for each service where stack config wants that, with a role for it alone", async () => {
    const graph = await delivered({
      pipelines: "perService",
      services: [
        { name: "web", folder: "web", container: { name: "web", port: 3000 } },
        { name: "api", folder: "api", container: { name: "api", port: 8080 } },
      ],
    });
    const found = graph.all(WORKFLOW);
    assert.deepEqual(
      found
        .map(({ name, inputs }) => [name, at(inputs.triggers, 0, "gitConfiguration", "pushes", 0, "filePaths")])
        .sort(),
      [
        ["api", { includes: ["api/**"] }],
        ["web", { includes: ["web/**"] }],
      ],
    );
    const policy = JSON.stringify(graph.statements("web-github-actions"));
    assert.match(policy, /dev-web/);
    assert.doesNotMatch(policy, /dev-api/);
    assert.deepEqual(errors(graph), []);
  });
});

describe("a first preview of a stack delivered by GitHub Actions", () => {
  it("plans the same jobs, and names all that has a name, while ids and addresses are unknown", async () => {
    const changes = { source: undefined, delivery, ...api({ beforeDeployment: { command: ["migrate"] } }) };
    const [first, later] = [await stackGraph("dev", { preview: true, changes }), await stackGraph("dev", { changes })];
    assert.deepEqual(jobs(first), jobs(later));
    const keys = (graph: Graph) => Object.keys(graph.only(WORKFLOW).inputs.published as object);
    assert.deepEqual(keys(first), keys(later));
    assert.equal(first.identity(), later.identity());
  });
});

describe("what a workflow says of itself in a passport", () => {
  it("is its name, and the tests that its job has waited for", async () => {
    const graph = await delivered();
    const text = JSON.stringify(graph.only(WORKFLOW).inputs.stages);
    assert.match(text, /WORKFLOW_NAME\\",\\"value\\":\\"dev-delivery/);
    assert.match(text, /TESTS_PASSED\\",\\"value\\":\\"api-unit-tests/);
    assert.doesNotMatch(JSON.stringify(graph.statements("dev-github-actions")), /codepipeline/);
  });

  const told = (graph: Graph, action: string) => {
    const actions = list(graph.only(WORKFLOW).inputs.stages).flatMap((stage) => list(at(stage, "actions")));
    const found = actions.find((one) => at(one, "name") === action);
    const variables: unknown = JSON.parse(textAt(at(found, "configuration", "EnvironmentVariables")));
    return list(variables).find((one) => at(one, "name") === "TESTS_PASSED");
  };
  const tests = [
    { name: "smoke", commands: ["npm run smoke"] },
    { name: "acceptance", commands: ["npm run acceptance"] },
  ];

  it("is each test that has passed when it is written, of what runs as well, and none that comes after", async () => {
    const graph = await delivered({ environment: "staging", tests });
    const passed = (action: string) => at(told(graph, action), "value");
    assert.equal(passed("api-confirm"), "api-unit-tests");
    assert.equal(passed("api-passed"), "api-unit-tests smoke-test acceptance-test");
    const releaseTo = { stack: "production", account: "444455556666" };
    const both = await delivered({ environment: "commitToProduction", tests, releaseTo });
    assert.equal(at(told(both, "api-confirm-production"), "value"), "api-unit-tests smoke-test acceptance-test");
  });

  it("is no test where there is none", async () => {
    const graph = await delivered(api({ unitTests: undefined }));
    assert.equal(told(graph, "api-confirm"), undefined);
  });
});

describe("delivery by GitHub Actions is refused beside", () => {
  const arn = "arn:aws:kms:eu-west-1:111122223333:key/0a1b";
  const cases: readonly [what: string, changes: ConfigValues, expected: RegExp, mend: RegExp][] = [
    [
      "a source",
      { source: { provider: "CodeCommit", repository: "shop" } },
      /:source: .*nothing beside delivery/,
      /rm .*:source'/,
    ],
    ["a pipeline's role", { pipelineRole: { existing: "x" } }, /:pipelineRole: .*nothing beside/, /rm .*:pipelineRole/],
    ["a role of builds", { buildRole: { existing: "x" } }, /:buildRole: .*nothing beside/, /rm .*:buildRole/],
    [
      "a bucket",
      { artifactBucket: { existing: "abc" }, kmsKey: { existing: arn } },
      /:artifactBucket: .*nothing/,
      /rm /,
    ],
    ["an approval's settings", { approval: { timeoutInMinutes: 30 } }, /:approval: .*nothing beside/, /rm .*:approval/],
    [
      "a window",
      { gates: { deploymentWindow: { cron: "* * 9-17 ? * MON-FRI *" } } },
      /deploymentWindow: .*nothing/,
      /rm /,
    ],
    ["alarms", { gates: { alarms: ["checkout"] } }, /:gates.alarms: .*nothing beside/, /rm .*gates.alarms/],
    [
      "a buildspec",
      api({ buildspec: "buildspec.yml" }),
      /services\[0\].buildspec: .*nothing/,
      /rm .*services\[0\].buildspec/,
    ],
    [
      "a Docker server",
      api({ build: { cache: "dockerServer" } }),
      /build.cache: expected registry/,
      /set .*build.cache.* registry/,
    ],
    [
      "tests in the VPC",
      { tests: [{ name: "e", commands: ["x"], network: true }] },
      /tests\[0\].network: .*nothing/,
      /rm /,
    ],
    [
      "a runtime of unit tests that no job sets up",
      api({ unitTests: { commands: ["x"], runtimeVersions: { nodejs: "22", python: "3.13" } } }),
      /unitTests.runtimeVersions.python: expected nodejs alone beside delivery/,
      /rm .*services\[0\].unitTests.runtimeVersions.python/,
    ],
    [
      "a runtime of tests that no job sets up",
      { tests: [{ name: "e", commands: ["x"], runtimeVersions: { java: "corretto21" } }] },
      /tests\[0\].runtimeVersions.java: expected nodejs alone beside delivery/,
      /rm .*tests\[0\].runtimeVersions.java/,
    ],
  ];
  for (const [what, changes, expected, mend] of cases) {
    it(what, async () => {
      const message = await stackRefusal("dev", { source: undefined, delivery, ...changes });
      assert.match(message, expected);
      assert.match(message, mend);
    });
  }

  it("a branch that conditions of roles, and workflows, would take for more than a name", async () => {
    for (const branch of ["dev${{x}}", "dev${x}", "release/${aws"]) {
      assert.match(
        await stackRefusal("dev", { source: undefined, delivery, branch }),
        /:branch: expected a branch without \$\{ beside delivery/,
      );
    }
    assert.doesNotMatch(await stackRefusal("dev", { branch: "dev${x}", services: [] }), /without \$\{/);
  });

  it("no branch", async () => {
    assert.match(
      await stackRefusal("dev", { source: undefined, delivery, branch: undefined }),
      /:branch: expected a branch/,
    );
  });
});
