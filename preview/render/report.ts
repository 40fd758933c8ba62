import { serviceLinkedRolesOf } from "../../model/graph/serviceLinkedRoles";
import type { Format } from "../arguments";
import { deliveriesOf } from "../delivery/delivery";
import type { Streams } from "../main";
import { receptionsOf } from "../record/reception";
import type { StackResult } from "../record/runStack";
import { changeSummary, renderChange } from "./changeText";
import { renderDelivery, renderReception } from "./deliveryText";
import { renderFindings } from "./findings";
import { type Style, styleFor, wrap } from "./style";
import { paintSummary, summaryLine } from "./summary";
import { renderTree } from "./tree";

/** Writes what came of the stacks, in the form asked for. `command` is what shows one of them whole. */
export async function report(
  results: readonly StackResult[],
  format: Format,
  streams: Streams,
  command: (stack: string) => string,
): Promise<void> {
  for (const { trace } of results) if (trace !== undefined) streams.err(trace);
  switch (format) {
    case "json":
      streams.out(toJson(results));
      break;
    case "mermaid": {
      const { renderMarkdown } = await import("./markdown");
      streams.out(renderMarkdown(results, command));
      break;
    }
    case "text":
      reportText(results, streams);
      break;
    default: {
      const never: never = format;
      throw new Error(`no such format: ${String(never)}`);
    }
  }
}

/** One stack as an object, several as a list: what is there, what is wrong with it, and what is not as it was. */
function toJson(results: readonly StackResult[]): string {
  const all = results.map(({ stack, project, graph, findings, change }) => ({
    stack,
    project,
    resources: graph?.resources ?? [],
    findings,
    stackOutputs: graph?.stackOutputs,
    change: change || undefined,
  }));
  return JSON.stringify(all.length === 1 ? all[0] : all, undefined, 2);
}

function reportText(results: readonly StackResult[], streams: Streams): void {
  const style = styleFor(streams.coloured);
  const sections = results.flatMap((result) => sectionOf(result, style, streams.width));
  for (const section of sections) streams.out(section);
  if (results.length === 1 && sections.length > 0) return;
  const rule = sections.length > 0 ? [style.dim("━".repeat(streams.width))] : [];
  streams.out([...rule, ...results.map((one) => lastLine(one, style))].join("\n"));
}

/** Before the roles that an account has to have; the guide says when AWS makes them. */
const TAKES = "takes service-linked roles, which AWS makes at first use (docs/guides.md)";

/** What there is to say of a stack; nothing of one that is just what it was. */
function sectionOf(result: StackResult, style: Style, width: number): readonly string[] {
  const { stack, project, graph, findings, trace, change } = result;
  const line = "━".repeat(Math.max(3, width - stack.length - project.length - 4));
  const heading = `${style.bold(stack)} ${style.dim(`━${line} ${project}`)}`;
  const close = [lastLine(result, style), ""];
  if (change) {
    const lines = renderChange(change, style);
    const known = findings.filter((one) => !change.findings.new.includes(one));
    const found = known.length > 0 ? renderFindings(known, style, width) : [];
    const paragraphs = [lines, found].filter((paragraph) => paragraph.length > 0);
    if (paragraphs.length === 0) return [];
    return [[heading, "", ...paragraphs.flatMap((paragraph) => [...paragraph, ""]), ...close].join("\n")];
  }
  if (!graph) {
    // A trace has been written already, message and all.
    const messages = trace === undefined ? findings.map(({ message }) => message) : [];
    return [[heading, "", ...messages, "", ...close].join("\n")];
  }
  const pictures = [
    ...deliveriesOf(graph).map((delivery) => renderDelivery(delivery, style)),
    ...receptionsOf(graph).map((reception) => renderReception(reception, style)),
  ];
  const taken = serviceLinkedRolesOf(graph);
  const paragraphs = [
    ...pictures,
    renderTree(graph, style, width),
    ...(taken.length > 0
      ? [
          wrap(taken, ", ", width - TAKES.length - 2).map((line, index) =>
            style.dim(index === 0 ? `${TAKES}: ${line}` : `  ${line}`),
          ),
        ]
      : []),
    renderFindings(findings, style, width),
  ];
  return [[heading, "", ...paragraphs.flatMap((paragraph) => [...paragraph, ""]), ...close].join("\n")];
}

function lastLine({ stack, graph, findings, change }: StackResult, style: Style): string {
  const changed = change ? `; ${changeSummary(change)}` : "";
  if (graph) return paintSummary(summaryLine(graph, findings), findings, style) + changed;
  return change?.only === "there" ? `${stack}: ${changeSummary(change)}` : style.red(`${stack}: cannot be previewed`);
}
