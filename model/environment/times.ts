import type { RecordedResource } from "../graph/graph";
import { mapOf, numberOf, type Values } from "../graph/read";
import { GUESSES } from "./guesses";

/** Seconds between SIGTERM and SIGKILL, unless a container says otherwise. */
const STOP_SECONDS = 30;

/**
 * Seconds until a new task passes the health checks of its target group.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
export function secondsToHealthy(targetGroup: RecordedResource | undefined): number {
  const { interval, healthyThreshold } = mapOf(targetGroup?.inputs.healthCheck);
  return GUESSES.start + (targetGroup ? (numberOf(interval) ?? 30) * (numberOf(healthyThreshold) ?? 5) : 0);
}

/**
 * Seconds until a task that leaves is gone: its connections drain, then it is stopped.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html
 */
export function secondsToGone(targetGroup: RecordedResource | undefined, stopSeconds = STOP_SECONDS): number {
  return (targetGroup ? (numberOf(targetGroup.inputs.deregistrationDelay) ?? 300) : 0) + stopSeconds;
}

/** Seconds that a task has between SIGTERM and SIGKILL: its slowest container's. */
export function secondsToStop(containers: readonly Values[]): number {
  return containers.length === 0
    ? STOP_SECONDS
    : Math.max(...containers.map(({ stopTimeout }) => numberOf(stopTimeout) ?? STOP_SECONDS));
}

/** A length of time as a person says it: `about 2 minutes`. */
export function about(seconds: number): string {
  const minutes = Math.max(1, Math.round(seconds / 60));
  return seconds < 45
    ? `about ${Math.max(1, Math.round(seconds / 5) * 5)} seconds`
    : `about ${minutes} minute${minutes === 1 ? "" : "s"}`;
}
