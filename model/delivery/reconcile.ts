import type { RecordedGraph, RecordedResource } from "../graph/graph";
import { pipelinesOf } from "../graph/pipelines";
import { mapOf, mapsOf, textOf } from "../graph/read";
import { arnOf, bucketNamed, ofType, referredBy, TYPES } from "../graph/resources";

/** The end that a preview makes up for a name. */
const MADE_UP = /-[0-9a-f]{7}$/;

/**
 * Stacks that know one another as they would once all are there. A person copies the names of a stack's bucket and key into
 * the other's file; in a recording both are made up, so the one that stands there is taken for the one that is meant.
 */
export function reconciled(graphs: readonly RecordedGraph[]): readonly RecordedGraph[] {
  const known = done.get(graphs);
  if (known) return known;
  const found = graphs.length < 2 ? graphs : reconcile(graphs);
  done.set(graphs, found);
  return found;
}

/** A search asks for the same stacks thousands of times. */
const done = new WeakMap<readonly RecordedGraph[], readonly RecordedGraph[]>();

function reconcile(graphs: readonly RecordedGraph[]): readonly RecordedGraph[] {
  const keys = new Set(graphs.flatMap((graph) => ofType(graph, TYPES.key).map((key) => arnOf(key))));
  return graphs.map((graph) =>
    graphs.filter((one) => one !== graph).reduce((now, other) => knowing(now, other, keys), graph),
  );
}

function knowing(graph: RecordedGraph, other: RecordedGraph, keys: ReadonlySet<string | undefined>): RecordedGraph {
  const stores = pipelinesOf(other).flatMap(({ resource }) => mapsOf(resource.inputs.artifactStores));
  return stores.reduce((now, store) => {
    const bucket = textOf(store.location) ?? "";
    const made = bucketNamed(other, bucket);
    const keyArn = textOf(mapOf(store.encryptionKey).id);
    const key = referredBy(other, TYPES.key, keyArn);
    const named = made && made.inputs.bucket === undefined ? namesLike(now, bucket) : [];
    const keyed = key && keyArn !== undefined ? keysBeside(now, keyArn, keys) : [];
    return replaced(replaced(now, named, bucket), keyed, keyArn ?? "");
  }, graph);
}

/** Names in a graph that differ from a bucket's only in what a preview makes up. */
function namesLike({ resources }: RecordedGraph, bucket: string): readonly string[] {
  const stem = bucket.replace(MADE_UP, "");
  const pattern = new RegExp(`${stem.replace(/[.]/g, "\\$&")}-[0-9a-f]{7}(?![0-9a-z-])`, "g");
  return [...new Set(JSON.stringify(resources).match(pattern) ?? [])].filter((name) => name !== bucket);
}

/** Keys of the same account and region that no stack here makes. */
function keysBeside(
  { resources }: RecordedGraph,
  keyArn: string,
  keys: ReadonlySet<string | undefined>,
): readonly string[] {
  const beginning = keyArn.slice(0, keyArn.indexOf(":key/") + 5);
  const found = JSON.stringify(resources).match(/arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/[0-9a-f-]+/g) ?? [];
  return [...new Set(found)].filter((arn) => arn.startsWith(beginning) && !keys.has(arn));
}

function replaced(graph: RecordedGraph, names: readonly string[], by: string): RecordedGraph {
  if (names.length === 0) return graph;
  const resources = graph.resources.map((resource): RecordedResource => {
    const [inputs, outputs] = [resource.inputs, resource.outputs].map((values) => {
      const text = JSON.stringify(values);
      return names.some((name) => text.includes(name))
        ? mapOf(JSON.parse(names.reduce((now, name) => now.replaceAll(name, by), text)))
        : values;
    });
    return { ...resource, inputs: inputs ?? {}, outputs: outputs ?? {} };
  });
  return { ...graph, resources };
}
