import type * as aws from "@pulumi/aws";
import type { Input } from "@pulumi/pulumi";
import { checkCron } from "../checks/cron";
import { Problems } from "../checks/problems";
import { checkTimeZone } from "../checks/timeZone";
import { defined } from "../defined";
import { allow, type Statement } from "../iam/policyDocument";
import { checkedText, minutes } from "../settings/setting";
import { type ArgsOf, checkSettings, settings, withDefaults } from "../settings/settings";
import { TIME_ZONE } from "../settings/times";

/** A rule as CodePipeline takes it, whose name is known at once. */
export type RuleDeclaration = aws.types.input.codepipeline.PipelineStageBeforeEntryConditionRule & {
  readonly name: string;
};

/** What must hold before a stage begins: its declaration, and what the pipeline's role must be allowed to find out. */
export interface StageRule {
  readonly declaration: RuleDeclaration;
  readonly permissions: readonly Statement[];
  /** What of it AWS would refuse. */
  readonly problems: readonly string[];
}

/** Days and hours in which a stage may begin. */
export const DEPLOYMENT_WINDOW = settings({
  /**
   * When the stage may begin; a run that comes earlier waits. Seconds, minutes, hours, day of month, month, day of week
   * and perhaps the year. A window is every second that matches: `* * 9-16 ? * MON-FRI` is open on weekdays from 9:00 to
   * 16:59:59, `0 0 9 ? * MON-FRI` for one second. Names of months are the safe way to write them.
   */
  cron: checkedText(
    checkCron,
    "a cron expression of six or seven fields (seconds first) as CodePipeline's DeploymentWindow rule takes it",
    { example: "* * 9-16 ? * MON-THU *" },
  ),
  /** Whose clock it means: `Europe/Paris`, or an offset like `UTC+02:00`. @default "UTC" */
  timeZone: TIME_ZONE,
});

/** Minutes a run waits for its window. */
const WINDOW_WAIT = settings({
  /** Minutes a run waits for the window to open before it fails, 5 to 86400. @default 4320 */
  waitInMinutes: minutes(5, 86_400, { default: 4320 }),
});

/** Arguments of `deploymentWindow`. */
export interface DeploymentWindowArgs extends ArgsOf<typeof DEPLOYMENT_WINDOW>, ArgsOf<typeof WINDOW_WAIT> {
  /** Name of the rule, unique in its stage. @default "Window" */
  readonly name?: string;
}

/**
 * The stage begins only at certain times; a run that comes earlier waits.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/rule-reference-DeploymentWindow.html
 */
export function deploymentWindow(args: DeploymentWindowArgs): StageRule {
  const { name = "Window", cron } = args;
  const { timeZone, waitInMinutes } = withDefaults({ ...DEPLOYMENT_WINDOW, ...WINDOW_WAIT }, args);
  const zoneProblem = checkTimeZone(timeZone);
  const problems = new Problems()
    .addAll(checkCron(cron).map((problem) => `cron: ${problem}`))
    .add(zoneProblem && `timeZone: ${zoneProblem}`)
    .addAll(checkSettings(WINDOW_WAIT, args));
  return {
    declaration: {
      name,
      ruleTypeId: ruleType("DeploymentWindow"),
      timeoutInMinutes: waitInMinutes,
      configuration: { Cron: cron, TimeZone: timeZone },
    },
    permissions: [],
    problems: problems.list,
  };
}

/** Arguments of `alarmQuiet`. */
export interface AlarmQuietArgs {
  /** Name of a CloudWatch alarm, metric or composite. */
  readonly alarmName: Input<string>;
  /** Minutes that an alarm which rings has to fall quiet, 1 to 86395. @default - none: the stage fails at once */
  readonly waitInMinutes?: number;
  /** Name of the rule, unique in its stage. @default - after the alarm; "Alarm" where its name is not known at once */
  readonly name?: string;
}

/** Minutes by which a rule outlasts the wait that is part of it. */
const MARGIN = 5;

/**
 * The stage fails before it begins while the alarm is in state ALARM. AWS looks once, when the run arrives: beside a
 * `deploymentWindow` that is still closed, it does not look again when that opens. Where this matters, the window
 * belongs to the stage before.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/rule-reference-CloudWatchAlarm.html
 */
export function alarmQuiet(args: AlarmQuietArgs): StageRule {
  const { alarmName, name = nameAfter(alarmName), waitInMinutes: wait } = args;
  return {
    declaration: {
      name,
      ruleTypeId: ruleType("CloudWatchAlarm"),
      configuration: defined({
        AlarmName: alarmName,
        AlarmStates: "ALARM",
        WaitTime: wait === undefined ? undefined : String(wait),
      }),
      timeoutInMinutes: wait === undefined ? undefined : wait + MARGIN,
    },
    // DescribeAlarms: a composite alarm is shown only to who may describe every alarm.
    permissions: [allow(["cloudwatch:DescribeAlarms"], ["*"])],
    problems: new Problems().range("waitInMinutes", wait, 1, 86_400 - MARGIN, "minutes").list,
  };
}

function nameAfter(alarmName: Input<string>): string {
  return typeof alarmName === "string" ? `Alarm-${alarmName.replace(/[^A-Za-z0-9.@_-]/g, "-")}`.slice(0, 100) : "Alarm";
}

function ruleType(provider: string): RuleDeclaration["ruleTypeId"] {
  return { category: "Rule", owner: "AWS", provider, version: "1" };
}

/** The rules as the entry condition of a stage: unless all hold, the run fails there. */
export function entryCondition(rules: readonly StageRule[]): aws.types.input.codepipeline.PipelineStageBeforeEntry {
  return { condition: { result: "FAIL", rules: rules.map(({ declaration }) => declaration) } };
}
