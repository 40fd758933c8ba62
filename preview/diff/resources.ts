import type { RecordedResource } from "../../model/graph/graph";
import { type ChangedPair, changedProperties, isReplaced, withFollowers } from "../../model/update/followers";
import { lostByKeepingLess } from "../../model/update/keepsLess";
import type { Paired } from "../../model/update/pairs";
import { deletedFirst, lostWith } from "../../model/update/replaces";
import type { Fate, ResourceChange } from "./change";

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

function keepingLess(before: RecordedResource, after: RecordedResource): Pick<ResourceChange, "lost" | "keepsLess"> {
  const lost = lostByKeepingLess(before, after);
  return lost === undefined ? {} : { lost, keepsLess: true };
}

function changeOf(changed: ChangedPair): readonly ResourceChange[] {
  const { before, after, aliased, properties } = changed;
  const replaced = isReplaced(changed);
  const first: Pick<ResourceChange, "deletedFirst"> =
    replaced && deletedFirst(before, after) ? { deletedFirst: true } : {};
  const goes: Pick<ResourceChange, "lost" | "keepsLess"> = replaced ? losing(before) : {};
  const consequences = { ...(goes.lost === undefined ? keepingLess(before, after) : goes), ...first };
  if (aliased !== undefined) {
    return [{ ...identity("renamed", after), formerUrn: before.urn, aliased, properties, ...consequences }];
  }
  if (properties.length === 0) return [];
  const fate = replaced ? "replaced" : properties.every(({ ignored, kept }) => ignored || kept) ? "kept" : "changed";
  return [{ ...identity(fate, after), properties, ...consequences }];
}
