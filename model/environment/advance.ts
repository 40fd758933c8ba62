import type { RecordedResource } from "../graph/graph";
import { mapOf, mapsOf, numberOf } from "../graph/read";
import { arnOf, ofType, referredBy, TYPES } from "../graph/resources";
import { deploymentGroupFor } from "../graph/services";
import { type Environment, type RunningDeployment, resourceOf, type TaskSet, withInputs } from "./environment";
import { balancersOf } from "./service";
import { balancersOfGroup, canRun, reaches } from "./traffic";
import { moveTraffic } from "./weights";

/**
 * Lets time pass, and gives every moment at which something happened on the way, the end last: deployments end, tasks
 * leave. Nothing else moves by itself.
 */
export function moments(environment: Environment, until: number): readonly Environment[] {
  const next = Math.min(
    ...environment.deployments.map(({ starts }) => starts.readyAt),
    ...environment.tasks.map(leaving),
  );
  if (next > until) return [{ ...environment, clock: Math.max(environment.clock, until) }];
  const now = { ...environment, clock: Math.max(environment.clock, next) };
  const ended = now.deployments.filter(({ starts }) => starts.readyAt <= now.clock);
  const after = ended.reduce(endDeployment, now);
  const stayed = { ...after, tasks: after.tasks.filter((set) => leaving(set) > after.clock) };
  return [stayed, ...moments(stayed, until)];
}

/** The environment once nothing moves any more. */
export function settled(environment: Environment): Environment {
  const last = moments(environment, environment.clock + SETTLED_SECONDS).at(-1);
  return last ?? environment;
}

/** Seconds after which everything that was under way has ended: a bake time of a day, at most. */
export const SETTLED_SECONDS = 2 * 24 * 60 * 60;

function leaving({ goneAt = Number.POSITIVE_INFINITY }: TaskSet): number {
  return goneAt;
}

/** The new tasks take over, or the deployment is taken back because they cannot. */
function endDeployment(environment: Environment, deployment: RunningDeployment): Environment {
  const deployments = environment.deployments.filter((one) => one !== deployment);
  const service = resourceOf(environment, deployment.service);
  const rest = { ...environment, deployments };
  if (!service) return rest;
  if (!becomesHealthy(environment, deployment.starts)) return { ...rest, failed: [...rest.failed, deployment] };
  const shifted = deployment.shifts ? shift(rest, service, deployment.starts) : rest;
  const goneAt = environment.clock + (deployment.shifts ? bakeSeconds(service) : 0);
  const old = shifted.tasks.map((set) =>
    set.service === deployment.service ? { ...set, goneAt: Math.min(leaving(set), goneAt) } : set,
  );
  return { ...shifted, tasks: [...old, deployment.starts] };
}

/**
 * Whether new tasks pass their health checks: their image runs on that CPU, and the load balancer gets to them.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
export function becomesHealthy(environment: Environment, set: TaskSet): boolean {
  return (
    canRun(set) &&
    set.targets.every(({ groupArn, port }) => {
      // What is someone else's is not in the graph: nothing is known against it.
      if (!referredBy(environment, TYPES.targetGroup, groupArn)) return true;
      const [arn] = balancersOfGroup(environment, groupArn);
      return arn !== undefined && reaches(environment, referredBy(environment, TYPES.loadBalancer, arn), set, port);
    })
  );
}

/** Production and test go to the group of the new tasks, and the service says which one that is. */
function shift(environment: Environment, service: RecordedResource, { targets }: TaskSet): Environment {
  const [target] = targets;
  if (!target) return environment;
  return onGroup(environment, service, target.groupArn);
}

/** All traffic of a service on one of its two groups, as a deployment leaves it: routes, and the service's own entry. */
export function onGroup(environment: Environment, service: RecordedResource, groupArn: string): Environment {
  const moved = routesOf(environment, service).reduce((now, route) => moveTraffic(now, route, groupArn), environment);
  const present = resourceOf(moved, service.urn) ?? service;
  const loadBalancers = mapsOf(present.inputs.loadBalancers).map((entry) => {
    if (entry.targetGroupArn === groupArn) return entry;
    const advanced = mapOf(entry.advancedConfiguration);
    const swapped = { ...advanced, alternateTargetGroupArn: entry.targetGroupArn };
    return {
      ...entry,
      targetGroupArn: groupArn,
      advancedConfiguration: entry.advancedConfiguration === undefined ? undefined : swapped,
    };
  });
  return withInputs(moved, present, { loadBalancers });
}

/** What a deployment of a service rewrites, for users and for tests: the rules it names, or CodeDeploy's listeners. */
export interface Routes {
  readonly production: readonly RecordedResource[];
  readonly test: readonly RecordedResource[];
}

/** The routes of a service as a deployment finds them. */
export function routesFor(environment: Environment, service: RecordedResource): Routes {
  const balancers = balancersOf(service).map(({ advanced }) => advanced);
  const group = deploymentGroupFor(environment, service);
  const info = mapOf(mapOf(group?.inputs.loadBalancerInfo).targetGroupPairInfo);
  const rules = (arns: readonly (string | undefined)[]) =>
    // Of a network load balancer, which has no rules, the listeners themselves.
    [...ofType(environment, TYPES.listenerRule), ...ofType(environment, TYPES.listener)].filter((rule) =>
      arns.includes(arnOf(rule)),
    );
  const listeners = (route: unknown) => {
    const arns = [mapOf(route).listenerArns].flat();
    return ofType(environment, TYPES.listener).filter((listener) => arns.includes(arnOf(listener)));
  };
  return {
    production: [...rules(balancers.map((one) => one?.productionRule)), ...listeners(info.prodTrafficRoute)],
    test: [...rules(balancers.map((one) => one?.testRule)), ...listeners(info.testTrafficRoute)],
  };
}

function routesOf(environment: Environment, service: RecordedResource): readonly RecordedResource[] {
  const { production, test } = routesFor(environment, service);
  return [...production, ...test];
}

function bakeSeconds(service: RecordedResource): number {
  return (numberOf(mapOf(service.inputs.deploymentConfiguration).bakeTimeInMinutes) ?? 0) * 60;
}
