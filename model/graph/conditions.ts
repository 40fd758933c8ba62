import type { ConditionShape } from "../../components/pipeline/structure";
import { mapOf, mapsOf, numberOf, textOf, type Values } from "./read";

const PLACES: readonly ConditionShape["place"][] = ["beforeEntry", "onSuccess", "onFailure"];

/** One rule of a condition, as declared. */
export interface ConditionRule {
  readonly name: string;
  /** `Rule AWS 1`, as AWS wants it; the provider is apart. */
  readonly type: string;
  readonly provider: string;
  readonly configuration: Readonly<Record<string, string>>;
  readonly roleArn?: string;
  readonly region?: string;
  readonly timeoutInMinutes?: number;
}

/** Rules that must all hold, and what happens if they do not. */
export interface Condition {
  readonly place: ConditionShape["place"];
  readonly result?: string;
  readonly rules: readonly ConditionRule[];
}

/** The conditions of a stage. */
export function conditionsOf(stage: Values): readonly Condition[] {
  return PLACES.flatMap((place) =>
    mapsOf(mapOf(stage[place]).condition).map((condition) => {
      const result = textOf(condition.result);
      return { place, rules: mapsOf(condition.rules).map(readRule), result: result || undefined };
    }),
  );
}

function readRule(rule: Values): ConditionRule {
  const { category, owner = "AWS", provider, version = "1" } = mapOf(rule.ruleTypeId);
  const roleArn = textOf(rule.roleArn);
  const region = textOf(rule.region);
  const timeoutInMinutes = numberOf(rule.timeoutInMinutes);
  return {
    name: textOf(rule.name) ?? "",
    type: [category, owner, version].map((part) => textOf(part) ?? "").join(" "),
    provider: textOf(provider) ?? "",
    configuration: Object.fromEntries(
      Object.entries(mapOf(rule.configuration)).map(([key, value]) => [key, textOf(value) ?? JSON.stringify(value)]),
    ),
    roleArn: roleArn || undefined,
    region: region || undefined,
    timeoutInMinutes,
  };
}
