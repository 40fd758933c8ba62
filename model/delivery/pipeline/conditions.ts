import { Cron } from "croner";
import { minutesInWords } from "../../../components/settings/minutesInWords";
import type { Condition, ConditionRule } from "../../graph/conditions";
import type { Pipeline } from "../../graph/pipelines";
import { textOf } from "../../graph/read";
import { arnIn, arnPlace, referredBy, TYPES } from "../../graph/resources";
import { AwsError } from "../awsError";
import type { PlayedCloud } from "../cloud";
import type { PlayedStack } from "../runningStack";

/** What a condition of a stage came to. */
export interface Checked {
  readonly holds: boolean;
  /** `FAIL`, `SKIP`, `ROLLBACK`, where it does not hold. */
  readonly result: string;
  readonly why: string;
}

/** What conditions are checked with. */
export interface ConditionSurroundings {
  readonly cloud: PlayedCloud;
  readonly stack: PlayedStack;
  readonly pipeline: Pipeline;
  /** The moment at which the rehearsal starts, for windows. */
  readonly startsAt: Date;
  readonly where: string;
  /** Fills the variables of a text. */
  readonly fill: (text: string) => string;
}

/** Minutes that a rule takes at most, unless it says otherwise. */
const RULE_MINUTES = 4320;

/** Looks at the rules of a condition, all of them at the moment the run arrives. */
export async function checkCondition(condition: Condition, around: ConditionSurroundings): Promise<Checked> {
  const { clock } = around.cloud;
  const verdicts = await clock.join(
    Promise.all(condition.rules.map((rule) => clock.start(() => checkRule(rule, around)))),
  );
  const bad = verdicts.find((verdict) => verdict !== undefined);
  return { holds: bad === undefined, result: condition.result ?? "FAIL", why: bad ?? "" };
}

/** Why a rule does not hold; undefined where it does. */
async function checkRule(rule: ConditionRule, around: ConditionSurroundings): Promise<string | undefined> {
  const { cloud, where } = around;
  switch (rule.provider) {
    case "DeploymentWindow":
      return window(rule, around);
    case "CloudWatchAlarm":
      return alarm(rule, around);
    case "VariableCheck":
      return variable(rule, around);
    default:
      cloud.timeline.add(where, `rule ${rule.name} (${rule.provider}) is taken to hold: nothing here plays it`, "note");
      return undefined;
  }
}

/** https://docs.aws.amazon.com/codepipeline/latest/userguide/rule-reference-DeploymentWindow.html */
async function window(
  rule: ConditionRule,
  { cloud, startsAt, where }: ConditionSurroundings,
): Promise<string | undefined> {
  const { Cron: text = "", TimeZone = "UTC" } = rule.configuration;
  const now = new Date(startsAt.getTime() + cloud.clock.now * 1000);
  const opens = windowOpens(text, TimeZone, now);
  const minutes = rule.timeoutInMinutes ?? RULE_MINUTES;
  if (!opens) return `the window ${text} never opens again`;
  const seconds = Math.max(0, (opens.getTime() - now.getTime()) / 1000);
  if (seconds === 0) {
    cloud.timeline.add(where, `the deployment window ${text} (${TimeZone}) is open`);
    return undefined;
  }
  cloud.timeline.add(
    where,
    `waits for the deployment window ${text} (${TimeZone}), which opens at ${opens.toISOString()}`,
    "waiting",
  );
  await cloud.clock.sleep(Math.min(seconds, minutes * 60));
  return seconds > minutes * 60 ? `the window did not open within ${minutesInWords(minutes)}` : undefined;
}

/** When a window is open next: now, where it is. Undefined where it never is again. */
export function windowOpens(text: string, timeZone: string, now: Date): Date | undefined {
  const cron = new Cron(text, zone(timeZone));
  return cron.match(now) ? now : (cron.nextRun(now) ?? undefined);
}

function zone(timeZone: string): { readonly timezone?: string; readonly utcOffset?: number } {
  const [, sign, hours, minutes] = /^UTC([+-])(\d{1,2}):?(\d{2})?$/.exec(timeZone) ?? [];
  if (sign === undefined) return { timezone: timeZone };
  const offset = Number(hours) * 60 + Number(minutes ?? 0);
  return { utcOffset: sign === "-" ? -offset : offset };
}

/** https://docs.aws.amazon.com/codepipeline/latest/userguide/rule-reference-CloudWatchAlarm.html */
function alarm(rule: ConditionRule, { cloud, stack, pipeline, where }: ConditionSurroundings): string | undefined {
  const { AlarmName = "" } = rule.configuration;
  const place = arnPlace(pipeline.arn) ?? stack.place;
  const roleArn = rule.roleArn ?? textOf(pipeline.resource.inputs.roleArn) ?? "";
  const composite = referredBy(stack.graph, TYPES.compositeAlarm, AlarmName) !== undefined;
  const resource = composite
    ? "*"
    : arnIn({ ...place, region: rule.region ?? place.region }, "cloudwatch", `alarm:${AlarmName}`);
  try {
    const caller = { arn: roleArn, account: roleArn.split(":")[4] ?? place.account };
    cloud.demand({ caller, action: "cloudwatch:DescribeAlarms", resource }, where);
  } catch (error) {
    if (error instanceof AwsError) return error.message;
    throw error;
  }
  if (cloud.faults.take(rule.name, "alarm")) return `alarm ${AlarmName} is in state ALARM`;
  cloud.timeline.add(where, `alarm ${AlarmName} is OK`);
  return undefined;
}

/** https://docs.aws.amazon.com/codepipeline/latest/userguide/rule-reference-VariableCheck.html */
function variable(rule: ConditionRule, { fill }: ConditionSurroundings): string | undefined {
  const { Variable = "", Value = "", Operator = "EQ" } = rule.configuration;
  const value = fill(Variable);
  const holds: Readonly<Record<string, boolean>> = {
    EQ: value === Value,
    NE: value !== Value,
    CONTAINS: value.includes(Value),
    MATCHES: new RegExp(Value).test(value),
  };
  return holds[Operator] === true ? undefined : `${Variable} is "${value}", which is not ${Operator} "${Value}"`;
}
