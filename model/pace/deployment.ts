import { parse } from "yaml";
import { batchesOf } from "../environment/batches";
import type { Guesses } from "../environment/guesses";
import { balancersOf, strategyOf } from "../environment/service";
import { codeDeployShares, nativeShares, type ShareSteps, settlingSeconds } from "../environment/shares";
import { secondsToStop } from "../environment/times";
import type { RecordedGraph, RecordedResource } from "../graph/graph";
import { mapOf, mapsOf, numberOf, textOf, textsOf } from "../graph/read";
import { ofType, physicalName, referredBy, TYPES } from "../graph/resources";
import { containersOf, deploymentGroupFor, taskDefinitionOf } from "../graph/services";
import { type PaceStep, type Shorter, secondsOf } from "./step";

/** A deployment to a service that runs, and how long it takes. */
export interface DeploymentPace {
  /** Until all of production's traffic is on the new version. */
  readonly toUsers: readonly PaceStep[];
  /** From then until the old version is gone. */
  readonly toGone: readonly PaceStep[];
  /** From then until the deployment ends. */
  readonly after: readonly PaceStep[];
  /** Where it waits for a person; that is not counted. */
  readonly waits: readonly string[];
}

/** Minutes that alarms need to go off: two of three minutes are red. A shorter look sees none of it. */
const ALARM_MINUTES = 3;

/**
 * What AWS advises where a deployment is to be quick.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/load-balancer-healthcheck.html
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/load-balancer-connection-draining.html
 */
const QUICK = { healthCheckSeconds: 5, drainSeconds: 5 } as const;

/** Minutes for which an old version that costs nothing but its tasks is worth keeping. */
const KEEP_MINUTES = 5;

/** How long a deployment to a service takes, step by step, where an older version serves. */
export function deploymentPace(graph: RecordedGraph, service: RecordedResource, guesses: Guesses): DeploymentPace {
  const strategy = strategyOf(service);
  const of = { graph, service, guesses };
  if (strategy === "CODE_DEPLOY") return codeDeploy(of);
  return strategy === "ROLLING" ? rolling(of) : native(of);
}

/** Seconds from the start of a deployment to its end. */
export function deploymentSeconds({ toUsers, toGone, after }: DeploymentPace): number {
  return secondsOf([...toUsers, ...toGone, ...after]);
}

/** A setting that makes something shorter, where it does. */
function worthIt(setting: Shorter): Shorter | undefined {
  return setting.gains > 0 ? setting : undefined;
}

interface Of {
  readonly graph: RecordedGraph;
  readonly service: RecordedResource;
  readonly guesses: Guesses;
}

function groupOf({ graph, service }: Of): RecordedResource | undefined {
  return referredBy(graph, TYPES.targetGroup, balancersOf(service)[0]?.groupArn);
}

/** New tasks start, and pass the health checks of their target group. */
function starting(of: Of): readonly PaceStep[] {
  const { service, guesses } = of;
  const start = { what: "starting tasks", detail: "place, pull and start", seconds: guesses.start, service } as const;
  const group = groupOf(of);
  if (!group) return [start];
  const check = mapOf(group.inputs.healthCheck);
  const [interval, times] = [numberOf(check.interval) ?? 30, numberOf(check.healthyThreshold) ?? 5];
  const gains = (interval - QUICK.healthCheckSeconds) * times;
  const shorter = worthIt({
    key: "services[].healthCheck.intervalSeconds",
    from: interval,
    to: QUICK.healthCheckSeconds,
    gains,
    mind: "with timeoutSeconds below it; a task that hangs is taken out sooner, too",
  });
  const detail = `${times} good answers, ${interval} s apart`;
  return [start, { what: "health checks", detail, seconds: interval * times, shorter, service }];
}

/** Old tasks leave: their connections drain, then they are stopped. */
function leaving(of: Of): readonly PaceStep[] {
  const { graph, service } = of;
  const group = groupOf(of);
  const definition = taskDefinitionOf(graph, service);
  const stop = secondsToStop(definition ? containersOf(definition).map((one) => one.definition) : []);
  const stopping: PaceStep = {
    what: "stopping old tasks",
    detail: `at most ${stop} s; a container that ends at SIGTERM is quicker`,
    seconds: stop,
    service,
  };
  if (!group) return [stopping];
  const delay = numberOf(group.inputs.deregistrationDelay) ?? 300;
  const gains = delay - QUICK.drainSeconds;
  const shorter = worthIt({
    key: "services[].loadBalancer.deregistrationDelaySeconds",
    from: delay,
    to: QUICK.drainSeconds,
    gains,
    mind: "where no answer takes longer",
  });
  return [{ what: "draining", detail: `open connections, ${delay} s`, seconds: delay, shorter, service }, stopping];
}

/** As many tasks at a time as the limits let; the next ones start when those are healthy. */
function rolling(of: Of): DeploymentPace {
  const { service, guesses } = of;
  const { least, stopsFirst, count } = batchesOf(service, Math.max(1, numberOf(service.inputs.desiredCount) ?? 1));
  const leave = leaving(of);
  // Where none has to stay healthy, the old ones are gone before.
  const first = stopsFirst && least === 0;
  const watched = mapOf(service.inputs.alarms);
  const watching = watched.enable === true && watched.rollback === true && textsOf(watched.alarmNames).length > 0;
  const detail = `${textsOf(watched.alarmNames).length} alarms, as long as they look at`;
  return {
    toUsers: [...(first ? leave : []), ...Array.from({ length: count }, () => starting(of)).flat()],
    toGone: first ? [] : leave,
    after: watching ? [{ what: "watching alarms", detail, seconds: guesses.alarms, service }] : [],
    waits: [],
  };
}

/** Steps of the traffic, but the last, after which it is all there. */
function shifting(of: Of, shares: ShareSteps, key: string): readonly PaceStep[] {
  const { service } = of;
  const steps = shares.filter(({ seconds }) => seconds > 0);
  const [first] = steps;
  if (!first) return [];
  const seconds = steps.reduce((sum, step) => sum + step.seconds, 0);
  const minutes = first.seconds / 60;
  const least = steps.length > 1 ? 1 : ALARM_MINUTES;
  const gains = (minutes - least) * 60 * steps.length;
  const shorter = worthIt({
    key,
    from: minutes,
    to: least,
    gains,
    mind: `alarms need ${ALARM_MINUTES} minutes to go off`,
  });
  const percents = `${steps.map(({ percent }) => Math.round(percent * 10) / 10).join(", ")} %`;
  return [{ what: "moving traffic in steps", detail: `${percents}, ${minutes} min each`, seconds, shorter, service }];
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html */
function native(of: Of): DeploymentPace {
  const { service, guesses } = of;
  const settings = mapOf(service.inputs.deploymentConfiguration);
  const hooks = mapsOf(settings.lifecycleHooks);
  const at = (...stages: readonly string[]) =>
    hooks.flatMap((hook): readonly PaceStep[] => {
      const times = stages.filter((stage) => textsOf(hook.lifecycleStages).includes(stage)).length;
      if (hook.targetType === "PAUSE" || times === 0) return [];
      const detail = `${textOf(hook.hookTargetArn)?.split(":").at(-1) ?? "a function"}, ${times} times`;
      return [{ what: "functions that decide", detail, seconds: times * guesses.function, service }];
    });
  const moves = balancersOf(service)[0]?.advanced !== undefined;
  const shares = nativeShares(service);
  const settling = settlingSeconds(service);
  const settle: readonly PaceStep[] =
    moves && settling > 0
      ? [{ what: "the load balancer", detail: "a network load balancer follows in 10 min", seconds: settling, service }]
      : [];
  const perStep = shares.flatMap(() => ["PRE_PRODUCTION_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"]);
  const traffic = moves
    ? [
        ...settle,
        ...at("TEST_TRAFFIC_SHIFT", "POST_TEST_TRAFFIC_SHIFT"),
        ...at(...perStep.slice(0, -1)),
        ...shifting(of, shares, shiftKey(service)),
        // The second time after the first share, whichever it is.
        ...(shares.length > 1 ? settle : []),
      ]
    : [];
  return {
    toUsers: [...at("RECONCILE_SERVICE", "PRE_SCALE_UP"), ...starting(of), ...at("POST_SCALE_UP"), ...traffic],
    toGone: [
      ...(moves ? at(...perStep.slice(-1), "POST_PRODUCTION_TRAFFIC_SHIFT") : []),
      ...(moves && shares.length === 1 ? settle : []),
      ...baking(of, (numberOf(settings.bakeTimeInMinutes) ?? 0) * 60),
      ...leaving(of),
    ],
    after: [],
    waits: hooks
      .filter(({ targetType }) => targetType === "PAUSE")
      .map(
        ({ lifecycleStages }) =>
          `${physicalName(service)} pauses for a person at ${textsOf(lifecycleStages).join(", ")}`,
      ),
  };
}

function shiftKey(service: RecordedResource): string {
  return strategyOf(service) === "CANARY" ? "deployment.canaryBakeTimeInMinutes" : "deployment.stepBakeTimeInMinutes";
}

function baking({ service }: Of, seconds: number): readonly PaceStep[] {
  if (seconds === 0) return [];
  const from = seconds / 60;
  const gains = seconds - ALARM_MINUTES * 60;
  const shorter = worthIt({
    key: "deployment.bakeTimeInMinutes",
    from,
    to: ALARM_MINUTES,
    gains,
    mind: `alarms need ${ALARM_MINUTES} minutes to go off`,
  });
  return [{ what: "baking", detail: `both versions run on, ${from} min`, seconds, shorter, service }];
}

/** https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html */
function codeDeploy(of: Of): DeploymentPace {
  const { graph, service, guesses } = of;
  const group = deploymentGroupFor(graph, service);
  if (!group) return { toUsers: starting(of), toGone: leaving(of), after: [], waits: [] };
  const called = hooksOf(graph, service);
  const at = (...points: readonly string[]) => {
    const here = points.filter((point) => called.includes(point));
    const seconds = here.length * guesses.function;
    const step: PaceStep = { what: "functions that decide", detail: `at ${here.join(", ")}`, seconds, service };
    return here.length > 0 ? [step] : [];
  };
  const settings = mapOf(group.inputs.blueGreenDeploymentConfig);
  const { actionOnTimeout, waitTimeInMinutes } = mapOf(settings.deploymentReadyOption);
  const { action, terminationWaitTimeInMinutes } = mapOf(settings.terminateBlueInstancesOnDeploymentSuccess);
  const name = physicalName(service);
  return {
    toUsers: [
      ...at("BeforeInstall"),
      ...starting(of),
      ...at("AfterInstall", "AfterAllowTestTraffic", "BeforeAllowTraffic"),
      ...shifting(of, codeDeployShares(graph, group), "deployment.trafficRouting.intervalInMinutes"),
    ],
    toGone: [
      ...at("AfterAllowTraffic"),
      ...keeping(of, numberOf(terminationWaitTimeInMinutes) ?? 0),
      ...(action === "KEEP_ALIVE" ? [] : leaving(of)),
    ],
    after: [],
    waits: [
      ...(actionOnTimeout === "STOP_DEPLOYMENT"
        ? [`${name} waits for a person before users reach it, ${numberOf(waitTimeInMinutes) ?? 60} min at most`]
        : []),
      ...(action === "KEEP_ALIVE" ? [`${name} keeps the old version until a person stops it`] : []),
    ],
  };
}

function keeping({ service }: Of, minutes: number): readonly PaceStep[] {
  if (minutes === 0) return [];
  const gains = (minutes - KEEP_MINUTES) * 60;
  const shorter = worthIt({
    key: "deployment.terminationWaitTimeInMinutes",
    from: minutes,
    to: KEEP_MINUTES,
    gains,
    mind: "as long as the old tasks run, the way back is at once",
  });
  const detail = `${minutes} min, for a way back at once`;
  return [{ what: "keeping the old version", detail, seconds: minutes * 60, shorter, service }];
}

/** Points at which functions are asked, from the appspec that the stack publishes for the service. */
function hooksOf(graph: RecordedGraph, service: RecordedResource): readonly string[] {
  const specifications = ofType(graph, TYPES.parameter).filter(
    ({ name, inputs, parent }) =>
      name.endsWith("-appspec") && parent === service.parent && textOf(inputs.value) !== undefined,
  );
  return specifications.flatMap(({ inputs }) => {
    const { Hooks } = mapOf(parse(textOf(inputs.value) ?? "") as unknown);
    return mapsOf(Hooks).flatMap((hook) => Object.keys(hook));
  });
}
