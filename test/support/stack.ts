import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { deployStack } from "../../stacks/environment";
import { type Graph, recordGraph, refusal } from "./graph";

export const ROOT = join(__dirname, "..", "..");

type Values = Record<string, unknown>;

/** The values of a committed stack file, with others in their place; `undefined` takes one away. */
export function stackValues(stack: string, changes: Values = {}, dir = ROOT): Values {
  const file = parsed(readFileSync(join(dir, `Pulumi.${stack}.yaml`), "utf8"));
  const changed = Object.entries(changes).map(([key, value]) => [
    key.includes(":") ? key : `ecs-delivery:${key}`,
    value,
  ]);
  const values = { ...file.config, ...(Object.fromEntries(changed) as Values) };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

const files = new Map<string, { config: Values }>();

/** A copy of its own for each caller: some change it. */
function parsed(text: string): { config: Values } {
  const file = files.get(text) ?? (parse(text) as { config: Values });
  files.set(text, file);
  return structuredClone(file);
}

/** Values as the engine hands them to a program. */
export function engineConfig(values: Values): Record<string, string> {
  const entries = Object.entries(values).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

export interface StackOptions {
  readonly changes?: Values;
  readonly preview?: boolean;
  readonly parameters?: Record<string, string>;
}

const graphs = new Map<string, Promise<Graph>>();

function remembered(key: string, record: () => Promise<Graph>): Promise<Graph> {
  const graph = graphs.get(key) ?? record();
  graphs.set(key, graph);
  return graph;
}

/** The graph of a committed stack, changed or not; made once for each question. */
export function stackGraph(stack: string, { changes, ...options }: StackOptions = {}): Promise<Graph> {
  const config = engineConfig(stackValues(stack, changes));
  const key = JSON.stringify([stack, config, options]);
  return remembered(key, () => recordGraph(() => deployStack(), { ...options, stack, config }));
}

/** What a stack is refused with. */
export function stackRefusal(stack: string, changes: Values): Promise<string> {
  return refusal(() => deployStack(), { stack, config: engineConfig(stackValues(stack, changes)) });
}

/** The values of an example's stack file, changed or not. */
export function exampleValues(example: string, stack: string, changes: Values = {}): Values {
  return stackValues(stack, changes, join(ROOT, "examples", example));
}

/** The graph of an example's stack, changed or not; made once for each question. */
export function exampleGraph(example: string, stack: string, changes: Values = {}): Promise<Graph> {
  const config = engineConfig(exampleValues(example, stack, changes));
  const program = require(join(ROOT, "examples", example, "index.ts")) as () => unknown;
  const key = JSON.stringify([example, stack, config]);
  return remembered(key, () => recordGraph(() => program(), { stack, config }));
}

/** The first service of a stack file, changed. */
export function service(stack: string, changes: Values): Values[] {
  const [first] = stackValues(stack)["ecs-delivery:services"] as Values[];
  return [{ ...first, ...changes }];
}
