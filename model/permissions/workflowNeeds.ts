import { workflowDeployCalls } from "../actions/workflowDeployment";
import type { RecordedGraph } from "../graph/graph";
import { type Action, actionPlace, type Pipeline, variablesIn, variablesOf } from "../graph/pipelines";
import { mapOf } from "../graph/read";
import { type ArnPlace, arnOf, arnPlace, parameterArnIn, physicalName } from "../graph/resources";
import type { RecordedWorkflow } from "../graph/workflows";
import { toldToConfirmation } from "../workflow/written";
import { secretNeeds } from "./buildNeeds";
import { buildOf } from "./builds";
import { because } from "./calls";
import type { Need } from "./need";
import { type RoleUse, uses } from "./roleUse";
import { scriptCalls } from "./scriptNeeds";

/**
 * What the jobs of a workflow call in its role: the official actions from their own pages, the scripts as in a build. Commands of the
 * application's own are in jobs without a role.
 */
export function workflowUses(
  graph: RecordedGraph,
  pipeline: Pipeline,
  { resource, role, publishedIn, published }: RecordedWorkflow,
): readonly RoleUse[] {
  const place = arnPlace(pipeline.arn);
  if (!place || !role) return [];
  const reads =
    Object.keys(published).length === 0
      ? []
      : because("what only the stack knows", [
          { actions: ["ssm:GetParameter"], resources: [parameterArnIn(place, publishedIn)] },
        ]);
  const own = pipeline.actions.filter(({ roleArn }) => roleArn === undefined);
  const needs = (actions: readonly Action[]) =>
    actions.flatMap((action) => workflowActionNeeds(graph, pipeline, action, place));
  const others = pipeline.actions.filter(({ roleArn }) => roleArn !== undefined);
  return [
    ...uses(arnOf(role), undefined, resource, [...reads, ...needs(own)]),
    ...others.flatMap((action) => uses(action.roleArn, undefined, resource, needs([action]))),
  ];
}

/** What one action of a workflow calls, where it works; `services` is the graph with the services that it is about. */
export function workflowActionNeeds(
  graph: RecordedGraph,
  pipeline: Pipeline,
  action: Action,
  here: ArnPlace,
  services = graph,
): readonly Need[] {
  const why = `action ${action.name}`;
  const place = actionPlace(pipeline, action) ?? here;
  if (action.deploysTo) {
    const record = toldToConfirmation(pipeline, action, "DELIVERED_IMAGE_PARAMETER") ?? "";
    const read = { actions: ["ssm:GetParameter"], resources: [parameterArnIn(place, record)] };
    const before = record === "" ? [] : because(why, [read]);
    return [...because(why, workflowDeployCalls(services, action, place)), ...before];
  }
  const step = pipeline.workflow?.steps.find((one) => physicalName(one) === action.configuration.ProjectName);
  if (!step || step.inputs.kind === "test") return [];
  const variables = [...variablesIn(mapOf(step.inputs.environment).environmentVariables), ...variablesOf(action)];
  return [
    ...because(why, scriptCalls(graph, buildOf(pipeline, action, step), place, services).calls),
    ...variables.flatMap((variable) => secretNeeds(variable, place)),
  ];
}
