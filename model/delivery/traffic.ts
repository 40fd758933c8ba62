import type { Environment } from "../environment/environment";
import { isRunning, productionEntries, servedShare } from "../environment/traffic";
import { containersOf, taskDefinitionOf } from "../graph/services";
import type { PlayedService } from "./runningService";

/** The shares of production's requests that are answered, 0 to 1. */
export interface Shares {
  /** By tasks of the version that is being delivered. */
  readonly fresh: number;
  /** By those of the version before. */
  readonly old: number;
}

/** An environment with the tasks that run in it now. */
export function withTasks(
  service: PlayedService,
  clock: number,
  which: (revision: string) => boolean = () => true,
): Environment {
  const tasks = service.tasks
    .filter((one) => one.isHealthy && one.broken === undefined && which(one.revision))
    .map(({ set, count }) => ({ ...set, count, readyAt: Math.min(set.readyAt, clock) }));
  return { ...service.stack.environment, clock, tasks };
}

/** Whether users reach a service through a load balancer of its stack. */
export function isServed(service: PlayedService): boolean {
  return entriesFor(service).length > 0;
}

/** Whether anybody may ask it for something: a worker's containers listen nowhere, and nobody waits for its answers. */
export function isAsked(service: PlayedService): boolean {
  if (isServed(service)) return true;
  const definition = taskDefinitionOf(service.stack.graph, service.resource);
  return !definition || containersOf(definition).some(({ ports }) => ports.length > 0);
}

function entriesFor(service: PlayedService) {
  const groups = new Set([...service.groups, ...service.tasks.flatMap(({ groupArn }) => groupArn ?? [])]);
  return productionEntries(service.stack.environment).filter(({ forwards }) =>
    forwards.some(({ arn }) => groups.has(arn)),
  );
}

/** Who answers production's requests now, of those to this service. */
export function sharesOf(service: PlayedService, clock: number, fresh: string): Shares {
  const environment = withTasks(service, clock);
  const [entry] = entriesFor(service);
  if (!entry) {
    const up = service.tasks.filter(({ isHealthy, broken }) => isHealthy && broken === undefined);
    return shared(1, up, fresh);
  }
  const total = entry.forwards.reduce((sum, { weight }) => sum + weight, 0);
  const parts = entry.forwards.map(({ arn, weight }) => {
    const share = servedShare(environment, { ...entry, forwards: [{ arn, weight: 1 }] });
    const up = service.tasks.filter(
      ({ groupArn, isHealthy, broken, set, count }) =>
        groupArn === arn && isHealthy && broken === undefined && isRunning(environment, { ...set, count, readyAt: 0 }),
    );
    return shared(total === 0 ? 0 : (share * weight) / total, up, fresh);
  });
  return parts.reduce((sum, part) => ({ fresh: sum.fresh + part.fresh, old: sum.old + part.old }), {
    fresh: 0,
    old: 0,
  });
}

function shared(
  share: number,
  up: readonly { readonly revision: string; readonly count: number }[],
  fresh: string,
): Shares {
  const count = (those: typeof up) => those.reduce((sum, one) => sum + one.count, 0);
  const all = count(up);
  if (all === 0) return { fresh: 0, old: 0 };
  const of = (share * count(up.filter(({ revision }) => revision === fresh))) / all;
  return { fresh: of, old: share - of };
}
