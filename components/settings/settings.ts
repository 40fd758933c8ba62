import type { Input } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { Defaulted } from "./setting";
import { wordsAt } from "./words";

/** Settings by their keys. */
export type Settings = Readonly<Record<string, z.ZodType>>;

/**
 * The settings of a component, each defined once. The comment at a key is its documentation: an editor, the reference of
 * components, docs/configuration.md and the stack files' schema all show it.
 */
export function settings<const S extends Settings>(definitions: S): S;
export function settings(definitions: Settings): Settings {
  return Object.fromEntries(Object.entries(definitions).map(([key, definition]) => [key, own(definition)]));
}

/** A definition that two keys share is one for each of them: each has its own documentation. */
function own(definition: z.ZodType): z.ZodType {
  const copy = definition.meta({ ...definition.meta() });
  return "fallback" in definition ? Object.assign(copy, { fallback: definition.fallback }) : copy;
}

/** Arguments that settings make: what may be left out is optional. */
export type ArgsOf<S extends Settings> = {
  readonly [K in keyof S as S[K] extends z.ZodOptional ? K : never]?: z.output<S[K]>;
} & { readonly [K in keyof S as S[K] extends z.ZodOptional ? never : K]: z.output<S[K]> };

/** Arguments with their defaults filled in. */
export type Settled<S extends Settings> = {
  readonly [K in keyof S]: S[K] extends Defaulted<infer T> ? T : z.output<S[K]>;
};

/** Fills in the defaults. What has none stays undefined. */
export function withDefaults<S extends Settings>(definitions: S, args: ArgsOf<S>): Settled<S>;
export function withDefaults(definitions: Settings, args: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const given = Object.keys(definitions).map((key) => [key, args[key] ?? defaultOf(definitions[key])]);
  return Object.fromEntries(given) as Record<string, unknown>;
}

/** What of some values these settings are: they pass on as one, not key by key. */
export function pick<S extends Settings>(definitions: S, values: ArgsOf<S>): ArgsOf<S>;
export function pick(definitions: Settings, values: object): object {
  return Object.fromEntries(Object.entries(values).filter(([key]) => key in definitions));
}

/** The default of one setting, for where it is asked for alone. */
export function defaultOf(definition: z.ZodType | undefined): unknown {
  return definition && "fallback" in definition ? definition.fallback : undefined;
}

/** A setting whose value is only passed on, so that it may be another resource's output. */
export function passedOn<T>(definition: z.ZodType<T>): z.ZodType<Input<T>> {
  return definition;
}

/** What of known values AWS would refuse, a line each; `where` stands before the key. */
export function checkSettings(definitions: Settings, args: object, where = ""): readonly string[] {
  const values = new Map(Object.entries(args));
  return Object.entries(definitions).flatMap(([key, definition]) => {
    const value: unknown = values.get(key);
    return isKnown(value) ? problemsOf(definition, known(value), `${where}${key}`) : [];
  });
}

function problemsOf(definition: z.ZodType, value: unknown, key: string): string[] {
  const issues = definition.safeParse(value, { reportInput: true }).error?.issues ?? [];
  return issues.map(({ path, input, message, ...issue }) => {
    const where = [key, ...path.map(String)].join(".");
    if (issue.code === "custom" && issue.params?.twice === true) return `${where}: expected ${message}`;
    const { expected = "another value", unit = "" } = wordsAt(definition, path) ?? {};
    const words = unit === "" ? expected : expected.replace(`, ${unit}`, ` ${unit}`);
    return `${where}: expected ${words}, ${input === undefined ? "it is not set" : `got ${JSON.stringify(input)}`}`;
  });
}

function isKnown(value: unknown): boolean {
  return !pulumi.Output.isInstance(value) && !(value instanceof Promise);
}

/** The same without what is not known yet. */
function known(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter(isKnown).map(known);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => isKnown(inner));
  return Object.fromEntries(entries.map(([key, inner]) => [key, known(inner)]));
}
