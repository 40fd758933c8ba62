import type { RecordedGraph } from "../graph/graph";
import type { Adopted } from "./findings/adopted";
import type { ChangedPair } from "./followers";
import type { Gap } from "./invariants";
import type { Played } from "./play";

/** An update, played on one of the environments that deliveries may have left. */
export interface UpdateRun {
  /** Which environment, for example `after an odd number of deliveries`. */
  readonly told: string;
  /** Whether anybody asked for a change: else what differs is what deliveries have done. */
  readonly changed: boolean;
  /** What differs between the two graphs. */
  readonly asked: readonly ChangedPair[];
  /** What differs between what runs and what the program wants. */
  readonly found: readonly ChangedPair[];
  readonly played: Played;
  readonly gaps: readonly Gap[];
  /** What the program wants. */
  readonly wanted: RecordedGraph;
}

/** What findings and sentences are made from. */
export interface UpdateContext {
  readonly before: RecordedGraph;
  readonly after: RecordedGraph;
  readonly runs: readonly UpdateRun[];
  /** Services that look the same but for their name: old name and new one. */
  readonly renamed: readonly (readonly [string, string])[];
  /** Own things that became existing ones. */
  readonly adopted: readonly Adopted[];
}
