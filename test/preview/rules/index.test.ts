import assert from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { findingsOf } from "../../../preview/rules";
import { changed, graphOf } from "./handMade";
import { verified } from "./verified";

describe("findingsOf", () => {
  it("finds nothing in a delivery that works", () => {
    assert.deepStrictEqual(findingsOf(verified), []);
  });

  it("finds nothing in an empty graph", () => {
    assert.deepStrictEqual(findingsOf(graphOf()), []);
  });

  it("has every rule that there is a file for", () => {
    const folder = join(__dirname, "../../../preview/rules");
    const exported = readdirSync(folder)
      .filter((file) => file.endsWith(".ts") && readFileSync(join(folder, file), "utf8").includes(": Rule = "))
      .map((file) => basename(file, ".ts"));
    assert(exported.length > 20);
    const catalogue = readFileSync(join(folder, "index.ts"), "utf8");
    for (const name of exported)
      assert(catalogue.includes(`\n    ${name},`) || catalogue.includes(`, ${name}, `), name);
  });

  it("puts errors before notices", () => {
    const graph = changed(
      changed(verified, "aws:ecr/repository:Repository", "api", { imageTagMutability: "IMMUTABLE_WITH_EXCLUSION" }),
      "aws:cloudwatch/logGroup:LogGroup",
      "api",
      { retentionInDays: 8 },
    );
    const found = findingsOf(graph);
    assert.deepStrictEqual(
      found.map(({ level, rule }) => [level, rule]),
      [
        ["error", "limits"],
        ["notice", "moving-tag"],
      ],
    );
  });

  it("survives a pipeline without stages and a service without anything", () => {
    let graph = changed(verified, "aws:codepipeline/pipeline:Pipeline", "dev", {
      stages: undefined,
      artifactStores: undefined,
    });
    graph = changed(graph, "aws:ecs/service:Service", "api", {
      taskDefinition: undefined,
      loadBalancers: undefined,
      networkConfiguration: undefined,
    });
    assert(findingsOf(graph).length > 0);
  });
});
