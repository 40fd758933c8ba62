import { batchesOf } from "../../environment/batches";
import { GUESSES } from "../../environment/guesses";
import { balancersOf } from "../../environment/service";
import { secondsToHealthy } from "../../environment/times";
import { referredBy, TYPES } from "../../graph/resources";
import { afterShift, alarmsOf, drainTasks, oldTasks, type Scope, say, startTasks, wait } from "./scope";

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
  const { most, least, stopsFirst, atOnce, count } = batchesOf(service.resource, service.desired);
  // Where no task fits beside the old ones, as many of them stop first as may.
  if (running > 0 && stopsFirst) {
    say(
      scope,
      `stops ${scope.takesBack === undefined ? "old" : "new"} tasks first: at most ${most} of ${service.desired} may run, at least ${least}`,
      least === 0 ? "bad" : "note",
    );
    if (least === 0) await drainTasks(scope, old);
  }
  if (running > 0 && count > 1) {
    say(scope, `replaces ${atOnce} of ${service.desired} tasks at a time`, "note");
    // The last of them are played; those before take as long, one after the other.
    const group = referredBy(service.stack.environment, TYPES.targetGroup, balancer?.groupArn);
    await wait(scope, (count - 1) * secondsToHealthy(group));
  }
  await startTasks(scope, balancer?.groupArn, service.desired);
  await drainTasks(scope, oldTasks(scope));
  afterShift(scope);
  await wait(scope, alarmsOf(service).length > 0 ? GUESSES.alarms : 0);
}
