import type { Finding, RecordedGraph } from "../../model/graph/graph";
import { count } from "../count";
import { deliveriesOf } from "../delivery/delivery";
import type { StackChange } from "../diff/change";
import { receptionsOf } from "../record/reception";
import type { StackResult } from "../record/runStack";
import { fitted, ofLines, type Part, whole } from "./budget";
import { changeSummary, renderChange } from "./changeText";
import { fence } from "./fence";
import { stepLines } from "./findings";
import { renderMermaid, renderReceptionMermaid } from "./mermaid";
import { codeSpan, htmlText, plainText } from "./plainText";
import { RESOURCE_HEAD, resourceRows } from "./resourceTable";
import { styleFor } from "./style";
import { summaryLine } from "./summary";

/**
 * Stacks as Markdown for a comment on a pull request: for each a heading, a diagram of each delivery, the resources, the
 * findings, and what is not as it was. What is too long for a comment is left out, with the command that shows it.
 */
export function renderMarkdown(results: readonly StackResult[], command: (stack: string) => string): string {
  return fitted(results.flatMap((result) => stackParts(result, codeSpan(command(result.stack)))));
}

function stackParts(result: StackResult, command: string): readonly Part[] {
  const { stack, graph, findings, change } = result;
  const changed = change ? changeParts(change, command) : [];
  if (change?.only === "there") return [{ text: `### ${plainText(`${stack}: ${changeSummary(change)}`)}` }];
  if (!graph) {
    const messages = findings.flatMap(({ message }) => message.split("\n"));
    return [{ text: `### ${plainText(stack)}: cannot be previewed` }, ...fenced("text", messages, command), ...changed];
  }
  return [
    { text: `### ${plainText(summaryLine(graph, findings))}` },
    ...diagrams(graph, command),
    ...resources(graph, command),
    ...fenced("text", findings.flatMap(findingLines), command),
    ...changed,
  ];
}

function diagrams(graph: RecordedGraph, command: string): readonly Part[] {
  const drawn = [
    ...deliveriesOf(graph).map((delivery) => [`pipeline ${delivery.pipeline}`, renderMermaid(delivery)] as const),
    ...receptionsOf(graph).map((one) => [`delivery as role ${one.role}`, renderReceptionMermaid(one)] as const),
  ];
  return drawn.map(([what, text]) =>
    whole(`\`\`\`mermaid\n${text}\n\`\`\``, `The diagram of ${plainText(what)}: ${command}`),
  );
}

function resources(graph: RecordedGraph, command: string): readonly Part[] {
  const rows = resourceRows(graph);
  if (rows.length === 0) return [];
  const made = graph.resources.filter(({ custom }) => custom).length;
  const title = `${count(made, "resource")} in ${count(graph.resources.length - made, "component")}`;
  return [
    ofLines(
      [[`<details><summary>${title}</summary>`, "", ...RESOURCE_HEAD].join("\n"), "\n</details>"],
      rows,
      (left) => `${count(left, "more row")} of resources: ${command}`,
    ),
  ];
}

function findingLines(finding: Finding): readonly string[] {
  const { level, rule, message } = finding;
  return [`${level} ${rule}`, ...[...message.split("\n"), ...stepLines(finding)].map((line) => `  ${line}`)];
}

/** Lines as they are, in a fence. */
function fenced(language: string, lines: readonly string[], command: string): readonly Part[] {
  if (lines.length === 0) return [];
  const marks = fence(lines.join("\n"));
  return [ofLines([`${marks}${language}`, marks], lines, (left) => `${count(left, "more line")}: ${command}`)];
}

function changeParts(change: StackChange, command: string): readonly Part[] {
  const lines = renderChange(change, styleFor(false)).flatMap((line) => line.split("\n"));
  const summary = changeSummary(change);
  if (lines.length === 0) return [{ text: plainText(summary.replace(/^./, (first) => first.toUpperCase())) }];
  const marks = fence(lines.join("\n"));
  return [
    ofLines(
      [`<details><summary>${htmlText(summary)}</summary>\n\n${marks}diff`, `${marks}\n\n</details>`],
      lines,
      (left) => `${count(left, "more line")} of changes: ${command}`,
    ),
  ];
}
