import type { RecordedGraph, RecordedResource } from "../graph/graph";

/** Component tokens that are a service's. */
const SERVICE = "ecs-delivery:index:EcsService";

/** Name of the top component that a resource is in; its own where it stands alone. */
export function ownerOf(graph: RecordedGraph, resource: RecordedResource): string {
  const parent = graph.resources.find(({ urn }) => urn === resource.parent);
  return parent ? ownerOf(graph, parent) : resource.name;
}

/** Names of the services that a graph has. */
export function serviceNames(graph: RecordedGraph): readonly string[] {
  const components = graph.resources.filter(({ type }) => type === SERVICE).map(({ name }) => name);
  const alone = graph.resources.filter(
    ({ type, parent }) => type === "aws:ecs/service:Service" && parent === undefined,
  );
  return [...new Set([...components, ...alone.map(({ name }) => name)])];
}

/** Whether a resource belongs to a service: it is in a component of the service's name, or named after it. */
export function belongsTo(graph: RecordedGraph, resource: RecordedResource, service: string): boolean {
  const owner = ownerOf(graph, resource);
  return owner === service || owner.startsWith(`${service}-`);
}
