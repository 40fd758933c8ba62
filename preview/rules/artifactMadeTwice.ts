import type { Rule } from "../../model/graph/graph";
import { at, pipelinesOf } from "../../model/graph/pipelines";
import { finding } from "../../model/graph/resources";

/** Every artifact of a pipeline is made by one action. */
export const artifactMadeTwice: Rule = (graph) =>
  pipelinesOf(graph).flatMap((pipeline) => {
    const makers = new Map<string, string>();
    return pipeline.actions.flatMap((action) =>
      action.outputs.flatMap((output) => {
        const first = makers.get(output);
        makers.set(output, first ?? action.name);
        if (first === undefined) return [];
        const text = `makes artifact "${output}", which action ${first} makes already; give it a name of its own`;
        return [finding("artifact-made-twice", pipeline.resource, at(action) + text)];
      }),
    );
  });
