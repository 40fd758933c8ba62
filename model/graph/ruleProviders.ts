import { checkCron } from "../../components/checks/cron";
import { checkTimeZone } from "../../components/checks/timeZone";

/** What CodePipeline knows of a rule's provider. */
interface RuleProviderFacts {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

/**
 * The rules that a stage's conditions may have: their configuration keys.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/rule-reference.html
 */
export const RULE_PROVIDERS: Readonly<Record<string, RuleProviderFacts>> = {
  CloudWatchAlarm: { required: ["AlarmName"], optional: ["AlarmStates", "WaitTime"] },
  CodeBuild: {
    required: ["ProjectName"],
    optional: ["PrimarySource", "EnvironmentVariables", "BatchEnabled", "CombineArtifacts"],
  },
  Commands: { required: [], optional: [] },
  DeploymentWindow: { required: ["Cron"], optional: ["TimeZone"] },
  LambdaInvoke: { required: ["FunctionName"], optional: ["UserParameters"] },
  VariableCheck: { required: ["Variable", "Value", "Operator"], optional: [] },
};

const OPERATORS = ["EQ", "NE", "CONTAINS", "MATCHES"];
const ALARM_STATES = ["ALARM", "OK", "INSUFFICIENT_DATA"];

/** By configuration key: what is wrong with a value. */
export const RULE_VALUES: Readonly<Record<string, (value: string) => readonly string[]>> = {
  Cron: checkCron,
  // AWS takes abbreviations as well, though one may mean several zones.
  TimeZone: (zone) => (/^[A-Z]{3,5}$/.test(zone) ? [] : [checkTimeZone(zone) ?? []].flat()),
  AlarmStates: (states) => states.split(",").flatMap((state) => oneOf(ALARM_STATES, state.trim())),
  WaitTime: (minutes) => (/^\d+$/.test(minutes) ? [] : [`expected whole minutes, got "${minutes}"`]),
  Operator: (operator) => oneOf(OPERATORS, operator),
};

function oneOf(allowed: readonly string[], value: string): readonly string[] {
  return allowed.includes(value) ? [] : [`expected one of ${allowed.join(", ")}, got "${value}"`];
}
