import assert from "node:assert/strict";
import type { Graph } from "../support/graph";
import { at, list, textAt } from "../support/read";
import { PIPELINE } from "../support/shape";
import { exampleGraph, stackGraph } from "../support/stack";

const tests = [{ name: "end-to-end", commands: ["npm test"] }];

/** The stage of each action whose name matches. */
function stagesOf(graph: Graph, pattern: RegExp): string[] {
  return graph
    .all(PIPELINE)
    .flatMap(({ inputs }) => list(inputs.stages))
    .flatMap((stage) =>
      list(at(stage, "actions"))
        .filter((action) => pattern.test(textAt(at(action, "name"))))
        .map(() => textAt(at(stage, "name"))),
    );
}

describe("every profile with tests", () => {
  // CodePipeline locks one stage at a time: between two stages another run can deploy, and be tested in the place of this one.
  it("deploys, tests and records in one stage", async () => {
    const shapes = [
      await stackGraph("dev", { changes: { tests } }),
      await stackGraph("qa", { changes: { tests } }),
      await exampleGraph("staging", "staging"),
      await exampleGraph("one-pipeline", "staging"),
      await exampleGraph("two-accounts", "staging"),
    ];
    for (const graph of shapes) {
      const stages = new Set(stagesOf(graph, /-deploy$|-confirm$|-test$|-passed$|-scan$/));
      assert.equal(stages.size, 1, [...stages].join(", "));
    }
  });

  it("goes back to the last version that passed when a test fails", async () => {
    const graph = await exampleGraph("staging", "staging");
    const [stage] = list(graph.only(PIPELINE).inputs.stages).filter((one) => at(one, "name") === "Staging");
    assert.deepEqual(at(stage, "onFailure"), { result: "ROLLBACK" });
  });
});
