import assert from "node:assert/strict";
import { cloudWatchProblems } from "../../../model/graph/cloudWatch";
import { resource } from "../../preview/rules/handMade";
import { stackGraph } from "../../support/stack";

const problems = (type: string, inputs: Record<string, unknown>) =>
  cloudWatchProblems(resource(`aws:cloudwatch/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`, "api", inputs));
const query = (id: string, more: object = {}) => ({ id, metric: { metricName: "Requests", period: 60 }, ...more });

describe("what CloudWatch takes together", () => {
  it("takes alarms and dashboards of the committed stacks", async () => {
    for (const stack of ["dev", "prod"])
      assert.deepEqual((await stackGraph(stack)).resources.flatMap(cloudWatchProblems), []);
  });

  it("refuses an alarm that looks at two things, at nothing, or at more points than there are", () => {
    const of = (inputs: Record<string, unknown>) => problems("MetricAlarm", inputs);
    assert.deepEqual(of({ metricName: "m", statistic: "Sum", extendedStatistic: "p99" }), [
      "extendedStatistic: expected nothing beside statistic",
    ]);
    assert.deepEqual(of({ metricName: "m", period: 45, evaluationPeriods: 2, datapointsToAlarm: 3 }), [
      "datapointsToAlarm: expected at most evaluationPeriods, 2, got 3",
      "period: expected 10, 20, 30 or a multiple of 60, got 45",
    ]);
    assert.deepEqual(of({ metricQueries: [query("a")] }), [
      "metricQueries: expected returnData: true at one of them, which the alarm looks at, got 0",
    ]);
    const sum = query("all", { metric: undefined, expression: "100 * FILL(errors, 0) / requets", returnData: true });
    assert.deepEqual(of({ metricQueries: [query("errors"), query("requests"), sum] }), [
      "metricQueries[2].expression: expected ids of metricQueries (errors, requests, all), got requets",
    ]);
    assert.deepEqual(
      of({ metricQueries: [{ id: "a", expression: "SEARCH('{x,y} name', 'Sum')", returnData: true }] }),
      [],
    );
  });

  it("reads the rule of a composite alarm", () => {
    const of = (alarmRule: string) => problems("CompositeAlarm", { alarmRule });
    for (const rule of ['ALARM("a b")', "ALARM(a) AND (OK(b) OR NOT INSUFFICIENT_DATA('c'))", "TRUE"])
      assert.deepEqual(of(rule), [], rule);
    for (const rule of ["", "ALARM(a) OK(b)", "ALARM(a) AND", "(ALARM(a)", "ALARM(a))", "a AND b", "AND ALARM(a)"])
      assert.match(of(rule).join(), /^alarmRule: expected conditions like ALARM\("name"\)/, rule);
  });

  it("reads the body of a dashboard", () => {
    const of = (widget: object) => problems("Dashboard", { dashboardBody: JSON.stringify({ widgets: [widget] }) });
    const graph = (metrics: readonly unknown[], more: object = {}) => ({
      type: "metric",
      x: 0,
      width: 12,
      properties: { region: "eu-west-1", metrics, ...more },
    });
    const named = ["AWS/ECS", "CPUUtilization", "ClusterName", "shop"];
    for (const metrics of [[named], [[...named, { stat: "Sum" }]], [[{ expression: "a + b" }]]])
      assert.deepEqual(of(graph(metrics)), []);
    assert.match(of(graph([["AWS/ECS"]])).join(), /metrics\[0\]: expected a namespace, a name/);
    assert.match(of(graph([["AWS/ECS", "CPU", "ClusterName"]])).join(), /expected a namespace, a name/);
    assert.match(of({ ...graph([named]), x: 18 }).join(), /24 columns together, got 30/);
    assert.match(
      of(graph([named], { region: undefined, period: 90 })).join(),
      /region: expected a region.*multiple of 60/,
    );
    assert.match(problems("Dashboard", { dashboardBody: "{}" }).join(), /expected JSON like/);
  });
});
