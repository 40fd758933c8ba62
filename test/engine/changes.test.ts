import assert from "node:assert/strict";
import { lookAhead } from "../../model/update/lookAhead";
import { type Edit, Recorder, stackConfig } from "../../scripts/changes/record";
import { CELLS, variantNamed } from "./cells";
import { deliverOutside } from "./delivery";
import { disagreements, playOnEngine } from "./playing";
import { EngineProject, underEngine } from "./project";

underEngine("changes under the real engine", () => {
  let project: EngineProject;
  beforeEach(() => {
    project = new EngineProject();
  });
  afterEach(() => project.remove());

  for (const [strategy, change, outcome] of CELLS) {
    it(`takes the steps of the model, in its order: ${change}, ${strategy}`, async () => {
      const variant = variantNamed(change);
      const edits: readonly Edit[] = variant.both ? [variant.both] : [];
      const stack = await project.stack("dev");
      project.configure("dev", stackConfig(strategy, ...edits));
      await stack.up();
      project.change(deliverOutside);
      project.configure("dev", stackConfig(strategy, ...edits, variant));
      const said = await onceDelivered(strategy, edits, variant);
      const done = await playOnEngine(project, stack);
      assert.deepEqual(disagreements(said, done), []);
      assert.equal(done.error === undefined ? "done" : "refused", outcome);
      const services = 1 + (variant.services ?? variant.both?.services ?? []).length;
      assert.equal(done.delivered, outcome === "done" ? services : 0, "the next delivery of each service works");
    });
  }
});

/** The change as the model plays it once one delivery was made. */
async function onceDelivered(strategy: string, edits: readonly Edit[], edit: Edit) {
  const recorder = new Recorder();
  const before = await recorder.record(strategy, ...edits);
  const after = await recorder.where(before, await recorder.record(strategy, ...edits, edit));
  assert("graph" in before && "graph" in after);
  const run = lookAhead(before.graph, after.graph).runs.at(-1);
  assert(run);
  return run;
}
