import type { Finding } from "../../model/graph/graph";
import { type Style, wrap } from "./style";

/** Findings, one paragraph each: what is wrong with which resource, and under which rule. */
export function renderFindings(findings: readonly Finding[], style: Style, width: number): readonly string[] {
  if (findings.length === 0) return [style.green("✓ no findings")];
  return findings.flatMap((finding) => {
    const isError = finding.level === "error";
    const paint = isError ? style.red : style.yellow;
    const [first = "", ...rest] = finding.message.split("\n").flatMap((line) => wrap(line.split(" "), " ", width - 2));
    return [`${paint(isError ? "✗" : "!")} ${paint(finding.rule)}`, ...[first, ...rest].map((line) => `  ${line}`)];
  });
}
