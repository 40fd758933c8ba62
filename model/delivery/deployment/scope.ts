import { becomesHealthy } from "../../environment/advance";
import type { TaskSet } from "../../environment/environment";
import { tasksOf } from "../../environment/tasks";
import { secondsToGone, secondsToHealthy, secondsToStop } from "../../environment/times";
import { balancersOfGroup, canRun, reaches } from "../../environment/traffic";
import { imageName, repositoryArn } from "../../graph/ecr";
import { mapOf, mapsOf, numberOf, textOf } from "../../graph/read";
import { arnPlace, ofType, referredBy, TYPES } from "../../graph/resources";
import { imageCalls, logCalls, secretCalls } from "../../permissions/calls";
import { containerReads } from "../../permissions/containerCalls";
import { type Calls, requestsFor } from "../../permissions/need";
import { containerKeys } from "../../permissions/roleNeeds";
import { AwsError } from "../awsError";
import type { Interrupt } from "../clock";
import type { PlayedCloud } from "../cloud";
import { imageIn, shortRevision, type TaskRevision } from "../revisions";
import { takesRole } from "../roles";
import type { LiveTasks, PlayedService } from "../runningService";

/** A deployment is taken back: what it was stopped by. */
export class TakenBack extends Error {}

/** One deployment of one service, and everything its steps need. */
export interface Scope {
  readonly cloud: PlayedCloud;
  readonly service: PlayedService;
  readonly revision: TaskRevision;
  /** What stops it: an alarm, a person, a newer deployment. */
  readonly interrupt: Interrupt;
  /** Whether this brings something new, and does not bring the old version back. */
  readonly isFresh: boolean;
  /** ARN of the revision that the deployment brought, where this takes it back. @default - the revision itself is the new one */
  readonly takesBack?: string;
}

/** ARN of the new version: who is new stays so while the old one comes back. */
export function newVersion({ revision, takesBack = revision.arn }: Pick<Scope, "revision" | "takesBack">): string {
  return takesBack;
}

/** Where a service's moments stand in the timeline. */
export function whereOf({ name }: PlayedService): string {
  return `service ${name}`;
}

/** Waits, unless something stops the deployment. */
export async function wait({ cloud, interrupt }: Scope, seconds: number): Promise<void> {
  await cloud.clock.sleep(seconds, interrupt);
  if (interrupt.reason !== undefined) throw new TakenBack(interrupt.reason);
}

/** Says what happens to the service. */
export function say(
  { cloud, service }: Scope,
  what: string,
  result: "good" | "bad" | "waiting" | "note" = "good",
): void {
  cloud.timeline.add(whereOf(service), what, result);
}

/** A line in the service's own list of events, which scripts read. */
export function serviceEvent({ cloud, service }: Pick<Scope, "cloud" | "service">, message: string): void {
  service.events.unshift({
    id: `event-${service.number()}`,
    at: cloud.clock.now,
    message: `(service ${service.name}) ${message}`,
  });
}

/** Failed tasks after which the circuit breaker trips: half of the desired ones, at least 3 and at most 200. */
export function breakerThreshold(desired: number): number {
  return Math.min(200, Math.max(3, Math.ceil(desired / 2)));
}

/** What is told of tasks that do not become healthy because the rehearsal wants it so. */
const ASKED_FOR = "it never answers its health check (asked for)";

/** What AWS says of a task that never answers. */
function unhealthyIn(groupArn: string | undefined): string {
  return groupArn === undefined
    ? "Task failed container health checks"
    : `Task failed ELB health checks in (target-group ${groupArn})`;
}

/**
 * Starts the tasks of a revision, in a target group, and waits until they pass their health checks. Tasks that cannot are
 * started again and again, until the circuit breaker trips or something else stops it.
 */
export async function startTasks(scope: Scope, groupArn: string | undefined, count: number): Promise<LiveTasks> {
  const { cloud, service, revision, isFresh } = scope;
  const { environment } = service.stack;
  const group = referredBy(environment, TYPES.targetGroup, groupArn);
  const set = { ...taskSet(scope, groupArn), count };
  const fault = isFresh ? cloud.faults.takeWhere(service.name, (how) => how === "unhealthy") : undefined;
  const problem = pullProblem(scope) ?? roleProblem(scope) ?? healthProblem(scope, set) ?? (fault && ASKED_FOR);
  say(
    scope,
    `starts ${count} task(s) of ${shortRevision(revision.arn)}${groupArn === undefined ? "" : ` in ${cloud.nameOf(service, groupArn)}`}`,
  );
  const live: LiveTasks = {
    id: `tasks-${service.number()}`,
    revision: revision.arn,
    count,
    groupArn,
    set,
    isHealthy: false,
  };
  service.tasks.push(live);
  serviceEvent(scope, `has started ${count} tasks.`);
  if (problem === undefined) {
    await wait(scope, secondsToHealthy(group));
    live.isHealthy = true;
    say(scope, `${count} task(s) are healthy`);
    cloud.noteTraffic(service, newVersion(scope), whereOf(service));
    return live;
  }
  return failAgain(scope, live, problem, count);
}

/** Seconds from the start of a task to its end, when it fails its health checks. */
function secondsToFail({ service }: Scope, groupArn: string | undefined): number {
  const group = referredBy(service.stack.environment, TYPES.targetGroup, groupArn);
  const { interval, unhealthyThreshold } = mapOf(group?.inputs.healthCheck);
  return 60 + service.gracePeriod + (numberOf(interval) ?? 30) * (numberOf(unhealthyThreshold) ?? 2);
}

async function failAgain(scope: Scope, live: LiveTasks, problem: string, count: number): Promise<never> {
  const { cloud, service, revision } = scope;
  const threshold = breakerThreshold(service.desired);
  for (let failed = count; ; failed += count) {
    await wait(scope, secondsToFail(scope, live.groupArn));
    const reason = problem === ASKED_FOR ? unhealthyIn(live.groupArn) : problem;
    for (let task = 0; task < count; task++) service.stopped.push({ revision: revision.arn, reason });
    say(scope, `${count} task(s) stop: ${problem}`, "bad");
    serviceEvent(scope, `${count} task(s) failed: ${problem}`);
    if (service.breaker.enable && failed >= threshold) {
      throw new TakenBack(`ECS deployment circuit breaker: tasks failed to start (${problem}).`);
    }
    if (cloud.clock.now > 3 * 24 * 3600) throw new TakenBack("nothing stops it, and three days have passed");
  }
}

/** The tasks of a deployment, as the revision and the service's settings make them. */
function taskSet({ service, revision, cloud }: Scope, groupArn: string | undefined): TaskSet {
  const { environment } = service.stack;
  const set = tasksOf({ ...environment, clock: cloud.clock.now }, service.resource, groupArn);
  const ports = Object.fromEntries(
    revision.containers.map((container) => [
      textOf(container.name) ?? "",
      mapsOf(container.portMappings).flatMap(({ containerPort }) => numberOf(containerPort) ?? []),
    ]),
  );
  const architecture = textOf(mapOf(revision.settings.runtimePlatform).cpuArchitecture) ?? "X86_64";
  return {
    ...set,
    ports,
    architecture,
    imageArchitecture: architectureOfImage(cloud, service, revision) ?? architecture,
  };
}

function architectureOfImage(cloud: PlayedCloud, service: PlayedService, revision: TaskRevision): string | undefined {
  const { repository, tag, digest } = imageName(imageIn(revision, service.container) ?? "");
  const image =
    digest === undefined
      ? cloud.registry.tagged(repository, tag ?? "latest")
      : cloud.registry.image(repository, digest);
  return image?.architecture;
}

/** Why a task's images cannot be pulled, its secrets not read or its log not written: in its execution role. */
function pullProblem({ cloud, service, revision }: Scope): string | undefined {
  const roleArn = textOf(revision.settings.executionRoleArn);
  const place = arnPlace(revision.arn);
  if (roleArn === undefined || !place) return undefined;
  const where = whereOf(service);
  if (
    !takesRole(cloud, {
      service: "ecs-tasks.amazonaws.com",
      roleArn,
      account: place.account,
      sourceArn: service.arn,
      where,
    })
  ) {
    return "ECS was unable to assume the execution role";
  }
  const caller = { arn: roleArn, account: roleArn.split(":")[4] ?? place.account };
  const demandAll = (calls: readonly Calls[]): string | undefined => {
    try {
      for (const request of calls.flatMap(requestsFor)) cloud.demand({ ...request, caller }, where);
      return undefined;
    } catch (error) {
      if (error instanceof AwsError) return error.message;
      throw error;
    }
  };
  for (const container of revision.containers) {
    const image = textOf(container.image) ?? "";
    const { repository, tag, digest } = imageName(image);
    const isKept = repositoryArn(repository) === undefined || cloud.registry.images(repository).length === 0;
    const found =
      digest === undefined
        ? cloud.registry.tagged(repository, tag ?? "latest")
        : cloud.registry.image(repository, digest);
    const problem = demandAll(imageCalls(service.stack.graph, image));
    if (problem !== undefined) return `CannotPullContainerError: ${problem}`;
    if (!found && (!isKept || container.name === service.container))
      return `CannotPullContainerError: ${image}: not found`;
    const credentials = textOf(mapOf(container.repositoryCredentials).credentialsParameter);
    const locked = credentials?.startsWith("arn:") ? demandAll([secretCalls(credentials, place)]) : undefined;
    if (locked !== undefined) return `CannotPullContainerError: ${locked}`;
    const keys = containerKeys(service.stack.graph, definitionOf(service, revision), container, place);
    const missing = demandAll([...containerReads(container, place), ...keys]);
    if (missing !== undefined) return `ResourceInitializationError: unable to pull secrets: ${missing}`;
    const log = mapOf(container.logConfiguration);
    const group = textOf(mapOf(log.options)["awslogs-group"]);
    const unlogged =
      log.logDriver === "awslogs" && group !== undefined ? demandAll([logCalls(place, group)]) : undefined;
    if (unlogged !== undefined) return `ResourceInitializationError: failed to validate logger args: ${unlogged}`;
  }
  return undefined;
}

/** The task definition of the program that a revision is one of. */
function definitionOf({ stack }: PlayedService, { arn }: TaskRevision) {
  const [, family] = /:task-definition\/([^:]+):/.exec(arn) ?? [];
  return ofType(stack.graph, TYPES.taskDefinition).find(({ inputs }) => inputs.family === family);
}

function roleProblem({ cloud, service, revision }: Scope): string | undefined {
  const roleArn = textOf(revision.settings.taskRoleArn);
  const account = revision.arn.split(":")[4] ?? "";
  if (roleArn === undefined) return undefined;
  const where = whereOf(service);
  const taken = takesRole(cloud, {
    service: "ecs-tasks.amazonaws.com",
    roleArn,
    account,
    sourceArn: service.arn,
    where,
  });
  return taken ? undefined : "ECS was unable to assume the task role";
}

/** Why new tasks never pass the load balancer's health checks. */
function healthProblem({ service }: Scope, set: TaskSet): string | undefined {
  const { environment } = service.stack;
  if (!canRun(set))
    return `exec format error: the image is for ${set.imageArchitecture}, the task runs on ${set.architecture}`;
  if (becomesHealthy(environment, set)) return undefined;
  for (const { groupArn, port } of set.targets) {
    const [balancerArn] = balancersOfGroup(environment, groupArn);
    const balancer = referredBy(environment, TYPES.loadBalancer, balancerArn);
    if (balancerArn === undefined) return `Task failed ELB health checks: no listener leads to ${groupArn}`;
    if (!Object.values(set.ports).some((ports) => ports.includes(port)))
      return `Task failed ELB health checks: no container listens on port ${port}`;
    if (!reaches(environment, balancer, set, port))
      return `Task failed ELB health checks: security groups let nothing from the load balancer in on port ${port}`;
  }
  return "Task failed ELB health checks";
}

/** Takes tasks out of the load balancer, and stops them once their connections have drained. */
export async function drainTasks(scope: Scope, old: readonly LiveTasks[]): Promise<void> {
  const { cloud, service } = scope;
  if (old.length === 0) return;
  const { environment } = service.stack;
  const group = referredBy(environment, TYPES.targetGroup, old[0]?.groupArn);
  service.tasks = service.tasks.filter((one) => !old.includes(one));
  cloud.noteTraffic(service, newVersion(scope), whereOf(service));
  const containers = cloud.revisions.get(old[0]?.revision ?? "")?.containers ?? [];
  const seconds = secondsToGone(group, secondsToStop(containers));
  const age = old[0]?.revision === newVersion(scope) ? "new" : "old";
  say(scope, `${old.reduce((sum, { count }) => sum + count, 0)} ${age} task(s) drain and stop`);
  await cloud.clock.sleep(seconds);
}

/** Tasks of other revisions than the one that is deployed. */
export function oldTasks({ service, revision }: Scope): readonly LiveTasks[] {
  return service.tasks.filter((one) => one.revision !== revision.arn);
}

/** Names of the alarms that take a deployment back. */
export function alarmsOf(service: PlayedService): readonly string[] {
  const { alarmNames, enable, rollback } = mapOf(service.resource.inputs.alarms);
  if (service.controller === "ECS") {
    return enable === true && rollback === true ? mapsOrTexts(alarmNames) : [];
  }
  const group = service.deploymentGroup;
  const { alarms, enabled } = mapOf(group?.inputs.alarmConfiguration);
  const { enabled: back, events } = mapOf(group?.inputs.autoRollbackConfiguration);
  const onAlarm = back === true && mapsOrTexts(events).includes("DEPLOYMENT_STOP_ON_ALARM");
  return enabled === true && onAlarm ? mapsOrTexts(alarms) : [];
}

function mapsOrTexts(value: unknown): readonly string[] {
  return [value].flat().flatMap((one) => textOf(one) ?? []);
}

/**
 * What happens once users reach the new version, where the rehearsal asks for it: errors that an alarm sees, tasks that die,
 * somebody who moves the weights by hand.
 */
export function afterShift(scope: Scope): void {
  const { cloud, service, revision, isFresh, interrupt } = scope;
  if (!isFresh) return;
  const alarms = alarmsOf(service);
  if (cloud.faults.take(service.name, "alarm")) {
    const [alarm] = alarms;
    say(
      scope,
      alarm === undefined
        ? "the new version answers with errors, and no alarm that takes it back watches"
        : `the new version answers with errors; alarm ${alarm} goes off`,
      "bad",
    );
    if (alarm !== undefined)
      interruptSoon(scope, `Service deployment rolled back because of a CloudWatch alarm: ${alarm}.`);
  }
  if (cloud.faults.take(service.name, "dies")) {
    cloud.dying.add(service.name);
    for (const live of service.tasks.filter((one) => one.revision === revision.arn))
      live.broken = "Essential container in task exited";
    service.stopped.push({ revision: revision.arn, reason: "Essential container in task exited", exitCode: 1 });
    say(scope, "the new tasks die: Essential container in task exited, exit code 1", "bad");
    cloud.noteTraffic(service, newVersion(scope), whereOf(service));
    const unhealthy = alarms.find((alarm) => /unhealthy/i.test(alarm));
    if (unhealthy !== undefined)
      interruptSoon(scope, `Service deployment rolled back because of a CloudWatch alarm: ${unhealthy}.`);
  }
  if (cloud.faults.take(service.name, "stopped")) {
    say(scope, "somebody stops the deployment", "bad");
    interrupt.trip("Stopped by a person: StopServiceDeployment");
  }
}

/** Alarms look at minutes: some pass before one goes off. */
function interruptSoon({ cloud, interrupt, service }: Scope, reason: string): void {
  void cloud.clock.start(async () => {
    await cloud.clock.sleep(alarmSeconds(cloud, service), interrupt);
    interrupt.trip(reason);
  });
}

/** Seconds until an alarm of a service goes off, from its periods. */
function alarmSeconds(_cloud: PlayedCloud, service: PlayedService): number {
  const seconds = ofType(service.stack.graph, "aws:cloudwatch/metricAlarm:MetricAlarm").map(({ inputs }) => {
    const [query] = mapsOf(inputs.metricQueries);
    const period = numberOf(inputs.period) ?? numberOf(mapOf(query?.metric).period) ?? 60;
    return period * (numberOf(inputs.datapointsToAlarm) ?? numberOf(inputs.evaluationPeriods) ?? 1);
  });
  return Math.max(60, ...seconds);
}
