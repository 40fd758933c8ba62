import { isMap, type Values } from "../graph/read";

/** The keys and places of a property path as Pulumi writes it: `loadBalancers[0].targetGroupArn`, `tags["a.b"]`. */
export function segmentsOf(path: string): readonly (string | number)[] {
  return [...path.matchAll(/\[(\d+)\]|\["([^"]*)"\]|([^.[\]]+)/g)].map(([, index, quoted, key]) =>
    index === undefined ? (quoted ?? key ?? "") : Number(index),
  );
}

/** The value at a path; undefined where there is nothing. */
export function valueAt(value: unknown, segments: readonly (string | number)[]): unknown {
  const [first, ...rest] = segments;
  if (first === undefined) return value;
  if (typeof first === "number") return Array.isArray(value) ? valueAt(value[first], rest) : undefined;
  return isMap(value) ? valueAt(value[first], rest) : undefined;
}

/** Values with another one at a path; undefined takes it away. What leads there stays as it is where there is none. */
export function withValueAt(values: Values, segments: readonly (string | number)[], value: unknown): Values {
  const [first, ...rest] = segments;
  if (typeof first !== "string") return values;
  const inner = rest.length === 0 ? value : replaced(values[first], rest, value);
  const others = Object.entries(values).filter(([key]) => key !== first);
  return Object.fromEntries(inner === undefined ? others : [...others, [first, inner]]);
}

function replaced(present: unknown, segments: readonly (string | number)[], value: unknown): unknown {
  const [first, ...rest] = segments;
  if (typeof first === "number") {
    if (!Array.isArray(present) || !(first in present)) return present;
    return present.map((item: unknown, index) =>
      index === first ? (rest.length === 0 ? value : replaced(item, rest, value)) : item,
    );
  }
  return isMap(present) ? withValueAt(present, segments, value) : present;
}
