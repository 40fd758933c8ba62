import type * as aws from "@pulumi/aws";
import { z } from "zod";
import { Problems } from "../checks/problems";
import { FUNCTION_ARN, ROLE_ARN } from "../settings/arns";
import { listSetting, mapSetting, minutes, oneOf, text } from "../settings/setting";
import { type ArgsOf, checkSettings, settings, withDefaults } from "../settings/settings";

/** Points of a deployment at which a hook can stand. Those of the production shift come again at every step. */
export const LIFECYCLE_STAGES = [
  "RECONCILE_SERVICE",
  "PRE_SCALE_UP",
  "POST_SCALE_UP",
  "TEST_TRAFFIC_SHIFT",
  "POST_TEST_TRAFFIC_SHIFT",
  "PRE_PRODUCTION_TRAFFIC_SHIFT",
  "PRODUCTION_TRAFFIC_SHIFT",
  "POST_PRODUCTION_TRAFFIC_SHIFT",
] as const;

/** One of `LIFECYCLE_STAGES`. */
type LifecycleStage = (typeof LIFECYCLE_STAGES)[number];

/** Stages of a hook. */
const STAGES = listSetting(oneOf(LIFECYCLE_STAGES, { example: "POST_TEST_TRAFFIC_SHIFT" }), {
  min: 1,
  distinct: true,
  expected: `one or more of ${LIFECYCLE_STAGES.join(", ")}`,
});

/** A Lambda function that decides, by its answer, whether the deployment goes on. */
export const FUNCTION_HOOK = settings({
  /** Points of the deployment at which the function is asked. */
  lifecycleStages: STAGES,
  /** ARN of the function. */
  functionArn: FUNCTION_ARN,
  /** Role in which ECS calls it: trust `ecs.amazonaws.com`, `lambda:InvokeFunction`. */
  roleArn: ROLE_ARN,
  /** What the function is told besides, as `hookDetails` of its event. @default - nothing */
  hookDetails: mapSetting(
    {
      pattern: /^[\w.-]{1,64}$/,
      expected: "a name of 1 to 64 letters, digits, dots and hyphens",
      example: "threshold",
    },
    text({ pattern: /^[^\p{Cc}]*$/u, max: 1000, expected: "a text of one line" }, { example: "5" }),
  ).optional(),
});

/** A Lambda function that decides, by its answer, whether the deployment goes on. */
export interface FunctionHook extends ArgsOf<typeof FUNCTION_HOOK> {}

/** The deployment waits until a person continues it (`aws ecs continue-service-deployment`) or takes it back. */
export const PAUSE_HOOK = settings({
  /** Points of the deployment at which it waits. */
  lifecycleStages: STAGES,
  /** Minutes to wait; then `timeoutAction` happens. */
  pauseInMinutes: minutes(1, 14 * 24 * 60, { example: 30 }),
  /** What happens when nobody has said anything by then: the deployment is taken back, or goes on. @default "ROLLBACK" */
  timeoutAction: oneOf(["ROLLBACK", "CONTINUE"], { default: "ROLLBACK" }),
});

/** The deployment waits until a person continues it (`aws ecs continue-service-deployment`) or takes it back. */
export interface PauseHook extends ArgsOf<typeof PAUSE_HOOK> {}

/** A hook of ECS's own strategies. */
type LifecycleHook = FunctionHook | PauseHook;

/** The hooks of a deployment. */
export const LIFECYCLE_HOOKS = listSetting<LifecycleHook>(
  z.union([z.strictObject(FUNCTION_HOOK), z.strictObject(PAUSE_HOOK)]),
  {
    expected: "{ lifecycleStages, functionArn, roleArn } or { lifecycleStages, pauseInMinutes }",
  },
);

/** Where a deployment waits for a person. */
export interface DeploymentPause {
  readonly lifecycleStages: readonly string[];
  readonly pauseInMinutes: number;
  readonly timeoutAction: "ROLLBACK" | "CONTINUE";
}

/** The pauses among hooks. */
export function pausesOf(hooks: readonly LifecycleHook[]): readonly DeploymentPause[] {
  return hooks.flatMap((hook) => ("pauseInMinutes" in hook ? [withDefaults(PAUSE_HOOK, hook)] : []));
}

/** Stages at which AWS lets no deployment pause. */
const WITHOUT_PAUSE: readonly LifecycleStage[] = ["TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"];

/** What AWS would refuse of a list of hooks. */
export function checkHooks(hooks: readonly LifecycleHook[]): readonly string[] {
  const problems = new Problems();
  hooks.forEach((hook, index) => {
    const where = `lifecycleHooks[${index}]`;
    if (hook.lifecycleStages.length === 0)
      problems.add(`${where}.lifecycleStages: expected at least one stage, got none`);
    for (const stage of hook.lifecycleStages) {
      if (!LIFECYCLE_STAGES.includes(stage)) {
        problems.add(`${where}.lifecycleStages: expected ${LIFECYCLE_STAGES.join(", ")}, got "${stage}"`);
      }
      if ("pauseInMinutes" in hook && WITHOUT_PAUSE.includes(stage)) {
        problems.add(`${where}.lifecycleStages: a deployment cannot pause at ${stage}; use POST_TEST_TRAFFIC_SHIFT`);
      }
    }
    if ("pauseInMinutes" in hook) {
      const { pauseInMinutes, timeoutAction } = PAUSE_HOOK;
      problems.addAll(checkSettings({ pauseInMinutes, timeoutAction }, hook, `${where}.`));
    } else {
      problems.addAll(checkSettings({ hookDetails: FUNCTION_HOOK.hookDetails }, hook, `${where}.`));
    }
  });
  return problems.list;
}

/**
 * The hooks as `aws.ecs.Service` takes them.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentLifecycleHook.html
 */
export function renderHooks(
  hooks: readonly LifecycleHook[],
): aws.types.input.ecs.ServiceDeploymentConfigurationLifecycleHook[] {
  return hooks.map((hook) => {
    const lifecycleStages = [...hook.lifecycleStages];
    if ("pauseInMinutes" in hook) {
      const { timeoutAction: action, pauseInMinutes } = withDefaults(PAUSE_HOOK, hook);
      const timeoutConfiguration = { action, timeoutInMinutes: String(pauseInMinutes) };
      return { lifecycleStages, targetType: "PAUSE", timeoutConfiguration };
    }
    return {
      lifecycleStages,
      targetType: "AWS_LAMBDA",
      hookTargetArn: hook.functionArn,
      roleArn: hook.roleArn,
      hookDetails: hook.hookDetails && JSON.stringify(hook.hookDetails),
    };
  });
}
