import type { RecordedGraph } from "../graph/graph";
import { serviceNames } from "./owners";
import { pairUp } from "./pairs";

/** Services that are gone, each with the new one that is the same but for its name. */
export function renamedServices(before: RecordedGraph, after: RecordedGraph): readonly (readonly [string, string])[] {
  const [old, young] = [serviceNames(before), serviceNames(after)];
  const gone = old.filter((name) => !young.includes(name));
  const come = young.filter((name) => !old.includes(name));
  if (gone.length === 0 || come.length === 0) return [];
  const alike = pairUp(before, after).pairs.filter(({ aliased }) => aliased === false);
  return gone.flatMap((name) => {
    const pairs = alike.filter((pair) => named(pair.before.name, name));
    const other = come.find((one) => pairs.some((pair) => named(pair.after.name, one)));
    return other === undefined ? [] : [[name, other] as const];
  });
}

function named(resource: string, service: string): boolean {
  return resource === service || resource.startsWith(`${service}-`);
}
