import { GUESSES, type Guesses } from "../../model/environment/guesses";
import type { Finding, RecordedGraph } from "../../model/graph/graph";
import { className } from "../../model/graph/resources";
import { count } from "../count";
import { deliveriesOf } from "../delivery/delivery";
import { isUnchanged, type StackChange } from "../diff/change";
import { figuresOf, type StackFigures } from "../figures";
import { receptionsOf } from "../record/reception";
import type { StackResult } from "../record/runStack";
import { answersOf, noChangeInWords, nothingChanges, type ReviewAnswer } from "./answers";
import { fitted, ofLines, type Part, whole } from "./budget";
import { changeSummary, renderChange } from "./changeText";
import { costInWords, renderCost } from "./costText";
import { fence } from "./fence";
import { figuresInWords } from "./figureText";
import { stepLines } from "./findings";
import { renderMermaid, renderReceptionMermaid } from "./mermaid";
import { renderPermissions } from "./permissionText";
import { codeSpan, htmlText, plainText } from "./plainText";
import { RESOURCE_HEAD, resourceRows } from "./resourceTable";
import { capital, styleFor } from "./style";
import { summaryLine } from "./summary";
import { renderTimes, timeInWords } from "./timeText";
import { verdictOf } from "./verdict";

/**
 * Stacks as Markdown for a comment on a pull request: for each a heading, a diagram of each delivery, the resources, the
 * findings, and what is not as it was. What is too long for a comment is left out, with the command that shows it.
 */
export function renderMarkdown(
  results: readonly StackResult[],
  command: (stack: string) => string,
  guesses: Guesses = GUESSES,
): string {
  const figures = figuresOf(results, guesses);
  const sections = results.flatMap((result, index) =>
    stackParts(result, codeSpan(command(result.stack)), figures[index], {
      inTable: results.length > 1,
      isFirstLine: nothingChanges(results),
      guesses,
    }),
  );
  const table = results.length > 1 ? [{ text: verdictTable(results, figures) }] : [];
  return fitted([...firstLines(results), ...table, ...sections]);
}

/** What a reviewer asks first, a line each: that nothing changes, or what is lost, who may do more and what gets in. */
function firstLines(results: readonly StackResult[]): readonly Part[] {
  if (nothingChanges(results)) return [{ text: `- **${plainText(noChangeInWords(results))}**` }];
  const answers = answersOf(results);
  const line = ({ question, answer }: ReviewAnswer) => `- **${capital(question)}**: ${plainText(answer)}`;
  return answers.length === 0 ? [] : [{ text: answers.map(line).join("\n") }];
}

/** A row for each stack: how it stands, what becomes of it, and what it costs. */
function verdictTable(results: readonly StackResult[], figures: readonly StackFigures[]): string {
  const verdicts = results.map((result) => verdictOf(result, styleFor(false)));
  return [
    "| stack | findings | what becomes of it | cost | a commit |",
    "|---|---|---|---|---|",
    ...verdicts.map(({ stack, state, facts }, index) => {
      const one = figures[index];
      const cells = [
        stack,
        state,
        facts.join("; "),
        // What the head of a column says already.
        ((one && costInWords(one)) ?? "").replace(/^costs /, ""),
        ((one && timeInWords(one)) ?? "").replace(/^a commit reaches all users in /, "with all users in "),
      ].map((text) => plainText(text).replace(/\|/g, "\\|"));
      return `| ${cells.join(" | ")} |`;
    }),
  ].join("\n");
}

/** What a comment says before its stacks one by one. */
interface Elsewhere {
  /** Whether a table has a row of this stack. */
  readonly inTable: boolean;
  /** Whether its first line says that nothing changes in any of them. */
  readonly isFirstLine: boolean;
  readonly guesses: Guesses;
}

function stackParts(
  result: StackResult,
  command: string,
  figures: StackFigures | undefined,
  { inTable, isFirstLine, guesses }: Elsewhere,
): readonly Part[] {
  const { stack, graph, findings, change } = result;
  const changed = change && !isFirstLine ? changeParts(change, command) : [];
  const update = change && !inTable ? updateParts(change) : [];
  if (change?.only === "there") return [{ text: `### ${plainText(`${stack}: ${changeSummary(change)}`)}` }];
  if (!graph) {
    const messages = findings.flatMap(({ message }) => message.split("\n"));
    return [{ text: `### ${plainText(stack)}: cannot be previewed` }, ...fenced("text", messages, command), ...changed];
  }
  return [
    { text: `### ${plainText(summaryLine(graph, findings))}` },
    ...update,
    ...(figures && !inTable ? sentences(figures) : []),
    ...fenced("text", findings.flatMap(findingLines), command),
    ...changed,
    ...(change && isUnchanged(change) ? folded(diagrams(graph, command)) : diagrams(graph, command)),
    ...(change && change.only !== "here" ? [] : permissions(graph, command)),
    ...(figures && !(change && isUnchanged(change)) ? costs(figures, command, guesses) : []),
    ...resources(graph, command),
  ];
}

/** What the table says of several stacks, of one alone. */
function sentences(figures: StackFigures): readonly Part[] {
  const text = figuresInWords(figures).join("; ");
  return text === "" ? [] : [{ text: plainText(capital(text)) }];
}

/** What it costs and how long a commit takes, line by line, behind a line that a reader opens. */
function costs(figures: StackFigures, command: string, guesses: Guesses): readonly Part[] {
  const [cost, time] = [
    renderCost(figures, styleFor(false), 100).slice(2),
    renderTimes(figures, styleFor(false), 100, guesses).slice(2),
  ];
  if (figuresInWords(figures).length === 0) return [];
  const lines = [...cost, ...(time.length > 0 ? ["", ...time] : [])];
  const marks = fence(lines.join("\n"));
  return [
    ofLines(
      [
        `<details><summary>what it costs, and what a commit waits for</summary>\n\n${marks}text`,
        `${marks}\n\n</details>`,
      ],
      lines,
      (left) => `${count(left, "more line")} of costs and times: ${command} \`--cost --time\``,
    ),
  ];
}

/** Who may do what in a stack that is new, or seen by itself, behind a line that a reader opens. */
function permissions(graph: RecordedGraph, command: string): readonly Part[] {
  const lines = renderPermissions(graph, styleFor(false));
  if (lines.length === 0) return [];
  const marks = fence(lines.join("\n"));
  return [
    ofLines(
      [`<details><summary>who may do what</summary>\n\n${marks}text`, `${marks}\n\n</details>`],
      lines,
      (left) => `${count(left, "more line")} of permissions: ${command}`,
    ),
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

/** What the update does, in a sentence for each service; of several stacks the table says it. */
function updateParts({ update }: StackChange): readonly Part[] {
  return update.length === 0 ? [] : [{ text: update.map((one) => `- ${plainText(one)}`).join("\n") }];
}

function changeParts(change: StackChange, command: string): readonly Part[] {
  const form = { raw: false, inComment: true };
  const lines = renderChange(change, styleFor(false), form).flatMap((line) => line.split("\n"));
  const summary = changeSummary(change);
  if (lines.length === 0) return [{ text: plainText(capital(summary)) }];
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
