import { minutesInWords } from "../../components/settings/minutesInWords";
import type { RecordedGraph, RecordedResource } from "../../model/graph/graph";
import { mapOf, mapsOf, numberOf, textOf, textsOf, type Values } from "../../model/graph/read";
import { arnOf, nameById, ofType, physicalName, TYPES } from "../../model/graph/resources";
import { EVERYONE, openingsOf } from "../../model/graph/securityGroups";
import { clusterName, containersOf, familyIn, taskDefinitionOf } from "../../model/graph/services";

const SCALING_TARGET = "aws:appautoscaling/target:Target";
const SCALING_POLICY = "aws:appautoscaling/policy:Policy";
const SCALING_TIME = "aws:appautoscaling/scheduledAction:ScheduledAction";
const SCHEDULE = "aws:scheduler/schedule:Schedule";
const EVENT_TARGET = "aws:cloudwatch/eventTarget:EventTarget";

/** How ECS's own strategies move traffic: shares and times, and where they wait. */
export function shiftOf(service: RecordedResource): readonly string[] {
  const configuration = mapOf(service.inputs.deploymentConfiguration);
  const [linear, canary] = [mapOf(configuration.linearConfiguration), mapOf(configuration.canaryConfiguration)];
  const bake = textOf(configuration.bakeTimeInMinutes);
  const hooks = mapsOf(configuration.lifecycleHooks).map((hook) => {
    const stages = textsOf(hook.lifecycleStages).join(", ");
    const { timeoutInMinutes, action } = mapOf(hook.timeoutConfiguration);
    const then = action === "CONTINUE" ? "then goes on" : "then goes back";
    return hook.targetType === "PAUSE"
      ? `waits for a person at ${stages} (${inWords(timeoutInMinutes)}, ${then})`
      : `asks a function at ${stages}`;
  });
  return [
    ...share(linear.stepPercent, linear.stepBakeTimeInMinutes, "at a time, each for"),
    ...share(canary.canaryPercent, canary.canaryBakeTimeInMinutes, "first, for"),
    ...(bake === undefined || bake === "0" ? [] : [`bakes ${inWords(bake)}`]),
    ...hooks,
  ];
}

function share(percent: unknown, minutes: unknown, words: string): readonly string[] {
  return percent === undefined ? [] : [`${String(numberOf(percent) ?? "?")} % ${words} ${inWords(minutes)}`];
}

/** Minutes that a property has, as a text or a number. */
function inWords(minutes: unknown): string {
  const number = Number(textOf(minutes) ?? numberOf(minutes) ?? Number.NaN);
  return Number.isNaN(number) ? "? minutes" : minutesInWords(number);
}

/** How many tasks run by load, and at which times other limits hold. */
export function scalingOf(graph: RecordedGraph, service: RecordedResource): readonly string[] {
  const id = `service/${clusterName(graph, service)}/${physicalName(service)}`;
  const of = (type: string) => ofType(graph, type).filter(({ inputs }) => inputs.resourceId === id);
  return of(SCALING_TARGET).flatMap(({ inputs }) => {
    const aims = of(SCALING_POLICY).map((policy) =>
      aimOf(mapOf(policy.inputs.targetTrackingScalingPolicyConfiguration)),
    );
    const times = of(SCALING_TIME).map(({ inputs: time }) => {
      const { minCapacity, maxCapacity } = mapOf(time.scalableTargetAction);
      return `${String(minCapacity)} to ${String(maxCapacity)} from ${textOf(time.schedule) ?? ""} ${textOf(time.timezone) ?? ""}`.trim();
    });
    return [`${String(inputs.minCapacity)} to ${String(inputs.maxCapacity)} tasks by ${aims.join(", ")}`, ...times];
  });
}

const METRICS: Readonly<Record<string, string>> = {
  ECSServiceAverageCPUUtilization: "CPU",
  ECSServiceAverageMemoryUtilization: "memory",
  ALBRequestCountPerTarget: "requests a minute",
};

function aimOf({ targetValue, predefinedMetricSpecification, customizedMetricSpecification }: Values): string {
  const known = textOf(mapOf(predefinedMetricSpecification).predefinedMetricType);
  const custom = mapOf(customizedMetricSpecification);
  const queue = mapsOf(custom.metrics)
    .flatMap(({ metricStat }) => mapsOf(mapOf(mapOf(metricStat).metric).dimensions))
    .find(({ name }) => name === "QueueName");
  const percent = known?.includes("Utilization") ? " %" : "";
  const what = queue
    ? `messages of ${textOf(queue.value) ?? ""} a task`
    : known === undefined
      ? (textOf(custom.metricName) ?? "a metric")
      : (METRICS[known] ?? known);
  return `${what} ${String(targetValue)}${percent}`;
}

/** Tasks of the service that the clock or an event starts. */
export function ownTasksOf(graph: RecordedGraph, service: RecordedResource): readonly string[] {
  const definition = taskDefinitionOf(graph, service);
  const family = definition && textOf(definition.inputs.family);
  if (family === undefined) return [];
  const runs = (parameters: unknown) => {
    const arn = textOf(mapOf(parameters).taskDefinitionArn);
    return arn !== undefined && familyIn(arn) === family;
  };
  const byClock = ofType(graph, SCHEDULE)
    .filter(({ inputs }) => runs(mapOf(inputs.target).ecsParameters))
    .map(({ name, inputs }) => {
      const zone = textOf(inputs.scheduleExpressionTimezone);
      return `${name}, ${textOf(inputs.scheduleExpression) ?? ""}${zone === undefined || zone === "UTC" ? "" : ` ${zone}`}`;
    });
  const byEvent = ofType(graph, EVENT_TARGET)
    .filter(({ inputs }) => mapsOf([inputs.ecsTarget]).some(runs))
    .map(({ name }) => `${name}, when an event comes`);
  return [...byClock, ...byEvent];
}

/** Names of the variables that come from secrets, of every container. */
export function secretNamesOf(graph: RecordedGraph, service: RecordedResource): readonly string[] {
  const definition = taskDefinitionOf(graph, service);
  const names = (definition ? containersOf(definition) : []).flatMap((container) =>
    mapsOf(container.definition.secrets).flatMap(({ name }) => textOf(name) ?? []),
  );
  return [...new Set(names)];
}

/** CPU architecture where it is not the usual one. */
export function unusualArchitecture(definition: RecordedResource | undefined): string | undefined {
  const given = textOf(mapOf(definition?.inputs.runtimePlatform).cpuArchitecture);
  return given === "X86_64" ? undefined : given;
}

/** Who reaches a port of a load balancer, by its security groups; undefined where they are not in the graph. */
export function admittedTo(graph: RecordedGraph, listener: RecordedResource): string | undefined {
  const balancer = ofType(graph, TYPES.loadBalancer).find((one) => arnOf(one) === listener.inputs.loadBalancerArn);
  const groups = textsOf(balancer?.inputs.securityGroups);
  const port = numberOf(listener.inputs.port);
  if (!balancer || port === undefined || groups.length === 0) return undefined;
  const open = openingsOf(graph).filter(
    ({ direction, groupId, fromPort, toPort }) =>
      direction === "ingress" && groups.includes(groupId) && fromPort <= port && port <= toPort,
  );
  const ranges = [...new Set(open.flatMap(({ cidrs }) => cidrs))];
  const peers = [...new Set(open.flatMap(({ peers: others }) => others))].map((id) => nameById(graph, id));
  if (ranges.length + peers.length === 0) return "nobody";
  return [...(ranges.some((range) => EVERYONE.includes(range)) ? ["everyone"] : ranges), ...peers].join(", ");
}

/** Certificate that a listener shows, by its resource's name where the stack makes it. */
export function certificateOf(graph: RecordedGraph, listener: RecordedResource): string | undefined {
  const arn = textOf(listener.inputs.certificateArn);
  if (arn === undefined) return undefined;
  const made = graph.resources.find(
    (one) => one.type.startsWith("aws:acm/certificate:") && (arnOf(one) === arn || one.id === arn),
  );
  return made ? (textOf(made.inputs.domainName) ?? made.name) : (arn.split("/").at(-1) ?? arn);
}
