import { NAMES } from "../checks/names";
import { Problems } from "../checks/problems";
import type { PipelineStage } from "./action";
import { type StageShape, structureProblems } from "./structure";

/** What of a pipeline AWS would refuse. */
export function checkPipeline(name: string, stages: readonly PipelineStage[], executionMode?: string): Problems {
  const ofRules = stages.flatMap((stage) =>
    (stage.beforeEntry ?? []).flatMap(({ declaration, problems }) =>
      problems.map((problem) => `stage ${stage.name}, rule ${declaration.name}: ${problem}`),
    ),
  );
  return new Problems()
    .text("pipelineName", name, NAMES.pipeline)
    .addAll(structureProblems({ stages: stages.map(shapeOf), executionMode }).map(({ text }) => text))
    .addAll(ofRules);
}

function shapeOf({ name, actions, beforeEntry = [], onFailure }: PipelineStage): StageShape {
  const rules = beforeEntry.map(({ declaration }) => ({ name: declaration.name, provider: "" }));
  return {
    name,
    onFailure,
    conditions: rules.length > 0 ? [{ place: "beforeEntry", result: "FAIL", rules }] : [],
    actions: actions.map(({ declaration }) => ({
      name: declaration.name,
      category: texts([declaration.category])[0] ?? "",
      runOrder: declaration.runOrder ?? 1,
      inputs: texts(declaration.inputArtifacts),
      outputs: texts(declaration.outputArtifacts),
      namespace: texts([declaration.namespace])[0],
      timeoutInMinutes: typeof declaration.timeoutInMinutes === "number" ? declaration.timeoutInMinutes : undefined,
    })),
  };
}

/** Names of artifacts and namespaces are always plain text here; an Output would be a mistake of ours. */
function texts(names: unknown): string[] {
  return Array.isArray(names) ? names.filter((name) => name !== undefined).map(String) : [];
}
