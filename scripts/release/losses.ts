import type { RecordedGraph, RecordedResource } from "../../model/graph/graph";
import { TYPES } from "../../model/graph/resources";
import { changedProperties, isReplaced, withFollowers } from "../../model/update/followers";
import { lookAhead } from "../../model/update/lookAhead";
import { pairUp } from "../../model/update/pairs";
import { lostWith } from "../../model/update/replaces";
import { withFormerNames } from "../../preview/diff/keptNames";

/** Something that an upgrade takes away from who has the last release, or that AWS would refuse. */
export interface Loss {
  /** Type token and logical name of what it is about. @default - it is about the whole stack */
  readonly of?: Pick<RecordedResource, "type" | "name">;
  /** `replaced: its port is another one; its address is lost`. */
  readonly what: string;
}

/** What an upgrade from a recorded release to another graph of the same settings takes away. */
export function lossesOf(before: RecordedGraph, now: RecordedGraph): readonly Loss[] {
  const after = withFormerNames(before, now);
  const { pairs, removed } = pairUp(before, after);
  const changed = withFollowers(pairs.map((pair) => ({ ...pair, properties: changedProperties(pair) })));
  // A revision of a task definition is a new one by nature, and the old one stays as long as anything runs by it.
  const ours = changed.filter(({ after: { type } }) => type !== TYPES.taskDefinition);
  const perhaps = ours.filter((pair) => !isReplaced(pair) && pair.properties.some(({ mayReplace }) => mayReplace));
  return [
    ...removed.map((resource) => lossOf(resource, "removed")),
    ...ours.filter(isReplaced).map((pair) => {
      const { properties, aliased, after: young } = pair;
      const paths = properties.filter((one) => one.replaces).map(({ path }) => path);
      const why = aliased === false ? `named "${young.name}" now, and has no alias` : `by ${paths.join(", ")}`;
      return lossOf(pair.before, `replaced: ${why}`);
    }),
    ...perhaps.map(({ before: former, properties }) => {
      const paths = properties.filter(({ mayReplace }) => mayReplace).map(({ path }) => path);
      return lossOf(former, `may be replaced: by ${paths.join(", ")}`);
    }),
    ...refusals(before, after),
  ];
}

function lossOf(resource: RecordedResource, text: string): Loss {
  const lost = lostWith(resource);
  return { of: resource, what: lost === undefined ? text : `${text}; lost is ${lost}` };
}

/** What AWS would refuse, and where production would not be served. */
function refusals(before: RecordedGraph, after: RecordedGraph): readonly Loss[] {
  const resources = new Map([...after.resources, ...before.resources].map((resource) => [resource.urn, resource]));
  return lookAhead(before, after)
    .findings.filter(({ level, rule }) => level === "error" || rule === "production-not-served")
    .map(({ rule, urn, message }) => {
      const what = `${rule}: ${message}`;
      const of = resources.get(urn ?? "");
      return of ? { of, what } : { what };
    });
}
