import type * as aws from "@pulumi/aws";
import { Problems } from "../checks/problems";
import { ECS_ACTION_MAX_MINUTES } from "../pipeline/deploy/ecs";
import { minutes, percent } from "../settings/setting";
import { type ArgsOf, checkSettings, settings, withDefaults } from "../settings/settings";
import { defineGuards, GUARDS, type GuardArgs } from "./alarms";
import { ecsDeployment } from "./ecsDeployment";

import { checkHooks, type DeploymentPause, LIFECYCLE_HOOKS, pausesOf, renderHooks } from "./lifecycleHooks";
import { rolling } from "./rolling";
import type { DeploymentStrategy, PreparationScope, ServicePlan } from "./strategy";
import { defineTrafficRules } from "./trafficRules";

/** Minutes that a bake time of ECS can have. */
const BAKE_TIME_MAX_MINUTES = 24 * 60;

/** What ECS's own strategies have in common, beside their guards. */
export const ECS_NATIVE = settings({
  /** Minutes both versions run on after all traffic has moved; then the old one stops. @default 5 */
  bakeTimeInMinutes: minutes(0, BAKE_TIME_MAX_MINUTES, { default: 5 }),
  /** Functions that check, and pauses for a person. @default - none */
  lifecycleHooks: LIFECYCLE_HOOKS.optional(),
  /** Minutes the deploy action waits: starting tasks, steps, bake time and hooks must fit in. @default 60 */
  timeoutInMinutes: minutes(1, ECS_ACTION_MAX_MINUTES, { default: ECS_ACTION_MAX_MINUTES }),
});

/** Arguments of `ecsBlueGreen`, and what ECS's own strategies have in common. */
export interface EcsNativeArgs extends GuardArgs, ArgsOf<typeof ECS_NATIVE> {}

/** Settings of `ecsLinear` alone. */
export const ECS_LINEAR = settings({
  /** Share of the traffic that moves at each step. @default 25 */
  stepPercent: percent(3, 100, { default: 25 }),
  /** Minutes between steps. @default 3 */
  stepBakeTimeInMinutes: minutes(0, BAKE_TIME_MAX_MINUTES, { default: 3 }),
});

/** Arguments of `ecsLinear`. */
export interface EcsLinearArgs extends EcsNativeArgs, ArgsOf<typeof ECS_LINEAR> {}

/** Settings of `ecsCanary` alone. */
export const ECS_CANARY = settings({
  /** Share of the traffic that tries the new version first. @default 10 */
  canaryPercent: percent(0.1, 100, { default: 10 }),
  /** Minutes until the rest follows. @default 10 */
  canaryBakeTimeInMinutes: minutes(0, BAKE_TIME_MAX_MINUTES, { default: 10 }),
});

/** Arguments of `ecsCanary`. */
export interface EcsCanaryArgs extends EcsNativeArgs, ArgsOf<typeof ECS_CANARY> {}

/** Minutes that starting the new tasks takes, at a guess: what is left of the action's hour must cover the rest. */
const START_MINUTES = 5;

/**
 * ECS starts the new version beside the old one, lets the test listener at it, and moves all traffic at once.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-blue-green.html
 */
export function ecsBlueGreen(args: EcsNativeArgs = {}): DeploymentStrategy {
  return native("ecsBlueGreen", args, { strategy: "BLUE_GREEN" }, undefined, []);
}

/**
 * As `ecsBlueGreen`, but traffic moves in equal steps.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-linear.html
 */
export function ecsLinear(args: EcsLinearArgs = {}): DeploymentStrategy {
  const { stepPercent, stepBakeTimeInMinutes } = withDefaults(ECS_LINEAR, args);
  const configuration = {
    strategy: "LINEAR",
    linearConfiguration: { stepPercent, stepBakeTimeInMinutes: String(stepBakeTimeInMinutes) },
  };
  // After the last step there is the bake time, not another step's.
  const shift = {
    key: "stepBakeTimeInMinutes",
    minutes: stepBakeTimeInMinutes,
    times: Math.ceil(100 / stepPercent) - 1,
    least: 0,
  };
  return native("ecsLinear", args, configuration, shift, checkSettings(ECS_LINEAR, args));
}

/**
 * As `ecsBlueGreen`, but a small share of the traffic goes first.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/canary-deployment.html
 */
export function ecsCanary(args: EcsCanaryArgs = {}): DeploymentStrategy {
  const { canaryPercent, canaryBakeTimeInMinutes } = withDefaults(ECS_CANARY, args);
  const configuration = {
    strategy: "CANARY",
    canaryConfiguration: { canaryPercent, canaryBakeTimeInMinutes: String(canaryBakeTimeInMinutes) },
  };
  const shift = { key: "canaryBakeTimeInMinutes", minutes: canaryBakeTimeInMinutes, times: 1, least: 0 };
  return native("ecsCanary", args, configuration, shift, checkSettings(ECS_CANARY, args));
}

function native(
  kind: "ecsBlueGreen" | "ecsLinear" | "ecsCanary",
  args: EcsNativeArgs,
  configuration: Pick<
    aws.types.input.ecs.ServiceDeploymentConfiguration,
    "linearConfiguration" | "canaryConfiguration"
  > & {
    readonly strategy: string;
  },
  shift: TimeTaken | undefined,
  found: readonly string[],
): DeploymentStrategy {
  const { bakeTimeInMinutes, lifecycleHooks = [], timeoutInMinutes } = withDefaults(ECS_NATIVE, args);
  const deploymentConfiguration = {
    ...configuration,
    bakeTimeInMinutes: String(bakeTimeInMinutes),
    lifecycleHooks: renderHooks(lifecycleHooks),
  };
  const pauses = pausesOf(lifecycleHooks);
  const bake = { key: "bakeTimeInMinutes", minutes: bakeTimeInMinutes, times: 1, least: 0 };
  const taken = { shift: shift ? [shift] : [], pauses: pauseTimes(lifecycleHooks), bake: [bake] };
  return {
    kind,
    controller: "ECS",
    needsTargets: true,
    withoutTargets: () => rolling({ alarmNames: args.alarmNames }),
    problems: new Problems()
      .addAll(found)
      .addAll(checkSettings({ ...GUARDS, ...ECS_NATIVE }, { ...args, lifecycleHooks: undefined }))
      .addAll(checkHooks(lifecycleHooks))
      .addAll(timeProblems(taken, timeoutInMinutes)).list,
    leastMinutes: START_MINUTES + sumOf(taken.shift) + bakeTimeInMinutes,
    minutesBySetting: Object.fromEntries([...taken.shift, bake].map((one) => [one.key, sumOf([one])])),
    prepare: (scope) => prepareNative(scope, args, { deploymentConfiguration, pauses, timeoutInMinutes }),
    adopt: (scope) => ecsDeployment(scope, timeoutInMinutes),
  };
}

/** A setting that takes time, once or several times. */
interface TimeTaken {
  readonly key: string;
  readonly minutes: number;
  readonly times: number;
  /** The least that it may be. */
  readonly least: number;
}

/** A hook pauses at each of its stages. */
function pauseTimes(hooks: EcsNativeArgs["lifecycleHooks"] = []): readonly TimeTaken[] {
  return hooks.flatMap((hook, index) =>
    "pauseInMinutes" in hook
      ? [
          {
            key: `lifecycleHooks[${index}].pauseInMinutes`,
            minutes: hook.pauseInMinutes,
            times: hook.lifecycleStages.length,
            least: 1,
          },
        ]
      : [],
  );
}

function sumOf(taken: readonly TimeTaken[]): number {
  return taken.reduce((sum, { minutes, times }) => sum + minutes * times, 0);
}

/**
 * The deploy action gives up after an hour, whatever a deployment still has to wait for. It is said of what can be changed:
 * the action's own time while that can be longer, else what takes longest, or all of it where no single one is enough.
 */
function timeProblems(
  taken: {
    readonly shift: readonly TimeTaken[];
    readonly pauses: readonly TimeTaken[];
    readonly bake: readonly TimeTaken[];
  },
  timeoutInMinutes: number,
): readonly string[] {
  const all = [...taken.shift, ...taken.pauses, ...taken.bake];
  const total = START_MINUTES + sumOf(all);
  if (total <= timeoutInMinutes) return [];
  const why =
    `starting (${START_MINUTES}), moving traffic (${sumOf(taken.shift)}), pauses (${sumOf(taken.pauses)}) and bake time ` +
    `(${sumOf(taken.bake)}) take up to ${total} minutes, the deploy action waits ${timeoutInMinutes} and AWS allows ` +
    `${ECS_ACTION_MAX_MINUTES}`;
  if (total <= ECS_ACTION_MAX_MINUTES)
    return [`timeoutInMinutes: ${why}; expected ${range(total, ECS_ACTION_MAX_MINUTES)}, got ${timeoutInMinutes}`];
  const longest = [...all].sort((one, other) => other.minutes * other.times - one.minutes * one.times);
  const enough = longest
    .map((one) => ({ one, most: Math.floor((ECS_ACTION_MAX_MINUTES - total) / one.times) + one.minutes }))
    .find(({ one, most }) => one.times > 0 && most >= one.least);
  const share = (ECS_ACTION_MAX_MINUTES - START_MINUTES) / (total - START_MINUTES);
  const shortened = enough
    ? [enough]
    : longest.map((one) => ({ one, most: Math.max(one.least, Math.floor(one.minutes * share)) }));
  return shortened
    .filter(({ one, most }) => most < one.minutes)
    .map(
      ({ one, most }) =>
        `${one.key}: ${why}; expected ${range(one.least, most)}, got ${one.minutes}; or deploy with codeDeployBlueGreen, which may take days`,
    );
}

function range(least: number, most: number): string {
  return least === most ? `${most} minutes` : `a whole number from ${least} to ${most}, minutes`;
}

function prepareNative(
  scope: PreparationScope,
  args: EcsNativeArgs,
  {
    deploymentConfiguration,
    pauses,
    timeoutInMinutes,
  }: {
    readonly deploymentConfiguration: aws.types.input.ecs.ServiceDeploymentConfiguration;
    readonly pauses: readonly DeploymentPause[];
    readonly timeoutInMinutes: number;
  },
): ServicePlan {
  const { name, parent, targets } = scope;
  if (!targets) throw new Error(`${name}: a strategy of ECS that moves traffic needs targets`);
  const rules = defineTrafficRules(name, targets, parent);
  return {
    serviceArgs: { deploymentController: { type: "ECS" }, deploymentConfiguration, ...defineGuards(scope, args) },
    advancedConfiguration: rules.advancedConfiguration,
    // The port of the container is Pulumi's: it changes together with the task definition's.
    changedByDeployment: ["loadBalancers[0].targetGroupArn", "loadBalancers[0].advancedConfiguration"],
    forcesDeployment: true,
    taskDefinition: "tracked",
    dependsOn: rules.dependsOn,
    bind: (bound) => {
      const deployment = ecsDeployment(bound, timeoutInMinutes);
      return pauses.length > 0 ? { ...deployment, pauses } : deployment;
    },
  };
}
