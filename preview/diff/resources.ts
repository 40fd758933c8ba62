import type { RecordedResource } from "../../model/graph/graph";
import type { Fate, PropertyChange, ResourceChange } from "./change";
import { differences } from "./differences";
import { type ChangedPair, consequence, isReplaced, withFollowers } from "./followers";
import type { Pair, Paired } from "./pairs";
import { lostWith } from "./replaces";

const ORDER: readonly Fate[] = ["removed", "replaced", "renamed", "changed", "added", "kept"];

/** What becomes of the resources, what is lost first. */
export function resourceChanges({ pairs, removed, added }: Paired): readonly ResourceChange[] {
  const changes = pairs.map((pair) => ({ ...pair, properties: changedProperties(pair) }));
  return [
    ...removed.map((resource) => ({ ...identity("removed", resource), ...losing(resource) })),
    ...withFollowers(changes).flatMap(changeOf),
    ...added.map((resource) => identity("added", resource)),
  ].sort((a, b) => ORDER.indexOf(a.fate) - ORDER.indexOf(b.fate));
}

function identity(fate: Fate, { urn, type, name }: RecordedResource): ResourceChange {
  return { fate, urn, type, name, properties: [] };
}

function losing(resource: RecordedResource): Pick<ResourceChange, "lost"> {
  const lost = lostWith(resource);
  return lost === undefined ? {} : { lost };
}

function changedProperties({ before, after }: Pair): readonly PropertyChange[] {
  return [
    ...differences(before.inputs, after.inputs).map((one) => consequence(after, one)),
    ...differences(optionsOf(before), optionsOf(after), "options"),
  ];
}

/** What the engine is told, where it decides over what happens to the resource. */
function optionsOf({ protect, retainOnDelete, deleteBeforeReplace, ignoreChanges }: RecordedResource) {
  return { protect, retainOnDelete, deleteBeforeReplace, ignoreChanges };
}

function changeOf(changed: ChangedPair): readonly ResourceChange[] {
  const { before, after, aliased, properties } = changed;
  const replaced = isReplaced(changed);
  const first: Pick<ResourceChange, "deletedFirst"> = deletedFirst(before, after) ? { deletedFirst: true } : {};
  const consequences = replaced ? { ...losing(before), ...first } : {};
  if (aliased !== undefined) {
    return [{ ...identity("renamed", after), formerUrn: before.urn, aliased, properties, ...consequences }];
  }
  if (properties.length === 0) return [];
  const fate = replaced ? "replaced" : properties.every(({ ignored }) => ignored) ? "kept" : "changed";
  return [{ ...identity(fate, after), properties, ...consequences }];
}

/** Two of the same name cannot be there at once: the provider deletes first, unless Pulumi makes the name up. */
function deletedFirst(before: RecordedResource, after: RecordedResource): boolean {
  const { name } = after.inputs;
  return after.deleteBeforeReplace || (name !== undefined && before.inputs.name === name);
}
