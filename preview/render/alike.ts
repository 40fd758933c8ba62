import type { RecordedGraph } from "../../model/graph/graph";
import { type Delivery, deliveriesOf } from "../delivery/delivery";
import { receptionsOf } from "../record/reception";
import { renderDelivery, renderReception, serviceFactsOf } from "./deliveryText";
import { type Style, styleFor, widest } from "./style";

/** A line of what a stack delivers: what it is about, and what it says there. */
type Fact = readonly [about: string, says: string];

interface Pictured {
  readonly stack: string;
  readonly graph: RecordedGraph;
  readonly facts: readonly Fact[];
}

/** Of how many facts two stacks may say different things, and be shown as one. */
const MOST_DIFFERENT = 0.4;

/**
 * How stacks deliver: one picture for those that are nearly alike, of the one with most to show, and beneath a table of what
 * differs between them.
 */
export function renderPictures(graphs: readonly RecordedGraph[], style: Style, width: number): readonly string[] {
  const groups: Pictured[][] = [];
  for (const graph of graphs) {
    const one = { stack: graph.stack, graph, facts: factsOf(graph) };
    if (one.facts.length === 0) continue;
    const group = groups.find(
      ([first]) => first && differing([first, one]).length <= first.facts.length * MOST_DIFFERENT,
    );
    if (group) group.push(one);
    else groups.push([one]);
  }
  return groups.flatMap((group, index) => [...(index > 0 ? [""] : []), ...renderGroup(group, style, width)]);
}

function renderGroup(group: readonly Pictured[], style: Style, width: number): readonly string[] {
  const actions = ({ facts }: Pictured) => facts.filter(([about]) => about.includes(": ")).length;
  const [shown] = [...group].sort(
    (one, other) => actions(other) - actions(one) || other.facts.length - one.facts.length,
  );
  if (!shown) return [];
  const names = group.map(({ stack }) => stack);
  const title = names.length > 1 ? `${names.join(", ")}: ${shown.stack} is shown` : shown.stack;
  const line = style.dim("━".repeat(Math.max(3, width - title.length - 1)));
  const picture = picturesOf(shown.graph, style, width);
  const rows = differing(group);
  const table = rows.length > 0 ? ["", ...renderTable(names, rows, style, width)] : [];
  return [`${style.bold(title)} ${line}`, "", ...picture, ...(group.length > 1 ? table : [])];
}

/** The pictures of everything that a stack delivers, or that is delivered to it. */
function picturesOf(graph: RecordedGraph, style: Style, width: number): readonly string[] {
  const pictures = [
    ...deliveriesOf(graph).map((delivery) => renderDelivery(delivery, style, width)),
    ...receptionsOf(graph).map((reception) => renderReception(reception, style, width)),
  ];
  return pictures.flatMap((lines, index) => [...(index > 0 ? [""] : []), ...lines]);
}

function factsOf(graph: RecordedGraph): readonly Fact[] {
  const services = [...deliveriesOf(graph), ...receptionsOf(graph)].flatMap((one) => one.services);
  return [
    ...deliveriesOf(graph).flatMap(deliveryFacts),
    ...receptionsOf(graph).map(
      ({ by }): Fact => ["delivered by", by.map((who) => ("jobs" in who ? who.jobs : who.role)).join(", ")],
    ),
    ...services.flatMap((service) => {
      const short = withoutStack(service.name, graph.stack);
      let named = "";
      return serviceFactsOf(service, styleFor(false)).map(([title, says]): Fact => {
        // A line without a title goes on with the one above.
        named = title === "" ? named : title;
        return [`${short} ${named}`, says];
      });
    }),
  ];
}

function deliveryFacts({ triggers, stages }: Delivery): readonly Fact[] {
  return [
    ["starts with", triggers.map(({ event }) => event).join(", ") || "a person"],
    ...stages.flatMap(({ name, gates = [], onFailure = "", actions }): Fact[] => [
      ...gates.map((gate): Fact => [`${name} begins`, gate]),
      ...(onFailure === "" ? [] : [[`${name}`, onFailure] as const]),
      ...actions.map((action): Fact => [`${name}: ${action.name}`, `${action.provider} ${action.target}`]),
    ]),
  ];
}

interface Row {
  readonly about: string;
  readonly says: readonly string[];
}

/** What a stack says of its deliveries and services, where it says something else than before. */
export function changedFacts(
  before: RecordedGraph,
  after: RecordedGraph,
): readonly { readonly about: string; readonly before: string; readonly after: string }[] {
  const pictured = [before, after].map((graph) => ({ stack: graph.stack, graph, facts: factsOf(graph) }));
  return differing(pictured).map(({ about, says: [was = "", is = ""] }) => ({ about, before: was, after: is }));
}

/** What the stacks do not all say, each stack's own name aside. */
function differing(group: readonly Pictured[]): readonly Row[] {
  const abouts = [...new Set(group.flatMap(({ facts }) => facts.map(([about]) => about)))];
  return abouts.flatMap((about) => {
    const says = group.map(({ facts }) =>
      facts
        .filter((fact) => fact[0] === about)
        .map((fact) => fact[1])
        .join("; "),
    );
    const plain = says.map((text, index) => withoutStack(text, group[index]?.stack ?? ""));
    return new Set(plain).size > 1 ? [{ about, says }] : [];
  });
}

/** The same where the stack's own name, and the end that Pulumi gives a name, are left out. */
function withoutStack(text: string, stack: string): string {
  const own = new RegExp(
    `(?<![A-Za-z0-9])${stack.replace(/[^A-Za-z0-9]/g, "\\$&")}(?:-(?=[A-Za-z0-9])|(?![A-Za-z0-9]))`,
    "g",
  );
  return text.replace(own, "").replace(/-[0-9a-f]{7}\b/g, "");
}

function renderTable(names: readonly string[], rows: readonly Row[], style: Style, width: number): readonly string[] {
  const head = "what differs";
  const first = widest([head, ...rows.map(({ about }) => about)]);
  const room = Math.max(16, Math.floor((width - first) / names.length) - 2);
  const columns = names.map((name, index) =>
    Math.min(room, widest([name, ...rows.map(({ says }) => says[index] || "none")])),
  );
  const line = (about: string, cells: readonly string[], paint = (text: string) => text) => {
    const parts = cells.map((cell, index) => broken(cell, columns[index] ?? room));
    const height = Math.max(...parts.map(({ length }) => length));
    return Array.from({ length: height }, (_, row) =>
      `${style.dim((row === 0 ? about : "").padEnd(first))}  ${parts.map((lines, index) => paint((lines[row] ?? "").padEnd(columns[index] ?? room))).join("  ")}`.trimEnd(),
    );
  };
  return [
    ...line(head, names, style.bold),
    ...rows.flatMap(({ about, says }) =>
      line(
        about,
        says.map((text) => text || "none"),
      ),
    ),
  ];
}

/** A text in lines of at most so many characters: after a word where there is one. */
function broken(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const space = rest.lastIndexOf(" ", width);
    const end = space > width / 3 ? space : width;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return [...lines, rest];
}
