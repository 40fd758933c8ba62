import type { Input } from "@pulumi/pulumi";
import { document, type Statement as Permission } from "../../components/iam/policyDocument";
import { type DocumentStatement, recordGraph } from "./graph";

/** The value at a path inside recorded inputs: keys and list positions. Undefined where there is nothing. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (typeof value !== "object" || value === null) return undefined;
  return at((value as Record<string | number, unknown>)[key], ...rest);
}

/** A recorded list; empty where there is none. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A recorded text or number as text; empty where there is none. */
export function textAt(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** Recorded inputs without some keys. */
export function withoutKey(values: Readonly<Record<string, unknown>> = {}, ...keys: readonly string[]) {
  return Object.fromEntries(Object.entries(values).filter(([key]) => !keys.includes(key)));
}

/** The value at a path inside JSON text. */
export function json(text: unknown, ...path: readonly (string | number)[]): unknown {
  return at(JSON.parse(String(text)), ...path);
}

/** The statements of a policy text. */
export function documentStatements(policy: unknown): DocumentStatement[] {
  return json(policy, "Statement") as DocumentStatement[];
}

/** Statements as a role's policy has them. */
export async function rendered(permissions: () => readonly Permission[]): Promise<DocumentStatement[]> {
  return documentStatements(await resolved(() => document(permissions())));
}

/** What an input comes to, with the preview's answers to look-ups. */
export async function resolved<T>(make: () => Input<T>): Promise<unknown> {
  const graph = await recordGraph(() => ({ value: make() }));
  return graph.recorded.stackOutputs.value;
}

/** What statements allow, one `action resource` a line, sorted: two policies that allow the same are equal. */
export function allowed(statements: readonly DocumentStatement[]): string[] {
  return statements
    .flatMap(({ Action, Resource }) => Action.flatMap((action) => Resource.map((resource) => `${action} ${resource}`)))
    .sort();
}
