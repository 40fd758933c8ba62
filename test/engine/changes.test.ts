import assert from "node:assert/strict";
import type { Stack } from "@pulumi/pulumi/automation";
import { lookAhead } from "../../model/update/lookAhead";
import { type Edit, Recorder, stackConfig } from "../../scripts/changes/record";
import type { Variant } from "../../scripts/changes/variants";
import { CELLS, variantNamed } from "./cells";
import { deliver } from "./delivery";
import { EngineProject, whyNot } from "./project";

const reason = whyNot();

describe("changes under the real engine", function () {
  this.timeout(600_000);
  if (reason !== undefined) {
    it(`is skipped: ${reason}`, function () {
      this.skip();
    });
    return;
  }
  let project: EngineProject;
  beforeEach(() => {
    project = new EngineProject();
  });
  afterEach(() => project.remove());

  for (const [strategy, change] of CELLS) {
    it(`does as the model says: ${change}, ${strategy}`, async () => {
      const variant = variantNamed(change);
      const edits: readonly Edit[] = variant.both ? [variant.both] : [];
      const stack = await project.stack("dev");
      await configure(stack, stackConfig(strategy, ...edits));
      await stack.up();
      project.change(deliver);
      project.change(deliver);
      await configure(stack, stackConfig(strategy, ...edits, variant));
      if (await isRefused(strategy, edits, variant)) {
        await assert.rejects(stack.up());
        return;
      }
      await stack.up();
      const { changeSummary } = await stack.preview();
      assert.deepEqual(Object.keys(changeSummary), ["same"], "a second up has nothing to do");
      assert.equal(project.change(deliver), 1, "the next delivery works");
    });
  }
});

/** Whether the model says that AWS refuses: what only the preview refuses, the engine does. */
async function isRefused(strategy: string, edits: readonly Edit[], variant: Variant): Promise<boolean> {
  const recorder = new Recorder();
  const [before, after] = [
    await recorder.record(strategy, ...edits),
    await recorder.record(strategy, ...edits, variant),
  ];
  assert("graph" in before && "graph" in after);
  return lookAhead(before.graph, after.graph).findings.some(({ rule }) => rule.startsWith("update-refused"));
}

/** These keys, and no others. */
async function configure(stack: Stack, config: Readonly<Record<string, string>>): Promise<void> {
  const present = await stack.getAllConfig();
  const gone = Object.keys(present).filter((key) => key.startsWith("ecs-delivery:") && !(key in config));
  await stack.removeAllConfig(gone);
  await stack.setAllConfig(Object.fromEntries(Object.entries(config).map(([key, value]) => [key, { value }])));
}
