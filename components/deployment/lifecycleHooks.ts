import type * as aws from "@pulumi/aws";
import { Problems } from "../checks/problems";

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
export type LifecycleStage = (typeof LIFECYCLE_STAGES)[number];

/** A Lambda function that decides, by its answer, whether the deployment goes on. */
export interface FunctionHook {
  readonly lifecycleStages: readonly LifecycleStage[];
  /** ARN of the function. */
  readonly functionArn: string;
  /** Role in which ECS calls it: trust `ecs.amazonaws.com`, `lambda:InvokeFunction`. */
  readonly roleArn: string;
}

/** The deployment waits until a person continues it (`aws ecs continue-service-deployment`) or takes it back. */
export interface PauseHook {
  readonly lifecycleStages: readonly LifecycleStage[];
  /** Minutes to wait, 1 to 20160; then the deployment is rolled back. */
  readonly pauseInMinutes: number;
}

/** A hook of ECS's own strategies. */
export type LifecycleHook = FunctionHook | PauseHook;

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
    if ("pauseInMinutes" in hook) problems.range(`${where}.pauseInMinutes`, hook.pauseInMinutes, 1, 20_160, "minutes");
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
    return "pauseInMinutes" in hook
      ? {
          lifecycleStages,
          targetType: "PAUSE",
          timeoutConfiguration: { action: "ROLLBACK", timeoutInMinutes: String(hook.pauseInMinutes) },
        }
      : { lifecycleStages, targetType: "AWS_LAMBDA", hookTargetArn: hook.functionArn, roleArn: hook.roleArn };
  });
}
