import type { Finding, RecordedGraph } from "../../model/graph/graph";
import { ofType, TYPES } from "../../model/graph/resources";
import { count } from "../count";
import type { ServiceView } from "../delivery/deliveredService";
import { viewService } from "../delivery/deliveredService";
import { deliveriesOf } from "../delivery/delivery";
import { isUnchanged, type StackChange } from "../diff/change";
import type { StackResult } from "../record/runStack";
import { changeSummary } from "./changeText";
import { type Paint, type Style, widest, wrap } from "./style";
import { findingsInWords } from "./summary";

/** What a stack comes to: how it stands, and what becomes of it. */
export interface PreviewVerdict {
  readonly stack: string;
  readonly state: string;
  readonly paint: Paint;
  readonly facts: readonly string[];
}

/**
 * One line for each stack: whether anything is wrong, and what a delivery or the change comes to. A longer one goes on
 * beneath.
 */
export function renderVerdicts(results: readonly StackResult[], style: Style, width: number): readonly string[] {
  const verdicts = results.map((result) => verdictOf(result, style));
  const [names, states] = [widest(verdicts.map(({ stack }) => stack)), widest(verdicts.map(({ state }) => state))];
  const indent = names + states + 6;
  return verdicts.flatMap(({ stack, state, paint, facts }) => {
    const [first = "", ...rest] = wrap(facts, "; ", Math.max(40, width - indent));
    const line = `${style.bold(stack.padEnd(names))}   ${paint(state.padEnd(states))}   ${first}`.trimEnd();
    return [line, ...rest.map((more) => `${" ".repeat(indent)}${more}`)];
  });
}

/** How a stack stands, and what becomes of it. */
export function verdictOf({ stack, graph, findings, change }: StackResult, style: Style): PreviewVerdict {
  if (!graph) {
    const gone = change?.only === "there";
    const state = gone ? "- gone" : "✗ cannot be previewed";
    const facts = gone ? [changeSummary(change)] : [];
    return { stack, state, paint: style.red, facts };
  }
  const [sign, paint] = judged(findings, style);
  return {
    stack,
    state: `${sign} ${findingsInWords(findings)}`,
    paint,
    facts: change ? changeFacts(change) : [...serviceFacts(servicesIn(graph)), ...elsewhereIn(graph)],
  };
}

/** Services that a pipeline delivers to; all where none does. */
function servicesIn(graph: RecordedGraph): readonly ServiceView[] {
  const delivered = deliveriesOf(graph).flatMap(({ services }) => services);
  if (delivered.length > 0) return delivered;
  return ofType(graph, TYPES.service).map((service) => viewService(graph, service));
}

/** What pipelines deploy to that the stack does not make. */
function elsewhereIn(graph: RecordedGraph): readonly string[] {
  const all = new Set(deliveriesOf(graph).flatMap(({ elsewhere }) => elsewhere));
  return [...all].map((one) => `delivers to ${one}`);
}

function judged(findings: readonly Finding[], style: Style): readonly [sign: string, paint: Paint] {
  if (findings.some(({ level }) => level === "error")) return ["✗", style.red];
  return findings.length > 0 ? ["!", style.yellow] : ["✓", style.green];
}

/** `api: rolling update, 2 tasks`. */
function serviceFacts(services: readonly ServiceView[]): readonly string[] {
  return services.map(({ name, deployment, desiredCount, deliveredCount = desiredCount }) => {
    return `${name}: ${deployment}, ${count(deliveredCount, "task")}`;
  });
}

function changeFacts(change: StackChange): readonly string[] {
  const { only, failure, update, resources, permissions, openings, findings } = change;
  if (only !== undefined || failure !== undefined || isUnchanged(change)) return [changeSummary(change)];
  const lost = resources.filter((one) => one.lost !== undefined).length;
  const removed = resources.filter(({ fate }) => fate === "removed").length;
  const wider = permissions.filter(({ widened }) => widened.length > 0).length;
  const counted = [
    ...(lost > 0 ? [`${lost} lost`] : []),
    ...(removed > 0 ? [`${removed} removed`] : []),
    ...(wider > 0 ? [`${count(wider, "permission")} wider`] : []),
    ...(permissions.length > wider ? [`${count(permissions.length - wider, "permission")} narrower`] : []),
    ...(openings.widened.length > 0 ? [`${openings.widened.length} more let through`] : []),
    ...(findings.new.length > 0 ? [count(findings.new.length, "new finding")] : []),
  ];
  const said = [...update, ...counted];
  return said.length > 0 ? said : [changeSummary(change)];
}
