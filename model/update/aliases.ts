import type { RecordedGraph, RecordedResource } from "../graph/graph";
import { jsonOf, mapOf, textOf, type Values } from "../graph/read";
import { urnOf } from "../graph/urn";

/** URNs by which the engine would know each resource again: its own aliases, and what follows from its parents'. */
export function formerUrns(graph: RecordedGraph, resource: RecordedResource): readonly string[] {
  const parent = graph.resources.find(({ urn }) => urn === resource.parent);
  const parents = parent ? [parent.urn, ...formerUrns(graph, parent)] : [""];
  const aliases = resource.aliases.map((text) => mapOf(jsonOf(text)));
  const urns = [{}, ...aliases].flatMap((alias) => urnsOf(graph, resource, parent, parents, alias));
  return [...new Set(urns)].filter((urn) => urn !== resource.urn);
}

function urnsOf(
  graph: RecordedGraph,
  { type, name }: RecordedResource,
  parent: RecordedResource | undefined,
  parents: readonly string[],
  alias: Values,
): readonly string[] {
  const whole = textOf(alias.urn);
  if (whole) return [whole];
  const spec = mapOf(alias.spec);
  const given = textOf(spec.parenturn);
  const above = spec.noparent === true ? [""] : given && given !== parent?.urn ? [given] : parents;
  return above.map((urn) => {
    // A child that is named after its parent follows the parent's name.
    const former = urn.split("::")[3] ?? "";
    const follows = parent && former !== "" && urn !== parent.urn && name.startsWith(parent.name);
    const formerName = follows ? former + name.slice(parent.name.length) : name;
    return urnOf(graph, urn, textOf(spec.type) || type, textOf(spec.name) || formerName);
  });
}
