import type { RecordedResource } from "../graph/graph";
import { arnOf, label, TYPES } from "../graph/resources";
import type { PropertyChange } from "./change";
import { differences } from "./differences";
import type { Pair } from "./pairs";
import { keepsWhenLeftOut, mayReplace, replaces } from "./replaces";

/** A resource on both sides, and what of it is not as it was. */
export interface ChangedPair extends Pair {
  readonly properties: readonly PropertyChange[];
}

/** Whether the resource is another one afterwards. */
export function isReplaced({ aliased, properties }: ChangedPair): boolean {
  return aliased === false || properties.some(({ replaces: replacing }) => replacing);
}

/** What a changed property means for its resource. */
function consequence(resource: RecordedResource, one: PropertyChange): PropertyChange {
  const { type, ignoreChanges, replaceOnChanges = [] } = resource;
  if (isWithin(one.path, ignoreChanges)) return { ...one, ignored: true };
  if (keepsWhenLeftOut(type, one)) return { ...one, kept: true };
  if (replaces(type, one.path) || isWithin(one.path, replaceOnChanges)) return { ...one, replaces: true };
  return mayReplace(type, one.path) ? { ...one, mayReplace: true } : one;
}

/** Whether a path is one of these, or leads on from one. */
function isWithin(path: string, paths: readonly string[]): boolean {
  const rest = paths.flatMap((start) => (path.startsWith(start) ? [path.slice(start.length)] : []));
  return rest.some((after) => /^($|[.[])/.test(after));
}

/** What of a resource is not as it was: its properties, and what the engine is told of it. */
export function changedProperties({ before, after }: Pair): readonly PropertyChange[] {
  return [
    ...differences(before.inputs, after.inputs).map((one) => consequence(after, one)),
    ...differences(optionsOf(before), optionsOf(after), "options"),
  ];
}

/** What the engine is told, where it decides over what happens to the resource. */
function optionsOf({ protect, retainOnDelete, deleteBeforeReplace, ignoreChanges }: RecordedResource) {
  return { protect, retainOnDelete, deleteBeforeReplace, ignoreChanges };
}

/**
 * Adds what changes because something else is replaced. A preview makes up the same id again for the same name, while AWS
 * gives another one: whoever holds it changes too, and may be replaced in turn.
 */
export function withFollowers(all: readonly ChangedPair[]): readonly ChangedPair[] {
  const changes = [...all];
  const waiting = changes.filter((change) => change.aliased !== false && isReplaced(change));
  for (let leader = waiting.shift(); leader; leader = waiting.shift()) {
    const { after: replaced } = leader;
    changes.forEach((change, index) => {
      const more = followersOf(replaced, change);
      if (more.length === 0) return;
      const changed = { ...change, properties: [...change.properties, ...more] };
      if (!isReplaced(change) && isReplaced(changed)) waiting.push(changed);
      changes[index] = changed;
    });
  }
  return changes;
}

function followersOf(replaced: RecordedResource, { after, properties }: ChangedPair): readonly PropertyChange[] {
  const follows = label(replaced);
  return Object.entries(after.propertyDependencies)
    .filter(([key, urns]) => urns.includes(replaced.urn) && holdsNewId(replaced, after.inputs[key]))
    .filter(([key]) => !properties.some((one) => one.path === key && one.follows === follows))
    .map(([key]) => consequence(after, { path: key, follows }));
}

/** Whether a value has an id or ARN of the resource that AWS makes up: a name that is given stays what it is. */
function holdsNewId(replaced: RecordedResource, value: unknown): boolean {
  const text = JSON.stringify(value) ?? "";
  const revised = replaced.type === TYPES.taskDefinition;
  return [replaced.id, arnOf(replaced)].some((id = "") => {
    const madeUp = revised || /[0-9a-f]{7}/.test(id.replace(/:\d{12}:/, ":"));
    return id !== "" && madeUp && text.includes(id);
  });
}
