import assert from "node:assert/strict";
import { stackGraph } from "../support/stack";

const PARAMETER = "aws:ssm/parameter:Parameter";

describe("a stack that keeps something", () => {
  it("is refused by destroy before anything is deleted: one protected thing needs all the others", async () => {
    const graph = await stackGraph("prod");
    const first = graph.named(PARAMETER, "prod-retained");
    assert.equal(first.protect, true);
    const others = graph.resources.filter(
      ({ custom, type, urn }) => (custom || type.startsWith("awsx:")) && urn !== first.urn,
    );
    const needed = new Set(first.dependencies);
    assert.deepEqual(
      others.filter(({ urn }) => !needed.has(urn)).map(({ urn }) => urn),
      [],
    );
    assert.deepEqual(
      graph.resources.filter(({ dependencies }) => dependencies.includes(first.urn)),
      [],
    );
  });

  it("is open to destroy once it is told to keep nothing: the thing is there still, and not protected", async () => {
    const graph = await stackGraph("prod", { changes: { retain: false } });
    assert.equal(graph.named(PARAMETER, "prod-retained").protect, false);
  });

  it("has no such thing where nothing is kept, or nothing is the stack's own", async () => {
    const names = (graph: Awaited<ReturnType<typeof stackGraph>>) => graph.all(PARAMETER).map(({ name }) => name);
    assert.ok(!names(await stackGraph("dev")).includes("dev-retained"));
  });
});
