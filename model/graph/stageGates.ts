import type { ConditionRule } from "./conditions";
import type { Stage } from "./pipelines";

/** What must hold before a stage begins, as a person reads it after "begins". */
export function gatesOf({ conditions }: Stage): readonly string[] {
  return conditions
    .filter(({ place }) => place === "beforeEntry")
    .flatMap(({ rules, result }) =>
      rules.map((rule) => (result === "SKIP" ? `${describeRule(rule)}, else is skipped` : describeRule(rule))),
    );
}

function describeRule({ name, provider, configuration: given }: ConditionRule): string {
  switch (provider) {
    case "DeploymentWindow":
      return `in the window ${given.Cron ?? ""} (${given.TimeZone ?? "UTC"})`;
    case "CloudWatchAlarm":
      return `while alarm ${given.AlarmName ?? ""} is quiet`;
    case "VariableCheck":
      return `if ${given.Variable ?? ""} ${given.Operator ?? ""} ${given.Value ?? ""}`;
    default:
      return `if ${provider} ${name} agrees`;
  }
}

/** What becomes of a failure in a stage; nothing where the run just stops. */
export function outcomeOf({ onFailure }: Stage): string | undefined {
  if (onFailure === "ROLLBACK") return "a failure is rolled back";
  return onFailure === "RETRY" ? "what failed is tried again" : undefined;
}
