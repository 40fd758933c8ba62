import type { RecordedGraph, RecordedResource } from "../graph/graph";
import { type Pipeline, pipelinesOf } from "../graph/pipelines";
import { mapOf, mapsOf, textOf } from "../graph/read";
import { type ArnPlace, arnOf, arnPlace, label, ofType, TYPES } from "../graph/resources";
import { keyOfSecret, toldSecretsKeys } from "../graph/secretsKeys";
import { containersOf } from "../graph/services";
import { actionNeeds } from "./actionNeeds";
import { buildNeeds } from "./buildNeeds";
import { artifactNeeds, because, imageCalls, logCalls, secretCalls, secretKeyCalls } from "./calls";
import { containerReads, secretsOf } from "./containerCalls";
import type { Calls, Need } from "./need";

/** A role in use: which AWS service takes it, for what, and what it must be able to do then. */
export interface RoleUse {
  /** ARN or name of the role. */
  readonly role: string;
  /** For example `codebuild.amazonaws.com`; undefined where another role takes it. */
  readonly service?: string;
  /** The resource that uses it. */
  readonly user: RecordedResource;
  readonly needs: readonly Need[];
}

/**
 * Every use of a role in a graph, with what AWS's pages say is needed there. Nothing here comes from the components' own
 * permissions: it is the second opinion that finds what they forget.
 */
export function roleUses(graph: RecordedGraph): readonly RoleUse[] {
  return [
    ...pipelinesOf(graph).flatMap((pipeline) => pipelineUses(graph, pipeline)),
    ...ofType(graph, TYPES.project).flatMap((project) => buildUses(graph, project)),
    ...ofType(graph, TYPES.taskDefinition).flatMap((definition) => taskUses(graph, definition)),
    ...ofType(graph, TYPES.eventTarget).flatMap((target) => triggerUses(graph, target)),
    ...graph.resources.flatMap(otherUses),
  ];
}

function uses(role: unknown, service: string | undefined, user: RecordedResource, needs: readonly Need[]): RoleUse[] {
  const text = textOf(role);
  return text === undefined ? [] : [{ role: text, user, needs, service: service || undefined }];
}

/** Roles of which only the trust is checked: the property that names them, and who takes them. */
const TRUST_ONLY: Readonly<Record<string, readonly [string, string]>> = {
  [TYPES.deploymentGroup]: ["serviceRoleArn", "codedeploy.amazonaws.com"],
  "aws:sfn/stateMachine:StateMachine": ["roleArn", "states.amazonaws.com"],
  "aws:lambda/function:Function": ["role", "lambda.amazonaws.com"],
  "aws:ec2/flowLog:FlowLog": ["iamRoleArn", "vpc-flow-logs.amazonaws.com"],
};

function otherUses(resource: RecordedResource): readonly RoleUse[] {
  const [property, service] = TRUST_ONLY[resource.type] ?? [];
  const own = property === undefined ? [] : uses(resource.inputs[property], service, resource, []);
  const balancers = resource.type === TYPES.service ? mapsOf(resource.inputs.loadBalancers) : [];
  const infrastructure = balancers.flatMap(({ advancedConfiguration }) =>
    uses(mapOf(advancedConfiguration).roleArn, "ecs.amazonaws.com", resource, []),
  );
  return [...own, ...infrastructure];
}

function pipelineUses(graph: RecordedGraph, pipeline: Pipeline): readonly RoleUse[] {
  const { resource, actions } = pipeline;
  const own = actions
    .filter(({ roleArn }) => roleArn === undefined)
    .flatMap((one) => actionNeeds(graph, pipeline, one));
  const assumed = actions.flatMap((action): Need[] =>
    action.roleArn
      ? [{ actions: ["sts:AssumeRole"], resources: [action.roleArn], why: `taking the role of action ${action.name}` }]
      : [],
  );
  const needs = [...artifactNeeds(pipeline, { reads: true, writes: true, settings: true }), ...own, ...assumed];
  return [
    ...uses(resource.inputs.roleArn, "codepipeline.amazonaws.com", resource, needs),
    ...actions.flatMap((action) => uses(action.roleArn, undefined, resource, actionNeeds(graph, pipeline, action))),
  ];
}

function buildUses(graph: RecordedGraph, project: RecordedResource): readonly RoleUse[] {
  const place = arnPlace(arnOf(project));
  if (!place) return [];
  return uses(project.inputs.serviceRole, "codebuild.amazonaws.com", project, buildNeeds(graph, project, place));
}

function taskUses(graph: RecordedGraph, definition: RecordedResource): readonly RoleUse[] {
  const place = arnPlace(arnOf(definition));
  if (!place) return [];
  const needs = containersOf(definition).flatMap(({ name, image, definition: container }) =>
    because(`container ${name}`, [
      ...imageCalls(graph, image),
      ...pullSecret(mapOf(container.repositoryCredentials), place),
      ...containerReads(container, place),
      ...containerKeys(graph, definition, container, place),
      ...containerLog(mapOf(container.logConfiguration), place),
    ]),
  );
  const service = "ecs-tasks.amazonaws.com";
  const { executionRoleArn, taskRoleArn } = definition.inputs;
  return [...uses(executionRoleArn, service, definition, needs), ...uses(taskRoleArn, service, definition, [])];
}

/** The keys of what a container reads and pulls with. */
export function containerKeys(
  graph: RecordedGraph,
  definition: RecordedResource | undefined,
  container: Readonly<Record<string, unknown>>,
  place: ArnPlace,
): readonly Calls[] {
  const told = toldSecretsKeys(graph, definition);
  const credentials = textOf(mapOf(container.repositoryCredentials).credentialsParameter);
  const all = [credentials, ...secretsOf(container)];
  return all.flatMap((secret) => {
    if (secret === undefined || (secret === credentials && !secret.startsWith("arn:"))) return [];
    const [arn = ""] = secretCalls(secret, place).resources;
    return secretKeyCalls(secret, place, [...told, ...keyOfSecret(graph, arn)]);
  });
}

/** Credentials of another registry. A secret given by name has an ARN that nobody can tell. */
function pullSecret({ credentialsParameter }: Readonly<Record<string, unknown>>, place: ArnPlace): readonly Calls[] {
  const secret = textOf(credentialsParameter);
  return secret?.startsWith("arn:") ? [secretCalls(secret, place)] : [];
}

function containerLog(log: Readonly<Record<string, unknown>>, place: ArnPlace): readonly Calls[] {
  const options = mapOf(log.options);
  const group = textOf(options["awslogs-group"]);
  if (log.logDriver !== "awslogs" || group === undefined) return [];
  const region = textOf(options["awslogs-region"]) ?? place.region;
  return [logCalls({ ...place, region }, group)];
}

function triggerUses(graph: RecordedGraph, target: RecordedResource): readonly RoleUse[] {
  const arn = textOf(target.inputs.arn) ?? "";
  const pipeline = pipelinesOf(graph).find((one) => one.arn === arn);
  const needs = pipeline
    ? because(`starting ${label(pipeline.resource)}`, [
        { actions: ["codepipeline:StartPipelineExecution"], resources: [arn] },
      ])
    : [];
  return uses(target.inputs.roleArn, "events.amazonaws.com", target, needs);
}
