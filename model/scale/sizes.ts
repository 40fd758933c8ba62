import { BUILDSPEC_MAX } from "../../components/build/buildspec/packed";
import { PATTERN_MAX } from "../../components/checks/eventPattern";
import { MANAGED_POLICIES_MAX, POLICY_MAX } from "../../components/iam/policySize";
import { ACTIONS_IN_STAGE } from "../../components/pipeline/largeStages";
import { BYTES_MAX } from "../graph/awsForms";
import type { RecordedGraph } from "../graph/graph";
import { attachedArns, policiesOf } from "../graph/iam";
import { pipelinesOf } from "../graph/pipelines";
import { mapOf, textOf } from "../graph/read";
import { ofType, TYPES } from "../graph/resources";

/** How large the largest of something may be, and what the preview says before it is larger. */
export interface SizeLimit {
  readonly what: string;
  readonly most: number;
  /** Rule of the preview. */
  readonly rule: string;
  readonly largest: (graph: RecordedGraph) => number;
}

/** What grows with the services of a stack, and has a size that AWS refuses. */
export const SIZE_LIMITS: readonly SizeLimit[] = [
  {
    what: "managed policies of a role",
    most: MANAGED_POLICIES_MAX,
    rule: "limits",
    largest: (graph) => ofRoles(graph, (role) => attachedArns(graph, role).length),
  },
  {
    what: "characters of a role's inline policies",
    most: POLICY_MAX.inline,
    rule: "limits",
    largest: (graph) =>
      ofRoles(graph, (role) =>
        policiesOf(graph, role)
          .filter(({ inline }) => inline)
          .reduce((sum, { text }) => sum + text.length, 0),
      ),
  },
  {
    what: "characters of a managed policy",
    most: POLICY_MAX.managed,
    rule: "limits",
    largest: (graph) => longest(ofType(graph, TYPES.policy).map(({ inputs }) => inputs.policy)),
  },
  {
    what: "actions of a stage",
    most: ACTIONS_IN_STAGE,
    rule: "pipeline-structure",
    largest: (graph) =>
      Math.max(0, ...pipelinesOf(graph).flatMap(({ stages }) => stages.map(({ actions }) => actions.length))),
  },
  {
    what: "characters of an event pattern",
    most: PATTERN_MAX,
    rule: "limits",
    largest: (graph) => longest(ofType(graph, TYPES.eventRule).map(({ inputs }) => inputs.eventPattern)),
  },
  {
    what: "characters of a build project's commands",
    most: BUILDSPEC_MAX,
    rule: "limits",
    largest: (graph) => longest(ofType(graph, TYPES.project).map(({ inputs }) => mapOf(inputs.source).buildspec)),
  },
  {
    what: "bytes of a task definition's containers",
    most: BYTES_MAX.containers,
    rule: "limits",
    largest: (graph) => longest(ofType(graph, TYPES.taskDefinition).map(({ inputs }) => inputs.containerDefinitions)),
  },
  {
    what: "bytes of a parameter's value",
    most: BYTES_MAX.parameter,
    rule: "limits",
    largest: (graph) => longest(ofType(graph, TYPES.parameter).map(({ inputs }) => inputs.value)),
  },
];

function ofRoles(graph: RecordedGraph, count: (role: RecordedGraph["resources"][number]) => number): number {
  return Math.max(0, ...ofType(graph, TYPES.role).map(count));
}

function longest(texts: readonly unknown[]): number {
  return Math.max(0, ...texts.map((text) => Buffer.byteLength(textOf(text) ?? "")));
}
