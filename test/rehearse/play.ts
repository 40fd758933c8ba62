import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PlayedCloud } from "../../model/delivery/cloud";
import { type Fault, Faults } from "../../model/delivery/faults";
import type { PlayedArtifact } from "../../model/delivery/pipeline/artifact";
import { PaperBuilder } from "../../model/delivery/pipeline/paperBuilder";
import type { Push } from "../../model/delivery/pipeline/push";
import { type Rehearsal, type RehearsalOptions, rehearse } from "../../model/delivery/rehearsal";
import type { RecordedGraph, RecordedResource } from "../../model/graph/graph";
import { BashBuilder } from "../../rehearse/build/bashBuilder";
import { Leftovers } from "../../rehearse/leftovers";
import { prepareSource } from "../../rehearse/source";
import { ROOT } from "../support/stack";

/** The commit that tests push. */
export const PUSHED = "1".repeat(40);

const startsAt = new Date("2026-03-02T10:00:00Z");

type Options = Partial<Omit<RehearsalOptions, "push" | "faults">> & {
  readonly push?: Omit<Push, "commit">;
  readonly faults?: readonly Fault[];
};

/** Plays a commit with every build on paper: in milliseconds. */
export function onPaper(
  graphs: readonly RecordedGraph[],
  options: Options = {},
  source?: PlayedArtifact,
): Promise<Rehearsal> {
  return play(graphs, options, (cloud) => new PaperBuilder(cloud, source));
}

/** Plays a commit with the real scripts, on the sample. */
export async function inBash(
  graphs: readonly RecordedGraph[],
  options: Options = {},
  folder = ROOT,
): Promise<Rehearsal> {
  const leftovers = new Leftovers();
  try {
    const source = prepareSource(ROOT, folder, graphs, leftovers, { runsCommands: false });
    return await play(graphs, options, (cloud) => {
      const runs = { stack: false, file: true };
      const builder = new BashBuilder({ cloud, source: source.folder, runs, startsAt });
      leftovers.add(() => builder.close());
      return builder;
    });
  } finally {
    leftovers.clean();
  }
}

function play(
  graphs: readonly RecordedGraph[],
  { push, faults = [], ...options }: Options,
  builder: (cloud: PlayedCloud) => PaperBuilder | BashBuilder,
): Promise<Rehearsal> {
  return rehearse(graphs, {
    startsAt,
    builder,
    ...options,
    faults: new Faults(faults),
    push: { commit: PUSHED, ...push },
  });
}

/** A graph with other inputs on resources of a type. */
export function withInputsOf(
  graph: RecordedGraph,
  type: string,
  change: (inputs: RecordedResource["inputs"], resource: RecordedResource) => Readonly<Record<string, unknown>>,
): RecordedGraph {
  const resources = graph.resources.map((one) =>
    one.type === type ? { ...one, inputs: { ...one.inputs, ...change(one.inputs, one) } } : one,
  );
  return { ...graph, resources };
}

/** A graph without resources of a type, or those that are meant. */
export function withoutType(
  graph: RecordedGraph,
  type: string,
  which: (resource: RecordedResource) => boolean = () => true,
): RecordedGraph {
  return { ...graph, resources: graph.resources.filter((one) => one.type !== type || !which(one)) };
}

/** What happened, as text: where and what. */
export function toldBy({ cloud }: Rehearsal): string {
  return cloud.timeline.moments
    .map(({ where, what, detail = [] }) => [`${where}: ${what}`, ...detail].join("\n"))
    .join("\n");
}

/** A folder of a test's own. */
export function temporary(): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "rehearsal-test-"));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
