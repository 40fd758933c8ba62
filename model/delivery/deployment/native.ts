import { minutesInWords } from "../../../components/settings/minutesInWords";
import { GUESSES } from "../../environment/guesses";
import { balancersOf } from "../../environment/service";
import { nativeShares, settlingSeconds } from "../../environment/shares";
import { mapOf, mapsOf, numberOf, textOf, textsOf } from "../../graph/read";
import { afterShift, drainTasks, oldTasks, type Scope, say, startTasks, TakenBack, wait, whereOf } from "./scope";
import { act, type Groups, groupsOfDeployment, type Mover, moveShare, swapEntry } from "./shift";

/** What ECS looks at before it registers tasks and moves traffic. */
const LOOKS = ["DescribeTargetGroups", "DescribeTargetHealth", "DescribeListeners", "DescribeRules"];

/** Seconds that a hook's function may take to answer for good. */
const HOOK_SECONDS = 24 * 3600;

/**
 * ECS's own blue/green, linear and canary deployments, stage by stage.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
 */
export async function deployNative(scope: Scope): Promise<void> {
  const { service } = scope;
  const groups = groupsOfDeployment(scope);
  const mover = infrastructureOf(scope);
  const settings = mapOf(service.resource.inputs.deploymentConfiguration);
  await hooks(scope, "RECONCILE_SERVICE");
  await hooks(scope, "PRE_SCALE_UP");
  for (const verb of LOOKS) act(scope, mover, `elasticloadbalancing:${verb}`, "*");
  for (const groupArn of service.groups) {
    act(scope, mover, "elasticloadbalancing:RegisterTargets", groupArn);
  }
  await startTasks(scope, groups?.fresh ?? balancersOf(service.resource)[0]?.groupArn, service.desired);
  await hooks(scope, "POST_SCALE_UP");
  if (groups) await shiftTraffic(scope, groups, mover);
  await wait(scope, (numberOf(settings.bakeTimeInMinutes) ?? 0) * 60);
  if (groups) {
    act(scope, mover, "elasticloadbalancing:DeregisterTargets", groups.old);
    swapEntry(scope, groups);
  }
  await drainTasks(scope, oldTasks(scope));
}

/** What ECS does when it takes a deployment back: all traffic on the old version again, the new tasks stop. */
export async function takeBackNative(scope: Scope): Promise<void> {
  const { service, revision, cloud } = scope;
  const [group] = service.tasks.filter((one) => one.revision !== revision.arn && one.isHealthy);
  const fresh = service.groups.find((arn) => arn !== group?.groupArn);
  const mover = infrastructureOf(scope);
  if (group?.groupArn !== undefined && fresh !== undefined) {
    const back: Groups = { fresh: group.groupArn, old: fresh };
    moveShare(scope, "production", back, 100, mover);
    moveShare(scope, "test", back, 100, mover);
  }
  await drainTasks(
    scope,
    service.tasks.filter((one) => one.revision === revision.arn),
  );
  cloud.noteTraffic(service, revision.arn, whereOf(service));
}

async function shiftTraffic(scope: Scope, groups: Groups, mover: Mover): Promise<void> {
  const { cloud, service } = scope;
  const settling = settlingSeconds(service.resource);
  moveShare(scope, "test", groups, 100, mover);
  await wait(scope, settling);
  await hooks(scope, "TEST_TRAFFIC_SHIFT");
  await hooks(scope, "POST_TEST_TRAFFIC_SHIFT");
  const steps = nativeShares(service.resource);
  for (const [index, { percent, seconds }] of steps.entries()) {
    await hooks(scope, "PRE_PRODUCTION_TRAFFIC_SHIFT");
    moveShare(scope, "production", groups, percent, mover);
    await hooks(scope, "PRODUCTION_TRAFFIC_SHIFT");
    if (scope.isFresh && cloud.faults.take(service.name, "weights")) {
      say(scope, "somebody sets the weights back by hand: all requests go to the old version", "bad");
      moveShare({ ...scope, isFresh: false }, "production", { fresh: groups.old, old: groups.fresh }, 100, {
        roleArn: undefined,
        service: "",
      });
    }
    if (index === 0) afterShift(scope);
    await wait(scope, seconds + (index === 0 ? settling : 0));
  }
  await hooks(scope, "POST_PRODUCTION_TRAFFIC_SHIFT");
}

function infrastructureOf({ service }: Scope): Mover {
  const [entry] = mapsOf(service.resource.inputs.loadBalancers);
  return { roleArn: textOf(mapOf(entry?.advancedConfiguration).roleArn), service: "ecs.amazonaws.com" };
}

/** The hooks of a stage, one after another: functions that check, and pauses for a person. */
async function hooks(scope: Scope, stage: string): Promise<void> {
  const { lifecycleHooks } = mapOf(scope.service.resource.inputs.deploymentConfiguration);
  for (const hook of mapsOf(lifecycleHooks)) {
    if (!textsOf(hook.lifecycleStages).includes(stage)) continue;
    const { action, timeoutInMinutes } = mapOf(hook.timeoutConfiguration);
    const timeout = { seconds: (numberOf(timeoutInMinutes) ?? 1440) * 60, goesOn: action === "CONTINUE" };
    if (hook.targetType === "PAUSE") await pause(scope, stage, timeout);
    else await call(scope, stage, textOf(hook.hookTargetArn) ?? "", textOf(hook.roleArn));
  }
}

async function pause(
  scope: Scope,
  stage: string,
  timeout: { readonly seconds: number; readonly goesOn: boolean },
): Promise<void> {
  const { cloud, service } = scope;
  const until = minutesInWords(timeout.seconds / 60);
  say(scope, `pauses at ${stage} until somebody says so, for ${until} at most`, "waiting");
  const deployment = service.underWay;
  const then = timeout.goesOn ? "CONTINUE" : "ROLLBACK";
  const hookId = `ecs-pause-${service.number()}`;
  if (deployment) deployment.pause = { stage, hookId, then, until: cloud.clock.now + timeout.seconds };
  try {
    await answered(scope, stage, timeout, until);
  } finally {
    if (deployment) deployment.pause = undefined;
  }
}

async function answered(
  scope: Scope,
  stage: string,
  timeout: { readonly seconds: number; readonly goesOn: boolean },
  until: string,
): Promise<void> {
  const { cloud, service } = scope;
  cloud.emit(service.stack, {
    source: "aws.ecs",
    "detail-type": "ECS Hook State Change",
    resources: [service.arn],
    detail: { eventName: "HOOK_AWAITING_ACTION", lifecycleStage: stage, deploymentId: service.underWay?.arn ?? "" },
  });
  // Whoever answers has been told before.
  await wait(scope, 0);
  const rejected = cloud.faults.take(service.name, "pause-rejected");
  const silent = cloud.faults.take(service.name, "pause-timeout");
  const text = `${service.name} pauses at ${stage}: go on?`;
  const answer = silent ? "silent" : rejected ? "reject" : await cloud.people({ step: service.name, text });
  if (answer === "silent") {
    await wait(scope, timeout.seconds);
    if (!timeout.goesOn) throw new TakenBack(`nobody answered the pause at ${stage} within ${until}`);
    say(scope, `nobody has answered: it goes on by itself`, "note");
    return;
  }
  if (answer === "reject") throw new TakenBack(`a person said no at ${stage}`);
  say(scope, `a person lets it go on after ${stage}`);
}

async function call(scope: Scope, stage: string, functionArn: string, roleArn: string | undefined): Promise<void> {
  const { cloud, service } = scope;
  const name = functionArn.split(":").at(-1) ?? functionArn;
  act(scope, { roleArn, service: "ecs.amazonaws.com" }, "lambda:InvokeFunction", functionArn);
  if (scope.isFresh && cloud.faults.take(service.name, "hook-silent")) {
    say(scope, `function ${name} does not answer at ${stage}`, "bad");
    await wait(scope, HOOK_SECONDS);
    throw new TakenBack(`function ${name} did not answer at ${stage} within 24 hours`);
  }
  if (scope.isFresh && cloud.faults.take(service.name, "hook-fails"))
    throw new TakenBack(`function ${name} answered FAILED at ${stage}`);
  await wait(scope, GUESSES.function);
  say(scope, `function ${name} answers SUCCEEDED at ${stage}`);
}
