import assert from "node:assert/strict";
import { findingsOf } from "../../preview/rules";
import { inBash, onPaper, withInputsOf } from "../rehearse/play";
import type { Graph } from "../support/graph";
import { at, list } from "../support/read";
import { stackGraph } from "../support/stack";

const CONNECTION = "arn:aws:codeconnections:eu-west-1:111122223333:connection/0a1b";
const ON_GITHUB = { provider: "GitHub", repository: "acme/shop", connectionArn: CONNECTION };
const API = {
  name: "api",
  container: { name: "api", port: 8080 },
  unitTests: { commands: ["npm test"] },
  build: { fullHistory: true },
};
const WEB = { name: "web", container: { name: "web", port: 80 } };
const END_TO_END = [{ name: "end-to-end", commands: ["npm test"] }];

const qa = (services: readonly object[], more: Readonly<Record<string, unknown>> = {}) =>
  stackGraph("qa", { changes: { services, tests: END_TO_END, ...more } });

/** Roles that may clone, and what. */
function cloners(graph: Graph): Record<string, readonly string[]> {
  const roles = graph.all("aws:iam/role:Role").map(({ name }) => name);
  return Object.fromEntries(
    roles.flatMap((name) => {
      if (name.endsWith("-pipeline")) return [];
      const clones = graph
        .statements(name)
        .filter(({ Action }) => [Action].flat().some((one) => /:(GitPull|UseConnection)$/.test(String(one))));
      return clones.length > 0 ? [[name, clones.flatMap(({ Resource }) => Resource)]] : [];
    }),
  );
}

function formats(graph: Graph): Record<string, unknown> {
  const pipelines = graph.all("aws:codepipeline/pipeline:Pipeline");
  const actions = pipelines.flatMap(({ inputs }) => list(at(inputs, "stages", "0", "actions")));
  return Object.fromEntries(
    actions.map((one) => [String(at(one, "name")), at(one, "configuration", "OutputArtifactFormat")]),
  );
}

describe("a build that looks at the history", () => {
  it("clones the repository in CodeCommit, as every build does that starts from it", async () => {
    const graph = await qa([API, WEB], { source: { provider: "CodeCommit", repository: "shop" } });
    assert.deepEqual(formats(graph), { Source: "CODEBUILD_CLONE_REF" });
    const shop = ["arn:aws:codecommit:eu-west-1:111122223333:shop"];
    assert.deepEqual(cloners(graph), {
      "api-image": shop,
      "api-unit-tests": shop,
      "end-to-end-test": shop,
      "web-image": shop,
    });
    assert.deepEqual(findingsOf(graph.recorded), []);
  });

  it("clones through exactly its connection", async () => {
    const graph = await qa([API], { source: ON_GITHUB });
    const names = [CONNECTION, CONNECTION.replace("codeconnections", "codestar-connections")];
    assert.deepEqual(cloners(graph), { "api-image": names, "api-unit-tests": names, "end-to-end-test": names });
    assert.deepEqual(findingsOf(graph.recorded), []);
  });

  it("leaves other repositories, and what starts from them, as they are", async () => {
    const graph = await qa([API, { ...WEB, sourceRepository: "site" }], {
      source: { provider: "CodeCommit", repository: "shop" },
      tests: [{ name: "end-to-end", sourceRepository: "site", service: "web", commands: ["npm test"] }],
    });
    assert.deepEqual(formats(graph), { shop: "CODEBUILD_CLONE_REF", site: "CODE_ZIP" });
    assert.deepEqual(Object.keys(cloners(graph)).sort(), ["api-image", "api-unit-tests"]);
    assert.deepEqual(findingsOf(graph.recorded), []);
  });

  it("lets a test of pipelines per service clone what each of them starts from", async () => {
    const graph = await qa([API, { ...WEB, sourceRepository: "site", build: { fullHistory: true } }], {
      source: { provider: "CodeCommit", repository: "shop" },
      pipelines: "perService",
    });
    assert.deepEqual(cloners(graph)["end-to-end-test"], [
      "arn:aws:codecommit:eu-west-1:111122223333:shop",
      "arn:aws:codecommit:eu-west-1:111122223333:site",
    ]);
    assert.deepEqual(findingsOf(graph.recorded), []);
  });

  it("is built by a buildspec of one's own as well, and what finds the image clones nothing", async () => {
    const graph = await qa([{ ...API, buildspec: "build/buildspec.yml" }]);
    assert.deepEqual(Object.keys(cloners(graph)).sort(), ["api-image", "api-unit-tests", "end-to-end-test"]);
    assert.deepEqual(findingsOf(graph.recorded), []);
  });

  it("fails where its role may not clone: the preview says so, and a rehearsal", async () => {
    for (const source of [ON_GITHUB, { provider: "CodeCommit", repository: "shop" }]) {
      const graph = withoutClones(await qa([API], { source }));
      const found = findingsOf(graph).map(({ rule, message }) => `${rule}: ${message}`);
      assert.ok(
        found.some((one) => /^role-cannot: .*(GitPull|UseConnection)/.test(one)),
        found.join("\n"),
      );
      for (const play of [inBash, onPaper]) assert.equal((await play([graph])).reached, false);
    }
  });

  it("is refused of a source that has none", async () => {
    await assert.rejects(
      qa([API], { source: { provider: "S3" } }),
      /services\[0\]\.build\.fullHistory: expected nothing/,
    );
    await assert.rejects(qa([API], { source: { provider: "ECR", imageTag: "release-*" } }), /services\[0\]\.build/);
  });

  it("is delivered, in bash and on paper", async () => {
    const { recorded } = await qa([API], { source: ON_GITHUB });
    for (const play of [inBash, onPaper]) assert.equal((await play([recorded])).reached, true);
  });
});

/** The graph whose builds' roles may clone nothing. */
function withoutClones({ recorded }: Graph) {
  return withInputsOf(recorded, "aws:iam/rolePolicy:RolePolicy", ({ policy }, { name }) => {
    if (name.endsWith("-pipeline")) return {};
    const document = JSON.parse(String(policy)) as { Statement: { Action: string | string[] }[] };
    const Statement = document.Statement.filter(
      ({ Action }) => ![Action].flat().some((action) => /:(GitPull|UseConnection)$/.test(action)),
    );
    return { policy: JSON.stringify({ ...document, Statement }) };
  });
}
