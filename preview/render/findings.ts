import type { Finding } from "../../model/graph/graph";
import { type Style, wrap } from "./style";

/** Findings, one paragraph each: what is wrong with which resource, and under which rule. */
export function renderFindings(findings: readonly Finding[], style: Style, width: number): readonly string[] {
  if (findings.length === 0) return [style.green("✓ no findings")];
  return findings.flatMap((finding) => {
    const isError = finding.level === "error";
    const paint = isError ? style.red : style.yellow;
    const [first = "", ...rest] = finding.message.split("\n").flatMap((line) => wrap(line.split(" "), " ", width - 2));
    const steps = stepLines(finding).flatMap((line) => hanging(line, width - 4));
    return [
      `${paint(isError ? "✗" : "!")} ${paint(finding.rule)}`,
      ...[first, ...rest, ...steps].map((line) => `  ${line}`),
    ];
  });
}

/** What to do instead, numbered; nothing where the message says it. */
export function stepLines({ steps = [] }: Finding): readonly string[] {
  return steps.map((step, index) => `${index + 1}. ${step}`);
}

function hanging(line: string, width: number): readonly string[] {
  const [first = "", ...rest] = wrap(line.split(" "), " ", width - 3);
  return [first, ...rest.map((more) => `   ${more}`)];
}
