import type { RecordedResource } from "../../model/graph/graph";
import type { Graph } from "./graph";
import { at, json, list, textAt } from "./read";

export const PIPELINE = "aws:codepipeline/pipeline:Pipeline";
export const PROJECT_TYPE = "aws:codebuild/project:Project";

/** `stage: action action | action`: actions side by side stand together, `|` waits. */
export function shape(pipeline: RecordedResource): string[] {
  return list(pipeline.inputs.stages).map((stage) => {
    const actions = list(at(stage, "actions"));
    const orders = [...new Set(actions.map((action) => at(action, "runOrder") ?? 1))];
    const steps = orders.map((order) =>
      actions.filter((action) => (at(action, "runOrder") ?? 1) === order).map((action) => textAt(at(action, "name"))),
    );
    return `${textAt(at(stage, "name"))}: ${steps.map((step) => step.join(" ")).join(" | ")}`;
  });
}

/** An action, in whichever pipeline and stage. */
export function actionOf(graph: Graph, name: string): unknown {
  const actions = graph
    .all(PIPELINE)
    .flatMap(({ inputs }) => list(inputs.stages))
    .flatMap((stage) => list(at(stage, "actions")));
  return actions.find((action) => at(action, "name") === name);
}

/** The variables an action hands to its build. */
export function declaredVariables(graph: Graph, action: string): Record<string, string> {
  const given = json(at(actionOf(graph, action), "configuration", "EnvironmentVariables"));
  return Object.fromEntries(list(given).map((one) => [textAt(at(one, "name")), textAt(at(one, "value"))]));
}

/** The environment of a build project, by its logical name. */
export const environmentOf = (graph: Graph, project: string) => graph.named(PROJECT_TYPE, project).inputs.environment;
