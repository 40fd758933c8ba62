import type { Rule } from "../../model/graph/graph";
import { at, pipelinesOf } from "../../model/graph/pipelines";
import { finding } from "../../model/graph/resources";

/** Names of artifacts are stricter than those of actions: no dot, no @. */
const ARTIFACT = /^[A-Za-z0-9_-]{1,100}$/;

/** Every artifact's name is one that CodePipeline takes. */
export const artifactName: Rule = (graph) =>
  pipelinesOf(graph).flatMap((pipeline) =>
    pipeline.actions.flatMap((action) =>
      [...new Set([...action.inputs, ...action.outputs])]
        .filter((name) => !ARTIFACT.test(name))
        .map((name) => {
          const text = `artifact "${name}": expected 1 to 100 letters, digits, - and _; rename it`;
          return finding("artifact-name", pipeline.resource, at(action) + text);
        }),
    ),
  );
