import { stageConditions } from "../../../preview/rules/stageConditions";
import { assertFinds, assertFindsNothing, changed } from "./handMade";
import { healthy, stages } from "./healthy";

const AT = 'aws.codepipeline.Pipeline "dev", stage Deploy, ';

type Rule = Readonly<Record<string, unknown>>;
const rule = (provider: string, configuration: Readonly<Record<string, string>>, more: Rule = {}): Rule => ({
  name: provider,
  configuration,
  ruleTypeId: { category: "Rule", owner: "AWS", provider, version: "1" },
  ...more,
});
const WINDOW = rule("DeploymentWindow", { Cron: "* * 9-16 ? * MON-FRI", TimeZone: "Europe/Paris" });
const ALARM = rule("CloudWatchAlarm", { AlarmName: "checkout", AlarmStates: "ALARM, OK", WaitTime: "10" });
const VARIABLE = rule("VariableCheck", { Variable: "#{Source.BranchName}", Value: "main", Operator: "EQ" });

/** The healthy pipeline with more in one of its stages. */
const withStage = (index: number, more: Rule, inputs: Rule = {}) =>
  changed(healthy, "aws:codepipeline/pipeline:Pipeline", "dev", {
    stages: stages().map((stage, position) => (position === index ? { ...stage, ...more } : stage)),
    ...inputs,
  });
const withEntry = (rules: readonly Rule[], result = "FAIL") =>
  withStage(2, { beforeEntry: { condition: { result, rules } } });

describe("stage-conditions", () => {
  it("takes a pipeline without conditions, and what CodePipeline takes", () => {
    assertFindsNothing(stageConditions, healthy);
    const all = {
      beforeEntry: { condition: { result: "SKIP", rules: [VARIABLE] } },
      onSuccess: { condition: { result: "ROLLBACK", rules: [{ ...ALARM, timeoutInMinutes: 86_400 }] } },
      onFailure: { condition: { result: "ROLLBACK", rules: [rule("LambdaInvoke", { FunctionName: "may-i" })] } },
    };
    assertFindsNothing(stageConditions, withStage(2, all));
    assertFindsNothing(stageConditions, withEntry([{ ...WINDOW, timeoutInMinutes: 5 }]));
    const abbreviated = rule("DeploymentWindow", { Cron: "0 0 9-17 ? * MON-FRI *", TimeZone: "PST" });
    assertFindsNothing(stageConditions, withEntry([abbreviated]));
    const retry = { result: "RETRY", retryConfiguration: { retryMode: "FAILED_ACTIONS" } };
    assertFindsNothing(stageConditions, withStage(0, { onFailure: retry }, { executionMode: "PARALLEL" }));
  });

  it("finds results that do not go with their place", () => {
    assertFinds(stageConditions, withEntry([WINDOW], "ROLLBACK"), [
      `${AT}beforeEntry: result: expected FAIL or SKIP, got ROLLBACK`,
    ]);
    assertFinds(stageConditions, withStage(2, { onSuccess: { condition: { rules: [ALARM] } } }), [
      `${AT}onSuccess: result: expected ROLLBACK or FAIL, got none`,
    ]);
    assertFinds(stageConditions, withEntry([WINDOW], "SKIP"), [
      `${AT}beforeEntry: result SKIP: expected rules of LambdaInvoke or VariableCheck, DeploymentWindow is none`,
    ]);
  });

  it("finds too few rules, too many and two of one name", () => {
    assertFinds(stageConditions, withEntry([]), [`${AT}beforeEntry: expected 1 to 5 rules, got 0`]);
    const six = ["a", "b", "c", "d", "e", "a"].map((name) => ({ ...WINDOW, name }));
    assertFinds(stageConditions, withEntry(six), [
      `${AT}beforeEntry: expected 1 to 5 rules, got 6`,
      `${AT}beforeEntry: two rules are named "a"; rename one`,
    ]);
  });

  it("finds a failure that comes to something else, or to two things", () => {
    assertFinds(stageConditions, withStage(2, { onFailure: { result: "SKIP" } }), [
      `${AT}onFailure: expected ROLLBACK or RETRY, got SKIP`,
    ]);
    const both = {
      result: "RETRY",
      retryConfiguration: { retryMode: "SOME" },
      condition: { result: "ROLLBACK", rules: [ALARM] },
    };
    assertFinds(stageConditions, withStage(2, { onFailure: both }), [
      `${AT}onFailure: retryMode: expected FAILED_ACTIONS or ALL_ACTIONS, got SOME`,
      `${AT}onFailure: RETRY does not go with a condition; take one of the two away`,
    ]);
  });

  it("finds a way back that is none: for the first stage, and for parallel runs", () => {
    const back = { onFailure: { result: "ROLLBACK" } };
    assertFindsNothing(stageConditions, withStage(2, back));
    assertFinds(stageConditions, withStage(0, back), [
      'aws.codepipeline.Pipeline "dev", stage Source, ROLLBACK: the first stage cannot roll back; take it away',
    ]);
    const parallel = `${AT}ROLLBACK: no stage rolls back where runs are PARALLEL; use QUEUED or SUPERSEDED`;
    assertFinds(stageConditions, withStage(2, back, { executionMode: "PARALLEL" }), [parallel]);
    const condition = { onSuccess: { condition: { result: "ROLLBACK", rules: [ALARM] } } };
    assertFinds(stageConditions, withStage(2, condition, { executionMode: "PARALLEL" }), [parallel]);
  });

  it("finds rules of another kind, without a name and with a wait that is too short", () => {
    const odd = rule("Weather", {}, { name: "no rain", timeoutInMinutes: 4 });
    const custom = { ...VARIABLE, ruleTypeId: { category: "Rule", owner: "Custom", provider: "VariableCheck" } };
    const where = `${AT}rule no rain: `;
    assertFinds(stageConditions, withEntry([odd, custom]), [
      `${where}name "no rain": expected 1 to 100 letters, digits and . @ - _`,
      `${where}provider "Weather": expected one of CloudWatchAlarm, CodeBuild, Commands, DeploymentWindow, LambdaInvoke, VariableCheck`,
      `${where}timeoutInMinutes: expected a whole number from 5 to 86400, got 4`,
      `${AT}rule VariableCheck: ruleTypeId: expected category Rule, owner AWS, version 1, got Rule Custom 1`,
    ]);
  });

  it("finds missing and unknown keys, and values that no rule takes", () => {
    const window = rule("DeploymentWindow", { Cron: "0 9 * * 1-5", TimeZone: "Paris", Zone: "x" });
    assertFinds(stageConditions, withEntry([window]), [
      `${AT}rule DeploymentWindow: configuration Zone: DeploymentWindow does not know it; it takes Cron, TimeZone`,
      `${AT}rule DeploymentWindow: configuration Cron: expected 6 or 7 fields (seconds, minutes, hours, day of month, ` +
        'month, day of week, year), got 5: "0 9 * * 1-5"',
      `${AT}rule DeploymentWindow: configuration TimeZone: expected Region/City like Europe/Paris, or UTC with or ` +
        'without an offset like UTC+02:00, got "Paris"',
    ]);
    const alarm = rule("CloudWatchAlarm", { AlarmStates: "RED", WaitTime: "soon" });
    assertFinds(stageConditions, withEntry([alarm]), [
      `${AT}rule CloudWatchAlarm: configuration AlarmName: CloudWatchAlarm needs it, it is not set`,
      `${AT}rule CloudWatchAlarm: configuration AlarmStates: expected one of ALARM, OK, INSUFFICIENT_DATA, got "RED"`,
      `${AT}rule CloudWatchAlarm: configuration WaitTime: expected whole minutes, got "soon"`,
    ]);
    const variable = rule("VariableCheck", { Variable: "a", Value: "b", Operator: "==" });
    assertFinds(stageConditions, withEntry([variable]), [
      `${AT}rule VariableCheck: configuration Operator: expected one of EQ, NE, CONTAINS, MATCHES, got "=="`,
    ]);
  });

  it("notes an alarm that is looked at long before the window opens", () => {
    const message =
      `${AT}beforeEntry: the alarm is looked at when a run arrives, and not again when the window opens; ` +
      "where this matters, give the window to the stage before";
    assertFinds(stageConditions, withEntry([WINDOW, ALARM]), [message], "notice");
    assertFindsNothing(stageConditions, withEntry([ALARM]));
  });
});
