import type { RecordedGraph } from "../graph/graph";
import type { Action } from "../graph/pipelines";
import { textOf } from "../graph/read";
import { arnOf } from "../graph/resources";
import { deployedService, familyIn, taskDefinitionOf } from "../graph/services";
import type { Calls } from "../permissions/need";
import { call } from "./provider";

/** Registering a revision of the task definition of the service that an action deploys to, with its tags and in its roles. */
export function registering(graph: RecordedGraph, action: Action): readonly Calls[] {
  const service = deployedService(graph, action);
  const definition = service && taskDefinitionOf(graph, service);
  const arn = definition && arnOf(definition);
  if (!definition || !arn) return [];
  const revision = `${arn.slice(0, arn.indexOf("/"))}/${familyIn(arn)}:42`;
  const roles = [definition.inputs.taskRoleArn, definition.inputs.executionRoleArn].flatMap(
    (role) => textOf(role) ?? [],
  );
  return [
    call(["ecs:RegisterTaskDefinition", "ecs:TagResource"], revision),
    ...(roles.length > 0 ? [call(["iam:PassRole"], ...roles)] : []),
  ];
}
