import { isDeepStrictEqual } from "node:util";
import type { Finding } from "../../model/graph/graph";
import type { StackResult } from "../record/runStack";
import type { Against, StackChange } from "./change";
import { differences } from "./differences";
import { withKeptNames } from "./keptNames";
import { openingChanges } from "./openings";
import { pairUp } from "./pairs";
import { permissionChanges } from "./permissions";
import { resourceChanges } from "./resources";

/** What is not as it was in a stack. Undefined where it cannot be previewed now: then that is what there is to say. */
export function compareStacks(
  against: Against,
  before: StackResult | undefined,
  after: StackResult | undefined,
): StackChange | undefined {
  if (!after) return { ...unchanged(against), only: "there" };
  if (!before) return { ...unchanged(against), only: "here" };
  if (!after.graph) return undefined;
  const { graph: old } = before;
  if (!old) return { ...unchanged(against), failure: before.findings.map(({ message }) => message).join("\n") };
  const graph = withKeptNames(old, after.graph);
  const paired = pairUp(old, graph);
  return {
    against,
    provider: differences(before.provider, after.provider),
    resources: resourceChanges(paired),
    permissions: permissionChanges(old, graph, paired),
    openings: openingChanges(old, graph, paired),
    findings: { new: without(after.findings, before.findings), gone: without(before.findings, after.findings) },
    outputs: differences(old.stackOutputs, graph.stackOutputs),
  };
}

function unchanged(against: Against): StackChange {
  const none = { widened: [], narrowed: [] };
  return {
    against,
    provider: [],
    resources: [],
    permissions: [],
    openings: none,
    outputs: [],
    findings: { new: [], gone: [] },
  };
}

function without(findings: readonly Finding[], others: readonly Finding[]): readonly Finding[] {
  return findings.filter((one) => !others.some((other) => isDeepStrictEqual(one, other)));
}
