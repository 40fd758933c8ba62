import { isDeepStrictEqual } from "node:util";
import { isMap, jsonOf, mapOf, textOf, type Values } from "../graph/read";

/** One value that is not what it was. */
export interface Difference {
  /** Where it is, for example `containerDefinitions[api].memory`; `[]` is a place in a list whose order says nothing. */
  readonly path: string;
  /** @default - it was not there */
  readonly before?: unknown;
  /** @default - it is not there any more */
  readonly after?: unknown;
}

/** Where two values differ, as deep down as can be said. JSON texts count as what they stand for. */
export function differences(before: unknown, after: unknown, path = ""): readonly Difference[] {
  const [old, young] = [opened(before), opened(after)];
  if (isDeepStrictEqual(old, young)) return [];
  if (isMap(old) && isMap(young)) return mapDifferences(old, young, path);
  if (Array.isArray(old) && Array.isArray(young)) return listDifferences(old, young, path);
  return [difference(path, before, after)];
}

function difference(path: string, before: unknown, after: unknown): Difference {
  return { path, before, after };
}

/** JSON text as the map or list it stands for. */
function opened(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  return jsonOf(value) ?? value;
}

function mapDifferences(before: Values, after: Values, path: string): readonly Difference[] {
  const all = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const keys = all.filter((key) => !CONTAINER.test(path) || !(isNothing(before[key]) && isNothing(after[key])));
  return keys.flatMap((key) => differences(before[key], after[key], path + step(key, path)));
}

/** One container of a task definition: AWS answers with empty lists where none were given, and the provider takes them for none. */
const CONTAINER = /^containerDefinitions\[[^\]]*\]$/;

function isNothing(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0);
}

function step(key: string, path: string): string {
  if (path === "") return key;
  return /^[\w-]+$/.test(key) ? `.${key}` : `["${key}"]`;
}

function listDifferences(before: readonly unknown[], after: readonly unknown[], path: string): readonly Difference[] {
  if (named(before) && named(after)) return namedDifferences(before, after, path);
  const start = before.findIndex((item, index) => !isDeepStrictEqual(item, after[index]));
  const first = start < 0 ? before.length : start;
  const [old, young] = [before.slice(first), after.slice(first)];
  while (old.length > 0 && young.length > 0 && isDeepStrictEqual(old.at(-1), young.at(-1))) {
    old.pop();
    young.pop();
  }
  if (old.length === young.length && [...old, ...young].every(isMap)) {
    return old.flatMap((item, index) => differences(item, young[index], `${path}[${first + index}]`));
  }
  const gone = old.filter((item) => !young.some((other) => isDeepStrictEqual(item, other)));
  const come = young.filter((item) => !old.some((other) => isDeepStrictEqual(item, other)));
  if (gone.length + come.length === 0) return [difference(path, before, after)];
  if (gone.length === 1 && come.length === 1) return differences(gone[0], come[0], `${path}[]`);
  return [
    ...gone.map((item) => difference(`${path}[]`, item, undefined)),
    ...come.map((item) => difference(`${path}[]`, undefined, item)),
  ];
}

/** Whether every item of a list is a map with a name of its own: then the name, not the place, says which is which. */
function named(list: readonly unknown[]): boolean {
  const names = namesOf(list);
  return !names.includes(undefined) && new Set(names).size === list.length;
}

function namesOf(list: readonly unknown[]): readonly (string | undefined)[] {
  return list.map((item) => textOf(mapOf(item).name));
}

function namedDifferences(before: readonly unknown[], after: readonly unknown[], path: string): readonly Difference[] {
  const [old, young] = [namesOf(before), namesOf(after)];
  const stayed = (names: readonly (string | undefined)[]) =>
    names.filter((name) => old.includes(name) && young.includes(name));
  const [was, is] = [stayed(old), stayed(young)];
  const all = [...new Set([...old, ...young])];
  return [
    ...(isDeepStrictEqual(was, is) ? [] : [difference(`${path}[] order`, was.join(", "), is.join(", "))]),
    ...all.flatMap((name) => {
      const [a, b] = [before[old.indexOf(name)], after[young.indexOf(name)]];
      return differences(a, b, `${path}[${name ?? ""}]`);
    }),
  ];
}
