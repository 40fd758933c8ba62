import assert from "node:assert/strict";
import { GITHUB_REPOSITORY, GITHUB_SUBJECT } from "../../../components/settings/gitHub";
import type { ConfigValues } from "../../support/pulumiConfig";
import { service, stackGraph, stackRefusal } from "../../support/stack";

const gitHubActions = { repository: "acme/shop" };
const saying = (more: object, changes: ConfigValues = {}): ConfigValues => ({
  source: undefined,
  delivery: { gitHubActions: { ...gitHubActions, ...more } },
  ...changes,
});

/** What is said of a stack's settings; nothing where they are well. */
async function said(changes: ConfigValues): Promise<string> {
  try {
    await stackGraph("dev", { changes });
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe("a repository on GitHub", () => {
  const right = [
    "acme/shop",
    "a/b",
    "acme-1/shop.web_2",
    "Acme/.github",
    "octo_acme/shop",
    "acme/...",
    `${"a".repeat(39)}/${"b".repeat(100)}`,
  ];
  const wrong = [
    "acme",
    "acme/",
    "acme/.",
    "acme/..",
    "acme/shop.git",
    "acme/shop.GIT",
    "acme/shop.wiki",
    "acme/shop/web",
    "acme/sh op",
    "-acme/shop",
    "acme-/shop",
    "ac--me/shop",
    "ac.me/shop",
    "../shop",
    `${"a".repeat(40)}/shop`,
    `acme/${"b".repeat(101)}`,
    "acme/${{ github.actor }}",
    "acme/shop\n",
  ];
  it("is named as GitHub lets owners and repositories be named", () => {
    for (const form of [GITHUB_REPOSITORY, GITHUB_SUBJECT]) {
      for (const one of right) assert.ok(form.pattern.test(one), one);
      for (const one of wrong) assert.ok(!form.pattern.test(one), one);
    }
  });

  it("is named by tokens with the ids of both, or with none", () => {
    assert.ok(GITHUB_SUBJECT.pattern.test("acme@123456/shop@456789"));
    for (const one of ["acme@1/shop", "acme/shop@1", "acme@1/..@2", "acme@1/shop.git@2", "acme@x/shop@2"]) {
      assert.ok(!GITHUB_SUBJECT.pattern.test(one), one);
    }
    assert.ok(!GITHUB_REPOSITORY.pattern.test("acme@123456/shop@456789"));
  });

  it("is asked for in the stack's file", async () => {
    for (const repository of ["acme/..", "acme/shop.git", "ac--me/shop"]) {
      assert.match(await said(saying({ repository })), /gitHubActions\.repository: expected `owner\/name`/, repository);
    }
  });
});

describe("what a stack says of GitHub Actions", () => {
  it("is no environment that a workflow would take for an expression", async () => {
    for (const environment of ["a${{ github.actor }}", "${{ vars.WHERE }}", "a\u2028b", "a\u200bb\u0000"]) {
      assert.match(await said(saying({ environment })), /gitHubActions\.environment: expected the name/, environment);
    }
    const to = { environment: "staging", releaseTo: { stack: "production", environment: "x${{ 1 }}" } };
    assert.match(await said(saying({}, to)), /releaseTo\.environment: expected the name/);
    for (const environment of ["production", "Live (eu)", "a$b", "größer"]) {
      assert.equal(await said(saying({ environment })), "", environment);
    }
  });

  it("is a label of runners that can run the steps", async () => {
    const wrong = [
      "windows-latest",
      "Windows-2025",
      "windows-11-arm",
      "windows",
      "macos-latest",
      "macOS-15-large",
      "macOS",
    ];
    for (const runsOn of [...wrong, "ubuntu-slim", "ubuntu-20.04"]) {
      assert.match(await said(saying({ runsOn })), /gitHubActions\.runsOn: expected a label of Linux runners/, runsOn);
    }
    for (const runsOn of ["ubuntu-latest", "ubuntu-22.04", "self-hosted", "linux-builders", "windows-like"]) {
      assert.equal(await said(saying({ runsOn })), "", runsOn);
    }
  });

  it("is no runner whose images the tasks could not run", async () => {
    const message = await said(saying({ runsOn: "ubuntu-24.04-arm" }));
    assert.match(message, /runsOn: expected runners of X86_64, because the tasks of "api" run on it/);
    assert.match(message, /config set --stack dev --path 'ecs-delivery:delivery.gitHubActions.runsOn' ubuntu-24\.04$/m);
    const arm = { services: service("dev", { cpuArchitecture: "ARM64" }) };
    assert.equal(await said(saying({ runsOn: "ubuntu-24.04-arm" }, arm)), "");
    const both = { services: service("dev", { build: { platforms: ["linux/amd64", "linux/arm64"] } }) };
    assert.equal(await said(saying({ runsOn: "ubuntu-24.04-arm" }, both)), "");
  });

  it("is a pattern as GitHub reads one", async () => {
    for (const pattern of ["src/{a,b}/**", "!docs/**", " "]) {
      assert.match(await said(saying({ filePaths: [pattern] })), /filePaths\[0\]: expected a glob pattern/, pattern);
    }
    assert.equal(await said(saying({ filePaths: ["src/**", "**.md"] })), "");
  });
});

describe("a stack that another stack's workflow delivers to", () => {
  const deliveredBy = { stack: "staging", account: "111122223333" };
  it("is told what it misses: bucket and key, or the same delivery", async () => {
    const message = await stackRefusal("prod", { source: undefined, approval: undefined, deliveredBy });
    assert.match(
      message,
      /deliveredBy\.artifactBucket: expected the artifact bucket of that stack.*; or, where a workflow of GitHub Actions delivers there, delivery here too/,
    );
    const half = { ...deliveredBy, artifactBucket: "staging-artifacts" };
    const one = await stackRefusal("prod", { source: undefined, approval: undefined, deliveredBy: half });
    assert.doesNotMatch(one, /GitHub Actions/);
  });

  it("is refused in a workflow's words, not in a pipeline's", async () => {
    const changes = { source: undefined, approval: undefined, deliveredBy, delivery: { gitHubActions } };
    const codeDeploy = await stackRefusal("prod", { ...changes, deployment: "codeDeployBlueGreen" });
    assert.match(codeDeploy, /another stack's workflow does not know this stack's CodeDeploy application/);
    const before = { services: service("prod", { beforeDeployment: { command: ["migrate"] } }) };
    assert.match(
      await stackRefusal("prod", { ...changes, ...before }),
      /nothing: workflow of stack staging delivers here, and its jobs may start no task/,
    );
    const pipeline = { ...changes, delivery: undefined };
    assert.match(
      await stackRefusal("prod", { ...pipeline, deployment: "codeDeployBlueGreen" }),
      /another stack's pipeline does not know/,
    );
  });
});
