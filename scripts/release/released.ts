import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { RecordedGraph, RecordedResource } from "../../model/graph/graph";
import { recordProgram } from "../../preview/record/recordGraph";
import { readProject, readStackConfig } from "../../preview/record/stackFile";
import { deployStack } from "../../stacks/environment";
import { readPacked, writePacked } from "../packed";

const ROOT = join(__dirname, "..", "..");

/** Where what was released is kept: three megabytes, packed. */
const RECORD_FILE = join(ROOT, "test/golden/released.json.br");

/** Stacks that have every strategy, kind of load balancer and way to deliver between them. */
const STACKS: readonly (readonly [folder: string, stack: string])[] = [
  [".", "dev"],
  [".", "qa"],
  [".", "prod"],
  ["examples/code-deploy-blue-green", "dev"],
  ["examples/ecs-blue-green", "dev"],
  ["examples/ecs-canary", "dev"],
  ["examples/ecs-linear", "dev"],
  ["examples/network-load-balancer", "dev"],
  ["examples/github-actions", "dev"],
  ["examples/web-and-workers", "dev"],
  ["examples/two-accounts", "staging"],
  ["examples/two-accounts", "production"],
];

/** A stack as it was released: what its file said, and what the program made of it. */
export interface ReleasedStack {
  /** Folder and stack: `examples/ecs-canary dev`. */
  readonly name: string;
  readonly config: Readonly<Record<string, string>>;
  readonly graph: RecordedGraph;
}

/** What a version of the program made of its own stack files. */
export interface RecordedRelease {
  readonly version: string;
  readonly stacks: readonly ReleasedStack[];
}

/** The stacks, as the program makes them now of the files that are there now. */
export async function recordStacks(): Promise<readonly ReleasedStack[]> {
  const stacks: ReleasedStack[] = [];
  for (const [folder, stack] of STACKS) {
    const place = join(ROOT, folder);
    const { name: project } = readProject(place);
    const config = readStackConfig(place, project, stack);
    stacks.push({ name: `${folder} ${stack}`, config, graph: await recordReleased({ project, stack }, config) });
  }
  return stacks;
}

/** What today's program makes of the settings of a release. */
export function recordReleased(
  { project, stack }: Pick<RecordedGraph, "project" | "stack">,
  config: Readonly<Record<string, string>>,
): Promise<RecordedGraph> {
  return recordProgram(() => deployStack(), { project, stack, config });
}

/** The last release, as it was recorded. */
export function readRelease(): RecordedRelease {
  const { version, stacks } = readPacked(RECORD_FILE) as RecordedRelease;
  return { version, stacks: stacks.map((one) => ({ ...one, graph: withResources(one.graph, whole) })) };
}

/** Puts a release in the place of the last one, and gives the bytes that it takes. */
export function writeRelease({ version, stacks }: RecordedRelease): number {
  const slim = { version, stacks: stacks.map((one) => ({ ...one, graph: withResources(one.graph, withoutRepeated) })) };
  return writePacked(RECORD_FILE, slim);
}

function withResources(graph: RecordedGraph, change: (resource: RecordedResource) => RecordedResource): RecordedGraph {
  return { ...graph, resources: graph.resources.map(change) };
}

/** Most outputs are inputs that AWS gives back. */
function withoutRepeated(resource: RecordedResource): RecordedResource {
  const own = Object.entries(resource.outputs).filter(
    ([key, value]) => !isDeepStrictEqual(value, resource.inputs[key]),
  );
  return { ...resource, outputs: Object.fromEntries(own) };
}

function whole(resource: RecordedResource): RecordedResource {
  return { ...resource, outputs: { ...resource.inputs, ...resource.outputs } };
}
