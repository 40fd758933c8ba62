import assert from "node:assert/strict";
import { type Push, startsOf } from "../../../model/delivery/pipeline/push";
import type { RecordedGraph } from "../../../model/graph/graph";
import { exampleGraph, stackGraph } from "../../support/stack";

const commit = "1".repeat(40);
const PIPELINE = "aws:codepipeline/pipeline:Pipeline";

/** A pipeline on a connection, with these filters for pushes. */
function onConnection(pushes: readonly unknown[] | undefined, DetectChanges?: string): RecordedGraph {
  const inputs = {
    name: "p",
    stages: [
      {
        name: "Source",
        actions: [
          {
            name: "Source",
            category: "Source",
            provider: "CodeStarSourceConnection",
            configuration: { BranchName: "main", FullRepositoryId: "acme/shop", DetectChanges },
            outputArtifacts: ["Source"],
          },
        ],
      },
    ],
    triggers: pushes && [
      { providerType: "CodeStarSourceConnection", gitConfiguration: { sourceActionName: "Source", pushes } },
    ],
  };
  const resource = {
    urn: "urn:p",
    type: PIPELINE,
    name: "p",
    custom: true,
    inputs,
    outputs: { arn: "arn:aws:codepipeline:eu-west-1:111122223333:p" },
    dependencies: [],
    propertyDependencies: {},
    ignoreChanges: [],
    protect: false,
    deleteBeforeReplace: false,
    retainOnDelete: false,
    aliases: [],
  };
  return { project: "p", stack: "dev", resources: [resource], stackOutputs: {} };
}

function only(graph: RecordedGraph, push: Omit<Push, "commit">) {
  const [start, ...more] = startsOf([graph], { commit, ...push });
  assert.deepEqual(more, []);
  assert.ok(start);
  return start;
}

describe("which pipelines a push starts", () => {
  it("starts those whose rule matches the event of CodeCommit, and says why not the others", async () => {
    const graphs: RecordedGraph[] = [];
    for (const stack of ["dev", "qa", "prod"]) graphs.push((await stackGraph(stack)).recorded);
    const started = (push: Omit<Push, "commit">) =>
      startsOf(graphs, { commit, ...push })
        .filter(({ starts }) => starts)
        .map(({ pipeline }) => pipeline.name);
    assert.deepEqual(started({ branch: "master" }), ["dev-delivery"]);
    assert.deepEqual(started({ branch: "production" }), ["prod-delivery"]);
    assert.deepEqual(started({}), ["dev-delivery", "qa-delivery", "prod-delivery"]);
    assert.deepEqual(started({ tag: "v1" }), []);
    assert.deepEqual(started({ branch: "master", repository: "other" }), []);
    const [, , prod] = startsOf(graphs, { commit, branch: "master" });
    assert.equal(prod?.why, "no rule matches branch master: it waits for branch production");
  });

  it("starts nothing by a push to git where the source is an image", async () => {
    const { recorded } = await exampleGraph("ecr-source", "prod");
    assert.match(
      only(recorded, { branch: "main" }).why,
      /^it watches image .+, which no push to git changes by itself$/,
    );
    assert.equal(only(recorded, {}).starts, true);
  });

  it("starts nothing when the rule is disabled or has no role", async () => {
    const { recorded } = await stackGraph("dev");
    const changed = (type: string, inputs: Readonly<Record<string, unknown>>) => ({
      ...recorded,
      resources: recorded.resources.map((one) =>
        one.type === type ? { ...one, inputs: { ...one.inputs, ...inputs } } : one,
      ),
    });
    assert.match(only(changed("aws:cloudwatch/eventRule:EventRule", { state: "DISABLED" }), {}).why, /is DISABLED/);
    assert.match(
      only(changed("aws:cloudwatch/eventTarget:EventTarget", { roleArn: undefined }), {}).why,
      /has no roleArn/,
    );
  });

  const filters: readonly (readonly [string, unknown[] | undefined, Omit<Push, "commit">, boolean, RegExp])[] = [
    ["the branch that the source watches", undefined, { branch: "main" }, true, /is the one it watches/],
    ["another branch", undefined, { branch: "feature" }, false, /^it watches branch main, not feature$/],
    ["a tag without a filter", undefined, { tag: "v1" }, false, /not on tags/],
    [
      "a branch by a pattern",
      [{ branches: { includes: ["release/*"] } }],
      { branch: "release/1" },
      true,
      /matches release\/\*/,
    ],
    [
      "a star that stays within a folder",
      [{ branches: { includes: ["release/*"] } }],
      { branch: "release/1/2" },
      false,
      /matches none of release\/\*/,
    ],
    [
      "two stars that do not",
      [{ branches: { includes: ["release/**"] } }],
      { branch: "release/1/2" },
      true,
      /matches release\/\*\*/,
    ],
    [
      "an exclude, which beats an include",
      [{ branches: { includes: ["*"], excludes: ["wip"] } }],
      { branch: "wip" },
      false,
      /^branch wip is excluded by wip$/,
    ],
    [
      "excludes alone",
      [{ branches: { excludes: ["wip"] } }],
      { branch: "main" },
      true,
      /everything that is not excluded/,
    ],
    [
      "a file that counts",
      [{ branches: { includes: ["main"] }, filePaths: { includes: ["api/**"] } }],
      { branch: "main", files: ["docs/x", "api/src/a.ts"] },
      true,
      /file api\/src\/a.ts matches api\/\*\*/,
    ],
    [
      "files of which none counts",
      [{ branches: { includes: ["main"] }, filePaths: { includes: ["api/**"] } }],
      { branch: "main", files: ["docs/x"] },
      false,
      /file docs\/x matches none of api\/\*\*/,
    ],
    [
      "files that are excluded, though included",
      [{ branches: { includes: ["main"] }, filePaths: { includes: ["**"], excludes: ["docs/**"] } }],
      { branch: "main", files: ["docs/x"] },
      false,
      /file docs\/x is excluded by docs\/\*\*/,
    ],
    [
      "no file at all",
      [{ branches: { includes: ["main"] }, filePaths: { includes: ["**"] } }],
      { branch: "main", files: [] },
      false,
      /no file has changed/,
    ],
    ["a tag", [{ tags: { includes: ["v*"] } }], { tag: "v1" }, true, /tag v1 matches v\*/],
    [
      "a branch where tags are asked for",
      [{ tags: { includes: ["v*"] } }],
      { branch: "main" },
      false,
      /about tags, and a branch was pushed/,
    ],
    [
      "a tag where branches are asked for",
      [{ branches: { includes: ["*"] } }],
      { tag: "v1" },
      false,
      /about branches, not about tags/,
    ],
    [
      "the second of several filters",
      [{ tags: { includes: ["v*"] } }, { branches: { includes: ["main"] } }],
      { branch: "main" },
      true,
      /branch main matches main/,
    ],
  ];
  for (const [name, pushes, push, starts, why] of filters) {
    it(`follows the filters of a trigger: ${name}`, () => {
      const start = only(onConnection(pushes), push);
      assert.equal(start.starts, starts, start.why);
      assert.match(start.why, why);
    });
  }

  it("is started by hand where DetectChanges is false and no trigger names the source", () => {
    assert.match(only(onConnection(undefined, "false"), { branch: "main" }).why, /started by hand/);
  });
});
