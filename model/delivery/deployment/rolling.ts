import { balancersOf } from "../../environment/service";
import { numberOf } from "../../graph/read";
import { afterShift, alarmsOf, drainTasks, oldTasks, type Scope, say, startTasks, wait } from "./scope";

/** Minutes that ECS goes on watching alarms after a rolling deployment, at a guess: the alarms' own periods decide. */
const ALARM_BAKE_SECONDS = 180;

/**
 * A rolling update: new tasks beside the old ones as far as the maximum lets, old ones go once new ones are healthy. Where
 * the maximum leaves no room, old ones go first, as far as the minimum lets.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
 */
export async function deployRolling(scope: Scope): Promise<void> {
  const { service } = scope;
  const [balancer] = balancersOf(service.resource);
  const old = oldTasks(scope);
  const running = old.reduce((sum, { count }) => sum + count, 0);
  const { deploymentMaximumPercent, deploymentMinimumHealthyPercent } = service.resource.inputs;
  const most = Math.floor((service.desired * (numberOf(deploymentMaximumPercent) ?? 200)) / 100);
  const least = Math.ceil((service.desired * (numberOf(deploymentMinimumHealthyPercent) ?? 100)) / 100);
  // Where no task fits beside the old ones, as many of them stop first as may.
  if (running > 0 && most <= running) {
    say(
      scope,
      `stops old tasks first: at most ${most} of ${service.desired} may run, at least ${least}`,
      least === 0 ? "bad" : "note",
    );
    if (least === 0) await drainTasks(scope, old);
  }
  await startTasks(scope, balancer?.groupArn, service.desired);
  await drainTasks(scope, oldTasks(scope));
  afterShift(scope);
  await wait(scope, alarmsOf(service).length > 0 ? ALARM_BAKE_SECONDS : 0);
}
