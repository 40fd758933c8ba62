import { isBefore } from "../../components/pipeline/structure";
import type { RecordedGraph, Rule } from "../../model/graph/graph";
import { type Action, ofAction, type Pipeline, pipelinesOf, variableGiven } from "../../model/graph/pipelines";
import { notice, physicalName } from "../../model/graph/resources";
import { runnablesOf } from "../../model/graph/workflows";

/** Providers whose action deploys to ECS. */
const DEPLOYING = ["ECS", "CodeDeployToECS"];

/** A deployment that no step looks at afterwards: what nobody verifies then. */
export const unverified: Rule = (graph) =>
  pipelinesOf(graph).flatMap((pipeline) =>
    pipeline.actions
      .filter((action) => DEPLOYING.includes(action.provider) && !isConfirmed(pipeline, action))
      .map((action) => {
        const unseen = isOwnBuild(graph, pipeline, action)
          ? ""
          : ", and not whether its image is given by a tag that moves";
        return notice(
          "unverified",
          pipeline.resource,
          `${ofAction(action)}no step sees whether the service then runs the new image (AWS takes a deployment that ECS took back ` +
            `for a success)${unseen}; name a confirmProject, or set verify: true`,
        );
      }),
  );

/** A confirming build reads what the deployment read, and is told the service. */
function isConfirmed(pipeline: Pipeline, deploying: Action): boolean {
  return pipeline.actions.some(
    (action) =>
      isBefore(deploying, action) &&
      action.inputs.some((input) => deploying.inputs.includes(input)) &&
      variableGiven(action, "SERVICE_NAME") !== undefined,
  );
}

/** Whether a project of this stack made what is deployed. */
function isOwnBuild(graph: RecordedGraph, pipeline: Pipeline, deploying: Action): boolean {
  const projects = runnablesOf(graph).map(physicalName);
  return pipeline.actions.some(
    (action) =>
      action.outputs.some((output) => deploying.inputs.includes(output)) &&
      projects.includes(action.configuration.ProjectName ?? ""),
  );
}
