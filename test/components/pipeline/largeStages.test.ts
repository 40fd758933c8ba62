import assert from "node:assert/strict";
import { declare, inOrder, type PipelineAction, type PipelineStage, stage } from "../../../components/pipeline/action";
import { alarmQuiet } from "../../../components/pipeline/condition";
import { splitLargeStages } from "../../../components/pipeline/largeStages";

const actions = (what: string, count: number): PipelineAction[] =>
  Array.from({ length: count }, (_, index) => ({
    declaration: declare("Build", "CodeBuild", { name: `${what}-${index}` }),
    permissions: [],
  }));
const source = stage("Source", actions("source", 1));
const shapes = (stages: readonly PipelineStage[]) =>
  stages.map(({ name, actions: own, onFailure, beforeEntry }) => [name, own.length, onFailure, beforeEntry?.length]);

describe("a stage with more actions than one holds", () => {
  it("becomes several, in the order of its actions; what holds it back holds the first back", () => {
    const rules = [alarmQuiet({ alarmName: "a" })];
    const large = stage("Build", inOrder(actions("test", 40), actions("image", 40)), {
      onFailure: "RETRY",
      beforeEntry: rules,
    });
    const stages = splitLargeStages([source, large]);
    assert.deepEqual(shapes(stages), [
      ["Source", 1, undefined, undefined],
      ["Build", 50, "RETRY", 1],
      ["Build-2", 30, "RETRY", undefined],
    ]);
    const [, first, second] = stages;
    assert.deepEqual(
      [...(first?.actions ?? []), ...(second?.actions ?? [])].map(({ declaration }) => declaration.name),
      large.actions.map(({ declaration }) => declaration.name),
    );
  });

  it("stays whole where it fits, where it rolls back, and where it brings the source", () => {
    const whole = [
      stage("Source", actions("source", 51)),
      stage("Build", actions("image", 50)),
      stage("Deploy", actions("deploy", 51), { onFailure: "ROLLBACK" }),
    ];
    assert.deepEqual(splitLargeStages(whole), whole);
  });
});
