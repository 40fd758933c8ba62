import type { Pipeline } from "../../graph/pipelines";
import type { PlayedCloud } from "../cloud";
import type { PushedTag } from "../registry";
import type { PlayedStack } from "../runningStack";
import type { PlayedArtifact } from "./artifact";
import type { Builder } from "./builder";

/** Variables of actions, by namespace and name. */
export type Variables = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** One run of a pipeline: what it is about, and what its actions have left so far. */
export interface Run {
  readonly cloud: PlayedCloud;
  readonly stack: PlayedStack;
  readonly pipeline: Pipeline;
  readonly builder: Builder;
  /** A number that its moments carry where several runs go on at once. */
  readonly number: number;
  /** Which attempt of the run it is; a person runs a workflow again. @default 1 */
  readonly attempt?: number | undefined;
  /** Actions of jobs that are not run again, because they ended well in the attempt before. @default - none */
  readonly kept?: ReadonlySet<string>;
  /** Whether a confirmation looks again, after a look that came to no good end. @default false */
  readonly looksAgain?: true;
  /** Versions of records that it has written, by the parameters' names. */
  readonly recorded: Map<string, number>;
  readonly commit: string;
  /** The image whose push started it. @default - somebody from outside pushed one, or it is about a commit */
  readonly image?: PushedTag | undefined;
  /** The moment at which the rehearsal starts. */
  readonly startsAt: Date;
  readonly artifacts: Map<string, PlayedArtifact>;
  readonly variables: Map<string, Readonly<Record<string, string>>>;
  /** Another commit is pushed in the middle. */
  readonly pushAnother: () => void;
}

/** How an action ended. */
export interface Acted {
  readonly good: boolean;
  /** Why not, in one sentence. */
  readonly why?: string;
  readonly outputs?: Readonly<Record<string, PlayedArtifact>>;
  readonly variables?: Readonly<Record<string, string>>;
}

/** An action cannot go on. */
export class ActionFailed extends Error {}

/**
 * A text with the variables of earlier actions filled in; one that no action has set stops the run, as in AWS.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-variables.html
 */
export function fill(text: string, { variables, number, pipeline, stack }: Run): string {
  return text.replace(/#\{([\w@-]+)\.(\w+)\}/g, (whole, namespace: string, name: string) => {
    const value = namespace === "codepipeline" ? own(name, number, pipeline.name) : variables.get(namespace)?.[name];
    if (value === undefined)
      throw new ActionFailed(`${whole} has no value: no action before has set it (stack ${stack.graph.stack})`);
    return value;
  });
}

/** The id of a run, by its number. */
export function executionId(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

function own(name: string, number: number, pipeline: string): string | undefined {
  if (name === "PipelineExecutionId") return executionId(number);
  return name === "PipelineName" ? pipeline : undefined;
}
