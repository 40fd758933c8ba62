import { architecturesOf } from "../graph/architectures";
import type { RecordedGraph, RecordedResource } from "../graph/graph";
import { pipelinesOf, variableGiven } from "../graph/pipelines";
import { mapOf, mapsOf, numberOf, textOf } from "../graph/read";
import { ofType, physicalName, TYPES } from "../graph/resources";
import { runnablesOf } from "../graph/workflows";

/** The end of the name that stands in a task definition before anything was delivered. */
const PLACEHOLDER = /"[^"\s]*:not-delivered-yet"/g;

/** What stands for the image that was delivered, whichever it was. */
const DELIVERED = '"<the delivered image>"';

/**
 * A graph as it is once something was delivered: a preview knows of no delivery, so a service waits there at 0 tasks with
 * an image that is in no repository. `there` are the URNs of what was there at the last delivery; a service that is not
 * among them waits.
 */
export function asDelivered(graph: RecordedGraph, there?: ReadonlySet<string>): RecordedGraph {
  const resources = graph.resources.map((resource) =>
    there === undefined || there.has(resource.urn) ? delivered(graph, resource) : resource,
  );
  return { ...graph, resources };
}

function delivered(graph: RecordedGraph, resource: RecordedResource): RecordedResource {
  if (resource.type === TYPES.service && resource.inputs.desiredCount === 0) {
    return { ...resource, inputs: { ...resource.inputs, desiredCount: tasksDelivered(graph, resource) } };
  }
  const definitions = textOf(resource.inputs.containerDefinitions);
  if (resource.type !== TYPES.taskDefinition || definitions === undefined) return resource;
  const first = firstImage(graph, textOf(resource.inputs.family) ?? "");
  const containerDefinitions = definitions
    .replace(PLACEHOLDER, DELIVERED)
    .replaceAll(first === undefined ? PLACEHOLDER : `"${first}"`, DELIVERED);
  return { ...resource, inputs: { ...resource.inputs, containerDefinitions } };
}

/** The image that runs until the first delivery, where the program says one: its record is made with it. */
function firstImage(graph: RecordedGraph, family: string): string | undefined {
  const record = ofType(graph, "aws:ssm/parameter:Parameter").find(({ inputs }) =>
    textOf(inputs.name)?.endsWith(`/${family}/delivered-image`),
  );
  const value = textOf(record?.inputs.value);
  return value === undefined || value === "none" ? undefined : value;
}

/** Tasks that run after a delivery: the component says it, and the build that confirms the first one. */
export function tasksDelivered(graph: RecordedGraph, service: RecordedResource): number {
  const component = graph.resources.find(({ urn }) => urn === service.parent);
  const said = numberOf(component?.outputs.desiredCount);
  if (said !== undefined) return said;
  const actions = pipelinesOf(graph).flatMap((pipeline) => pipeline.actions);
  const telling = actions.find((action) => variableGiven(action, "SERVICE_NAME") === physicalName(service));
  return (telling && numberOf(variableGiven(telling, "DESIRED_COUNT"))) ?? 1;
}

/** The repository that a service's image is in, with its registry's host; undefined where the graph does not say. */
export function repositoryOf(graph: RecordedGraph, service: RecordedResource): string | undefined {
  const family = textOf(service.inputs.name);
  const definition = ofType(graph, TYPES.taskDefinition).find(({ inputs }) => inputs.family === family);
  const [image] = textOf(definition?.inputs.containerDefinitions)?.match(PLACEHOLDER) ?? [];
  return image?.slice(1, -":not-delivered-yet".length - 1);
}

/** The CPU architecture that the program builds a service's images for. */
export function builtFor(
  graph: RecordedGraph,
  service: RecordedResource,
  repository: string | undefined = repositoryOf(graph, service),
): string {
  const platforms = platformsOf(graph, repository);
  if (platforms !== undefined) return platforms;
  const family = textOf(service.inputs.name);
  const definition = ofType(graph, TYPES.taskDefinition).find(({ inputs }) => inputs.family === family);
  return textOf(mapOf(definition?.inputs.runtimePlatform).cpuArchitecture) ?? "X86_64";
}

/** The architectures of an index that the build of a repository's images makes. */
function platformsOf(graph: RecordedGraph, repository: string | undefined): string | undefined {
  const build = pipelinesOf(graph)
    .flatMap(({ actions }) => actions)
    .find((action) => repository !== undefined && variableGiven(action, "IMAGE_REPOSITORY_URI") === repository);
  const project = runnablesOf(graph).find((one) => physicalName(one) === build?.configuration.ProjectName);
  const variables = mapsOf(mapOf(project?.inputs.environment).environmentVariables);
  return architecturesOf(textOf(variables.find(({ name }) => name === "BUILD_PLATFORMS")?.value));
}
