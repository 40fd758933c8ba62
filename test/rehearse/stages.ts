import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { RecordedGraph } from "../../model/graph/graph";
import { pipelinesOf } from "../../model/graph/pipelines";
import { exampleGraph, ROOT, stackGraph } from "../support/stack";

/** Stacks that are rehearsed together. */
export interface RehearsedStacks {
  readonly name: string;
  /** Folder of the program. */
  readonly folder: string;
  readonly graphs: readonly RecordedGraph[];
  /** Those that have a pipeline. */
  readonly stacks: readonly string[];
}

const stackNames = (folder: string) =>
  readdirSync(folder).flatMap((file) => /^Pulumi\.([\w-]+)\.yaml$/.exec(file)?.[1] ?? []);

/** The committed stacks and those of every example, each with the stacks beside it. One after the other: programs share a process. */
export async function allStages(): Promise<readonly RehearsedStacks[]> {
  const stages: RehearsedStacks[] = [];
  for (const stack of ["dev", "qa", "prod"]) stages.push(stageOf(stack, ROOT, [(await stackGraph(stack)).recorded]));
  for (const example of readdirSync(join(ROOT, "examples")).sort()) {
    const folder = join(ROOT, "examples", example);
    const graphs: RecordedGraph[] = [];
    for (const stack of stackNames(folder)) graphs.push((await exampleGraph(example, stack)).recorded);
    if (graphs.length > 0) stages.push(stageOf(example, folder, graphs));
  }
  return stages;
}

function stageOf(name: string, folder: string, graphs: readonly RecordedGraph[]): RehearsedStacks {
  const stacks = graphs.filter((graph) => pipelinesOf(graph).length > 0).map(({ stack }) => stack);
  return { name, folder, graphs, stacks };
}
