import type { RecordedResource } from "../graph/graph";
import { numberOf } from "../graph/read";
import { referredBy, TYPES } from "../graph/resources";
import { type Environment, resourceOf, type TaskSet } from "./environment";
import {
  architectureOf,
  balancersOf,
  containerPorts,
  groupPair,
  placeOfTasks,
  shiftsTraffic,
  strategyOf,
} from "./service";
import { secondsToGone, secondsToHealthy } from "./times";
import { productionEntries } from "./traffic";

/** The tasks that a service would start now, from its settings and the delivered image; in a group, or in its own. */
export function tasksOf(environment: Environment, service: RecordedResource, groupArn?: string): TaskSet {
  const balancers = balancersOf(service);
  const [first] = balancers;
  const group = referredBy(environment, TYPES.targetGroup, groupArn ?? first?.groupArn);
  const architecture = architectureOf(environment, service);
  const image = environment.images.find((one) => one.service === service.urn);
  return {
    service: service.urn,
    targets: balancers.map((one) => ({ groupArn: groupArn ?? one.groupArn, port: one.port })),
    ports: containerPorts(environment, service),
    architecture,
    imageArchitecture: image?.architecture ?? architecture,
    ...placeOfTasks(service),
    count: numberOf(service.inputs.desiredCount) ?? 1,
    readyAt: environment.clock + (first ? secondsToHealthy(group) : secondsToHealthy(undefined)),
  };
}

/**
 * The tasks that a delivery would start. CodeDeploy's releases are made from the template that the program last published,
 * every other one from what the service uses.
 */
export function releasedTasks(environment: Environment, service: RecordedResource, groupArn?: string): TaskSet {
  const present = tasksOf(environment, service, groupArn);
  const wanted = resourceOf(environment.program, service.urn);
  if (strategyOf(service) !== "CODE_DEPLOY" || !wanted) return present;
  const { program } = environment;
  const architecture = architectureOf(program, wanted);
  const [balancer] = balancersOf(wanted);
  return {
    ...present,
    targets: present.targets.map((one) => ({ ...one, port: balancer?.port ?? one.port })),
    ports: containerPorts(program, wanted),
    architecture,
    imageArchitecture: architecture,
    ...placeOfTasks(wanted),
  };
}

/** The target group that production's requests go to, of the two that a service alternates between. */
export function servingGroup(environment: Environment, service: RecordedResource): string | undefined {
  const pair = groupPair(environment, service);
  const forwards = productionEntries(environment).flatMap((entry) => entry.forwards);
  const [most] = forwards.filter(({ arn }) => pair.includes(arn)).sort((a, b) => b.weight - a.weight);
  return most?.arn ?? balancersOf(service)[0]?.groupArn;
}

/** The other group of the two; the same where there is but one. */
export function idleGroup(environment: Environment, service: RecordedResource): string | undefined {
  const serving = servingGroup(environment, service);
  return groupPair(environment, service).find((arn) => arn !== serving) ?? serving;
}

/**
 * Starts a deployment of a service as it is now. ECS's own strategies start the new tasks in the group that does not
 * serve; a rolling update starts them where the service says.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
 */
export function startDeployment(environment: Environment, service: RecordedResource): Environment {
  const shifts = shiftsTraffic(strategyOf(service));
  const now = !shifts && mayStopFirst(service) ? stopTasks(environment, service) : environment;
  const starts = tasksOf(now, service, shifts ? idleGroup(now, service) : undefined);
  if (starts.count === 0) return environment;
  // A newer deployment takes the place of one under way.
  const others = now.deployments.filter((one) => one.service !== service.urn);
  return { ...now, deployments: [...others, { service: service.urn, starts, shifts }] };
}

/**
 * Whether a rolling deployment may stop every old task before a new one runs: nothing has to stay healthy.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */
export function mayStopFirst({ inputs }: RecordedResource): boolean {
  return numberOf(inputs.deploymentMinimumHealthyPercent) === 0;
}

/** Stops every task of a service: their connections drain first. */
export function stopTasks(environment: Environment, service: RecordedResource): Environment {
  const [balancer] = balancersOf(service);
  const goneAt = environment.clock + secondsToGone(referredBy(environment, TYPES.targetGroup, balancer?.groupArn));
  return {
    ...environment,
    deployments: environment.deployments.filter((one) => one.service !== service.urn),
    // Nothing new is sent to a task that drains.
    tasks: environment.tasks.map((set) =>
      set.service === service.urn
        ? { ...set, targets: [], goneAt: Math.min(set.goneAt ?? Number.POSITIVE_INFINITY, goneAt) }
        : set,
    ),
  };
}
