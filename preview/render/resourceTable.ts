import type { RecordedGraph, RecordedResource } from "../../model/graph/graph";
import { className } from "../../model/graph/resources";
import { plainText } from "./plainText";

/** The resources as rows of a Markdown table: for each outermost component how many, and of which types. */
export function resourceRows(graph: RecordedGraph): readonly string[] {
  const byUrn = new Map(graph.resources.map((resource) => [resource.urn, resource]));
  const groups = new Map<RecordedResource | undefined, RecordedResource[]>();
  for (const resource of graph.resources.filter(({ custom }) => custom)) {
    const component = outermost(resource, byUrn);
    groups.set(component, [...(groups.get(component) ?? []), resource]);
  }
  const rows = [...groups].map(([component, resources]) => {
    const name = component ? `${className(component.type)} ${component.name}` : "the stack itself";
    return `| ${plainText(name)} | ${resources.length} | ${plainText(counts(resources))} |`;
  });
  return rows.sort();
}

/** Beginning of the table that the rows belong to. */
export const RESOURCE_HEAD: readonly string[] = ["| component | resources | of which |", "|---|---|---|"];

function outermost(
  resource: RecordedResource,
  byUrn: ReadonlyMap<string, RecordedResource>,
): RecordedResource | undefined {
  const parent = resource.parent === undefined ? undefined : byUrn.get(resource.parent);
  if (!parent) return resource.custom ? undefined : resource;
  return outermost(parent, byUrn);
}

function counts(resources: readonly RecordedResource[]): string {
  const byType = new Map<string, number>();
  for (const { type } of resources) byType.set(type, (byType.get(type) ?? 0) + 1);
  const names = [...byType].map(([type, number]) => [className(type).replace(/^aws\./, ""), number] as const);
  return names
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, number]) => (number > 1 ? `${number} ${name}` : name))
    .join(", ");
}
