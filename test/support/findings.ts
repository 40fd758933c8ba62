import type { RecordedGraph } from "../../model/graph/graph";
import { findingsAcross } from "../../preview/crossStack";
import { findingsOf } from "../../preview/rules";
import type { Graph } from "./graph";

/** What a preview finds in a graph that is more than a notice. */
export function moreThanNotices(graph: Graph) {
  return findingsOf(graph.recorded).filter(({ level }) => level !== "notice");
}

/** `stack rule: message` of all that stacks have wrong with one another. */
export function saidAcross(...graphs: readonly RecordedGraph[]): readonly string[] {
  return [...findingsAcross(graphs)].flatMap(([{ stack }, findings]) =>
    findings.map(({ rule, message }) => `${stack} ${rule}: ${message}`),
  );
}
