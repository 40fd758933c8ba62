import type { Finding, RecordedGraph } from "../../model/graph/graph";
import { count } from "../count";
import type { Style } from "./style";

/** `dev: 84 resources, 0 findings`. */
export function summaryLine(graph: RecordedGraph, findings: readonly Finding[]): string {
  const of = (level: Finding["level"]) => findings.filter((finding) => finding.level === level).length;
  const warnings = of("warning");
  const numbers = [count(of("error"), "error"), ...(warnings > 0 ? [count(warnings, "warning")] : [])];
  const split = findings.length > 0 ? ` (${[...numbers, count(of("notice"), "notice")].join(", ")})` : "";
  return `${graph.stack}: ${count(graph.resources.length, "resource")}, ${count(findings.length, "finding")}${split}`;
}

/** The summary in the colour of the worst finding. */
export function paintSummary(line: string, findings: readonly Finding[], style: Style): string {
  if (findings.some(({ level }) => level === "error")) return style.red(line);
  return findings.length > 0 ? style.yellow(line) : style.green(line);
}
