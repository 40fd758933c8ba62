import type { Finding, RecordedGraph } from "../../model/graph/graph";
import { className } from "../../model/graph/resources";
import { count } from "../count";
import { deliveriesOf } from "../delivery/delivery";
import { isUnchanged, type StackChange } from "../diff/change";
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
import { verdictOf } from "./verdict";

/**
 * Stacks as Markdown for a comment on a pull request: for each a heading, a diagram of each delivery, the resources, the
 * findings, and what is not as it was. What is too long for a comment is left out, with the command that shows it.
 */
export function renderMarkdown(results: readonly StackResult[], command: (stack: string) => string): string {
  const sections = results.flatMap((result) => stackParts(result, codeSpan(command(result.stack))));
  return fitted(results.length > 1 ? [{ text: verdictTable(results) }, ...sections] : sections);
}

/** A row for each stack: how it stands, and what becomes of it. */
function verdictTable(results: readonly StackResult[]): string {
  const verdicts = results.map((result) => verdictOf(result, styleFor(false)));
  return [
    "| stack | findings | what becomes of it |",
    "|---|---|---|",
    ...verdicts.map(({ stack, state, facts }) => {
      const cells = [stack, state, facts.join("; ")].map((text) => plainText(text).replace(/\|/g, "\\|"));
      return `| ${cells.join(" | ")} |`;
    }),
  ].join("\n");
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
    ...fenced("text", findings.flatMap(findingLines), command),
    ...changed,
    ...(change && isUnchanged(change) ? folded(diagrams(graph, command)) : diagrams(graph, command)),
    ...resources(graph, command),
  ];
}

/** What stays as it is, behind a line that a reader opens. */
function folded(parts: readonly Part[]): readonly Part[] {
  return parts.map(({ text, shorten }) => ({
    text: `<details><summary>how it is delivered</summary>\n\n${text}\n\n</details>`,
    shorten,
  }));
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
  const lines = renderChange(change, styleFor(false), { raw: false }).flatMap((line) => line.split("\n"));
  const summary = changeSummary(change);
  if (lines.length === 0) return [{ text: plainText(summary.replace(/^./, (first) => first.toUpperCase())) }];
  const marks = fence(lines.join("\n"));
  const gone = change.resources.filter(({ fate, lost }) => fate === "removed" || lost !== undefined);
  const removals = gone.map(
    ({ type, name, lost }) => `- ${className(type)} "${name}"${lost === undefined ? "" : `: ${lost}`}`,
  );
  return [
    // What goes is not behind a fold.
    ...fenced("diff", removals, command),
    ofLines(
      [`<details><summary>${htmlText(summary)}</summary>\n\n${marks}diff`, `${marks}\n\n</details>`],
      lines,
      (left) => `${count(left, "more line")} of changes: ${command}`,
    ),
  ];
}
