import type { Finding, RecordedGraph } from "../../model/graph/graph";

/** Something two stacks disagree on, and the stack in which it is to be mended. */
export interface Disagreement {
  readonly graph: RecordedGraph;
  readonly finding: Finding;
}

/** Name of the rule in findings. */
export const RULE = "halves-differ";
