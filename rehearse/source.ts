import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buildKindOf } from "../model/graph/buildKind";
import type { RecordedGraph } from "../model/graph/graph";
import { pipelinesOf, variableGiven, variablesIn } from "../model/graph/pipelines";
import { mapOf, textOf } from "../model/graph/read";
import { physicalName } from "../model/graph/resources";
import { runnablesOf } from "../model/graph/workflows";
import { UsageError } from "../preview/arguments";
import { git } from "../preview/diff/git";
import type { OwnersRun } from "./build/driver";
import type { Leftovers } from "./leftovers";

/** The files that builds work on. */
export interface BuildSource {
  readonly folder: string;
  /** What it is, for a person. */
  readonly what: string;
  /** Whose commands are run: those that are part of this project may be. */
  readonly runs: OwnersRun;
}

/** Folders of examples that have a source of their own beside the program, and whether it has what the tests call. */
const OWN = [
  { name: "app", runsTests: true },
  { name: "source", runsTests: false },
];

/** Folder of the sample application, from the project's root. */
const SAMPLE = join("examples", "sample", "app", "backend");

/** A buildspec of one's own, for stacks whose services have one. */
const OWN_BUILDSPEC = join("examples", "own-build", "source", "backend", "build", "buildspec.yml");

/** A buildspec of one's own that tests: what it runs is the application's matter. */
const OWN_TEST = "version: 0.2\nphases:\n  build:\n    commands:\n      - echo tested\n";

/**
 * The files of a commit, in a folder of their own: those of a folder as git has them, those that an example brings, or the
 * sample application at every place that a build of the stacks looks at.
 */
export function prepareSource(
  root: string,
  folder: string,
  graphs: readonly RecordedGraph[],
  leftovers: Pick<Leftovers, "add">,
  given: { readonly source?: string | undefined; readonly commit?: string | undefined; readonly runsCommands: boolean },
): BuildSource {
  const place = mkdtempSync(join(tmpdir(), "rehearse-source-"));
  leftovers.add(() => rmSync(place, { recursive: true, force: true }));
  if (given.source !== undefined) {
    copyTree(given.source, place, given.commit);
    const what = given.commit === undefined ? given.source : `${given.source} at ${given.commit}`;
    return { folder: place, what, runs: { stack: given.runsCommands, file: given.runsCommands } };
  }
  sample(root, place, graphs);
  const own = OWN.find(({ name }) => existsSync(join(folder, name)));
  if (own === undefined) return { folder: place, what: "the sample application", runs: { stack: false, file: true } };
  cpSync(join(folder, own.name), place, { recursive: true });
  return { folder: place, what: "the source that the example brings", runs: { stack: own.runsTests, file: true } };
}

/** What git has of a folder: what a pipeline would fetch. All of it where there is no git. */
function copyTree(from: string, to: string, commit: string | undefined): void {
  const files =
    commit === undefined
      ? git(from, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
      : git(from, "ls-tree", "-r", "-z", "--name-only", commit);
  if (!files.ok && commit !== undefined)
    throw new UsageError(`--commit: ${from} has no commit ${commit}: ${files.err}`);
  if (!files.ok) {
    cpSync(from, to, {
      recursive: true,
      filter: (path) => !/(^|\/)(\.git|node_modules)(\/|$)/.test(path.slice(from.length)),
    });
    return;
  }
  for (const file of files.out.split("\0")) {
    if (file === "") continue;
    const target = join(to, file);
    mkdirSync(dirname(target), { recursive: true });
    if (commit === undefined) {
      if (existsSync(join(from, file))) cpSync(join(from, file), target, { verbatimSymlinks: true });
    } else writeFileSync(target, git(from, "show", `${commit}:./${file}`).out);
  }
}

/** The sample at every folder that a build works in, under the name that its Dockerfile has there. */
function sample(root: string, place: string, graphs: readonly RecordedGraph[]): void {
  const from = join(root, SAMPLE);
  for (const graph of graphs) {
    const projects = runnablesOf(graph);
    for (const action of pipelinesOf(graph).flatMap(({ actions }) => actions)) {
      if (action.provider !== "CodeBuild") continue;
      const project = projects.find((one) => physicalName(one) === action.configuration.ProjectName);
      const own = variablesIn(mapOf(project?.inputs.environment).environmentVariables);
      const variable = (name: string) => variableGiven(action, name) ?? own.find((one) => one.name === name)?.value;
      const folder = join(place, variable("SERVICE_FOLDER") ?? ".");
      cpSync(from, folder, { recursive: true });
      const dockerfile = variable("DOCKERFILE");
      if (dockerfile !== undefined) copyTo(join(from, "Dockerfile"), join(folder, dockerfile));
      const buildspec = textOf(mapOf(project?.inputs.source).buildspec);
      if (buildspec !== undefined && !/^\s*[{#]|\n/.test(buildspec))
        writeBuildspec(
          join(place, buildspec),
          project && buildKindOf(project) === "build" ? ownBuild(root, variable("SERVICE_FOLDER") ?? ".") : OWN_TEST,
        );
    }
  }
}

/** A buildspec of one's own that builds an image, for a service in this folder. */
function ownBuild(root: string, folder: string): string {
  return readFileSync(join(root, OWN_BUILDSPEC), "utf8").replace(/ backend$/m, ` "${folder}"`);
}

function writeBuildspec(to: string, text: string): void {
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, text);
}

function copyTo(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to);
}
