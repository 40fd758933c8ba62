import type { Finding, RecordedGraph } from "../../model/graph/graph";
import { count } from "../count";

/** `dev: 67 resources, no findings`. */
export function summaryLine(graph: RecordedGraph, findings: readonly Finding[]): string {
  return `${graph.stack}: ${madeOf(graph)}, ${findingsInWords(findings)}`;
}

/** `67 resources`: what AWS gets to see, without the components that it stands in. */
export function madeOf(graph: RecordedGraph): string {
  return count(graph.resources.filter(({ custom }) => custom).length, "resource");
}

/** `no findings`, `2 errors, 1 warning`. */
export function findingsInWords(findings: readonly Finding[]): string {
  const numbers = (["error", "warning", "notice"] as const).flatMap((level) => {
    const number = findings.filter((finding) => finding.level === level).length;
    return number > 0 ? [count(number, level)] : [];
  });
  return numbers.join(", ") || "no findings";
}
