import assert from "node:assert/strict";
import { placeOf, regionalArn, revisionsOf } from "../../components/arn";
import { recordGraph } from "../support/graph";

describe("ARNs", () => {
  it("are of the account and region that the program works in", async () => {
    const config = { "aws:region": "ap-southeast-2" };
    const graph = await recordGraph(
      () => ({
        project: regionalArn(placeOf(), "codebuild", "project/tests"),
        revisions: revisionsOf("shop-api", placeOf()),
      }),
      { config },
    );
    assert.deepEqual(graph.recorded.stackOutputs, {
      project: "arn:aws:codebuild:ap-southeast-2:111122223333:project/tests",
      revisions: "arn:aws:ecs:ap-southeast-2:111122223333:task-definition/shop-api:*",
    });
    assert.deepEqual(graph.resources, []);
  });
});
