import { type Action, actionPlace, type Pipeline } from "../graph/pipelines";
import type { Values } from "../graph/read";
import { ACTION_PROVIDERS } from ".";

/** A source that EventBridge must watch. */
export interface WatchedSource {
  readonly what: string;
  readonly revisionType: string;
  /** The event that AWS sends when it changes. */
  readonly event: Values;
  /** An event that a run which is not told its revision would take for that one. */
  readonly lookalike?: Values;
  /** Bucket that must keep versions and tell EventBridge. */
  readonly bucket?: string;
}

/**
 * How a source action's changes become known; undefined for one that CodePipeline itself watches, and for an unknown one.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/create-cwe-ecr-source.html
 */
export function watchedSource(pipeline: Pipeline, action: Action): WatchedSource | undefined {
  const place = actionPlace(pipeline, action);
  const starts = ACTION_PROVIDERS[action.provider]?.starts;
  if (!place || !starts || starts === "connection") return undefined;
  const { configuration } = action;
  const { account, region } = place;
  const event = { ...starts.event(configuration, place), account, region };
  return {
    what: starts.watched(configuration),
    revisionType: starts.revisionType,
    event,
    lookalike: starts.lookalike?.(event),
    bucket: starts.bucket?.(configuration),
  };
}
