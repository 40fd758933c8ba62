import type { BuildKind } from "../../components/build/kind";
import { buildKindOf } from "../../model/graph/buildKind";
import type { Finding, RecordedResource, Rule } from "../../model/graph/graph";
import { textOf } from "../../model/graph/read";
import { finding, ofType, physicalName, TYPES } from "../../model/graph/resources";

/** What runs in a role, in messages. */
const WORDS: Readonly<Record<BuildKind, string>> = {
  test: "tests",
  build: "image builds",
  release: "releases",
  confirm: "confirmations",
};

const KINDS = ["test", "build", "release", "confirm"] as const satisfies readonly BuildKind[];

/** The setting that gives each kind a role of its own. */
const SETTINGS: Readonly<Record<BuildKind, string>> = {
  test: "testRole",
  build: "buildRole",
  release: "releaseRole",
  confirm: "confirmRole",
};

/**
 * Builds of several kinds in one role may each do what any of them needs: a test, whose commands are the application's own,
 * pushes images and changes services then.
 */
export const sharedBuildRole: Rule = (graph) => {
  const projects = ofType(graph, TYPES.project);
  const roles = new Set(projects.flatMap(({ inputs }) => textOf(inputs.serviceRole) ?? []));
  return [...roles].flatMap((role) =>
    roleFindings(
      role,
      projects.filter(({ inputs }) => inputs.serviceRole === role),
    ),
  );
};

function roleFindings(role: string, projects: readonly RecordedResource[]): readonly Finding[] {
  const present = new Set(projects.map(buildKindOf));
  const kinds = KINDS.filter((kind) => present.has(kind));
  const [first] = projects;
  if (kinds.length < 2 || !first) return [];
  const test = projects.find((project) => buildKindOf(project) === "test");
  const runs = kinds.map((kind) => said(kind, projects)).join(", ");
  const own = kinds.filter((kind) => kind !== "build").map((kind) => SETTINGS[kind]);
  const text =
    `${role} is the role of ${runs}: ${test ? "commands of a test may do all that the others need" : "each may do all that the others need"}; ` +
    `give each kind its own (${own.join(", ")})`;
  return [finding("shared-build-role", test ?? first, text, test ? "warning" : "notice")];
}

function said(kind: BuildKind, projects: readonly RecordedResource[]): string {
  const ofKind = projects.filter((project) => buildKindOf(project) === kind);
  return `${WORDS[kind]} (${ofKind.map(physicalName).sort().join(", ")})`;
}
