import { NAMES } from "../../components/checks/names";
import type { Condition, ConditionPlace, ConditionRule } from "../../model/graph/conditions";
import type { Rule } from "../../model/graph/graph";
import { type Pipeline, pipelinesOf, type Stage } from "../../model/graph/pipelines";
import { finding, notice } from "../../model/graph/resources";
import { RULE_PROVIDERS, RULE_VALUES } from "../../model/graph/ruleProviders";

const RULE = "stage-conditions";

/** What a condition may come to, by where it stands. */
const RESULTS: Readonly<Record<ConditionPlace, readonly string[]>> = {
  beforeEntry: ["FAIL", "SKIP"],
  onSuccess: ["ROLLBACK", "FAIL"],
  onFailure: ["ROLLBACK"],
};

/** The rules that can have a stage skipped. */
const SKIPPING = ["LambdaInvoke", "VariableCheck"];

/**
 * What must hold before and after a stage, and what becomes of a failure, is what CodePipeline takes.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-conditions.html
 */
export const stageConditions: Rule = (graph) =>
  pipelinesOf(graph).flatMap((pipeline) => [
    ...pipeline.stages.flatMap((stage, index) =>
      [
        ...failureProblems(stage),
        ...rollbackProblems(pipeline, stage, index),
        ...stage.conditions.flatMap(conditionProblems),
      ].map((text) => finding(RULE, pipeline.resource, `, stage ${stage.name}, ${text}`)),
    ),
    ...pipeline.stages
      .filter(({ conditions }) => conditions.some(looksTooEarly))
      .map(({ name }) => notice(RULE, pipeline.resource, `, stage ${name}, beforeEntry: ${TOO_EARLY}`)),
  ]);

function failureProblems({ onFailure, retryMode, conditions }: Stage): readonly string[] {
  const both = onFailure === "RETRY" && conditions.some(({ place }) => place === "onFailure");
  return [
    ...unexpected("onFailure", onFailure, ["ROLLBACK", "RETRY"]),
    ...unexpected("onFailure: retryMode", retryMode, ["FAILED_ACTIONS", "ALL_ACTIONS"]),
    ...(both ? ["onFailure: RETRY does not go with a condition; take one of the two away"] : []),
  ];
}

function unexpected(what: string, value: string | undefined, allowed: readonly string[]): readonly string[] {
  if (value === undefined || allowed.includes(value)) return [];
  return [`${what}: expected ${allowed.join(" or ")}, got ${value}`];
}

function rollbackProblems({ resource }: Pipeline, { onFailure, conditions }: Stage, index: number): readonly string[] {
  if (onFailure !== "ROLLBACK" && conditions.every(({ result }) => result !== "ROLLBACK")) return [];
  return [
    ...(index === 0 ? ["ROLLBACK: the first stage cannot roll back; take it away"] : []),
    ...(resource.inputs.executionMode === "PARALLEL"
      ? ["ROLLBACK: no stage rolls back where runs are PARALLEL; use QUEUED or SUPERSEDED"]
      : []),
  ];
}

function conditionProblems({ place, result, rules }: Condition): readonly string[] {
  const names = rules.map(({ name }) => name);
  const twice = [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
  const cannotSkip = result === "SKIP" ? rules.filter(({ provider }) => !SKIPPING.includes(provider)) : [];
  const problems = [
    ...unexpected("result", result ?? "none", RESULTS[place]),
    ...(rules.length >= 1 && rules.length <= 5 ? [] : [`expected 1 to 5 rules, got ${rules.length}`]),
    ...twice.map((name) => `two rules are named "${name}"; rename one`),
    ...cannotSkip.map(({ name }) => `result SKIP: expected rules of ${SKIPPING.join(" or ")}, ${name} is none`),
  ];
  return [
    ...problems.map((text) => `${place}: ${text}`),
    ...rules.flatMap((rule) => ruleProblems(rule).map((text) => `rule ${rule.name}: ${text}`)),
  ];
}

function ruleProblems(rule: ConditionRule): readonly string[] {
  const { name, type, provider, configuration, timeoutInMinutes: timeout } = rule;
  const facts = RULE_PROVIDERS[provider];
  const known = facts ? [...facts.required, ...facts.optional] : Object.keys(configuration);
  return [
    ...(NAMES.pipeline.pattern.test(name) && name.length <= NAMES.pipeline.max
      ? []
      : [`name "${name}": expected ${NAMES.pipeline.expected}`]),
    ...(type === "Rule AWS 1" ? [] : [`ruleTypeId: expected category Rule, owner AWS, version 1, got ${type}`]),
    ...(facts ? [] : [`provider "${provider}": expected one of ${Object.keys(RULE_PROVIDERS).join(", ")}`]),
    ...(facts?.required ?? [])
      .filter((key) => !configuration[key])
      .map((key) => `configuration ${key}: ${provider} needs it, it is not set`),
    ...Object.keys(configuration)
      .filter((key) => !known.includes(key))
      .map((key) => `configuration ${key}: ${provider} does not know it; it takes ${known.join(", ") || "none"}`),
    ...Object.entries(configuration).flatMap(([key, value]) =>
      (RULE_VALUES[key]?.(value) ?? []).map((problem) => `configuration ${key}: ${problem}`),
    ),
    ...(timeout === undefined || (Number.isInteger(timeout) && timeout >= 5 && timeout <= 86_400)
      ? []
      : [`timeoutInMinutes: expected a whole number from 5 to 86400, got ${timeout}`]),
  ];
}

const TOO_EARLY =
  "the alarm is looked at when a run arrives, and not again when the window opens; " +
  "where this matters, give the window to the stage before";

function looksTooEarly({ place, rules }: Condition): boolean {
  const has = (wanted: string) => rules.some(({ provider }) => provider === wanted);
  return place === "beforeEntry" && has("DeploymentWindow") && has("CloudWatchAlarm");
}
