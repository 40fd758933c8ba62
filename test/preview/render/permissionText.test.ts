import assert from "node:assert/strict";
import { renderPermissions, renderPurposes } from "../../../preview/render/permissionText";
import { styleFor } from "../../../preview/render/style";
import { exampleGraph, stackGraph } from "../../support/stack";

describe("who may do what", () => {
  const plain = styleFor(false);

  it("says of each role who takes it, what it is for and on what", async () => {
    const { recorded } = await stackGraph("dev");
    const lines = renderPermissions(recorded, plain);
    assert.ok(lines.includes("  dev-on-Source, taken by events"));
    assert.ok(lines.includes("    starts the pipeline when its source changes: aws.codepipeline.Pipeline dev"));
    const task = lines.indexOf("  api-task, taken by ecs-tasks");
    assert.equal(lines[task + 1], "    nothing");
    assert.ok(
      lines.every((line) => !/arn:aws/.test(line)),
      "names, and no ARNs",
    );
  });

  it("says that jobs of GitHub Actions take the role of a workflow", async () => {
    const { recorded } = await exampleGraph("github-actions", "dev");
    assert.ok(renderPurposes(recorded, plain, 100).includes("  dev-github-actions, taken by GitHub Actions"));
  });

  it("says in short what for alone, each once, in lines that fit", async () => {
    const { recorded } = await stackGraph("dev");
    const lines = renderPurposes(recorded, plain, 100);
    assert.ok(lines.length < renderPermissions(recorded, plain).length);
    assert.ok(lines.every((line) => line.length <= 120 && !line.includes("aws.s3.Bucket")));
  });
});
