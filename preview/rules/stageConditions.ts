import type { Condition, ConditionRule } from "../../model/graph/conditions";
import type { Rule } from "../../model/graph/graph";
import { pipelinesOf } from "../../model/graph/pipelines";
import { finding, notice } from "../../model/graph/resources";
import { RULE_PROVIDERS, RULE_VALUES } from "../../model/graph/ruleProviders";
import { structureFindings } from "../../model/graph/structure";

const RULE = "stage-conditions";

/**
 * What must hold before and after a stage, and what becomes of a failure, is what CodePipeline takes.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-conditions.html
 */
export const stageConditions: Rule = (graph) =>
  pipelinesOf(graph).flatMap((pipeline) => [
    ...structureFindings(pipeline).filter(({ rule }) => rule === RULE),
    ...pipeline.stages.flatMap(({ name, conditions }) =>
      conditions
        .flatMap(({ rules }) => rules)
        .flatMap((rule) =>
          ruleProblems(rule).map((text) =>
            finding(RULE, pipeline.resource, `, stage ${name}, rule ${rule.name}: ${text}`),
          ),
        ),
    ),
    ...pipeline.stages
      .filter(({ conditions }) => conditions.some(looksTooEarly))
      .map(({ name }) => notice(RULE, pipeline.resource, `, stage ${name}, beforeEntry: ${TOO_EARLY}`)),
  ]);

function ruleProblems(rule: ConditionRule): readonly string[] {
  const { type, provider, configuration, timeoutInMinutes: timeout } = rule;
  const facts = RULE_PROVIDERS[provider];
  const known = facts ? [...facts.required, ...facts.optional] : Object.keys(configuration);
  return [
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
