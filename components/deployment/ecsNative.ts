import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Problems } from "../checks/problems";
import { weightedForward } from "../loadBalancer/weightedForward";
import type { TrafficTargets } from "../refs";
import { defineGuards, type GuardArgs } from "./alarms";
import { ECS_ACTION_MAX_MINUTES, ecsDeployment } from "./ecsDeployment";
import { defineInfrastructureRole } from "./infrastructureRole";
import { checkHooks, type LifecycleHook, renderHooks } from "./lifecycleHooks";
import type { DeploymentStrategy, PreparationScope, ServicePlan } from "./strategy";

/** What ECS's own strategies have in common. */
export interface EcsNativeArgs extends GuardArgs {
  /** Minutes both versions run on after all traffic has moved, 0 to 1440; then the old one stops. @default 5 */
  readonly bakeTimeInMinutes?: number;
  /** Functions that check, and pauses for a person. @default - none */
  readonly lifecycleHooks?: readonly LifecycleHook[];
  /** Minutes the deploy action waits, 1 to 60: starting tasks, steps, bake time and hooks must fit in. @default 60 */
  readonly timeoutInMinutes?: number;
}

/** Settings of `ecsLinear`. */
export interface EcsLinearArgs extends EcsNativeArgs {
  /** Share of the traffic that moves at each step, 3 to 100 percent. @default 25 */
  readonly stepPercent?: number;
  /** Minutes between steps, 0 to 1440. @default 3 */
  readonly stepBakeTimeInMinutes?: number;
}

/** Settings of `ecsCanary`. */
export interface EcsCanaryArgs extends EcsNativeArgs {
  /** Share of the traffic that tries the new version first, 0.1 to 100 percent. @default 10 */
  readonly canaryPercent?: number;
  /** Minutes until the rest follows, 0 to 1440. @default 10 */
  readonly canaryBakeTimeInMinutes?: number;
}

/** Minutes that starting the new tasks takes, at a guess: what is left of the action's hour must cover the rest. */
const START_MINUTES = 5;

/**
 * ECS starts the new version beside the old one, lets the test listener at it, and moves all traffic at once.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-blue-green.html
 */
export function ecsBlueGreen(args: EcsNativeArgs = {}): DeploymentStrategy {
  return native("ecsBlueGreen", args, { strategy: "BLUE_GREEN" }, 0, []);
}

/**
 * As `ecsBlueGreen`, but traffic moves in equal steps.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-linear.html
 */
export function ecsLinear(args: EcsLinearArgs = {}): DeploymentStrategy {
  const { stepPercent = 25, stepBakeTimeInMinutes = 3 } = args;
  const problems = new Problems()
    .share("stepPercent", stepPercent, 3, 100)
    .range("stepBakeTimeInMinutes", stepBakeTimeInMinutes, 0, 1440, "minutes");
  const configuration = {
    strategy: "LINEAR",
    linearConfiguration: { stepPercent, stepBakeTimeInMinutes: String(stepBakeTimeInMinutes) },
  };
  // After the last step there is the bake time, not another step's.
  const shift = (Math.ceil(100 / stepPercent) - 1) * stepBakeTimeInMinutes;
  return native("ecsLinear", args, configuration, shift, problems.list);
}

/**
 * As `ecsBlueGreen`, but a small share of the traffic goes first.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/canary-deployment.html
 */
export function ecsCanary(args: EcsCanaryArgs = {}): DeploymentStrategy {
  const { canaryPercent = 10, canaryBakeTimeInMinutes = 10 } = args;
  const problems = new Problems()
    .share("canaryPercent", canaryPercent, 0.1, 100)
    .range("canaryBakeTimeInMinutes", canaryBakeTimeInMinutes, 0, 1440, "minutes");
  const configuration = {
    strategy: "CANARY",
    canaryConfiguration: { canaryPercent, canaryBakeTimeInMinutes: String(canaryBakeTimeInMinutes) },
  };
  return native("ecsCanary", args, configuration, canaryBakeTimeInMinutes, problems.list);
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
  shiftMinutes: number,
  found: readonly string[],
): DeploymentStrategy {
  const { bakeTimeInMinutes = 5, lifecycleHooks = [], timeoutInMinutes = ECS_ACTION_MAX_MINUTES } = args;
  const deploymentConfiguration = {
    ...configuration,
    bakeTimeInMinutes: String(bakeTimeInMinutes),
    lifecycleHooks: renderHooks(lifecycleHooks),
  };
  // A hook pauses at each of its stages.
  const pauseMinutes = lifecycleHooks.reduce(
    (sum, hook) => sum + ("pauseInMinutes" in hook ? hook.pauseInMinutes * hook.lifecycleStages.length : 0),
    0,
  );
  return {
    kind,
    needsTargets: true,
    problems: new Problems()
      .addAll(found)
      .range("bakeTimeInMinutes", bakeTimeInMinutes, 0, 1440, "minutes")
      .range("timeoutInMinutes", timeoutInMinutes, 1, ECS_ACTION_MAX_MINUTES, "minutes")
      .addAll(checkHooks(lifecycleHooks))
      .add(timeProblem({ shiftMinutes, pauseMinutes, bakeTimeInMinutes, timeoutInMinutes })).list,
    leastMinutes: START_MINUTES + shiftMinutes + bakeTimeInMinutes,
    prepare: (scope) => prepareNative(scope, args, deploymentConfiguration, timeoutInMinutes),
    adopt: (scope) => ecsDeployment(scope, timeoutInMinutes),
  };
}

/** The deploy action gives up after an hour, whatever a deployment still has to wait for. */
function timeProblem(minutes: {
  readonly shiftMinutes: number;
  readonly pauseMinutes: number;
  readonly bakeTimeInMinutes: number;
  readonly timeoutInMinutes: number;
}): string | undefined {
  const { shiftMinutes, pauseMinutes, bakeTimeInMinutes, timeoutInMinutes } = minutes;
  const total = START_MINUTES + shiftMinutes + pauseMinutes + bakeTimeInMinutes;
  if (total <= timeoutInMinutes) return undefined;
  return (
    `timeoutInMinutes: starting (${START_MINUTES}), moving traffic (${shiftMinutes}), pauses (${pauseMinutes}) and bake ` +
    `time (${bakeTimeInMinutes}) take up to ${total} minutes, the deploy action waits ${timeoutInMinutes} and AWS allows ` +
    `${ECS_ACTION_MAX_MINUTES}; shorten them, or deploy with codeDeployBlueGreen, which may take days`
  );
}

function prepareNative(
  scope: PreparationScope,
  args: EcsNativeArgs,
  deploymentConfiguration: aws.types.input.ecs.ServiceDeploymentConfiguration,
  timeoutInMinutes: number,
): ServicePlan {
  const { name, parent, targets } = scope;
  if (!targets) throw new Error(`${name}: a strategy of ECS that moves traffic needs targets`);
  const production = defineRule(`${name}-production`, targets.productionListener.arn, targets, parent);
  const test = defineRule(`${name}-test`, targets.testListener.arn, targets, parent);
  const role = defineInfrastructureRole(`${name}-infrastructure`, { targets, rules: [production, test] }, parent);
  return {
    serviceArgs: { deploymentController: { type: "ECS" }, deploymentConfiguration, ...defineGuards(scope, args) },
    advancedConfiguration: {
      alternateTargetGroupArn: targets.green.arn,
      productionListenerRule: production.arn,
      testListenerRule: test.arn,
      roleArn: role.arn,
    },
    changedByDeployment: ["loadBalancers"],
    taskDefinition: "tracked",
    dependsOn: [production, test, ...role.policies],
    bind: (bound) => ecsDeployment(bound, timeoutInMinutes),
  };
}

/** A rule of its own, because ECS wants the ARN of a rule and a listener's default rule has none that Pulumi knows. */
function defineRule(
  name: string,
  listenerArn: pulumi.Input<string>,
  targets: TrafficTargets,
  parent: pulumi.Resource,
): aws.lb.ListenerRule {
  return new aws.lb.ListenerRule(
    name,
    {
      listenerArn,
      priority: 100,
      conditions: [{ pathPattern: { values: ["/*"] } }],
      actions: [weightedForward(targets)],
    },
    { parent, ignoreChanges: ["actions"] },
  );
}
