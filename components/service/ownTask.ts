import type { Input } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import type { Place } from "../arn";
import { regionalArn } from "../arn";
import { allow, type Statement } from "../iam/policyDocument";
import type { QueueRef, TaskRef } from "../refs";
import { PLAIN_VALUE, VARIABLE } from "../settings/secrets";
import { group, mapSetting, seconds, wholeNumber } from "../settings/setting";
import { type ArgsOf, checkSettings, type Settled, settings, withDefaults } from "../settings/settings";
import { isPlainFargate, onFargate } from "./capacity";
import { COMMAND } from "./container";
import { FARGATE_CPU, fargateMemoryFor, fargateSizeProblem } from "./fargate";
import { TASK } from "./settings";

/**
 * How often a task that could not be started is tried again.
 * https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_RetryPolicy.html
 */
export const TASK_RETRY = settings({
  /** Seconds after which it is not tried any more. @default 900 */
  maximumEventAgeInSeconds: seconds(60, 86_400, { default: 900 }),
  /** Times that it is tried again. @default 2 */
  maximumRetryAttempts: wholeNumber(0, 185, { default: 2 }),
});

/** How often a task that could not be started is tried again. */
export interface TaskRetry extends ArgsOf<typeof TASK_RETRY> {}

/** A task of a service's own image: what runs in it, and how large it is. */
export const OWN_TASK = settings({
  /** What runs instead of the image's command. */
  command: COMMAND,
  /** Variables of its container, beside those that it has anyway. @default - none */
  environment: mapSetting(VARIABLE, PLAIN_VALUE).optional(),
  /** CPU units. @default - the service's */
  cpu: TASK.cpu.unwrap().optional(),
  /** MiB. @default - the service's */
  memory: TASK.memory.unwrap().optional(),
  /** How often a task that could not be started is tried again. @default - twice, within a quarter of an hour */
  retryPolicy: group<TaskRetry>(TASK_RETRY).optional(),
});

/** A task of a service's own image: what runs in it, and how large it is. */
export interface OwnTask extends ArgsOf<typeof OWN_TASK> {}

/** What starting such a task takes besides. */
export interface OwnTaskRun {
  /** The service whose task it is: each run takes the newest revision, so what was last delivered. */
  readonly task: TaskRef;
  /** Queue that gets what could not be started. @default - it is forgotten */
  readonly deadLetterQueue?: QueueRef | undefined;
}

/** Most characters of what a task gets otherwise than its definition says. */
const OVERRIDES_MAX = 8192;

/** What of a task is not as its definition says, as RunTask takes it. */
export function taskOverrides({ containerName }: TaskRef, task: OwnTask): string {
  const { command, environment, cpu, memory } = task;
  const variables = environment && Object.entries(environment).map(([name, value]) => ({ name, value }));
  return JSON.stringify({
    containerOverrides: [{ name: containerName, command, environment: variables }],
    cpu: cpu === undefined ? undefined : String(cpu),
    memory: memory === undefined ? undefined : String(memory),
  });
}

/** What of a task's own size AWS would refuse: which setting, and what is expected there. */
export function ownSizeProblem(
  own: Pick<OwnTask, "cpu" | "memory">,
  { cpu, memory, capacity }: Pick<TaskRef, "cpu" | "memory" | "capacity">,
): { readonly key: "cpu" | "memory"; readonly expected: string } | undefined {
  if (!onFargate(capacity) || (own.cpu === undefined && own.memory === undefined)) return undefined;
  const [units, size] = [own.cpu ?? cpu, own.memory ?? memory];
  if (units !== undefined && !FARGATE_CPU.includes(units)) {
    return { key: "cpu", expected: `one of ${FARGATE_CPU.join(", ")} on Fargate` };
  }
  if (units === undefined || size === undefined || fargateSizeProblem(units, size) === undefined) return undefined;
  return { key: "memory", expected: `${fargateMemoryFor(units)} MiB, which go with cpu ${units} on Fargate` };
}

/** What of a task AWS would refuse, a line each. */
export function ownTaskProblems(task: TaskRef, own: OwnTask): readonly string[] {
  const size = ownSizeProblem(own, task);
  const { length } = taskOverrides(task, own);
  return [
    ...checkSettings(OWN_TASK, own),
    ...(size ? [`${size.key}: expected ${size.expected}, got ${own[size.key] ?? task[size.key] ?? "nothing"}`] : []),
    ...(length > OVERRIDES_MAX
      ? [`command, environment: expected at most ${OVERRIDES_MAX} characters as JSON, these are ${length}`]
      : []),
  ];
}

/** The retries of a task with their defaults: a run that could not be started is not worth starting an hour later. */
export function taskRetry(given: TaskRetry = {}): Settled<typeof TASK_RETRY> {
  return withDefaults(TASK_RETRY, given);
}

/** The family of a service's tasks: without a revision, the newest one at the time of the run. */
export function familyArn(task: TaskRef, place: Place): pulumi.Output<string> {
  return regionalArn(place, "ecs", pulumi.interpolate`task-definition/${task.family}`);
}

/**
 * What starting a task of a service takes, for the role of what starts it.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/tasks-scheduled-eventbridge-scheduler.html
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/CWE_IAM_role.html
 */
export function runTaskPermissions(task: TaskRef, place: Place): Statement[] {
  const family = familyArn(task, place);
  const tasks = regionalArn(place, "ecs", pulumi.interpolate`task/${task.cluster.name}/*`);
  return [
    allow(["ecs:RunTask"], [family, pulumi.interpolate`${family}:*`], {
      ArnEquals: { "ecs:cluster": task.cluster.arn },
    }),
    allow(["ecs:TagResource"], [tasks], { StringEquals: { "ecs:CreateAction": "RunTask" } }),
    allow(["iam:PassRole"], task.passRoleArns, {
      StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" },
    }),
  ];
}

/** The task as EventBridge and its scheduler start it: both have the same names for what is on the service's network. */
export function ecsTarget(task: TaskRef, taskDefinitionArn: Input<string>) {
  const plain = isPlainFargate(task.capacity);
  return {
    taskDefinitionArn,
    launchType: plain ? "FARGATE" : undefined,
    capacityProviderStrategies: plain ? undefined : [...task.capacity],
    enableEcsManagedTags: true,
    propagateTags: "TASK_DEFINITION",
    networkConfiguration: {
      subnets: task.subnetIds,
      securityGroups: task.securityGroupIds,
      assignPublicIp: task.assignPublicIp ?? false,
    },
  };
}
