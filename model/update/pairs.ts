import type { RecordedGraph, RecordedResource } from "../graph/graph";
import { TYPES } from "../graph/resources";
import { formerUrns } from "./aliases";

/** A resource on both sides. */
export interface Pair {
  readonly before: RecordedResource;
  readonly after: RecordedResource;
  /** Whether the engine knows it again, where its URN is another one. @default - the URN is the same */
  readonly aliased?: boolean;
}

/** The resources of two graphs: those on both sides, and those on one. */
export interface Paired {
  readonly pairs: readonly Pair[];
  readonly removed: readonly RecordedResource[];
  readonly added: readonly RecordedResource[];
}

/** Which resource of one graph is which of the other: by URN, by alias, and else by being the same but for its name. */
export function pairUp(before: RecordedGraph, after: RecordedGraph): Paired {
  const [removed, added] = [new Set(madeIn(before)), new Set(madeIn(after))];
  const pairs: Pair[] = [];
  const match = (aliased: boolean | undefined, find: (one: RecordedResource) => RecordedResource | undefined) => {
    for (const one of added) {
      const other = find(one);
      if (!other) continue;
      pairs.push({ before: other, after: one, aliased });
      removed.delete(other);
      added.delete(one);
    }
  };
  const known = new Map([...removed].map((one) => [one.urn, one]));
  match(undefined, ({ urn }) => known.get(urn));
  const left = (urn: string) => [...removed].find((one) => one.urn === urn);
  match(true, (one) => formerUrns(after, one).flatMap((urn) => left(urn) ?? [])[0]);
  match(false, (one) => {
    const alike = [...removed].filter((other) => isAlike(before, other, after, one));
    return alike.find(({ parent }) => parent === one.parent) ?? alike[0];
  });
  return { pairs, removed: [...removed], added: [...added] };
}

/** What a provider makes. Components are made of what is in them, but for those of another language. */
function madeIn(graph: RecordedGraph): readonly RecordedResource[] {
  return graph.resources.filter(({ custom, type }) => custom || type.startsWith("awsx:"));
}

function isAlike(before: RecordedGraph, old: RecordedResource, after: RecordedGraph, young: RecordedResource): boolean {
  return (
    old.type === young.type && givenName(old) === givenName(young) && essence(before, old) === essence(after, young)
  );
}

/** The name in AWS, where Pulumi does not make it up. */
function givenName({ type, inputs }: RecordedResource): unknown {
  return inputs.name ?? inputs.family ?? (type === TYPES.bucket ? inputs.bucket : undefined);
}

/** The inputs without what follows from the name: the name itself, the parent's, and what Pulumi adds to make one up. */
function essence(graph: RecordedGraph, { inputs, name, parent }: RecordedResource): string {
  const above = graph.resources.find(({ urn }) => urn === parent);
  const names = [name, ...(above ? [above.name] : [])];
  const text = names.reduce((rest, one) => rest.replaceAll(one, "<name>"), JSON.stringify(inputs));
  return text.replace(/[0-9a-f]{7,}/g, "<hash>");
}
