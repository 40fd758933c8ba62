import type { Finding } from "../../model/graph/graph";
import { ofType, TYPES } from "../../model/graph/resources";
import { count } from "../count";
import type { ServiceView } from "../delivery/deliveredService";
import { viewService } from "../delivery/deliveredService";
import { deliveriesOf } from "../delivery/delivery";
import { isUnchanged, type StackChange } from "../diff/change";
import type { StackResult } from "../record/runStack";
import { changeSummary } from "./changeText";
import { type Style, widest, wrap } from "./style";

/** What a stack comes to: how it stands, and what becomes of it. */
export interface PreviewVerdict {
  readonly stack: string;
  readonly state: string;
  readonly paint: (text: string) => string;
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
  const facts = change ? changeFacts(change) : serviceFacts(deliveriesOf(graph).flatMap(({ services }) => services));
  const alone = ofType(graph, TYPES.service).map((service) => viewService(graph, service));
  return {
    stack,
    state: stateOf(findings),
    paint: paintOf(findings, style),
    facts: facts.length > 0 || change ? facts : serviceFacts(alone),
  };
}

/** `✓ no findings`, `✗ 2 errors, 1 warning`. */
export function stateOf(findings: readonly Finding[]): string {
  if (findings.length === 0) return "✓ no findings";
  const of = (level: Finding["level"]) => findings.filter((finding) => finding.level === level).length;
  const numbers = (["error", "warning", "notice"] as const).flatMap((level) =>
    of(level) > 0 ? [count(of(level), level)] : [],
  );
  return `${of("error") > 0 ? "✗" : "!"} ${numbers.join(", ")}`;
}

function paintOf(findings: readonly Finding[], style: Style) {
  if (findings.some(({ level }) => level === "error")) return style.red;
  return findings.length > 0 ? style.yellow : style.green;
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
