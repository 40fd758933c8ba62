import type { RecordedGraph } from "../graph/graph";
import type { Action } from "../graph/pipelines";
import { textOf } from "../graph/read";
import { type ArnPlace, arnIn, arnOf } from "../graph/resources";
import { deployedService, familyIn, taskDefinitionOf } from "../graph/services";
import type { Calls } from "../permissions/need";
import { call } from "./provider";

/**
 * Whom the roles are passed to, and whether that is but listed.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html#how-to-update-role-new-services
 */
const PASSED_BY_PIPELINES: PassedTo = [
  ["ecs-tasks.amazonaws.com", false],
  ["ecs.amazonaws.com", true],
];

/** Services that roles are passed to, each with whether a page but lists it. */
type PassedTo = readonly (readonly [service: string, isAdvised: boolean])[];

/** Registering a revision of the task definition of the service that an action deploys to, with its tags and in its roles. */
export function registering(
  graph: RecordedGraph,
  action: Action,
  place: ArnPlace,
  passedTo: PassedTo = PASSED_BY_PIPELINES,
): readonly Calls[] {
  const service = deployedService(graph, action);
  const definition = service && taskDefinitionOf(graph, service);
  const arn = definition && arnOf(definition);
  if (!definition || !arn) return ofSomebodyElse(place, passedTo);
  const family = `${arn.slice(0, arn.indexOf("/"))}/${familyIn(arn)}`;
  const [revision, within] = [`${family}:42`, [`${family}:*`]];
  const roles = [definition.inputs.taskRoleArn, definition.inputs.executionRoleArn].flatMap(
    (role) => textOf(role) ?? [],
  );
  return [
    { ...call(["ecs:RegisterTaskDefinition"], revision), within },
    { ...call(["ecs:TagResource"], revision), within, context: { "ecs:CreateAction": "RegisterTaskDefinition" } },
    ...(roles.length > 0
      ? passedTo.map(([service, isAdvised]) => ({
          ...call(["iam:PassRole"], ...roles),
          context: { "iam:PassedToService": service },
          isAdvised,
        }))
      : []),
  ];
}

/** Of a service that is not in the graph nobody here knows family and roles: they may be any. */
function ofSomebodyElse(place: ArnPlace, passedTo: PassedTo): readonly Calls[] {
  const revisions = [arnIn(place, "ecs", "task-definition/*")];
  const roles = [`arn:${place.partition}:iam::${place.account}:role/*`];
  return [
    { ...call(["ecs:RegisterTaskDefinition"]), within: revisions },
    { ...call(["ecs:TagResource"]), within: revisions, context: { "ecs:CreateAction": "RegisterTaskDefinition" } },
    ...passedTo.map(([service]) => ({
      ...call(["iam:PassRole"]),
      within: roles,
      context: { "iam:PassedToService": service },
    })),
  ];
}
