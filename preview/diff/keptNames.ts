import type { RecordedGraph, RecordedResource } from "../../model/graph/graph";
import { isMap, type Values } from "../../model/graph/read";
import { type Pair, pairUp } from "../../model/update/pairs";

/**
 * The later graph without what a preview makes up from the new name of a resource that an alias keeps: AWS keeps its
 * name and id, so nothing that refers to it changes.
 */
export function withKeptNames(before: RecordedGraph, after: RecordedGraph): RecordedGraph {
  return withNamesOf(
    pairUp(before, after).pairs.filter(({ aliased }) => aliased === true),
    after,
  );
}

/**
 * The later graph with what a preview made up of each resource when the earlier one was recorded: another version of the
 * preview may make up other ids, and AWS keeps its own.
 */
export function withFormerNames(before: RecordedGraph, after: RecordedGraph): RecordedGraph {
  return withNamesOf(
    pairUp(before, after).pairs.filter(({ aliased }) => aliased !== false),
    after,
  );
}

function withNamesOf(kept: readonly Pair[], after: RecordedGraph): RecordedGraph {
  const names = kept.flatMap((pair) => madeUp(pair.before, pair.after)).sort(([a], [b]) => b.length - a.length);
  if (names.length === 0) return after;
  const back = (text: string) => names.reduce((rest, [now, then]) => rest.replaceAll(now, then), text);
  const resources = after.resources.map((resource) => ({
    ...resource,
    inputs: rewritten(resource.inputs, back),
    outputs: rewritten(resource.outputs, back),
    id: resource.id === undefined ? undefined : back(resource.id),
  }));
  return { ...after, resources, stackOutputs: rewritten(after.stackOutputs, back) };
}

/** What AWS works out, now and before, where the two differ. */
function madeUp(before: RecordedResource, after: RecordedResource): readonly (readonly [string, string])[] {
  const workedOut = Object.entries(after.outputs).filter(([key]) => !(key in after.inputs));
  const answers = [[after.id, before.id], ...workedOut.map(([key, value]) => [value, before.outputs[key]])];
  return answers.flatMap(([now, then]) =>
    typeof now === "string" && typeof then === "string" && now !== then && now !== "" ? [[now, then] as const] : [],
  );
}

function rewritten(values: Values, back: (text: string) => string): Values {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, rewrittenValue(value, back)]));
}

function rewrittenValue(value: unknown, back: (text: string) => string): unknown {
  if (typeof value === "string") return back(value);
  if (Array.isArray(value)) return value.map((item) => rewrittenValue(item, back));
  return isMap(value) ? rewritten(value, back) : value;
}
