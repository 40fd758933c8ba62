import { minutesInWords } from "../../../components/settings/minutesInWords";
import { GUESSES } from "../../environment/guesses";
import { codeDeployShares } from "../../environment/shares";
import type { RecordedResource } from "../../graph/graph";
import { mapOf, mapsOf, numberOf, textOf, textsOf } from "../../graph/read";
import { arnIn, arnOf, ofType } from "../../graph/resources";
import { Interrupt } from "../clock";
import type { PlayedCloud } from "../cloud";
import { shortRevision, type TaskRevision } from "../revisions";
import type { PlayedService } from "../runningService";
import {
  afterShift,
  alarmsOf,
  drainTasks,
  oldTasks,
  type Scope,
  say,
  serviceEvent,
  startTasks,
  TakenBack,
  wait,
  whereOf,
} from "./scope";
import { act, type Groups, groupsOfDeployment, type Mover, moveShare } from "./shift";

/** Statuses of a deployment as the API says them. */
export type CodeDeployStatus = "InProgress" | "Succeeded" | "Failed" | "Stopped";

/** A deployment that CodeDeploy runs. */
export interface CodeDeployment {
  readonly id: string;
  readonly application: string;
  readonly group: string;
  readonly service: PlayedService;
  readonly revision: TaskRevision;
  readonly interrupt: Interrupt;
  status: CodeDeployStatus;
  message: string;
}

/** What a revision file says besides the task definition: functions by the stage at which they are called. */
export type AppSpecHooks = Readonly<Record<string, string>>;

/** What CodeDeploy looks at before it moves traffic. */
const LOOKS = ["DescribeTargetGroups", "DescribeListeners", "DescribeRules"];

/** All deployments of CodeDeploy in a rehearsal. */
const deploymentsOf = new WeakMap<PlayedCloud, CodeDeployment[]>();

/** The deployments that CodeDeploy has made or makes. */
export function codeDeployments(cloud: PlayedCloud): CodeDeployment[] {
  const known = deploymentsOf.get(cloud) ?? [];
  deploymentsOf.set(cloud, known);
  return known;
}

/** Starts a deployment and goes on at once. */
export function startCodeDeployment(
  cloud: PlayedCloud,
  service: PlayedService,
  revision: TaskRevision,
  hooks: AppSpecHooks,
): CodeDeployment {
  const group = service.deploymentGroup;
  const deployment: CodeDeployment = {
    id: `d-${String(codeDeployments(cloud).length + 1).padStart(9, "0")}`,
    application: textOf(group?.inputs.appName) ?? "",
    group: textOf(group?.inputs.deploymentGroupName) ?? "",
    service,
    revision,
    interrupt: new Interrupt(),
    status: "InProgress",
    message: "",
  };
  codeDeployments(cloud).push(deployment);
  void cloud.clock.start(() => run(cloud, deployment, hooks));
  return deployment;
}

async function run(cloud: PlayedCloud, deployment: CodeDeployment, hooks: AppSpecHooks): Promise<void> {
  const { service, revision, interrupt } = deployment;
  const scope: Scope = { cloud, service, revision, interrupt, isFresh: true };
  const before = service.revision;
  tell(scope, deployment, "START");
  serviceEvent(scope, `deployment ${deployment.id} in progress`);
  try {
    await deploy(scope, hooks);
    deployment.status = "Succeeded";
    say(scope, `CodeDeploy deployment ${deployment.id} has Succeeded`);
    tell(scope, deployment, "SUCCESS");
  } catch (error) {
    if (!(error instanceof TakenBack)) throw error;
    await fail(scope, deployment, before, error.message);
  }
}

function moverOf({ service }: Scope): Mover {
  const group = service.deploymentGroup;
  return {
    roleArn: textOf(group?.inputs.serviceRoleArn),
    service: "codedeploy.amazonaws.com",
    sourceArn: group && arnOf(group),
  };
}

/**
 * The stages of a blue/green deployment.
 * https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html
 */
async function deploy(scope: Scope, hooks: AppSpecHooks): Promise<void> {
  const { service, revision } = scope;
  const group = service.deploymentGroup;
  const mover = moverOf(scope);
  const groups = groupsOfDeployment(scope);
  if (!group || !groups)
    throw new TakenBack(
      "the deployment group has no pair of target groups with a production listener that leads to one of them",
    );
  const { place } = service.stack;
  const taskSet = arnIn(place, "ecs", `task-set/${service.cluster}/${service.name}/${service.number()}`);
  act(scope, mover, "ecs:DescribeServices", service.arn);
  for (const verb of LOOKS) act(scope, mover, `elasticloadbalancing:${verb}`, "*");
  if (alarmsOf(service).length > 0) act(scope, mover, "cloudwatch:DescribeAlarms", "*");
  await hook(scope, mover, hooks, "BeforeInstall");
  act(scope, mover, "ecs:CreateTaskSet", taskSet);
  for (const role of [revision.settings.executionRoleArn, revision.settings.taskRoleArn]) {
    const arn = textOf(role);
    if (arn !== undefined) act(scope, mover, "iam:PassRole", arn, { "iam:PassedToService": "ecs-tasks.amazonaws.com" });
  }
  await startTasks(scope, groups.fresh, service.desired);
  const id = `service/${service.cluster}/${service.name}`;
  const scales = ofType(service.stack.graph, "aws:appautoscaling/target:Target").some(
    ({ inputs }) => inputs.resourceId === id,
  );
  if (scales && !scope.cloud.suspended.has(id)) scope.cloud.scalesMeanwhile.add(id);
  await hook(scope, mover, hooks, "AfterInstall");
  moveShare(scope, "test", groups, 100, mover);
  await hook(scope, mover, hooks, "AfterAllowTestTraffic");
  await readyForTraffic(scope, group);
  await hook(scope, mover, hooks, "BeforeAllowTraffic");
  await shift(scope, groups, mover, group);
  act(scope, mover, "ecs:UpdateServicePrimaryTaskSet", service.arn);
  service.revision = revision.arn;
  await hook(scope, mover, hooks, "AfterAllowTraffic");
  const { action, terminationWaitTimeInMinutes } = mapOf(
    mapOf(group.inputs.blueGreenDeploymentConfig).terminateBlueInstancesOnDeploymentSuccess,
  );
  const minutes = numberOf(terminationWaitTimeInMinutes) ?? 0;
  if (minutes > 0) say(scope, `keeps the old tasks for ${minutesInWords(minutes)}, to go back to them`, "note");
  await wait(scope, minutes * 60);
  if (action === "KEEP_ALIVE") return;
  act(scope, mover, "ecs:DeleteTaskSet", taskSet);
  await drainTasks(scope, oldTasks(scope));
}

/** Where the group waits for a person before users reach the new version. */
async function readyForTraffic(scope: Scope, group: RecordedResource): Promise<void> {
  const { actionOnTimeout, waitTimeInMinutes } = mapOf(
    mapOf(group.inputs.blueGreenDeploymentConfig).deploymentReadyOption,
  );
  if (actionOnTimeout !== "STOP_DEPLOYMENT") return;
  const { cloud, service } = scope;
  const minutes = numberOf(waitTimeInMinutes) ?? 60;
  say(
    scope,
    `waits for somebody to let users reach the new version, for ${minutesInWords(minutes)} at most`,
    "waiting",
  );
  const answer = await cloud.people({ step: service.name, text: `${service.name}: reroute production traffic?` });
  if (answer === "approve") return;
  if (answer === "silent") await wait(scope, minutes * 60);
  throw new TakenBack(
    answer === "reject"
      ? "a person stopped it before users reached it"
      : `nobody let it go on within ${minutesInWords(minutes)}`,
  );
}

async function shift(scope: Scope, groups: Groups, mover: Mover, group: RecordedResource): Promise<void> {
  const { cloud, service } = scope;
  const steps = codeDeployShares(service.stack.graph, group);
  for (const [index, { percent, seconds }] of steps.entries()) {
    moveShare(scope, "production", groups, percent, mover);
    if (cloud.faults.take(service.name, "weights")) {
      say(scope, "somebody sets the weights back by hand: all requests go to the old version", "bad");
      moveShare(scope, "production", { fresh: groups.old, old: groups.fresh }, 100, {
        roleArn: undefined,
        service: "",
      });
    }
    if (index === 0) afterShift(scope);
    await wait(scope, seconds);
  }
}

async function hook(scope: Scope, mover: Mover, hooks: AppSpecHooks, stage: string): Promise<void> {
  const named = hooks[stage];
  if (named === undefined) return;
  const { cloud, service } = scope;
  const name = named.split(":").at(-1) ?? named;
  const arn = named.startsWith("arn:") ? named : arnIn(service.stack.place, "lambda", `function:${named}`);
  act(scope, mover, "lambda:InvokeFunction", arn);
  if (cloud.faults.take(service.name, "hook-silent")) {
    say(scope, `function ${name} does not answer at ${stage}`, "bad");
    await wait(scope, 3600);
    throw new TakenBack(`function ${name} did not answer at ${stage} within an hour`);
  }
  if (cloud.faults.take(service.name, "hook-fails"))
    throw new TakenBack(`function ${name} answered Failed at ${stage}`);
  await wait(scope, GUESSES.function);
  say(scope, `function ${name} answers Succeeded at ${stage}`);
}

/** A deployment that fails is taken back where the group says so, by a deployment of its own. */
async function fail(scope: Scope, deployment: CodeDeployment, before: string, reason: string): Promise<void> {
  const { cloud, service } = scope;
  const isStop = reason.startsWith("Stopped");
  deployment.status = isStop ? "Stopped" : "Failed";
  deployment.message = reason;
  say(scope, `CodeDeploy deployment ${deployment.id} fails: ${reason}`, "bad");
  const { enabled, events } = mapOf(service.deploymentGroup?.inputs.autoRollbackConfiguration);
  const kind = isStop
    ? "DEPLOYMENT_STOP_ON_REQUEST"
    : reason.includes("CloudWatch alarm")
      ? "DEPLOYMENT_STOP_ON_ALARM"
      : "DEPLOYMENT_FAILURE";
  const back = enabled === true && textsOf(events).includes(kind);
  if (!back) {
    tell(scope, deployment, isStop ? "STOP" : "FAILURE");
    say(scope, "nothing is taken back: the group does not say so", "bad");
    return;
  }
  const rollback: CodeDeployment = {
    ...deployment,
    id: `${deployment.id}-rollback`,
    status: "InProgress",
    interrupt: new Interrupt(),
  };
  codeDeployments(cloud).push(rollback);
  tell(scope, deployment, isStop ? "STOP" : "FAILURE");
  tell(scope, rollback, "START");
  const mover = moverOf(scope);
  const old = service.tasks.find((one) => one.revision === before && one.isHealthy);
  const other = service.groups.find((arn) => arn !== old?.groupArn);
  try {
    if (old?.groupArn !== undefined && other !== undefined) {
      moveShare(scope, "production", { fresh: old.groupArn, old: other }, 100, mover);
      moveShare(scope, "test", { fresh: old.groupArn, old: other }, 100, mover);
    }
    if (service.revision !== before) act(scope, mover, "ecs:UpdateServicePrimaryTaskSet", service.arn);
    service.revision = before;
    await drainTasks(
      scope,
      service.tasks.filter((one) => one.revision === deployment.revision.arn),
    );
    rollback.status = "Succeeded";
    say(scope, `is rolled back: runs ${shortRevision(before)} again`, "note");
    tell(scope, rollback, "SUCCESS");
  } catch (error) {
    if (!(error instanceof TakenBack)) throw error;
    rollback.status = "Failed";
    say(scope, `the rollback fails: ${error.message}`, "bad");
    tell(scope, rollback, "FAILURE");
  }
  cloud.noteTraffic(service, deployment.revision.arn, whereOf(service));
}

function tell({ cloud, service }: Scope, { id, application, group }: CodeDeployment, state: string): void {
  cloud.emit(service.stack, {
    source: "aws.codedeploy",
    "detail-type": "CodeDeploy Deployment State-change Notification",
    resources: [],
    detail: { application, deploymentGroup: group, deploymentId: id, state },
  });
}

/** The deployment group of an application, by their names. */
export function serviceOfGroup(cloud: PlayedCloud, application: string, name: string): PlayedService | undefined {
  return cloud.services.find((service) => {
    const inputs = service.deploymentGroup?.inputs;
    return inputs?.appName === application && inputs.deploymentGroupName === name;
  });
}

/** Hooks of an appspec as the action hands them on. */
export function hooksIn(appspec: unknown): AppSpecHooks {
  const entries = mapsOf(mapOf(appspec).Hooks).flatMap((one) => Object.entries(one));
  return Object.fromEntries(
    entries.flatMap(([stage, name]) => (textOf(name) === undefined ? [] : [[stage, textOf(name) ?? ""]])),
  );
}
