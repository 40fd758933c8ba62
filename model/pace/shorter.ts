import { type ActionPace, alongOf, type LeadTime } from "./leadTime";
import { type Pace, type PaceStep, type Shorter, secondsOf } from "./step";

/** A setting that makes a commit quicker, and by how much. */
export interface Gain extends Omit<Shorter, "gains"> {
  /** Seconds that users have the new version sooner. */
  readonly users: number;
  /** Seconds that the old version is gone sooner. */
  readonly gone: number;
}

/** Settings that make a commit quicker, where every service of the pipeline takes them: what gains most first. */
export function gainsOf(time: LeadTime): readonly Gain[] {
  const all = [...time.toUsers, ...time.toGone].flatMap(({ shorter }) => shorter ?? []);
  const keys = [...new Set(all.map(({ key }) => key))];
  return keys
    .flatMap((key) => {
      const setting = all.find((one) => one.key === key);
      const { toUsers, toGone } = alongOf(
        time.pipeline,
        time.trigger,
        time.actions.map((one) => shortened(one, key)),
      );
      const users = secondsOf(time.toUsers) - secondsOf(toUsers);
      const gone = secondsOf(time.toGone) - secondsOf(toGone);
      if (!setting || users + gone <= 0) return [];
      const { from, to, mind } = setting;
      return [{ key, from, to, mind, users, gone }];
    })
    .sort((one, other) => other.users - one.users || other.gone - one.gone);
}

/** An action where a setting is as short as it can be. */
function shortened(pace: ActionPace, key: string): ActionPace {
  const short = (step: PaceStep): PaceStep =>
    step.shorter?.key === key ? { ...step, seconds: step.seconds - step.shorter.gains } : step;
  const { deployment } = pace;
  const steps = pace.steps.map(short);
  if (!deployment) return { action: pace.action, steps, seconds: secondsOf(steps) };
  const { toUsers, toGone } = deployment;
  return {
    action: pace.action,
    steps,
    seconds: secondsOf(steps),
    deployment: { ...deployment, toUsers: toUsers.map(short), toGone: toGone.map(short) },
  };
}

/** What takes most of the time, and how long. */
export function mostOf(steps: readonly PaceStep[]): { readonly what: Pace; readonly seconds: number } | undefined {
  const sums = new Map<Pace, number>();
  for (const { what, seconds } of steps) sums.set(what, (sums.get(what) ?? 0) + seconds);
  const [most] = [...sums].sort(([, one], [, other]) => other - one);
  return most && { what: most[0], seconds: most[1] };
}
