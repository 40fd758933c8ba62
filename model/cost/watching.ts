import { INSIGHTS_METRICS } from "../../components/cost/prices";
import { asDelivered } from "../environment/delivered";
import type { RecordedGraph } from "../graph/graph";
import { mapOf, mapsOf, numberOf, textOf, type Values } from "../graph/read";
import { arnOf, ofType, physicalName, TYPES } from "../graph/resources";
import { clusterName, taskDefinitionOf } from "../graph/services";
import type { Bill } from "./bill";
import { taskRange } from "./tasks";

/** Dashboards of an account that cost nothing. */
const FREE_DASHBOARDS = 3;

/** Alarms that AWS makes for each policy that aims at a value: one to grow, one to shrink. */
const ALARMS_A_POLICY = 2;

/** Alarms by the metrics they look at, dashboards, and what Container Insights measures. */
export function billWatching(graph: RecordedGraph, bill: Bill): void {
  const alarms = ofType(graph, TYPES.metricAlarm).map(({ inputs }) => ({
    metrics: metricsOf(inputs),
    quick: [inputs.period, ...mapsOf(inputs.metricQueries).map(({ metric }) => mapOf(metric).period)].some(
      (period) => (numberOf(period) ?? 60) < 60,
    ),
  }));
  const sum = (quick: boolean) =>
    alarms.filter((alarm) => alarm.quick === quick).reduce((all, { metrics }) => all + metrics, 0);
  bill.add("watching", "metrics of alarms", "alarmMetric", [sum(false), sum(false)]);
  bill.add("watching", "metrics of alarms that look more than once a minute", "quickAlarmMetric", [
    sum(true),
    sum(true),
  ]);
  const composite = ofType(graph, TYPES.compositeAlarm).length;
  bill.add("watching", "composite alarms", "compositeAlarm", [composite, composite]);
  const policies = ofType(graph, "aws:appautoscaling/policy:Policy")
    .map(({ inputs }) => mapOf(inputs.targetTrackingScalingPolicyConfiguration))
    .reduce((all, policy) => all + ALARMS_A_POLICY * scalingMetrics(policy), 0);
  bill.add("watching", "metrics of the alarms that scaling makes", "alarmMetric", [policies, policies]);
  const dashboards = ofType(graph, "aws:cloudwatch/dashboard:Dashboard").length;
  const paid = Math.max(0, dashboards - FREE_DASHBOARDS);
  bill.add("watching", `dashboards above ${FREE_DASHBOARDS}, which an account has for nothing`, "dashboard", [
    paid,
    paid,
  ]);
  billInsights(asDelivered(graph), bill);
}

/** Metrics that an alarm looks at: its own one, or each that its expression names. */
function metricsOf(inputs: Values): number {
  const queried = mapsOf(inputs.metricQueries).filter(({ metric }) => metric !== undefined).length;
  return Math.max(1, queried);
}

function scalingMetrics({ customizedMetricSpecification }: Values): number {
  const given = mapsOf(mapOf(customizedMetricSpecification).metrics);
  return Math.max(1, given.filter(({ metricStat }) => metricStat !== undefined).length);
}

function billInsights(graph: RecordedGraph, bill: Bill): void {
  for (const cluster of ofType(graph, TYPES.cluster)) {
    const mode = mapsOf(cluster.inputs.settings).find(({ name }) => name === "containerInsights")?.value;
    const name = physicalName(cluster);
    const services = ofType(graph, TYPES.service).filter(
      (service) => clusterName(graph, service) === name && taskRange(graph, service)[1] > 0,
    );
    if (mode === "enhanced") bill.say(`Container Insights of cluster ${name}: enhanced, by metrics of each task`);
    if (mode !== "enabled" || services.length === 0) continue;
    const definitions = services.map((service) => {
      const definition = taskDefinitionOf(graph, service);
      return (definition && arnOf(definition)) ?? textOf(service.inputs.taskDefinition);
    });
    const { cluster: whole, task, service } = INSIGHTS_METRICS;
    const metrics = whole + task * new Set(definitions).size + service * services.length;
    bill.add("watching", `metrics of Container Insights of cluster ${name}`, "customMetric", [metrics, metrics]);
  }
}
