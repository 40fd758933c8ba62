import type { RecordedGraph, RecordedResource } from "../../model/graph/graph";
import type { Action, Pipeline } from "../../model/graph/pipelines";
import { label } from "../../model/graph/resources";

/** One role takes another: for an action of a pipeline, or in a build. */
export interface Taking {
  /** The stack that takes it. */
  readonly graph: RecordedGraph;
  readonly user: RecordedResource;
  /** ARN of the role that takes the other. */
  readonly taker: string;
  /** ARN of the other. */
  readonly role: string;
  /** What for. @default - a build, of which nobody knows what it does then */
  readonly purpose?: { readonly pipeline: Pipeline; readonly action: Action };
}

/** `aws.codepipeline.Pipeline "staging" of stack staging, action api-to-production`. */
export function whatFor({ graph, user, purpose }: Taking): string {
  return `${label(user)} of stack ${graph.stack}${purpose ? `, action ${purpose.action.name}` : ""}`;
}
