import type { RecordedGraph, RecordedResource } from "../graph/graph";
import { TYPES } from "../graph/resources";
import type { PropertyChange } from "./change";
import { type ChangedPair, isReplaced } from "./followers";
import type { Paired } from "./pairs";
import { deletedFirst } from "./replaces";

/** One thing that `pulumi up` does. */
export interface Step {
  /** Unique in a plan, for example `update urn:pulumi:...`. */
  readonly key: string;
  readonly kind: "create" | "update" | "delete";
  readonly urn: string;
  /** As it is before. @default - it is created */
  readonly before?: RecordedResource;
  /** As the program wants it. @default - it is deleted */
  readonly after?: RecordedResource;
  /** What is not as it was, where it is updated or replaced. */
  readonly properties: readonly PropertyChange[];
  /** What it takes the place of, where it makes a replacement. */
  readonly replacing?: RecordedResource;
  /** Whether it is one half of a replacement. */
  readonly replaces: boolean;
  /** Keys of the steps that have ended before it begins. */
  readonly waitsFor: readonly string[];
}

/**
 * The steps of an update, as Pulumi's engine orders them: a resource after what it depends on; its replacement before the
 * old one goes, unless the old one has to make room; deletions last, and what depends on something before it.
 * https://www.pulumi.com/docs/iac/concepts/how-pulumi-works/
 */
export function planUpdate(
  after: RecordedGraph,
  { removed, added }: Paired,
  changed: readonly ChangedPair[],
): readonly Step[] {
  const replaced = changed.filter(isReplaced);
  const first = replaced.filter((pair) => deletedFirst(pair.before, pair.after));
  const made = madeBy(added, replaced, changed, after);
  const early = deletedBefore(first, made);
  const forward = made.map((one) => {
    const gone = early.find(({ urn }) => urn === one.urn);
    return one.kind === "create" && gone ? { ...one, waitsFor: [...one.waitsFor, gone.key] } : one;
  });
  const late = [
    ...removed.map((resource) => deletion(resource)),
    // A task definition keeps its id from revision to revision: the old one stays, and nothing is deleted.
    ...replaced
      .filter((pair) => !first.includes(pair) && pair.after.type !== TYPES.taskDefinition)
      .map((pair) => deletion(pair.before, pair)),
  ];
  return [...forward, ...early, ...deletedLast(late, [...forward, ...early])];
}

/** What is created and updated, each after what it depends on. */
function madeBy(
  added: readonly RecordedResource[],
  replaced: readonly ChangedPair[],
  changed: readonly ChangedPair[],
  after: RecordedGraph,
): readonly Step[] {
  const changing = changed.filter((pair) => !isReplaced(pair) && pair.properties.some(changes));
  const steps = [
    ...added.map((resource) => step("create", resource.urn, { after: resource })),
    ...replaced.map((pair) =>
      step("create", pair.after.urn, { ...pair, before: undefined, replacing: pair.before, replaces: true }),
    ),
    ...changing.map((pair) => step("update", pair.after.urn, pair)),
  ];
  const keys = new Map(steps.map(({ urn, key }) => [urn, key]));
  const above = ancestry(after.resources);
  return steps.map((one) => ({ ...one, waitsFor: [...above(one.urn)].flatMap((urn) => keys.get(urn) ?? []) }));
}

/** Old ones that make room: at the time of their replacement, and after those that are replaced because of them. */
function deletedBefore(first: readonly ChangedPair[], made: readonly Step[]): readonly Step[] {
  const gone = first.map((pair) => deletion(pair.before, pair));
  const madeAgain = new Set(first.map((pair) => `create ${pair.after.urn}`));
  return gone.map((one) => ({
    ...one,
    waitsFor: [
      ...(made.find(({ urn }) => urn === one.urn)?.waitsFor ?? []).filter((key) => !madeAgain.has(key)),
      ...gone.flatMap((other) => (other.before?.dependencies.includes(one.urn) ? [other.key] : [])),
    ],
  }));
}

/** Deletions at the end: after everything else, and what depends on something before it. */
function deletedLast(late: readonly Step[], others: readonly Step[]): readonly Step[] {
  const all = others.map(({ key }) => key);
  const below = ancestry(late.flatMap(({ before }) => before ?? []));
  return late.map((one) => ({
    ...one,
    waitsFor: [...all, ...late.flatMap((other) => (below(other.urn).has(one.urn) ? [other.key] : []))],
  }));
}

/** Whether a property's change does something: what Pulumi or AWS leaves alone does not. */
export function changes({ path, ignored, kept }: PropertyChange): boolean {
  return !ignored && !kept && !path.startsWith("options.");
}

function step(
  kind: Step["kind"],
  urn: string,
  given: {
    readonly before?: RecordedResource | undefined;
    readonly after?: RecordedResource;
    readonly properties?: readonly PropertyChange[];
    readonly replacing?: RecordedResource;
    readonly replaces?: boolean;
  },
): Step {
  const { before, after, replacing, properties = [], replaces = false } = given;
  return {
    key: `${kind} ${urn}`,
    kind,
    urn,
    before,
    after,
    replacing,
    properties,
    replaces,
    waitsFor: [],
  };
}

/** The old one goes; of a replacement with what it is about. */
function deletion(before: RecordedResource, pair?: ChangedPair): Step {
  const { properties = [] } = pair ?? {};
  return step("delete", before.urn, { before, properties, replaces: pair !== undefined });
}

/** URNs of everything that a resource depends on, near and far. */
function ancestry(resources: readonly RecordedResource[]): (urn: string) => ReadonlySet<string> {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const known = new Map<string, ReadonlySet<string>>();
  const of = (urn: string): ReadonlySet<string> => {
    const found = known.get(urn);
    if (found) return found;
    known.set(urn, new Set());
    const one = byUrn.get(urn);
    const near = one ? [...one.dependencies, ...(one.parent === undefined ? [] : [one.parent])] : [];
    const all = new Set(near.flatMap((other) => [other, ...of(other)]));
    known.set(urn, all);
    return all;
  };
  return of;
}

/** Whether one step has always ended before another begins. */
export function precedence(steps: readonly Step[]): (one: Step, other: Step) => boolean {
  const byKey = new Map(steps.map((one) => [one.key, one]));
  const known = new Map<string, ReadonlySet<string>>();
  const before = (key: string): ReadonlySet<string> => {
    const found = known.get(key);
    if (found) return found;
    const near = byKey.get(key)?.waitsFor ?? [];
    const all = new Set(near.flatMap((other) => [other, ...before(other)]));
    known.set(key, all);
    return all;
  };
  return (one, other) => before(other.key).has(one.key);
}
