import { deliveriesOf } from "../delivery";
import type { StackResult, Streams } from "../main";
import { renderDelivery } from "./deliveryText";
import { renderFindings } from "./findings";
import { renderMarkdown } from "./mermaid";
import { type Style, styleFor } from "./style";
import { paintSummary, summaryLine } from "./summary";
import { renderTree } from "./tree";

/** Writes what came of the stacks, in the form asked for. */
export function report(results: readonly StackResult[], format: "text" | "json" | "mermaid", streams: Streams): void {
  for (const { trace } of results) if (trace !== undefined) streams.err(trace);
  switch (format) {
    case "json":
      streams.out(toJson(results));
      break;
    case "mermaid":
      streams.out(results.map(toMarkdown).join("\n\n"));
      break;
    case "text":
      reportText(results, streams);
      break;
    default: {
      const never: never = format;
      throw new Error(`no such format: ${String(never)}`);
    }
  }
}

function toJson(results: readonly StackResult[]): string {
  const all = results.map(({ stack, project, graph, findings }) => ({
    ...{ stack, project },
    resources: graph?.resources ?? [],
    findings,
    ...(graph && { stackOutputs: graph.stackOutputs }),
  }));
  return JSON.stringify(all.length === 1 ? all[0] : all, undefined, 2);
}

function toMarkdown({ stack, graph, findings }: StackResult): string {
  if (graph) return renderMarkdown(graph, findings);
  const text = findings.map(({ message }) => message).join("\n");
  return `### ${stack}: cannot be previewed\n\n\`\`\`\`text\n${text}\n\`\`\`\``;
}

function reportText(results: readonly StackResult[], streams: Streams): void {
  const style = styleFor(streams.coloured);
  for (const result of results) streams.out(sectionOf(result, style, streams.width));
  if (results.length > 1)
    streams.out([style.dim("━".repeat(streams.width)), ...results.map((one) => lastLine(one, style))].join("\n"));
}

function sectionOf(result: StackResult, style: Style, width: number): string {
  const { stack, project, graph, findings, trace } = result;
  const line = "━".repeat(Math.max(3, width - stack.length - project.length - 4));
  const heading = `${style.bold(stack)} ${style.dim(`━${line} ${project}`)}`;
  if (!graph) {
    // A trace has been written already, message and all.
    const messages = trace === undefined ? findings.map(({ message }) => message) : [];
    return [heading, "", ...messages, "", lastLine(result, style), ""].join("\n");
  }
  const pictures = deliveriesOf(graph).flatMap((delivery) => [...renderDelivery(delivery, style), ""]);
  return [
    ...[heading, "", ...pictures],
    ...[...renderTree(graph, style, width), ""],
    ...[...renderFindings(findings, style, width), ""],
    ...[lastLine(result, style), ""],
  ].join("\n");
}

function lastLine({ stack, graph, findings }: StackResult, style: Style): string {
  return graph
    ? paintSummary(summaryLine(graph, findings), findings, style)
    : style.red(`${stack}: cannot be previewed`);
}
