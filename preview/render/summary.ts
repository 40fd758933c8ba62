import type { Finding, RecordedGraph } from "../../model/graph/graph";
import type { Style } from "./style";

/** `dev: 84 resources, 0 findings`. */
export function summaryLine(graph: RecordedGraph, findings: readonly Finding[]): string {
  const errors = findings.filter(({ level }) => level === "error").length;
  const split = findings.length > 0 ? ` (${count(errors, "error")}, ${count(findings.length - errors, "notice")})` : "";
  return `${graph.stack}: ${count(graph.resources.length, "resource")}, ${count(findings.length, "finding")}${split}`;
}

/** The summary in the colour of the worst finding. */
export function paintSummary(line: string, findings: readonly Finding[], style: Style): string {
  if (findings.some(({ level }) => level === "error")) return style.red(line);
  return findings.length > 0 ? style.yellow(line) : style.green(line);
}

/** A number and its noun. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
