import { SPOT_SHARE } from "../../components/cost/prices";
import { FREE_STORAGE_GIB } from "../../components/cost/taskPrice";
import { asDelivered } from "../environment/delivered";
import type { RecordedGraph, RecordedResource } from "../graph/graph";
import { mapOf, mapsOf, numberOf, textOf, type Values } from "../graph/read";
import { ofType, physicalName, TYPES } from "../graph/resources";
import { clusterName, taskDefinitionOf } from "../graph/services";
import type { Bill } from "./bill";

/** How many tasks of a service run: as many as it is told to, or as scaling lets. */
export function taskRange(graph: RecordedGraph, service: RecordedResource): readonly [least: number, most: number] {
  const id = `service/${clusterName(graph, service)}/${physicalName(service)}`;
  const of = (type: string) => ofType(graph, type).filter(({ inputs }) => inputs.resourceId === id);
  const limits = [
    ...of("aws:appautoscaling/target:Target").map(({ inputs }) => inputs),
    ...of("aws:appautoscaling/scheduledAction:ScheduledAction").map(({ inputs }) => mapOf(inputs.scalableTargetAction)),
  ];
  const desired = numberOf(service.inputs.desiredCount) ?? 1;
  if (limits.length === 0) return [desired, desired];
  const numbers = (key: string) => limits.flatMap((limit) => numberOf(limit[key]) ?? []);
  return [Math.min(...numbers("minCapacity")), Math.max(...numbers("maxCapacity"))];
}

/** Tasks by capacity provider: the base first, then by weight, the larger rest first. */
export function tasksByProvider(strategies: readonly Values[], count: number): ReadonlyMap<string, number> {
  const shares = strategies.map(({ capacityProvider, base, weight }) => ({
    name: textOf(capacityProvider) ?? "",
    base: Math.min(count, numberOf(base) ?? 0),
    weight: numberOf(weight) ?? 0,
  }));
  const based = Math.min(
    count,
    shares.reduce((sum, { base }) => sum + base, 0),
  );
  const weights = shares.reduce((sum, { weight }) => sum + weight, 0);
  const exact = shares.map(({ weight }) => (weights === 0 ? 0 : ((count - based) * weight) / weights));
  const whole = exact.map(Math.floor);
  const order = exact
    .map((value, index) => ({ index, rest: value - Math.floor(value) }))
    .sort((one, other) => other.rest - one.rest);
  const left = count - based - whole.reduce((sum, value) => sum + value, 0);
  const more = new Set(order.slice(0, weights === 0 ? 0 : left).map(({ index }) => index));
  const all = new Map<string, number>();
  shares.forEach(({ name, base }, index) => {
    all.set(name, (all.get(name) ?? 0) + base + (whole[index] ?? 0) + (more.has(index) ? 1 : 0));
  });
  return all;
}

/** Tasks of services, by what they run on, and their public addresses. A service that waits for its first image counts as delivered. */
export function billTasks(recorded: RecordedGraph, bill: Bill): void {
  const graph = asDelivered(recorded);
  for (const service of ofType(graph, TYPES.service)) {
    const name = physicalName(service);
    const [least, most] = taskRange(graph, service);
    const [few, many] = [least, most].map((count) => taskProviders(graph, service, count));
    for (const provider of new Set([...(few?.keys() ?? []), ...(many?.keys() ?? [])])) {
      const tasks: readonly [number, number] = [few?.get(provider) ?? 0, many?.get(provider) ?? 0];
      if (tasks[1] > 0) billProvider({ graph, service, name, provider, tasks }, bill);
    }
    const isPublic = mapOf(service.inputs.networkConfiguration).assignPublicIp === true;
    const addresses = `public addresses of tasks of ${name}`;
    if (isPublic) bill.add("services", addresses, "addressHour", [least, most], { service: name });
  }
}

/** How many of so many tasks of a service run on each capacity provider, or `EC2`, or as another launch type says. */
export function taskProviders(
  graph: RecordedGraph,
  service: RecordedResource,
  count: number,
): ReadonlyMap<string, number> {
  const own = mapsOf(service.inputs.capacityProviderStrategies);
  if (own.length > 0) return tasksByProvider(own, count);
  const launchType = textOf(service.inputs.launchType);
  if (launchType !== undefined) return new Map([[launchType, count]]);
  const cluster = clusterName(graph, service);
  const providers = ofType(graph, "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders").find(
    ({ inputs }) => inputs.clusterName === cluster,
  );
  const usual = mapsOf(providers?.inputs.defaultCapacityProviderStrategies);
  return usual.length > 0 ? tasksByProvider(usual, count) : new Map([["EC2", count]]);
}

interface Provided {
  readonly graph: RecordedGraph;
  readonly service: RecordedResource;
  readonly name: string;
  readonly provider: string;
  readonly tasks: readonly [number, number];
}

function billProvider({ graph, service, name, provider, tasks }: Provided, bill: Bill): void {
  const definition = taskDefinitionOf(graph, service);
  const [cpu, memory] = [definition?.inputs.cpu, definition?.inputs.memory].map(numberOf);
  if (!provider.startsWith("FARGATE")) {
    bill.say(`tasks of ${name} on ${provider}: what they run on is paid for, and is not of this stack`);
    return;
  }
  if (!definition || cpu === undefined || memory === undefined) {
    bill.say(`tasks of ${name}: their size is not of this stack`);
    return;
  }
  const platform = mapOf(definition.inputs.runtimePlatform);
  if ((textOf(platform.operatingSystemFamily) ?? "LINUX").startsWith("WINDOWS")) {
    bill.say(`tasks of ${name}: Windows has other prices`);
    return;
  }
  const arm = platform.cpuArchitecture === "ARM64";
  const spot = provider === "FARGATE_SPOT";
  const kind = `${arm ? "ARM" : "x86"}${spot ? ", SPOT" : ""}`;
  const more = { service: name, share: spot ? SPOT_SHARE : 1 };
  const times = (size: number): readonly [number, number] => [tasks[0] * size, tasks[1] * size];
  bill.add("services", `vCPUs of ${name} (${kind})`, arm ? "armVcpuHour" : "vcpuHour", times(cpu / 1024), more);
  bill.add(
    "services",
    `GiB of memory of ${name} (${kind})`,
    arm ? "armGibHour" : "gibHour",
    times(memory / 1024),
    more,
  );
  const storage = numberOf(mapOf(definition.inputs.ephemeralStorage).sizeInGib) ?? FREE_STORAGE_GIB;
  const above = `GiB of storage of ${name} above ${FREE_STORAGE_GIB}`;
  bill.add("services", above, "storageGibHour", times(Math.max(0, storage - FREE_STORAGE_GIB)), { service: name });
}
