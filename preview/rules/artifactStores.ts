import type { Rule } from "../../model/graph/graph";
import { ofAction, type Pipeline, pipelinesOf } from "../../model/graph/pipelines";
import { mapsOf, textOf } from "../../model/graph/read";
import { arnPlace, finding } from "../../model/graph/resources";

/**
 * One artifact store has no region, several have one each; and every region that actions work in has a store.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/actions-create-cross-region.html
 */
export const artifactStores: Rule = (graph) =>
  pipelinesOf(graph)
    // A job of a workflow keeps what its steps hand on.
    .filter(({ workflow }) => workflow === undefined)
    .flatMap((pipeline) =>
      [...regionProblems(pipeline), ...actionProblems(pipeline)].map((text) =>
        finding("artifact-stores", pipeline.resource, text),
      ),
    );

function regionsOf({ resource }: Pipeline): readonly (string | undefined)[] {
  return mapsOf(resource.inputs.artifactStores).map(({ region }) => textOf(region));
}

function regionProblems(pipeline: Pipeline): readonly string[] {
  const regions = regionsOf(pipeline);
  if (regions.length <= 1) {
    return regions[0] === undefined ? [] : [`artifactStores: a single store has no region, got ${regions[0]}`];
  }
  const twice = [...new Set(regions.filter((region, index) => region && regions.indexOf(region) !== index))];
  return [
    ...(regions.includes(undefined) ? ["artifactStores: of several stores each needs a region, one has none"] : []),
    ...twice.map((region) => `artifactStores: two stores in ${region ?? ""}; a region has one`),
  ];
}

function actionProblems(pipeline: Pipeline): readonly string[] {
  const own = arnPlace(pipeline.arn)?.region;
  const regions = new Set([own, ...regionsOf(pipeline)]);
  return pipeline.actions
    .filter(({ region }) => region !== undefined && own !== undefined && !regions.has(region))
    .map(
      (action) =>
        `${ofAction(action)}works in ${action.region ?? ""}, where the pipeline has no artifact store; add one`,
    );
}
