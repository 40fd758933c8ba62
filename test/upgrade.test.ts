import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { strategies } from "../components/deployment";
import type { RecordedGraph, RecordedResource } from "../model/graph/graph";
import { lossEntries } from "../scripts/release/entries";
import { type Loss, lossesOf } from "../scripts/release/losses";
import { type RecordedRelease, readRelease } from "../scripts/release/released";
import { type LossIn, lossesOfUpgrade, upgradeProblems, versionProblem } from "../scripts/release/upgrade";
import { textAt } from "./support/read";
import { ROOT } from "./support/stack";

const CHANGELOG = readFileSync(join(ROOT, "CHANGELOG.md"), "utf8");
const GROUP = "aws:lb/targetGroup:TargetGroup";

describe("an upgrade from the last release", function () {
  this.timeout(60_000);
  let release: RecordedRelease;
  before(() => {
    release = readRelease();
  });

  const graphOf = (name: string): RecordedGraph => {
    const stack = release.stacks.find((one) => one.name === name);
    assert.ok(stack, name);
    return stack.graph;
  };
  /** The stack as the release has it, and what becomes of it where a resource is changed. */
  const after = (
    stack: string,
    change: (resource: RecordedResource) => RecordedResource | undefined,
  ): readonly Loss[] => {
    const graph = graphOf(stack);
    const resources = graph.resources.flatMap((resource) => change(resource) ?? []);
    return lossesOf(graph, { ...graph, resources });
  };
  const named = (losses: readonly Loss[]) => losses.map(({ of, what }) => `${of?.type} ${of?.name} ${what}`);
  const only = (type: string, change: (resource: RecordedResource) => RecordedResource | undefined) => {
    let done = false;
    return (resource: RecordedResource) => {
      if (done || resource.type !== type) return resource;
      done = true;
      return change(resource);
    };
  };

  it("replaces and removes nothing but what the changelog says, and AWS refuses none of it", async () => {
    const losses = await lossesOfUpgrade(release.stacks);
    assert.deepEqual(upgradeProblems(losses, lossEntries(CHANGELOG, ["Unreleased"])), []);
  });

  it("begins at the version that package.json names (npm run release:record)", () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
    assert.equal(release.version, version);
  });

  it("is recorded once", () => {
    assert.match(versionProblem("0.9.0", "0.9.0") ?? "", /^package.json: 0.9.0 is recorded already: npm version /);
    assert.equal(versionProblem("0.9.0", "0.10.0"), undefined);
  });

  it("is of stacks that have every strategy, a workflow, both kinds of load balancers, and two accounts", () => {
    const said = release.stacks.map(({ config }) => textAt(config["ecs-delivery:deployment"] ?? ""));
    for (const strategy of Object.keys(strategies))
      assert.ok(strategy === "rolling" || said.some((one) => one.includes(strategy)), strategy);
    const all = release.stacks.flatMap(({ graph }) => graph.resources);
    const types = new Set(all.map(({ type }) => type));
    for (const type of ["ecs-delivery:index:DeliveryPipeline", "ecs-delivery:index:DeliveryWorkflow"])
      assert.ok(types.has(type), [...types].filter((one) => one.startsWith("ecs-delivery")).join(" "));
    const kinds = all.filter(({ type }) => type === "aws:lb/loadBalancer:LoadBalancer");
    assert.ok(kinds.some(({ inputs }) => inputs.loadBalancerType === "network"));
  });

  it("is nothing where nothing is changed", () => {
    for (const { name, graph } of release.stacks) assert.deepEqual(lossesOf(graph, structuredClone(graph)), [], name);
  });

  it("is seen where a resource has another name and no alias, and not where it has one", () => {
    const repository = "aws:ecr/repository:Repository";
    const rename = (aliases: boolean) =>
      only(repository, (one) => ({
        ...one,
        name: `${one.name}-images`,
        urn: `${one.urn}-images`,
        aliases: aliases ? [JSON.stringify({ urn: one.urn, spec: undefined })] : [],
      }));
    const [first] = named(after(". dev", rename(false)));
    assert.match(
      first ?? "",
      /^aws:ecr\/repository:Repository api replaced: named "api-images" now, and has no alias; lost is every image/,
    );
    assert.deepEqual(named(after(". dev", rename(true))), []);
  });

  it("is seen where a property is changed that AWS cannot change", () => {
    const losses = named(
      after(
        ". dev",
        only(GROUP, (one) => ({ ...one, inputs: { ...one.inputs, vpcId: "vpc-of-others" } })),
      ),
    );
    assert.ok(
      losses.some((one) => /^aws:lb\/targetGroup:TargetGroup \S+ replaced: by vpcId/.test(one)),
      losses.join("\n"),
    );
    const perhaps = only(GROUP, (one) => ({ ...one, inputs: { ...one.inputs, targetControlPort: 8081 } }));
    assert.match(named(after(". dev", perhaps)).join("\n"), /^\S+ \S+ may be replaced: by targetControlPort$/);
    const inPlace = only(GROUP, (one) => ({ ...one, inputs: { ...one.inputs, deregistrationDelay: 31 } }));
    assert.deepEqual(named(after(". dev", inPlace)), []);
  });

  it("is seen where a resource is gone", () => {
    const losses = named(
      after(
        ". prod",
        only("aws:cloudwatch/logGroup:LogGroup", () => undefined),
      ),
    );
    assert.match(losses[0] ?? "", /^aws:cloudwatch\/logGroup:LogGroup \S+ removed; lost is its log$/);
  });

  it("is seen where the program takes a setting no more", async () => {
    const [stack] = release.stacks;
    assert.ok(stack);
    const config = { ...stack.config, "ecs-delivery:branches": "main" };
    const [loss, ...others] = await lossesOfUpgrade([{ ...stack, config }]);
    assert.equal(others.length, 0);
    assert.match(
      upgradeProblems(loss ? [loss] : [], [])[0] ?? "",
      /^\. dev: the stack refused: .*ecs-delivery:branches/s,
    );
  });

  it("is not seen in what only the preview makes up: other ids than when it was recorded", () => {
    const graph = graphOf(". dev");
    const vpc =
      graph.resources.find(({ type }) => type === "aws:ec2/vpc:Vpc") ??
      graph.resources.find(({ id }) => id?.startsWith("sg-"));
    assert.ok(vpc?.id);
    const other = JSON.parse(JSON.stringify(graph).replaceAll(vpc.id, `${vpc.id}0f0f`)) as RecordedGraph;
    assert.deepEqual(named(lossesOf(graph, other)), []);
  });

  describe("and the changelog", () => {
    const loss: LossIn = { stack: "dev", of: { type: GROUP, name: "api-green" }, what: "replaced: by port" };
    const line = `- Replace \`${GROUP}\` \`*-green\`: its port was wrong, and nothing is served by it`;

    it("say a loss by its type and name, under the heading of what is not released", () => {
      const entries = lossEntries(`# Changelog\n\n## Unreleased\n\n${line}\n\n## 0.1.0\n`, ["Unreleased"]);
      assert.deepEqual(entries, [{ line, type: GROUP, name: "*-green" }]);
      assert.deepEqual(upgradeProblems([loss], entries), []);
      assert.deepEqual(lossEntries(`# Changelog\n\n## Unreleased\n\n## 0.1.0\n\n${line}\n`, ["Unreleased"]), []);
      assert.equal(lossEntries(`## 0.2.0 - 2026-12-01\n\n${line}\n`, ["0.2.0", "Unreleased"]).length, 1);
    });

    it("fail where it is not said, is said of another one, or without a reason", () => {
      const [problem, ...others] = upgradeProblems([loss], []);
      assert.equal(
        problem,
        `dev: ${GROUP} "api-green" replaced: by port; give it back its name, parent or value, add an alias, or say in ` +
          "CHANGELOG.md: - Replace `<type>` `<name, or * in it>`: <why, and what comes of it>",
      );
      assert.equal(others.length, 0);
      for (const other of [line.replace("*-green", "*-blue"), line.replace("targetGroup", "listener")]) {
        const entries = lossEntries(`## Unreleased\n${other}\n`, ["Unreleased"]);
        assert.equal(upgradeProblems([loss], entries).length, 2, other);
      }
      assert.deepEqual(lossEntries(`## Unreleased\n${line.replace(/: .*/, ":")}\n`, ["Unreleased"]), []);
    });

    it("fail where a line names what nobody loses", () => {
      const entries = lossEntries(`## Unreleased\n${line}\n`, ["Unreleased"]);
      assert.deepEqual(upgradeProblems([], entries), [`CHANGELOG.md: nothing that this names is taken away: ${line}`]);
    });
  });
});
