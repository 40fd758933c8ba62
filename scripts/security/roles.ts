import { globExpression } from "../../model/graph/eventPattern";
import type { RecordedGraph, RecordedResource } from "../../model/graph/graph";
import { policiesOf, type RecordedStatement, statementsIn } from "../../model/graph/iam";
import { mapOf, textsOf } from "../../model/graph/read";
import { arnOf, className, ofType, TYPES } from "../../model/graph/resources";
import { WHYS } from "./whys";

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
  const statements = policiesOf(graph, role).flatMap(({ text }) => statementsIn(text));
  const trusted = statementsIn(role.inputs.assumeRolePolicy).map((one) => trustOf(graph, one));
  const rows = statements.map((one) => {
    const cells = [code(one.actions), places(graph, one.resources), conditions(graph, one), whyOf(one)];
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

function trustOf(graph: RecordedGraph, statement: RecordedStatement): string {
  const { AWS, Service } = mapOf(statement.principal);
  const when = conditions(graph, statement);
  return `${code([...textsOf(Service), ...textsOf(AWS)])}${when === "" ? "" : ` when ${when}`}`;
}

function code(texts: readonly string[]): string {
  return texts.map((text) => `\`${text}\``).join(", ");
}

/** What a statement is about, each resource of the graph by its class and name. */
function places(graph: RecordedGraph, texts: readonly string[]): string {
  return [...new Set(texts.map((text) => code([placeOf(graph, text)])))].join(", ");
}

function placeOf(graph: RecordedGraph, text: string): string {
  const known = graph.resources
    .flatMap((resource) => {
      // What is given an ARN is about something else, which has it.
      const arn = resource.inputs.arn === undefined ? arnOf(resource) : undefined;
      return arn !== undefined && (text === arn || text.startsWith(`${arn}/`) || text.startsWith(`${arn}:`))
        ? [{ resource, arn }]
        : [];
    })
    .sort((a, b) => b.arn.length - a.arn.length)[0];
  if (known) return `${className(known.resource.type)} ${known.resource.name}${text.slice(known.arn.length)}`;
  // What has a name of its own: the account and the region are those of the stack.
  const [, , service, , , ...rest] = text.split(":");
  return text.startsWith("arn:") ? `${service ?? ""} ${rest.join(":")}` : text;
}

function conditions(graph: RecordedGraph, { condition }: RecordedStatement): string {
  const all = Object.entries(condition).flatMap(([operator, block]) =>
    Object.entries(mapOf(block)).map(([key, values]) => {
      const texts = textsOf(values).map((text) => placeOf(graph, text));
      return `${operator} \`${key}\` ${code(texts)}`;
    }),
  );
  return all.join("; ");
}

/** What a statement is there for. */
export function whyOf({ actions, ...rest }: RecordedStatement): string {
  const said = JSON.stringify(rest);
  const texts = actions.flatMap((called) => {
    const found = WHYS.find(
      ({ action, about }) => globExpression(action, "i").test(called) && (about === undefined || about.test(said)),
    );
    return found?.why ?? [];
  });
  return [...new Set(texts)].join("; ");
}
