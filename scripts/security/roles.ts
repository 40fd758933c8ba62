import type { RecordedGraph, RecordedResource } from "../../model/graph/graph";
import { ofType, TYPES } from "../../model/graph/resources";
import { type ConditionView, viewRole } from "../../preview/delivery/roleView";

/** One role as the page shows it. */
export interface ShownRole {
  readonly name: string;
  readonly lines: readonly string[];
}

/** The roles of graphs, each name once: what several stacks have alike is shown where it comes first. */
export function shownRoles(graphs: readonly RecordedGraph[]): readonly ShownRole[] {
  const shown = new Map<string, ShownRole>();
  for (const graph of graphs)
    for (const role of ofType(graph, TYPES.role)) {
      const key = role.name.replace(new RegExp(`^${graph.stack}-`), "");
      if (!shown.has(key)) shown.set(key, { name: role.name, lines: linesOf(graph, role) });
    }
  return [...shown.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function linesOf(graph: RecordedGraph, role: RecordedResource): readonly string[] {
  const { takenBy, statements } = viewRole(graph, role);
  const trusted = takenBy.map(({ who, when }) => `${code(who)}${when.length === 0 ? "" : ` when ${conditions(when)}`}`);
  const rows = statements.map(({ may, on, when, why }) => {
    const cells = [code(may), code(on), conditions(when), why];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  });
  return [
    `#### \`${role.name}\``,
    "",
    `Taken by ${trusted.join("; ")}.`,
    "",
    ...(rows.length === 0
      ? ["It may do nothing: what the application calls is for its owner to allow."]
      : ["| may | on | when | why |", "|---|---|---|---|", ...rows]),
    "",
  ];
}

function code(texts: readonly string[]): string {
  return texts.map((text) => `\`${text}\``).join(", ");
}

function conditions(all: readonly ConditionView[]): string {
  return all.map(({ operator, key, values }) => `${operator} \`${key}\` ${code(values)}`).join("; ");
}
