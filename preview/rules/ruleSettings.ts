import { readFileSync } from "node:fs";
import { meantWord } from "../../components/settings/meantWord";
import type { Finding, RecordedGraph } from "../../model/graph/graph";
import { isMap } from "../../model/graph/read";
import { UsageError } from "../arguments";
import type { NamedRule } from "./rule";

const LEVELS = ["mandatory", "advisory", "disabled"] as const;

/** How strictly a rule is meant, and what it is told besides. */
interface RuleSetting {
  /** @default - as the rule says */
  readonly level?: (typeof LEVELS)[number];
  readonly options: Readonly<Record<string, unknown>>;
}

/** What rules are told by a file; the same that the Pulumi CLI takes as `--policy-pack-config`. */
export interface RuleSettings {
  /** What the file says. @default - there is none */
  readonly text?: string;
  /** What a rule finds in a graph, at the level that it is meant. */
  readonly applied: (rule: NamedRule, graph: RecordedGraph) => readonly Finding[];
}

/** Every rule as it says itself. */
export const NO_SETTINGS: RuleSettings = { applied: (rule, graph) => rule.find(graph) };

/** A file of settings that cannot be meant; the message names the file, the rule and what is expected. */
class RuleSettingsError extends UsageError {}

/**
 * Reads a file as `pulumi preview --policy-pack-config` does: by name of a rule, a level or `{ enforcementLevel, ... }`
 * with its options; `all` is for every rule that is not named.
 * https://www.pulumi.com/docs/insights/policy/policy-packs/configuration/
 */
export function readRuleSettings(file: string, rules: readonly NamedRule[]): RuleSettings {
  const text = textIn(file);
  const entries = Object.entries(jsonIn(file, text));
  const names = rules.map(({ name }) => name);
  const problems: string[] = [];
  for (const [name] of entries) {
    if (name === "all" || names.includes(name)) continue;
    const meant = meantWord(name, names);
    const mend = meant === undefined ? `rules are ${names.join(", ")}` : `did you mean ${meant}?`;
    problems.push(`${name}: no rule has this name; ${mend}`);
  }
  const settings = new Map(
    entries
      .filter(([name]) => name === "all" || names.includes(name))
      .map(([name, value]) => [name, settingIn(name, value, problems)]),
  );
  for (const rule of rules) {
    const { options } = settings.get(rule.name) ?? { options: {} };
    problems.push(...optionProblems(rule, options));
  }
  if (problems.length > 0) throw new RuleSettingsError(problems.map((text) => `${file}, ${text}`).join("\n"));
  return {
    text,
    applied: (rule, graph) => {
      const { level, options } = settings.get(rule.name) ?? settings.get("all") ?? { options: {}, level: undefined };
      return level === "disabled" ? [] : rule.find(graph, options).map((one) => atLevel(one, rule, level));
    },
  };
}

/** A rule that is advisory by itself says so of its worst; what is made mandatory ends a preview. */
function atLevel(finding: Finding, { enforcement }: NamedRule, level: RuleSetting["level"]): Finding {
  if (level === undefined || level === enforcement) return finding;
  if (level === "mandatory") return { ...finding, level: "error" };
  return finding.level === "error" ? { ...finding, level: "warning" } : finding;
}

function jsonIn(file: string, text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new RuleSettingsError(`${file}: ${error instanceof Error ? error.message : String(error)}; correct the JSON`);
  }
  if (isMap(value)) return value;
  throw new RuleSettingsError(`${file}: expected an object of rules, for example { "writable-root": "disabled" }`);
}

function textIn(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const absent = error instanceof Error && "code" in error && error.code === "ENOENT";
    throw new RuleSettingsError(`${file}: ${absent ? "there is no such file" : String(error)}`);
  }
}

function settingIn(name: string, value: unknown, problems: string[]): RuleSetting {
  const { enforcementLevel, ...options } = isMap(value) ? value : { enforcementLevel: value };
  const level = LEVELS.find((one) => one === enforcementLevel);
  if (level === undefined && (enforcementLevel !== undefined || !isMap(value))) {
    problems.push(`${name}: expected mandatory, advisory or disabled, got ${JSON.stringify(enforcementLevel)}`);
  }
  return { level, options };
}

function optionProblems({ name, options: schema }: NamedRule, options: RuleSetting["options"]): readonly string[] {
  const { error } = schema.safeParse(options);
  return (error?.issues ?? []).map(({ path, message }) => `${[name, ...path].join(".")}: ${message}`);
}
