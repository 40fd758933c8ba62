import { z } from "zod";
import { distance, meantWord } from "../../components/settings/meantWord";
import { rawAt, schemaAt, unwrap } from "../../components/settings/words";
import { type ConfigFix, isObject, keyOf, type Path, stepInto, valueAtPath } from "./commands";
import { leavesOf } from "./leaves";
import { meantValue, wordsOf } from "./meant";
import type { ConfigProblem } from "./problems";

/** A key that nobody knows: which one is meant, and what moves its value there. */
export function keyProblem(at: Path, key: string, schema: z.ZodType, raw: unknown): ConfigProblem {
  const path = [...at, key];
  const here = schemaAt(schema, at);
  const elsewhere = here instanceof z.ZodDiscriminatedUnion ? ofOtherForm(here, key, valueAtPath(raw, at)) : undefined;
  if (elsewhere !== undefined) return { path, text: elsewhere, fixes: [{ path, remove: true }] };
  if (here && keysOf(here, undefined).includes(key)) {
    const others = Object.keys(valueAtPath(raw, at) ?? {}).filter((one) => one !== key);
    return { path, text: `expected nothing beside ${others.join(", ")}`, fixes: [{ path, remove: true }] };
  }
  const meant = here ? meantPath(here, at, key, schema) : undefined;
  const allowed = here ? keysOf(here, valueAtPath(raw, at)) : [];
  if (meant === undefined) {
    const text = allowed.length > 0 ? `unknown key; allowed here: ${allowed.join(", ")}` : "unknown key";
    return { path, text, fixes: [{ path, remove: true }] };
  }
  const near = meant.slice(0, -1).every((step, index) => step === at[index]) && meant.length === path.length;
  const said = near ? String(meant.at(-1)) : keyOf(meant);
  return {
    path,
    text: `unknown key, did you mean ${said}?`,
    fixes: [{ path, remove: true }, ...moved(path, meant, schema, raw)],
  };
}

/** Sets what stood at the wrong key at the right one, unless something is there already. */
function moved(path: Path, to: Path, schema: z.ZodType, raw: unknown): readonly ConfigFix[] {
  const value = valueAtPath(raw, path);
  const there = rawAt(schema, to);
  if (valueAtPath(raw, to) !== undefined || there === undefined) return [];
  const fits = there.safeParse(value).success ? value : meantValue(there, value);
  return fits === undefined ? [] : (leavesOf(fits, to) ?? []);
}

/** The key that was meant: one beside it, one that goes on below it (`healthCheckPath`), or one of its name elsewhere. */
function meantPath(here: z.ZodType, at: Path, key: string, schema: z.ZodType): Path | undefined {
  const beside = nearKey(key, keysOf(here, undefined));
  if (beside !== undefined) return [...at, beside];
  const begun = keysOf(here, undefined).filter(
    (one) => key.length > 2 && one.toLowerCase().startsWith(key.toLowerCase()),
  );
  if (begun.length === 1) return [...at, ...begun];
  const below = pathsIn(here, [], 3).filter((path) => path.length > 1);
  const spelt = below.find((path) => path.map(String).join("").toLowerCase() === key.toLowerCase());
  if (spelt) return [...at, ...spelt];
  const named = (paths: readonly Path[]) =>
    paths.find((path) => String(path.at(-1)).toLowerCase() === key.toLowerCase()) ??
    paths.find((path) => key.length > 4 && String(path.at(-1)).toLowerCase().startsWith(key.toLowerCase()));
  const lower = named(below);
  if (lower) return [...at, ...lower];
  const part = meantWord(key, keysOf(here, undefined));
  if (part !== undefined) return [...at, part];
  // From the top: a key of the stack that stands in a service, or one of a map beside it.
  const top = named(pathsIn(schema, [], 2));
  return top && keyOf(top) !== keyOf([...at, key]) ? top : undefined;
}

function nearKey(key: string, keys: readonly string[]): string | undefined {
  const near = keys.filter((name) => distance(name, key) <= 2 || name.toLowerCase() === key.toLowerCase());
  return near.sort((a, b) => distance(a, key) - distance(b, key))[0];
}

/** Paths of the keys in a schema, not through lists. */
function pathsIn(schema: z.ZodType, above: Path, depth: number): Path[] {
  const inner = unwrap(schema);
  if (depth === 0 || !(inner instanceof z.ZodObject)) return [];
  return Object.entries(inner.shape).flatMap(([key, field]) =>
    field instanceof z.ZodType ? [[...above, key], ...pathsIn(field, [...above, key], depth - 1)] : [],
  );
}

/** The keys that a value may have; of several forms, those of the one that the value picks. */
function keysOf(schema: z.ZodType, value: unknown): string[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject) return Object.keys(inner.shape);
  if (inner instanceof z.ZodRecord) return [...wordsOf(inner.keyType instanceof z.ZodType ? inner.keyType : undefined)];
  if (!(inner instanceof z.ZodUnion)) return [];
  const forms = inner.options.flatMap((option) => (option instanceof z.ZodType ? option : []));
  const picked =
    inner instanceof z.ZodDiscriminatedUnion
      ? forms.filter((form) => takes(form, inner.def.discriminator, value))
      : forms;
  return [...new Set((picked.length > 0 ? picked : forms).flatMap((form) => keysOf(form, undefined)))];
}

function takes(form: z.ZodType, discriminator: string, value: unknown): boolean {
  const word = stepInto(value, discriminator);
  return wordsOf(schemaAt(form, [discriminator])).some((one) => one === word);
}

/** What to say of a key that other forms of a union have. */
function ofOtherForm(union: z.ZodDiscriminatedUnion, key: string, value: unknown): string | undefined {
  const { discriminator } = union.def;
  const forms = union.options.flatMap((option) => {
    const form = option instanceof z.ZodType ? unwrap(option) : undefined;
    return form instanceof z.ZodObject && key in form.shape ? [form] : [];
  });
  if (forms.length === 0 || !isObject(value)) return undefined;
  const words = forms.flatMap((form) => wordsOf(schemaAt(form, [discriminator])).slice(0, 1));
  const said = union.meta()?.elsewhere === "nothing" ? "expected nothing" : "unknown key";
  const own = meantWord(key, keysOf(union, value));
  const meant = own === undefined ? "" : `; did you mean ${own}?`;
  return `${said}, because only ${words.join(" and ")} ${words.length > 1 ? "have" : "has"} it and the ${discriminator} is ${String(stepInto(value, discriminator))}${meant}`;
}
