import type { RecordedResource } from "./graph";
import { isMap, jsonOf, listOf, mapOf, mapsOf, numberOf, textOf, type Values } from "./read";
import { TYPES } from "./resources";

/** What CloudWatch would refuse of how the values of a resource go together: of each what is wrong, and where. */
export function cloudWatchProblems({ type, inputs }: RecordedResource): readonly string[] {
  switch (type) {
    case TYPES.metricAlarm:
      return alarmProblems(inputs);
    case TYPES.compositeAlarm:
      return alarmRuleProblems(textOf(inputs.alarmRule) ?? "");
    case "aws:cloudwatch/dashboard:Dashboard":
      return dashboardProblems(textOf(inputs.dashboardBody) ?? "");
    default:
      return [];
  }
}

/** Seconds that a metric may be looked at in. */
const SHORT_PERIODS = [1, 5, 10, 20, 30];

function periodProblem(period: unknown, where: string): readonly string[] {
  const seconds = numberOf(period);
  if (seconds === undefined || SHORT_PERIODS.includes(seconds) || seconds % 60 === 0) return [];
  return [`${where}: expected 10, 20, 30 or a multiple of 60, got ${seconds}`];
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
function alarmProblems(inputs: Values): readonly string[] {
  const { statistic, extendedStatistic, metricName, evaluationPeriods, datapointsToAlarm } = inputs;
  const queries = mapsOf(inputs.metricQueries);
  const returned = queries.filter(({ returnData }) => returnData === true || returnData === "true").length;
  const [points, periods] = [numberOf(datapointsToAlarm), numberOf(evaluationPeriods)];
  return [
    ...(statistic !== undefined && extendedStatistic !== undefined
      ? ["extendedStatistic: expected nothing beside statistic"]
      : []),
    ...(metricName !== undefined && queries.length > 0 ? ["metricQueries: expected nothing beside metricName"] : []),
    ...(queries.length > 0 && returned !== 1
      ? [`metricQueries: expected returnData: true at one of them, which the alarm looks at, got ${returned}`]
      : []),
    ...(points !== undefined && periods !== undefined && points > periods
      ? [`datapointsToAlarm: expected at most evaluationPeriods, ${periods}, got ${points}`]
      : []),
    ...periodProblem(inputs.period, "period"),
    ...queries.flatMap(({ metric }, index) =>
      periodProblem(mapOf(metric).period, `metricQueries[${index}].metric.period`),
    ),
    ...unknownIds(queries),
  ];
}

/** Words of metric math that name no metric: functions begin with a capital. */
const ID = /(?<![\w'"])[a-z]\w*(?![\w'"]|\s*\()/g;

function unknownIds(queries: readonly Values[]): readonly string[] {
  const ids = queries.map(({ id }) => id);
  return queries.flatMap(({ expression }, index) => {
    const text = (textOf(expression) ?? "").replace(/'[^']*'|"[^"]*"/g, "");
    return (text.match(ID) ?? [])
      .filter((id) => !ids.includes(id))
      .map((id) => `metricQueries[${index}].expression: expected ids of metricQueries (${ids.join(", ")}), got ${id}`);
  });
}

/** A word of an alarm rule. */
const RULE_WORD =
  /\s*(?:(\(|\))|(AND|OR|NOT|TRUE|FALSE)\b|(?:ALARM|OK|INSUFFICIENT_DATA)\(\s*(?:"[^"]+"|'[^']+'|[^\s()"']+)\s*\))/y;

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html */
function alarmRuleProblems(rule: string): readonly string[] {
  const expected = 'alarmRule: expected conditions like ALARM("name"), OK(...), joined by AND, OR, NOT and parentheses';
  let [depth, wantsCondition, at] = [0, true, 0];
  while (at < rule.trimEnd().length) {
    RULE_WORD.lastIndex = at;
    const found = RULE_WORD.exec(rule);
    if (!found) return [`${expected}, got "${rule.slice(at).trim().slice(0, 60)}"`];
    const [, bracket, word] = found;
    at = RULE_WORD.lastIndex;
    const joins = word === "AND" || word === "OR";
    const opens = bracket === "(" || word === "NOT";
    if (joins || bracket === ")" ? wantsCondition : !wantsCondition)
      return [`${expected}, got "${rule.slice(0, at).trim().slice(-60)}"`];
    depth += bracket === "(" ? 1 : bracket === ")" ? -1 : 0;
    if (depth < 0) return [`${expected}, got a ) too many`];
    wantsCondition = joins || opens;
  }
  return depth === 0 && !wantsCondition ? [] : [`${expected}, got one that does not end`];
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
function dashboardProblems(text: string): readonly string[] {
  if (text === "") return [];
  const body = jsonOf(text);
  if (!isMap(body) || !Array.isArray(body.widgets)) return ['dashboardBody: expected JSON like {"widgets":[...]}'];
  return mapsOf(body.widgets).flatMap((widget, index) => {
    const where = `dashboardBody.widgets[${index}]`;
    const { x, width, type, properties } = widget;
    const right = (numberOf(x) ?? 0) + (numberOf(width) ?? 0);
    const { region, metrics, period } = mapOf(properties);
    return [
      ...(right > 24 ? [`${where}: expected x and width of 24 columns together, got ${right}`] : []),
      ...(type === "metric" && region === undefined ? [`${where}.properties.region: expected a region, got none`] : []),
      ...(type === "metric" ? periodProblem(period, `${where}.properties.period`) : []),
      ...listOf(metrics).flatMap((metric, at) => metricProblems(metric, `${where}.properties.metrics[${at}]`)),
    ];
  });
}

/** Namespace, name, dimensions by twos, and how it is drawn; or an expression. */
function metricProblems(metric: unknown, where: string): readonly string[] {
  const words = listOf(metric);
  const last = words.at(-1);
  const names = words.filter((word) => typeof word === "string");
  if (isMap(last) && last.expression !== undefined) return [];
  const isNamed = names.length >= 2 && names.length % 2 === 0 && words.length - names.length === (isMap(last) ? 1 : 0);
  return isNamed
    ? []
    : [`${where}: expected a namespace, a name, dimensions and their values, got ${JSON.stringify(metric)}`];
}
