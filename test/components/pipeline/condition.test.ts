import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { alarmQuiet, deploymentWindow, entryCondition } from "../../../components/pipeline/condition";
import { present } from "../../support/present";
import { allowed, at, rendered, resolved } from "../../support/read";

const CRON = "* * 9-16 ? * MON-FRI";
const type = (provider: string) => ({ category: "Rule", owner: "AWS", provider, version: "1" });

describe("deploymentWindow", () => {
  it("waits in UTC for its time, and needs no permission", () => {
    assert.deepEqual(deploymentWindow({ cron: CRON }), {
      declaration: {
        name: "Window",
        ruleTypeId: type("DeploymentWindow"),
        timeoutInMinutes: 4320,
        configuration: { Cron: CRON, TimeZone: "UTC" },
      },
      permissions: [],
      problems: [],
    });
  });

  it("lets a run of Friday evening wait until Monday morning", () => {
    const hours = (Date.UTC(2025, 0, 6, 9) - Date.UTC(2025, 0, 3, 17)) / 3_600_000;
    const minutes = deploymentWindow({ cron: CRON }).declaration.timeoutInMinutes;
    assert.ok(Number(minutes) > hours * 60);
  });

  it("takes a zone, a wait and a name", () => {
    const args = { timeZone: "Europe/Paris", waitInMinutes: 60, name: "Office-hours" };
    const { declaration } = deploymentWindow({ cron: CRON, ...args });
    assert.equal(at(declaration.configuration, "TimeZone"), "Europe/Paris");
    assert.deepEqual([declaration.timeoutInMinutes, declaration.name], [60, "Office-hours"]);
  });

  it("says all that is wrong with it", () => {
    assert.deepEqual(deploymentWindow({ cron: "* * 24 ? * MON", timeZone: "CST", waitInMinutes: 4 }).problems, [
      'cron: hours: expected 0-23 with , - * /, got "24"',
      'timeZone: expected Region/City like Europe/Paris, or UTC with or without an offset like UTC+02:00, got "CST"',
      "waitInMinutes: expected a whole number from 5 to 86400 minutes, got 4",
    ]);
  });
});

describe("alarmQuiet", () => {
  it("looks at the alarm once, and may look at every one: composite alarms are shown to nobody else", async () => {
    const rule = alarmQuiet({ alarmName: "checkout" });
    assert.deepEqual(present(rule.declaration), {
      name: "Alarm-checkout",
      ruleTypeId: type("CloudWatchAlarm"),
      configuration: { AlarmName: "checkout", AlarmStates: "ALARM" },
    });
    assert.deepEqual(allowed(await rendered(() => rule.permissions)), ["cloudwatch:DescribeAlarms *"]);
    assert.deepEqual(rule.problems, []);
  });

  it("waits for an alarm that rings, and is not cut short while it does", () => {
    const { declaration } = alarmQuiet({ alarmName: "checkout", waitInMinutes: 90 });
    assert.equal(at(declaration.configuration, "WaitTime"), "90");
    assert.ok(Number(declaration.timeoutInMinutes) > 90);
  });

  it("has a name that CodePipeline takes, whatever the alarm is called", async () => {
    assert.equal(alarmQuiet({ alarmName: "Checkout: errors > 5%" }).declaration.name, "Alarm-Checkout--errors---5-");
    assert.equal(alarmQuiet({ alarmName: "a".repeat(255) }).declaration.name.length, 100);
    assert.equal(await resolved(() => alarmQuiet({ alarmName: pulumi.output("late") }).declaration.name), "Alarm");
    assert.equal(alarmQuiet({ alarmName: "x", name: "Errors" }).declaration.name, "Errors");
  });

  it("says so when the wait is none", () => {
    assert.deepEqual(alarmQuiet({ alarmName: "x", waitInMinutes: 0 }).problems, [
      "waitInMinutes: expected a whole number from 1 to 86395 minutes, got 0",
    ]);
  });
});

describe("entryCondition", () => {
  it("lets the run fail unless every rule holds, in the order they are given", () => {
    const rules = [deploymentWindow({ cron: CRON }), alarmQuiet({ alarmName: "checkout" })];
    assert.deepEqual(entryCondition(rules), {
      condition: { result: "FAIL", rules: rules.map(({ declaration }) => declaration) },
    });
  });
});
