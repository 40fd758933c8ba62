import { secondsToGone } from "../environment/times";
import { TYPES } from "../graph/resources";
import type { Step } from "./plan";

/** Seconds that AWS takes, at a guess, where it is more than a moment. */
const CREATE_SECONDS: Readonly<Record<string, number>> = {
  [TYPES.loadBalancer]: 150,
  [TYPES.service]: 10,
  [TYPES.vpcEndpoint]: 60,
  "awsx:ec2:Vpc": 150,
};
const DELETE_SECONDS: Readonly<Record<string, number>> = {
  [TYPES.loadBalancer]: 15,
  [TYPES.vpcEndpoint]: 60,
  "awsx:ec2:Vpc": 120,
};
const MOMENT = 2;

/** A step, and when it begins and ends: seconds from the start of the update. */
interface Timed {
  readonly step: Step;
  readonly start: number;
  readonly end: number;
}

/** Every step as early as it may begin: the engine works on all at once. In the order in which they end. */
export function schedule(steps: readonly Step[]): readonly Timed[] {
  const byKey = new Map(steps.map((one) => [one.key, one]));
  const known = new Map<string, Timed>();
  const timed = (step: Step): Timed => {
    const found = known.get(step.key);
    if (found) return found;
    const start = Math.max(
      0,
      ...step.waitsFor.flatMap((key) => {
        const other = byKey.get(key);
        return other ? [timed(other).end] : [];
      }),
    );
    const result = { step, start, end: start + secondsFor(step) };
    known.set(step.key, result);
    return result;
  };
  return steps.map(timed).sort((a, b) => a.end - b.end || (a.step.key < b.step.key ? -1 : 1));
}

function secondsFor({ kind, before, after }: Step): number {
  const type = (after ?? before)?.type ?? "";
  if (kind === "create") return CREATE_SECONDS[type] ?? MOMENT;
  // The provider waits until the last task has left.
  if (kind === "delete")
    return type === TYPES.service ? secondsToGone(undefined) + 30 : (DELETE_SECONDS[type] ?? MOMENT);
  return MOMENT;
}
