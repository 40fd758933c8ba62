import assert from "node:assert";
import { lookAhead } from "../../model/update/lookAhead";
import { type Edit, Recorder } from "../../scripts/changes/record";
import { CELLS, variantNamed } from "../engine/cells";
import { Walk } from "./walk";

describe("the model and the stand-in for AWS", function () {
  this.timeout(120_000);
  const recorder = new Recorder();

  for (const [strategy, change] of CELLS) {
    it(`agree on ${change}, ${strategy}`, async () => {
      const variant = variantNamed(change);
      const edits: readonly Edit[] = variant.both ? [variant.both] : [];
      const before = await recorder.record(strategy, ...edits);
      const after = await recorder.record(strategy, ...edits, variant);
      assert("graph" in before && "graph" in after);
      const outlook = lookAhead(before.graph, after.graph);
      const [run] = outlook.runs;
      assert(run);
      const walk = new Walk();
      try {
        await walk.live(before.graph);
        const said = await walk.take(run.played.steps);
        const refused = outlook.findings.some(({ rule }) => rule.startsWith("update-refused"));
        assert.strictEqual(said !== undefined, refused, said ?? "the stand-in takes everything");
      } finally {
        walk.remove();
      }
    });
  }
});
