import assert from "node:assert/strict";
import { join } from "node:path";
import { deploySettings } from "../../deployments/settings";
import { recordGraph, refusal } from "../support/graph";
import { at, list } from "../support/read";
import { engineConfig, ROOT, stackValues } from "../support/stack";

const SETTINGS = "pulumiservice:index:DeploymentSettings";
const DRIFT = "pulumiservice:index:DriftSchedule";
const TTL = "pulumiservice:index:TtlSchedule";
const role = (name: string) => `arn:aws:iam::111122223333:role/ecs-delivery-deployment/ecs-delivery-${name}-update`;

type Values = Record<string, unknown>;

/** What Pulumi Cloud answers: an id for each. */
const resources = Object.fromEntries(
  [SETTINGS, DRIFT, TTL].map((type) => [type, ({ logicalName }: { logicalName: string }) => ({ id: logicalName })]),
);

const options = (changes: Values = {}) => ({
  project: "ecs-delivery-deployments",
  stack: "main",
  overrides: { resources },
  config: engineConfig(stackValues("main", changes, join(ROOT, "deployments"))),
});
const record = (changes?: Values) => recordGraph(deploySettings, options(changes));
const refused = (stack: Values) => refusal(deploySettings, options({ stacks: [stack] }));
const dev = { name: "dev", roleArn: role("dev") };

describe("settings of Pulumi Deployments", () => {
  it("are those of the committed stack file, each with its schedule, and nothing else", async () => {
    const graph = await record();
    assert.deepEqual(graph.counts(), { [SETTINGS]: 3, [DRIFT]: 3 });
    assert.deepEqual(
      graph
        .all(DRIFT)
        .map(({ name }) => name)
        .sort(),
      ["dev", "prod", "qa"],
    );
  });

  it("update an environment when its branch moves, in the one role they can name, and preview nothing", async () => {
    const { inputs } = (await record()).named(SETTINGS, "prod");
    assert.deepEqual(inputs, {
      organization: "acme",
      project: "ecs-delivery",
      stack: "prod",
      vcs: {
        provider: "github",
        repository: "acme/delivery",
        deployCommits: true,
        previewPullRequests: false,
        pullRequestTemplate: false,
        paths: [
          "Pulumi.yaml",
          "Pulumi.prod.yaml",
          "index.ts",
          "package-lock.json",
          "tsconfig.json",
          "components/**",
          "stacks/**",
        ],
      },
      sourceContext: { git: { branch: "refs/heads/production", repoDir: "." } },
      operationContext: {
        oidc: {
          aws: {
            roleARN: role("prod"),
            duration: "1h",
            sessionName: "${project.name}-${stack.name}-${deployment.version}",
          },
        },
        preRunCommands: ["npm ci --ignore-scripts"],
        options: { skipInstallDependencies: true, deleteAfterDestroy: false },
      },
    });
  });

  it("take the branch of each environment from its stack file", async () => {
    const branches = (await record())
      .all(SETTINGS)
      .map(({ name, inputs }) => [name, at(inputs, "sourceContext", "git", "branch")]);
    assert.deepEqual(Object.fromEntries(branches), {
      dev: "refs/heads/master",
      prod: "refs/heads/production",
      qa: "refs/heads/qa",
    });
  });

  it("make the stack pr a template: one stack for each pull request, deleted when it is destroyed", async () => {
    const pr = { name: "pr", runs: "reviewStacks", branch: "master", roleArn: role("review") };
    const graph = await record({ stacks: [dev, pr] });
    const { inputs } = graph.named(SETTINGS, "pr");
    const { deployCommits, previewPullRequests, pullRequestTemplate } = inputs.vcs as Values;
    assert.deepEqual([deployCommits, previewPullRequests, pullRequestTemplate], [false, false, true]);
    assert.equal(at(inputs, "operationContext", "options", "deleteAfterDestroy"), true);
  });

  it("preview pull requests where that is all they do", async () => {
    const graph = await record({ stacks: [{ ...dev, runs: "previews" }] });
    const { deployCommits, previewPullRequests } = graph.only(SETTINGS).inputs.vcs as Values;
    assert.deepEqual([deployCommits, previewPullRequests], [false, true]);
    assert.equal(graph.count(DRIFT), 0);
  });

  it("look for drift every night, and undo none", async () => {
    for (const { inputs } of (await record()).all(DRIFT)) {
      assert.deepEqual([inputs.scheduleCron, inputs.autoRemediate], ["0 3 * * *", false]);
    }
  });

  it("undo drift, and destroy a stack that is there for a while, where that is said", async () => {
    const destroyAt = "2026-12-24T00:00:00Z";
    const graph = await record({ stacks: [{ ...dev, driftSchedule: "*/30 * * * *", autoRemediate: true, destroyAt }] });
    assert.equal(graph.only(DRIFT).inputs.autoRemediate, true);
    assert.equal(graph.only(DRIFT).inputs.scheduleCron, "*/30 * * * *");
    const { inputs, dependencies } = graph.only(TTL);
    assert.deepEqual([inputs.stack, inputs.timestamp, inputs.deleteAfterDestroy], ["dev", destroyAt, true]);
    assert.ok(dependencies.includes(graph.only(SETTINGS).urn), "after the settings");
  });

  it("say which files matter, where the default does not fit", async () => {
    const graph = await record({ stacks: [{ ...dev, paths: ["infra/**", "!**/*.md"] }] });
    assert.deepEqual(list(at(graph.only(SETTINGS).inputs, "vcs", "paths")), ["infra/**", "!**/*.md"]);
  });
});

describe("settings of Pulumi Deployments refuse", () => {
  it("to undo drift in prod, or to destroy it by the clock", async () => {
    const prod = { name: "prod", roleArn: role("prod") };
    assert.equal(
      await refused({ ...prod, autoRemediate: true, destroyAt: "2026-12-24T00:00:00Z" }),
      [
        "Pulumi.main.yaml has 2 problem(s):",
        "  ecs-delivery:stacks[0].autoRemediate: expected false: what drifted in prod is looked at by a person first, got true",
        "    pulumi config set --stack main --path 'ecs-delivery:stacks[0].autoRemediate' false",
        '  ecs-delivery:stacks[0].destroyAt: expected nothing: prod is not destroyed by the clock, got "2026-12-24T00:00:00Z"',
        "    pulumi config rm --stack main --path 'ecs-delivery:stacks[0].destroyAt'",
      ].join("\n"),
    );
  });

  it("the same for what else goes to production", async () => {
    const production = { name: "production", branch: "main", roleArn: role("prod"), autoRemediate: true };
    assert.match(await refused(production), /autoRemediate: expected false/);
  });

  it("a stack whose branch nobody knows", async () => {
    assert.equal(
      await refused({ name: "alice", roleArn: role("dev") }),
      [
        "Pulumi.main.yaml has 1 problem(s):",
        "  ecs-delivery:stacks[0].branch: expected a branch, because no Pulumi.alice.yaml has one, it is not set",
        "    pulumi config set --stack main --path 'ecs-delivery:stacks[0].branch' main",
      ].join("\n"),
    );
  });

  it("what is no role, no word for what is done, no schedule and no moment", async () => {
    const wrong = { ...dev, roleArn: "admin", runs: "everything", driftSchedule: "daily", destroyAt: "tomorrow" };
    const message = await refused(wrong);
    for (const key of ["roleArn", "runs", "driftSchedule", "destroyAt"]) {
      assert.ok(message.includes(`ecs-delivery:stacks[0].${key}: expected `), message);
    }
    assert.match(message, /runs: expected one of updates, previews, reviewStacks, got "everything"/);
  });

  it("times that no clock shows", async () => {
    const message = await refused({ ...dev, driftSchedule: "99 99 99 99 99", destroyAt: "2026-99-99T99:99:99Z" });
    for (const key of ["driftSchedule", "destroyAt"])
      assert.ok(message.includes(`stacks[0].${key}: expected`), message);
  });

  it("copies of prod for pull requests, and drift where nothing is updated", async () => {
    assert.match(
      await refused({ name: "prod", roleArn: role("prod"), runs: "reviewStacks", branch: "main" }),
      /runs: expected updates or previews: .*copy of prod/,
    );
    const looked = await refused({ ...dev, runs: "previews", driftSchedule: "0 3 * * *", autoRemediate: true });
    for (const key of ["driftSchedule", "autoRemediate"]) {
      assert.ok(looked.includes(`stacks[0].${key}: expected nothing with runs: previews`), looked);
    }
  });

  it("a stack that is listed twice", async () => {
    const message = await refusal(deploySettings, options({ stacks: [dev, dev] }));
    assert.match(message, /stacks: expected names that differ, but "dev" is there twice/);
  });
});
