import { matchesPattern } from "../graph/eventPattern";
import type { RecordedResource } from "../graph/graph";
import type { Action, Pipeline } from "../graph/pipelines";
import { jsonOf, mapOf, mapsOf, textOf, type Values } from "../graph/read";
import { label } from "../graph/resources";
import type { WatchedSource } from "./watchedSource";

/** A rule that matches a source's event, and its target: the pipeline. */
interface Starter {
  readonly rule: RecordedResource;
  readonly target: RecordedResource;
}

/**
 * Why a run that an event starts would fail at once, or take something else than the event is about.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-trigger-source-overrides.html
 */
export function revisionProblem(
  pipeline: Pipeline,
  action: Action,
  watched: WatchedSource,
  starter: Starter,
): string | undefined {
  const { inputPaths, inputTemplate } = mapOf(starter.target.inputs.inputTransformer);
  const revisions = mapsOf(mapOf(jsonOf(inputTemplate)).sourceRevisions);
  const where = `${label(starter.target)}, inputTransformer:`;
  if (inputTemplate !== undefined && revisions.length === 0) {
    return `${where} expected JSON text with sourceRevisions, got ${textOf(inputTemplate) ?? "no text"}; correct it`;
  }
  const sources = pipeline.actions.filter(({ category }) => category === "Source").map(({ name }) => name);
  const stray = revisions.map((revision) => textOf(revision.actionName) ?? "").find((name) => !sources.includes(name));
  if (stray !== undefined) return `${where} actionName: expected one of ${sources.join(", ")}, got "${stray}"`;
  const own = revisions.find(({ actionName }) => actionName === action.name);
  if (!own) return unpinnedProblem(watched, starter);
  if (own.revisionType !== watched.revisionType) {
    return `${where} revisionType: expected ${watched.revisionType}, got ${textOf(own.revisionType) ?? "none"}`;
  }
  const value = textOf(own.revisionValue) ?? "";
  const path = textOf(mapOf(inputPaths)[/^<([\w-]+)>$/.exec(value)?.[1] ?? ""]);
  if (path !== undefined && valueAt(watched.event, path) !== undefined) return undefined;
  return `${where} revisionValue: expected "<name>" of a path in inputPaths that the event has, got "${value}", ${path ?? "no path"}`;
}

/** Without a revision a run takes what the action's configuration names: wrong where other tags start it as well. */
function unpinnedProblem({ what, lookalike }: WatchedSource, { rule, target }: Starter): string | undefined {
  if (!lookalike || !matchesPattern(jsonOf(rule.inputs.eventPattern), lookalike)) return undefined;
  return `${label(rule)} matches other tags too, and every run would take ${what}; add to ${label(target)} an inputTransformer that hands the digest on`;
}

/** The value at a path like `$.detail.image-digest`. */
function valueAt(event: Values, path: string): unknown {
  return path
    .split(".")
    .slice(1)
    .reduce<unknown>((value, key) => mapOf(value)[key], event);
}
