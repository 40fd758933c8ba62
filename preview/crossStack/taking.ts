import type { RecordedGraph, RecordedResource } from "../../model/graph/graph";
import type { Action, Pipeline } from "../../model/graph/pipelines";
import { label } from "../../model/graph/resources";
import type { JobToken } from "../../model/graph/tokens";
import type { Need } from "../../model/permissions/need";

/** One role takes another: for an action of a pipeline, or in a build. */
export interface Taking {
  /** The stack that takes it. */
  readonly graph: RecordedGraph;
  readonly user: RecordedResource;
  /** ARN of the role that takes the other. */
  readonly taker: string;
  /** ARN of the other. */
  readonly role: string;
  /** The token that a job of a workflow takes it by. @default - `taker` takes it */
  readonly token?: JobToken | undefined;
  /** What for. @default - a build, whose script takes it */
  readonly purpose?: { readonly pipeline: Pipeline; readonly action: Action };
  /** What is called in it, where this stack makes it and has what is called. */
  readonly needs: (owner: RecordedGraph) => readonly Need[];
}

/** `aws.codepipeline.Pipeline "staging" of stack staging, action api-to-production`. */
export function whatFor({ graph, user, purpose }: Taking): string {
  return `${label(user)} of stack ${graph.stack}${purpose ? `, action ${purpose.action.name}` : ""}`;
}
