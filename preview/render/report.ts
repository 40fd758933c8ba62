import type { Guesses } from "../../model/environment/guesses";
import type { RecordedGraph } from "../../model/graph/graph";
import { serviceLinkedRolesOf } from "../../model/graph/serviceLinkedRoles";
import type { Format } from "../arguments";
import { figuresOf, type StackFigures } from "../figures";
import type { Streams } from "../main";
import type { StackResult } from "../record/runStack";
import { renderPictures } from "./alike";
import { answersOf, renderAnswers } from "./answers";
import { changeInWidth, changeSummary, hides, renderChange } from "./changeText";
import { renderCost } from "./costText";
import { plainCost, plainTime, renderFigures } from "./figureText";
import { renderFindings } from "./findings";
import { renderPermissions, renderPurposes } from "./permissionText";
import { type Style, styleFor, wrap } from "./style";
import { madeOf } from "./summary";
import { renderTimes } from "./timeText";
import { renderTree } from "./tree";
import { renderVerdicts } from "./verdict";

/** How much is shown. */
export interface Detail {
  /** Every resource as well. */
  readonly resources: boolean;
  /** Every property that changes, as Pulumi names it. */
  readonly raw: boolean;
  /** What it costs, line by line. */
  readonly cost: boolean;
  /** What a commit waits for, step by step. */
  readonly time: boolean;
  /** Seconds of what no setting says. */
  readonly guesses: Guesses;
  /** What shows one of the stacks whole. */
  readonly command: (stack: string) => string;
}

/** Writes what came of the stacks, in the form asked for. */
export async function report(
  results: readonly StackResult[],
  format: Format,
  streams: Streams,
  detail: Detail,
): Promise<void> {
  for (const { trace } of results) if (trace !== undefined) streams.err(trace);
  switch (format) {
    case "json":
      streams.out(toJson(results, figuresOf(results, detail.guesses), detail.guesses));
      break;
    case "mermaid": {
      const { renderMarkdown } = await import("./markdown");
      streams.out(renderMarkdown(results, detail.command, detail.guesses));
      break;
    }
    case "text":
      reportText(results, streams, detail);
      break;
    default: {
      const never: never = format;
      throw new Error(`no such format: ${String(never)}`);
    }
  }
}

/** One stack as an object, several as a list: what is there, what is wrong with it, and what is not as it was. */
function toJson(results: readonly StackResult[], figures: readonly StackFigures[], guesses: Guesses): string {
  const all = results.map(({ stack, project, graph, findings, change }, index) => ({
    stack,
    project,
    resources: graph?.resources ?? [],
    findings,
    stackOutputs: graph?.stackOutputs,
    change: change || undefined,
    cost: plainCost(figures[index]),
    time: plainTime(figures[index], guesses),
  }));
  return JSON.stringify(all.length === 1 ? all[0] : all, undefined, 2);
}

/** Before the roles that an account has to have; the guide says when AWS makes them. */
const TAKES = "takes service-linked roles, which AWS makes at first use (docs/guides.md)";

/** The verdict first, then what is wrong, what changes, and how it is delivered; what it is made of where that is asked for. */
function reportText(results: readonly StackResult[], streams: Streams, detail: Detail): void {
  const style = styleFor(streams.coloured);
  const { width } = streams;
  const graphs = results.flatMap(({ graph, change }) => (graph && (!change || change.only === "here") ? [graph] : []));
  const changes = results.map((result) => changeLines(result, style, width, detail));
  // Only where something is left out does it help to see it all.
  const hidden = results.find((_, index) => changes[index]?.some(hides));
  const figures = figuresOf(results, detail.guesses);
  // Of several stacks that are there already it would be a book; each alone says it.
  const isCompared = results.some(({ change }) => change);
  const shown = graphs.length === 1 || isCompared ? graphs : [];
  const sections = [
    [
      ...renderVerdicts(results, style, width),
      ...renderAnswers(answersOf(results), style, width),
      ...renderFigures(figures, style, width),
    ],
    ...results.map((result) => findingLines(result, results.length > 1, style, width)),
    ...changes.map((lines) => lines.flatMap((line) => changeInWidth(line, width))),
    renderPictures(graphs, style, width),
    ...shown.map((graph) => permissionLines(graph, style, width, isCompared)),
    ...(detail.cost ? figures.map((one) => renderCost(one, style, width)) : []),
    ...(detail.time ? figures.map((one) => renderTimes(one, style, width, detail.guesses)) : []),
    ...(detail.resources ? graphs.map((graph) => resourceLines(graph, style, width)) : []),
    hints(hidden, graphs, detail, graphs.length > shown.length)
      .flatMap((line) => hintLines(line, width))
      .map(style.dim),
  ].filter((lines) => lines.length > 0);
  streams.out(sections.map((lines) => lines.join("\n")).join("\n\n"));
}

/** What is wrong with a stack, under its name where there are several. */
function findingLines(
  { stack, graph, findings, trace, change }: StackResult,
  several: boolean,
  style: Style,
  width: number,
): readonly string[] {
  const title = several ? [style.bold(`${stack}:`)] : [];
  // A trace has been written already, message and all.
  if (!graph) return trace === undefined && !change ? [...title, ...findings.map(({ message }) => message)] : [];
  const known = findings.filter((one) => !change?.findings.new.includes(one));
  return known.length > 0 ? [...title, ...renderFindings(known, style, width)] : [];
}

/** What is not as it was in a stack. */
function changeLines({ stack, change }: StackResult, style: Style, width: number, { raw }: Detail): readonly string[] {
  if (!change) return [];
  const lines = renderChange(change, style, { raw });
  if (lines.length === 0) return [];
  const heading = `${stack}, ${changeSummary(change)}`;
  const rule = width - heading.length - 1;
  return [`${style.bold(heading)}${rule > 0 ? ` ${style.dim("━".repeat(rule))}` : ""}`, "", ...lines];
}

/** Who may do what in a stack: of a new one, which a reviewer has not seen, on what as well. */
function permissionLines(graph: RecordedGraph, style: Style, width: number, isNew: boolean): readonly string[] {
  const lines = isNew ? renderPermissions(graph, style) : renderPurposes(graph, style, width);
  return lines.length === 0 ? [] : [style.bold(`${graph.stack}: who may do what`), ...lines];
}

/** What a stack is made of. */
function resourceLines(graph: RecordedGraph, style: Style, width: number): readonly string[] {
  const taken = serviceLinkedRolesOf(graph);
  return [
    style.bold(`${graph.stack}: resources`),
    "",
    ...renderTree(graph, style, width),
    ...wrap(taken, ", ", width - TAKES.length - 2).map((line, index) =>
      style.dim(index === 0 ? `${TAKES}: ${line}` : `  ${line}`),
    ),
  ];
}

/** What there is to see besides, and the command that shows it. */
function hints(
  hidden: StackResult | undefined,
  graphs: readonly RecordedGraph[],
  { resources, cost, time, command }: Detail,
  hasMore: boolean,
): readonly string[] {
  const [first] = graphs;
  return [
    ...(first && !resources
      ? [
          `${sizesOf(graphs)}: each of them by ${command(first.stack)} --resources${cost || time ? "" : "; also --cost, --time"}`,
        ]
      : []),
    ...(first && hasMore ? [`who may do what: ${command(first.stack)}`] : []),
    ...(hidden ? [`every property that changes: ${command(hidden.stack)} --raw`] : []),
  ];
}

/** What is too wide goes on beneath: the command in one piece, so that it can be copied. */
function hintLines(line: string, width: number): readonly string[] {
  const cut = line.indexOf(": ");
  if (line.length <= width || cut === -1) return [line];
  return [line.slice(0, cut + 1), `  ${line.slice(cut + 2)}`];
}

/** `dev 67 resources, prod 84 resources`. */
function sizesOf(graphs: readonly RecordedGraph[]): string {
  return graphs.map((graph) => `${graph.stack} ${madeOf(graph)}`).join(", ");
}
