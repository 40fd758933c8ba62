import type { RecordedGraph, RecordedResource } from "../../model/graph/graph";
import { className } from "../../model/graph/resources";
import { count } from "../count";
import { type Style, wrap } from "./style";

/** A line of the tree: a resource that others are in, or all leaves of one AWS service. */
interface Line {
  readonly title: string;
  readonly items: readonly string[];
  readonly component: boolean;
  readonly children: readonly Line[];
}

/**
 * The resources as a tree: components with what is in them, leaves of one AWS service on one line. A leaf that has its
 * component's name goes by its type alone. Below, how many there are of each type.
 */
export function renderTree(graph: RecordedGraph, style: Style, width: number): readonly string[] {
  const known = new Set(graph.resources.map(({ urn }) => urn));
  const roots = graph.resources.filter(({ parent }) => parent === undefined || !known.has(parent));
  return [...draw(linesOf(graph, roots, ""), "", style, width), "", ...counts(graph, style, width)];
}

function linesOf(graph: RecordedGraph, siblings: readonly RecordedResource[], above: string): readonly Line[] {
  const childrenOf = ({ urn }: RecordedResource) => graph.resources.filter(({ parent }) => parent === urn);
  const isLeaf = (resource: RecordedResource) => resource.custom && childrenOf(resource).length === 0;
  const nodes = siblings.filter((resource) => !isLeaf(resource));
  return [
    ...leafLines(siblings.filter(isLeaf), above),
    ...nodes.map((node) => {
      const remote = !node.custom && node.type.startsWith("awsx:") && childrenOf(node).length === 0;
      return {
        title: short(node.type),
        items: [node.name + (remote ? " (what is in it is made by the awsx provider)" : "")],
        component: !node.custom,
        children: linesOf(graph, childrenOf(node), node.name),
      };
    }),
  ];
}

function leafLines(leaves: readonly RecordedResource[], above: string): readonly Line[] {
  const modules = new Map<string, Map<string, string[]>>();
  for (const { type, name } of leaves) {
    const [module = "", kind = module] = short(type).split(/\.(?=[^.]*$)/);
    const kinds = modules.get(module) ?? new Map<string, string[]>();
    modules.set(module, kinds.set(kind, [...(kinds.get(kind) ?? []), name]));
  }
  return [...modules].map(([title, kinds]) => ({
    title,
    component: false,
    children: [],
    items: [...kinds].map(([kind, names]) => kindLine(kind, names, above)),
  }));
}

function kindLine(kind: string, names: readonly string[], above: string): string {
  const times = names.length > 1 ? `${names.length} ` : "";
  const told = names.length === 1 && names[0] === above ? "" : ` (${names.join(", ")})`;
  return `${times}${kind}${told}`;
}

/** A component in which nothing else is, on one line where there is room. */
function inOneLine({ title, items, children }: Line, room: number): string | undefined {
  if (children.length === 0 || children.some((child) => child.children.length > 0 || child.component)) return undefined;
  const inside = children.map((child) => `${child.title} ${child.items.join(", ")}`).join(" · ");
  const text = `${items.join(", ")}  ${inside}`;
  return title.length + 2 + text.length <= room ? inside : undefined;
}

function draw(lines: readonly Line[], indent: string, style: Style, width: number): readonly string[] {
  return lines.flatMap((line, index) => {
    const { title, items, component, children } = line;
    const last = index === lines.length - 1;
    const below = indent + (last ? "   " : "│  ");
    const hanging = below + (children.length > 0 ? "│  " : "   ");
    const [first = "", ...rest] = wrap(
      items.join(", ").split(", "),
      ", ",
      Math.max(40, width - hanging.length - title.length - 2),
    );
    const inside = inOneLine(line, width - indent.length - 3);
    const painted = component ? style.bold(style.cyan(title)) : title;
    return [
      `${style.dim(indent + (last ? "└─ " : "├─ "))}${painted}  ${component ? first : style.dim(first)}${inside ? style.dim(`  ${inside}`) : ""}`,
      ...rest.map((line) => style.dim(`${hanging}${" ".repeat(title.length - 1)}${line}`)),
      ...(inside ? [] : draw(children, below, style, width)),
    ];
  });
}

/** Everything is AWS's here: `ecs.Service` says enough. */
function short(type: string): string {
  return className(type).replace(/^aws\./, "");
}

function counts(graph: RecordedGraph, style: Style, width: number): readonly string[] {
  const resources = graph.resources.filter(({ custom }) => custom);
  const byType = new Map<string, number>();
  for (const { type } of resources) byType.set(short(type), (byType.get(short(type)) ?? 0) + 1);
  const sorted = [...byType].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const components = count(graph.resources.length - resources.length, "component");
  const items = sorted.map(([type, number]) => `${number} ${type}`);
  const title = `${count(resources.length, "resource")} in ${components}: `;
  return wrap([title + (items[0] ?? "none"), ...items.slice(1)], ", ", width).map(style.dim);
}
