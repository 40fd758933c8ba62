import type { NameRule } from "../../components/checks/names";
import type { RecordedGraph } from "../graph/graph";
import type { Action } from "../graph/pipelines";
import type { Values } from "../graph/read";
import type { ArnPlace } from "../graph/resources";
import type { Calls } from "../permissions/need";

/** What an action is configured with. */
export type Configuration = Action["configuration"];

/** How a source that EventBridge must watch tells that it has changed. */
export interface SourceEvent {
  /** What is watched, in messages. */
  readonly watched: (given: Configuration) => string;
  /** Kind of revision that a run can be told to take. */
  readonly revisionType: string;
  /** The event that AWS sends; account and region are added. */
  readonly event: (given: Configuration, place: ArnPlace) => Values;
  /** An event that a run which is not told its revision would take for the one above. @default - there is none */
  readonly lookalike?: (event: Values) => Values;
  /** Bucket that must keep versions and tell EventBridge. @default - none */
  readonly bucket?: (given: Configuration) => string | undefined;
}

/** What the preview and the permission check ask of a CodePipeline action, by its provider. */
export interface ActionProvider {
  readonly categories: readonly string[];
  /** Configuration keys. */
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** How many artifacts it reads, and makes. */
  readonly inputs: readonly [number, number];
  readonly outputs: readonly [number, number];
  /** What the value of a key must be, where CodePipeline takes it and then cannot use it. @default - any text */
  readonly values?: Readonly<Record<string, NameRule>>;
  /** What it works on, as a person reads it. @default - the first thing that it is configured with */
  readonly target?: (given: Configuration) => string;
  /** What it needs of the role it runs in. @default - not known here, which is a notice */
  readonly calls?: (graph: RecordedGraph, action: Action, place: ArnPlace) => readonly Calls[];
  /** How a source starts its pipeline: by an event, or by CodePipeline itself, which looks at a connection. */
  readonly starts?: SourceEvent | "connection";
}

/** A source: brings one artifact in, reads none. */
export function source(
  facts: Omit<Required<ActionProvider>, "categories" | "inputs" | "outputs" | "values"> &
    Pick<ActionProvider, "values">,
): ActionProvider {
  return { ...facts, categories: ["Source"], inputs: [0, 0], outputs: [1, 1] };
}

/** A call on resources. */
export function call(actions: readonly string[], ...resources: readonly string[]): Calls {
  return { actions, resources };
}

/** Calls of one service: `codebuild`, `["StartBuild"]`. */
export function callsTo(service: string, verbs: readonly string[], ...resources: readonly string[]): Calls {
  return call(
    verbs.map((verb) => `${service}:${verb}`),
    ...resources,
  );
}
