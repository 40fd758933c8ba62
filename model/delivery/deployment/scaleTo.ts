import { secondsToHealthy } from "../../environment/times";
import { referredBy, TYPES } from "../../graph/resources";
import type { PlayedCloud } from "../cloud";
import type { TaskRevision } from "../revisions";
import type { PlayedService } from "../runningService";
import { whereOf } from "./scope";

/**
 * Starts or stops tasks of what a service runs, until there are as many as it is told to run. No deployment is made of it,
 * so no circuit breaker watches.
 */
export function scaleTo(cloud: PlayedCloud, service: PlayedService, { arn }: TaskRevision): void {
  const before = service.tasks.filter(({ revision }) => revision === arn).reduce((sum, { count }) => sum + count, 0);
  const grows = service.desired > before;
  service.tasks = service.tasks.map((live) =>
    live.revision === arn ? { ...live, count: service.desired, isHealthy: live.isHealthy && before > 0 } : live,
  );
  cloud.timeline.add(whereOf(service), `${grows ? "starts" : "stops"} ${Math.abs(service.desired - before)} task(s)`);
  void cloud.clock.start(async () => {
    const live = service.tasks.find(({ revision }) => revision === arn);
    if (!live || live.isHealthy) return;
    await cloud.clock.sleep(secondsToHealthy(referredBy(service.stack.environment, TYPES.targetGroup, live.groupArn)));
    live.isHealthy = true;
    cloud.noteTraffic(service, arn, whereOf(service));
  });
}
