import { parse } from "yaml";
import type { PhaseName } from "../../components/build/buildspec/buildspec";
import { TEST_PREAMBLE } from "../../components/build/buildspec/unitTest";
import { isMap, mapOf, textOf, textsOf, type Values } from "../../model/graph/read";

/** A phase as CodeBuild runs it. */
export interface ReadPhase {
  readonly commands: readonly Command[];
  readonly finallyCommands: readonly Command[];
  readonly abort: boolean;
}

/** Whose a command is: of a test in the stack file, or of a buildspec in the repository. */
export type Owner = "stack" | "file";

/** One command, and whose it is. */
export interface Command {
  readonly text: string;
  /** Where it comes from, if it is code of the repository that is delivered. @default - this program wrote it */
  readonly owner?: Owner;
}

/** What a buildspec leaves. */
export interface Artifacts {
  readonly files: readonly string[];
  readonly baseDirectory: string;
  readonly discardPaths: boolean;
}

/** A buildspec, taken apart. https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html */
export interface ReadBuildspec {
  readonly variables: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly exported: readonly string[];
  readonly phases: Readonly<Record<PhaseName, ReadPhase>>;
  readonly artifacts: Artifacts | undefined;
  readonly secondary: Readonly<Record<string, Artifacts>>;
}

/** Phases in CodeBuild's order. */
export const PHASES: readonly PhaseName[] = ["install", "pre_build", "build", "post_build"];

/** A buildspec that CodeBuild would not take. */
export class BuildspecError extends Error {}

/** Reads a buildspec. @param fromSource whether it is a file of the repository: then every command in it is the user's */
export function readBuildspec(text: string, fromSource: boolean): ReadBuildspec {
  const document = parsed(text);
  if (textOf(document.version) === undefined) throw new BuildspecError("YAML_FILE_ERROR: the buildspec has no version");
  const env = mapOf(document.env);
  const artifacts = mapOf(document.artifacts);
  const phases = mapOf(document.phases);
  const unknown = Object.keys(phases).find((name) => !PHASES.some((phase) => phase === name));
  if (unknown !== undefined) throw new BuildspecError(`YAML_FILE_ERROR: unknown phase ${unknown}`);
  const read = PHASES.map((name) => [name, readPhase(mapOf(phases[name]), fromSource)] as const);
  return {
    variables: texts(env.variables),
    parameters: texts(env["parameter-store"]),
    secrets: texts(env["secrets-manager"]),
    exported: textsOf(env["exported-variables"]),
    phases: Object.fromEntries(read) as ReadBuildspec["phases"],
    artifacts: artifacts.files === undefined ? undefined : readArtifacts(artifacts),
    secondary: Object.fromEntries(
      Object.entries(mapOf(artifacts["secondary-artifacts"])).map(([name, one]) => [name, readArtifacts(mapOf(one))]),
    ),
  };
}

function parsed(text: string): Values {
  try {
    const document: unknown = parse(text);
    if (isMap(document)) return document;
  } catch (error) {
    throw new BuildspecError(`YAML_FILE_ERROR: ${error instanceof Error ? error.message : String(error)}`);
  }
  throw new BuildspecError("YAML_FILE_ERROR: the buildspec is no map");
}

function readPhase(phase: Values, fromSource: boolean): ReadPhase {
  const commands = textsOf(phase.commands);
  // The tests' own commands come after what goes before them in every test.
  const isTest = TEST_PREAMBLE.every((command, index) => commands[index] === command);
  return {
    commands: commands.map((text, index): Command => {
      if (fromSource) return { text, owner: "file" };
      return isTest && index >= TEST_PREAMBLE.length ? { text, owner: "stack" } : { text };
    }),
    finallyCommands: textsOf(phase.finally).map((text): Command => (fromSource ? { text, owner: "file" } : { text })),
    abort: textOf(phase["on-failure"]) === "ABORT",
  };
}

function readArtifacts(artifacts: Values): Artifacts {
  return {
    files: textsOf(artifacts.files),
    baseDirectory: textOf(artifacts["base-directory"]) ?? ".",
    discardPaths: ["yes", "true"].includes(textOf(artifacts["discard-paths"]) ?? ""),
  };
}

function texts(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(mapOf(value)).map(([name, one]) => [name, textOf(one) ?? ""]));
}
