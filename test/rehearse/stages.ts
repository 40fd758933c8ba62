import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { RecordedGraph } from "../../model/graph/graph";
import { pipelinesOf } from "../../model/graph/pipelines";
import { FolderArtifact } from "../../rehearse/build/folderArtifact";
import type { Leftovers } from "../../rehearse/leftovers";
import { prepareSource } from "../../rehearse/source";
import { exampleGraph, ROOT, stackGraph } from "../support/stack";

/** Stacks that are rehearsed together. */
export interface RehearsedStacks {
  readonly name: string;
  /** Folder of the program. */
  readonly folder: string;
  readonly graphs: readonly RecordedGraph[];
  /** Those that have a pipeline. */
  readonly stacks: readonly string[];
  /** What builds work on. */
  readonly source: FolderArtifact;
}

const stackNames = (folder: string) =>
  readdirSync(folder).flatMap((file) => /^Pulumi\.([\w-]+)\.yaml$/.exec(file)?.[1] ?? []);

/** The committed stacks and those of every example, each with the stacks beside it. One after the other: programs share a process. */
export async function allStages(leftovers: Leftovers): Promise<readonly RehearsedStacks[]> {
  const stages: RehearsedStacks[] = [];
  for (const stack of ["dev", "qa", "prod"])
    stages.push(stageOf(leftovers, stack, ROOT, [(await stackGraph(stack)).recorded]));
  for (const example of readdirSync(join(ROOT, "examples")).sort()) {
    const folder = join(ROOT, "examples", example);
    const graphs: RecordedGraph[] = [];
    for (const stack of stackNames(folder)) graphs.push((await exampleGraph(example, stack)).recorded);
    if (graphs.length > 0) stages.push(stageOf(leftovers, example, folder, graphs));
  }
  return stages;
}

function stageOf(
  leftovers: Leftovers,
  name: string,
  folder: string,
  graphs: readonly RecordedGraph[],
): RehearsedStacks {
  const stacks = graphs.filter((graph) => pipelinesOf(graph).length > 0).map(({ stack }) => stack);
  const source = prepareSource(ROOT, folder, graphs, leftovers, { runsCommands: false });
  return { name, folder, graphs, stacks, source: new FolderArtifact(source.folder) };
}
