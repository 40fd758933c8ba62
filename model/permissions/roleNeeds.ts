import type { RecordedGraph, RecordedResource } from "../graph/graph";
import { oncePerGraph } from "../graph/once";
import { type Action, type Pipeline, pipelinesOf } from "../graph/pipelines";
import { mapOf, mapsOf, textOf } from "../graph/read";
import { type ArnPlace, arnIn, arnOf, arnPlace, ofType, referredBy, TYPES } from "../graph/resources";
import { keyOfSecret, toldSecretsKeys } from "../graph/secretsKeys";
import { containersOf, taskDefinitionOf } from "../graph/services";
import { actionNeeds } from "./actionNeeds";
import { buildNeeds } from "./buildNeeds";
import { buildsOf } from "./builds";
import { artifactNeeds, because, imageCalls, logCalls, PIPELINE_SETTINGS, secretCalls, secretKeyCalls } from "./calls";
import { containerReads, secretsOf } from "./containerCalls";
import { deploymentUses } from "./deploymentRoles";
import type { Calls, Need } from "./need";
import { operationUses } from "./operationRoles";
import { type RoleUse, uses } from "./roleUse";
import { workflowUses } from "./workflowNeeds";

/**
 * Every use of a role in a graph, with what AWS's pages say is needed there. Nothing here comes from the components' own
 * permissions: it is the second opinion that finds what they forget, and what they allow and nobody needs.
 */
export const roleUses: (graph: RecordedGraph) => readonly RoleUse[] = oncePerGraph((graph) => [
  ...pipelinesOf(graph).flatMap((pipeline) => pipelineUses(graph, pipeline)),
  ...ofType(graph, TYPES.project).flatMap((project) => buildUses(graph, project)),
  ...ofType(graph, TYPES.taskDefinition).flatMap((definition) => taskUses(graph, definition)),
  ...deploymentUses(graph),
  ...operationUses(graph),
]);

function pipelineUses(graph: RecordedGraph, pipeline: Pipeline): readonly RoleUse[] {
  if (pipeline.workflow) return workflowUses(graph, pipeline, pipeline.workflow);
  const { resource, actions } = pipeline;
  const own = actions
    .filter(({ roleArn }) => roleArn === undefined)
    .flatMap((one) => actionNeeds(graph, pipeline, one));
  const assumed = actions.flatMap((action): Need[] =>
    action.roleArn
      ? [{ actions: ["sts:AssumeRole"], resources: [action.roleArn], why: `taking the role of action ${action.name}` }]
      : [],
  );
  const needs = [...artifactNeeds(pipeline, { settings: PIPELINE_SETTINGS }), ...own, ...assumed];
  return [
    ...uses(resource.inputs.roleArn, "codepipeline.amazonaws.com", resource, needs, { sourceArn: pipeline.arn }),
    ...actions.flatMap((action) => uses(action.roleArn, undefined, resource, assumedNeeds(graph, pipeline, action))),
  ];
}

/** What an action needs in a role of its own: of the artifacts too. */
function assumedNeeds(graph: RecordedGraph, pipeline: Pipeline, action: Action): readonly Need[] {
  const { inputs: reads, outputs: writes, region } = action;
  return [
    ...actionNeeds(graph, pipeline, action),
    ...(action.provider === "CodeBuild" || reads.length + writes.length === 0
      ? []
      : artifactNeeds(pipeline, { reads, writes, settings: PIPELINE_SETTINGS, region })),
  ];
}

function buildUses(graph: RecordedGraph, project: RecordedResource): readonly RoleUse[] {
  const place = arnPlace(arnOf(project));
  if (!place) return [];
  const needs = buildNeeds(graph, project, place);
  // What starts builds that no pipeline here starts is somebody else's, and what they do then.
  const isOpen = buildsOf(graph, project).length === 0;
  const sourceArn = arnOf(project);
  return uses(project.inputs.serviceRole, "codebuild.amazonaws.com", project, needs, { isOpen, sourceArn });
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
  const sourceArn = arnIn(place, "ecs", "*");
  const own = [
    ...because("ECS Exec", shellCalls(graph, definition, place)),
    ...because("its file systems", mountCalls(definition, place)),
  ];
  return [
    ...uses(executionRoleArn, service, definition, needs, { sourceArn }),
    ...uses(taskRoleArn, service, definition, own, { sourceArn, isOpen: true }),
  ];
}

/**
 * A shell in a container: the agent's channel, the key of its session, its log.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
 */
function shellCalls(graph: RecordedGraph, definition: RecordedResource, place: ArnPlace): readonly Calls[] {
  const service = ofType(graph, TYPES.service).find(
    (one) => one.inputs.enableExecuteCommand === true && taskDefinitionOf(graph, one) === definition,
  );
  if (!service) return [];
  const channels = ["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"];
  const groups = containersOf(definition).flatMap(
    ({ definition: one }) => textOf(mapOf(mapOf(one.logConfiguration).options)["awslogs-group"]) ?? [],
  );
  const cluster = referredBy(graph, TYPES.cluster, service.inputs.cluster);
  const keyArn = textOf(mapOf(mapOf(cluster?.inputs.configuration).executeCommandConfiguration).kmsKeyId);
  return [
    { actions: [...channels.map((call) => `ssmmessages:${call}`), "logs:DescribeLogGroups"], resources: ["*"] },
    ...[...new Set(groups)].map((group) => logCalls(place, group, ["logs:DescribeLogStreams"])),
    ...(keyArn?.includes(":key/") ? [{ actions: ["kms:Decrypt"], resources: [keyArn] }] : []),
  ];
}

/** https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html */
function mountCalls(definition: RecordedResource, place: ArnPlace): readonly Calls[] {
  const points = containersOf(definition).flatMap(({ definition: one }) => mapsOf(one.mountPoints));
  return mapsOf(definition.inputs.volumes).flatMap((volume): Calls[] => {
    const { fileSystemId, authorizationConfig } = mapOf(volume.efsVolumeConfiguration);
    const { iam, accessPointId } = mapOf(authorizationConfig);
    if (iam !== "ENABLED") return [];
    const writes = points.some(({ sourceVolume, readOnly }) => sourceVolume === volume.name && readOnly !== true);
    const point = textOf(accessPointId);
    const through = point === undefined ? undefined : arnIn(place, "elasticfilesystem", `access-point/${point}`);
    return [
      {
        actions: ["elasticfilesystem:ClientMount", ...(writes ? ["elasticfilesystem:ClientWrite"] : [])],
        resources: [arnIn(place, "elasticfilesystem", `file-system/${textOf(fileSystemId) ?? ""}`)],
        context: through === undefined ? {} : { "elasticfilesystem:AccessPointArn": through },
      },
    ];
  });
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
