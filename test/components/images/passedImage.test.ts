import assert from "node:assert/strict";
import { definePassedImage } from "../../../components/images/passedImage";
import { recordGraph } from "../../support/graph";

describe("definePassedImage", () => {
  it("is a parameter that names no image yet, and whose value is the pipeline's from then on", async () => {
    const graph = await recordGraph(() => {
      definePassedImage("api-passed-image", "/ecs-delivery/staging-api/passed-image", { protect: true });
    });
    const { inputs, ignoreChanges, protect } = graph.only("aws:ssm/parameter:Parameter");
    assert.equal(inputs.name, "/ecs-delivery/staging-api/passed-image");
    assert.deepEqual([inputs.type, inputs.value], ["String", "none"]);
    assert.deepEqual(ignoreChanges, ["value"]);
    assert.equal(protect, true);
  });
});
