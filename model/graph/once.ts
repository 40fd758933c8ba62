import type { RecordedGraph } from "./graph";

/** What is read from a graph, once for each: many rules ask for it, and a graph does not change. */
export function oncePerGraph<T>(read: (graph: RecordedGraph) => T): (graph: RecordedGraph) => T {
  const known = new WeakMap<RecordedGraph, { readonly value: T }>();
  return (graph) => {
    const found = known.get(graph) ?? { value: read(graph) };
    known.set(graph, found);
    return found.value;
  };
}
