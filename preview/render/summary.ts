import type { Finding, RecordedGraph } from "../../model/graph/graph";
import { count } from "../count";
import { stateOf } from "./verdict";

/** `dev: 67 resources, no findings`. */
export function summaryLine(graph: RecordedGraph, findings: readonly Finding[]): string {
  return `${graph.stack}: ${madeOf(graph)}, ${stateOf(findings).slice(2)}`;
}

/** `67 resources`: what AWS gets to see, without the components that it stands in. */
export function madeOf(graph: RecordedGraph): string {
  return count(graph.resources.filter(({ custom }) => custom).length, "resource");
}
