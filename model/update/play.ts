import { moments, SETTLED_SECONDS } from "../environment/advance";
import type { Environment } from "../environment/environment";
import type { RecordedResource } from "../graph/graph";
import { applied, begun, resultOf } from "./apply";
import { type Conflict, conflictsIn, describeConflict } from "./claims";
import type { Step } from "./plan";
import { AWS_RULES, type AwsRule } from "./rules";
import { schedule } from "./schedule";

/** A step that is refused, and why. */
export interface Refusal {
  readonly step: Step;
  readonly resource: RecordedResource;
  /** Name of the rule. */
  readonly rule: string;
  /** Page that the rule comes from. */
  readonly page: string;
  readonly text: string;
}

/** The environment at a moment of an update. */
export interface Moment {
  readonly environment: Environment;
  /** What changed it. @default - the start, or what time brings: a deployment ends, tasks leave */
  readonly step?: Step;
}

/** What an update does to an environment. */
export interface Played {
  readonly steps: readonly Step[];
  readonly refusals: readonly Refusal[];
  /** Every moment at which something changed, from the start to the time when nothing moves any more. */
  readonly moments: readonly Moment[];
  readonly end: Environment;
}

const CLAIM_PAGES = {
  "listener-port-taken": "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html",
  "priority-taken": "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html",
  "security-group-rule-there":
    "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html",
  "name-taken": "https://www.pulumi.com/docs/iac/concepts/resources/names/#autonaming",
} as const;

/**
 * Plays the steps of an update on an environment: each is held against what AWS refuses before it is taken. What waits for
 * a step that was refused does not happen, and nothing is deleted then.
 */
export function play(start: Environment, steps: readonly Step[], rules: readonly AwsRule[] = AWS_RULES): Played {
  const conflicts = new Map(conflictsIn(steps, start.resources).map((one) => [one.taking.key, one]));
  const refusals: Refusal[] = [];
  const failed = new Set<string>();
  const seen: Moment[] = [{ environment: start }];
  const origin = start.clock;
  let now = start;
  const see = (environment: Environment, step?: Step) => {
    now = environment;
    seen.push({ environment, step });
  };
  for (const { step, at, begins } of happenings(steps)) {
    const stopped = step.waitsFor.some((key) => failed.has(key)) || failed.has(step.key);
    if (stopped) {
      failed.add(step.key);
      continue;
    }
    for (const moment of moments(now, origin + at)) see(moment);
    if (!begins) {
      if (!isLeft(step)) see(applied(step, now), step);
      continue;
    }
    const found = refusalsOf(step, now, rules, conflicts.get(step.key));
    refusals.push(...found);
    if (found.length > 0) failed.add(step.key);
    else if (!isLeft(step)) see(begun(step, now), step);
  }
  for (const moment of moments(now, now.clock + SETTLED_SECONDS)) see(moment);
  return { steps, refusals, moments: seen, end: now };
}

/** When a step begins and when it is over, in the order of time; of one moment, what is over comes first. */
function happenings(steps: readonly Step[]) {
  const timed = schedule(steps);
  const all = timed.flatMap(({ step, start, end }) => [
    { step, at: start, begins: true },
    { step, at: end, begins: false },
  ]);
  return all.sort((a, b) => a.at - b.at || Number(a.begins) - Number(b.begins));
}

/** Whether Pulumi only forgets it: it stays in AWS as it is. */
function isLeft({ kind, before }: Step): boolean {
  return kind === "delete" && before?.retainOnDelete === true;
}

function refusalsOf(
  step: Step,
  environment: Environment,
  rules: readonly AwsRule[],
  conflict: Conflict | undefined,
): readonly Refusal[] {
  const resource = step.kind === "delete" ? step.before : resultOf(step, environment);
  if (!resource) return [];
  const held = rules
    .filter(({ name }) => name === "protected" || !isLeft(step))
    .flatMap(({ name, page, refuses }) => {
      const text = refuses({ step, environment, resource });
      return text === undefined ? [] : [{ step, resource, rule: name, page, text }];
    });
  if (!conflict) return held;
  const { rule } = conflict.claim;
  return [...held, { step, resource, rule, page: CLAIM_PAGES[rule], text: describeConflict(conflict) }];
}
