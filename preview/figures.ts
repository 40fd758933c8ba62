import { type DeliveryCost, deliveryCostOf } from "../model/cost/deliveryCost";
import { type EgressChoice, egressChoiceOf } from "../model/cost/egressChoice";
import { type IdleCost, idleCostOf } from "../model/cost/idleCost";
import { GUESSES, type Guesses } from "../model/environment/guesses";
import type { RecordedGraph } from "../model/graph/graph";
import { type LeadTime, leadTimesOf } from "../model/pace/leadTime";
import { isUnchanged } from "./diff/change";
import type { StackResult } from "./record/runStack";

/** What an environment costs, and how long a commit takes to its users. */
export interface Figures {
  readonly cost: IdleCost;
  /** Ways out of its private subnets, priced. @default - it makes no network, or there are no prices */
  readonly egress: EgressChoice | undefined;
  readonly times: readonly LeadTime[];
  /** What a run of each of its pipelines costs. */
  readonly deliveries: readonly DeliveryCost[];
}

/** The figures of a stack as it is now, and as it was. */
export interface StackFigures {
  readonly stack: string;
  /** @default - the stack is gone, or cannot be previewed */
  readonly now?: Figures | undefined;
  /** @default - nothing is compared, or it was not there */
  readonly before?: Figures | undefined;
  /** Whether something is compared. */
  readonly isCompared: boolean;
  /** Whether the stack is just what it was. */
  readonly isAsBefore: boolean;
}

/** The figures of each stack: what one delivers to may be another's. */
export function figuresOf(results: readonly StackResult[], guesses: Guesses = GUESSES): readonly StackFigures[] {
  const now = results.flatMap(({ graph }) => graph ?? []);
  const before = results.flatMap(({ former }) => former ?? []);
  return results.map(({ stack, graph, former, change }) => ({
    stack,
    now: graph && figuresIn(graph, now, guesses),
    before: former && figuresIn(former, before, guesses),
    isCompared: change !== undefined,
    isAsBefore: change !== undefined && isUnchanged(change),
  }));
}

function figuresIn(graph: RecordedGraph, all: readonly RecordedGraph[], guesses: Guesses): Figures {
  const times = leadTimesOf(graph, all, guesses);
  return {
    cost: idleCostOf(graph),
    egress: egressChoiceOf(graph),
    times,
    deliveries: times.map((time) => deliveryCostOf(graph, time)),
  };
}
