import type { Rule } from "../../model/graph/graph";
import { type Action, at, isBefore, type Pipeline, pipelinesOf } from "../../model/graph/pipelines";
import { finding } from "../../model/graph/resources";

/** Every artifact that an action reads was made by an action that has ended by then. */
export const artifactNotMade: Rule = (graph) =>
  pipelinesOf(graph).flatMap((pipeline) =>
    pipeline.actions.flatMap((action) =>
      action.inputs
        .filter((input) => !madeBefore(pipeline, action).includes(input))
        .map((input) => finding("artifact-not-made", pipeline.resource, at(action) + explain(pipeline, action, input))),
    ),
  );

function madeBefore(pipeline: Pipeline, action: Action): readonly string[] {
  return pipeline.actions.filter((other) => isBefore(other, action)).flatMap(({ outputs }) => outputs);
}

function explain(pipeline: Pipeline, action: Action, input: string): string {
  const maker = pipeline.actions.find(({ outputs }) => outputs.includes(input));
  if (maker) {
    return (
      `reads artifact "${input}", which action ${maker.name} (stage ${maker.stage}, run order ${maker.runOrder}) ` +
      `has not made by then; give ${maker.name} an earlier stage or a run order below ${action.runOrder}`
    );
  }
  const made = madeBefore(pipeline, action);
  const choices = made.length > 0 ? `expected one of ${made.join(", ")}` : "no action before it makes any";
  return `reads artifact "${input}", which no action makes; ${choices}: correct the name, or let an earlier action make it`;
}
