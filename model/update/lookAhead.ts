import { asDelivered } from "../environment/delivered";
import type { Environment } from "../environment/environment";
import { type Life, livesOf } from "../environment/life";
import { type Finding, type RecordedGraph, worstFirst } from "../graph/graph";
import { withOldIds } from "./aside";
import { askingLive } from "./askingLive";
import type { PropertyChange } from "./change";
import { findingsOfUpdate } from "./findings";
import { adoptedIn } from "./findings/adopted";
import { type ChangedPair, changedProperties, isReplaced, withFollowers } from "./followers";
import { gapsIn } from "./invariants";
import { type Pair, type Paired, pairUp } from "./pairs";
import { planUpdate } from "./plan";
import { play } from "./play";
import { renamedServices } from "./renames";
import { AWS_RULES, type AwsRule } from "./rules";
import { describeUpdate, fatesOf, type ServiceFate } from "./sentences";
import type { UpdateRun } from "./updateRun";

/** What an update will do, before anything is done. */
export interface Outlook {
  /** What becomes of each service, in words: `api: rolling to canary, in place, nothing restarts`. */
  readonly sentences: readonly string[];
  readonly findings: readonly Finding[];
  /** What becomes of each service that goes on, by name. */
  readonly fates: Readonly<Record<string, ServiceFate>>;
  /** Whether something is another thing than before, by its name: then all that it has differs. */
  readonly identity: boolean;
  /** The update, played on each environment that deliveries may have left. */
  readonly runs: readonly UpdateRun[];
}

/** Plays the change from one graph to another on the environments that deliveries leave of the first. */
export function lookAhead(before: RecordedGraph, after: RecordedGraph, rules: readonly AwsRule[] = AWS_RULES): Outlook {
  const there = new Set(before.resources.map(({ urn }) => urn));
  const wanted = asDelivered(after, there);
  const paired = withoutGuesses(pairUp(before, wanted));
  const runs = livesOf(before).map((life) => updateRun(life, asDelivered(before), wanted, paired, rules));
  if (!runs.some(({ changed }) => changed)) return { sentences: [], findings: [], fates: {}, identity: false, runs };
  const seen = { before, after: wanted, runs, renamed: renamedServices(before, after) };
  const context = { ...seen, adopted: adoptedIn(seen) };
  return {
    sentences: describeUpdate(context),
    findings: worstFirst(findingsOfUpdate(context)),
    fates: fatesOf(context),
    identity: context.renamed.length > 0,
    runs,
  };
}

/** The engine knows a resource again by URN and alias alone; what only looks alike is another one to it. */
function withoutGuesses({ pairs, removed, added }: Paired): Paired {
  const guessed = pairs.filter(({ aliased }) => aliased === false);
  return {
    pairs: pairs.filter((pair) => !guessed.includes(pair)),
    removed: [...removed, ...guessed.map((pair) => pair.before)],
    added: [...added, ...guessed.map((pair) => pair.after)],
  };
}

function updateRun(
  { environment, told }: Life,
  before: RecordedGraph,
  recorded: RecordedGraph,
  pairedUp: Paired,
  rules: readonly AwsRule[],
): UpdateRun {
  const wanted = askingLive(recorded, environment);
  const paired = within(pairedUp, wanted);
  const asked = changesOf(pairedUp.pairs, before);
  const found = changesOf(paired.pairs, environment);
  const replaced = found.filter(isReplaced).map((pair) => pair.before);
  // A preview makes up an id of type and name alone: what takes the place of something of that name has the same.
  const taken = paired.removed.filter(({ id }) => paired.added.some((one) => one.id === id));
  const start = { ...withOldIds(environment, [...replaced, ...taken]), program: wanted };
  // Once more, with the ids that what is replaced does not keep.
  const changes = changesOf(paired.pairs, start);
  const changed =
    paired.added.length + paired.removed.length > 0 || asked.some(({ properties }) => properties.length > 0);
  const removed = paired.removed.flatMap(({ urn }) => start.resources.filter((one) => one.urn === urn));
  const steps = planUpdate(wanted, { ...paired, removed }, withReplacements(changes, found));
  const played = play(start, steps, rules);
  return { told, changed, asked, found, played, gaps: gapsIn(played, wanted), wanted };
}

/** The same pairs, with the resources as they are in another recording of the same program. */
function within({ pairs, removed, added }: Paired, { resources }: RecordedGraph): Paired {
  const now = new Map(resources.map((resource) => [resource.urn, resource]));
  return {
    removed,
    pairs: pairs.map((pair) => ({ ...pair, after: now.get(pair.after.urn) ?? pair.after })),
    added: added.map((resource) => now.get(resource.urn) ?? resource),
  };
}

/** What differs between the resources as they are and as the program wants them. */
function changesOf(pairs: readonly Pair[], environment: RecordedGraph | Environment): readonly ChangedPair[] {
  const present = new Map(environment.resources.map((resource) => [resource.urn, resource]));
  const current = pairs.map((pair) => ({ ...pair, before: present.get(pair.before.urn) ?? pair.before }));
  return withFollowers(current.map((pair) => ({ ...pair, properties: changedProperties(pair) })));
}

/** The same pairs are replaced, whatever their ids are called. */
function withReplacements(changes: readonly ChangedPair[], found: readonly ChangedPair[]): readonly ChangedPair[] {
  const replaced = new Set(found.filter(isReplaced).map(({ after }) => after.urn));
  return changes.map((pair) =>
    replaced.has(pair.after.urn) || !isReplaced(pair) ? pair : { ...pair, properties: pair.properties.map(staying) },
  );
}

function staying(property: PropertyChange): PropertyChange {
  return { ...property, replaces: undefined };
}
