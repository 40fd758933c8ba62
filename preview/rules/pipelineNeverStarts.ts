import { ACTION_PROVIDERS } from "../../model/actions";
import { revisionProblem } from "../../model/actions/sourceRevision";
import { type WatchedSource, watchedSource } from "../../model/actions/watchedSource";
import { matchesPattern } from "../../model/graph/eventPattern";
import type { Finding, RecordedGraph, RecordedResource, Rule } from "../../model/graph/graph";
import { type Action, ofAction, type Pipeline, pipelinesOf } from "../../model/graph/pipelines";
import { jsonOf, mapOf, textOf, type Values } from "../../model/graph/read";
import { bucketNamed, finding, label, ofType, physicalName, TYPES } from "../../model/graph/resources";

/**
 * Every source starts its pipeline: one on a connection by CodePipeline itself, the others by an EventBridge rule.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-about-starting.html
 */
export const pipelineNeverStarts: Rule = (graph) =>
  pipelinesOf(graph).flatMap((pipeline) => {
    const sources = pipeline.actions.filter(({ category }) => category === "Source");
    const problems = new Map(sources.map((source) => [source, whyNot(graph, pipeline, source)]));
    const starts = [...problems.values()].some((problem) => problem === undefined);
    return [...problems].flatMap(([source, problem]): Finding[] =>
      problem === undefined ? [] : [startFinding(pipeline, source, problem, starts)],
    );
  });

/** A source that only comes along when another one starts the pipeline deserves a look, no more. */
function startFinding(pipeline: Pipeline, source: Action, problem: string, starts: boolean): Finding {
  const rest = starts ? " (another source starts the pipeline)" : "";
  return finding(
    "pipeline-never-starts",
    pipeline.resource,
    ofAction(source) + problem + rest,
    starts ? "notice" : "error",
  );
}

function whyNot(graph: RecordedGraph, pipeline: Pipeline, source: Action): string | undefined {
  if (ACTION_PROVIDERS[source.provider]?.starts === "connection") return whyNoPush(pipeline, source);
  const watched = watchedSource(pipeline, source);
  if (!watched) return undefined;
  const starters = ofType(graph, TYPES.eventTarget)
    .filter((target) => textOf(target.inputs.arn) === pipeline.arn)
    .flatMap((target) => ruleOf(graph, target).map((rule) => ({ target, rule })));
  const { event, what } = watched;
  const matching = starters.filter(({ rule }) => matchesPattern(jsonOf(rule.inputs.eventPattern), event));
  if (starters.length === 0)
    return `nothing starts it: no EventBridge rule has the pipeline as target; add one for ${what}`;
  if (matching.length === 0) {
    return `no EventBridge rule matches ${what}: correct the pattern of ${starters.map(({ rule }) => label(rule)).join(", ")}`;
  }
  if (matching.every(({ rule }) => rule.inputs.state === "DISABLED"))
    return `the rule for ${what} is DISABLED; enable it`;
  if (matching.every(({ target }) => !target.inputs.roleArn)) {
    return `${label(matching[0]?.target ?? pipeline.resource)} has no roleArn: EventBridge may not start the pipeline`;
  }
  const revisions = matching.map((starter) => revisionProblem(pipeline, source, watched, starter));
  return revisions.every((problem) => problem !== undefined) ? revisions[0] : bucketProblem(graph, watched);
}

function ruleOf(graph: RecordedGraph, target: RecordedResource): readonly RecordedResource[] {
  const name = textOf(target.inputs.rule);
  return ofType(graph, TYPES.eventRule).filter((rule) => physicalName(rule) === name || rule.id === name);
}

function whyNoPush({ triggers }: Pipeline, { name, configuration }: Action): string | undefined {
  const triggered = triggers.some(({ gitConfiguration }) => mapOf(gitConfiguration).sourceActionName === name);
  if (triggered || configuration.DetectChanges !== "false") return undefined;
  return "nothing starts it: DetectChanges is 'false' and no trigger names it; add a trigger";
}

/** Settings of a bucket without which none of its uploads starts anything: what they are, and how to get them. */
const BUCKET_SETTINGS: readonly {
  readonly type: string;
  readonly isOn: (inputs: Values) => boolean;
  readonly mend: string;
}[] = [
  {
    type: "aws:s3/bucketNotification:BucketNotification",
    isOn: ({ eventbridge }) => eventbridge === true,
    mend: "tells EventBridge of no upload; add an aws.s3.BucketNotification with eventbridge: true",
  },
  {
    type: "aws:s3/bucketVersioning:BucketVersioning",
    isOn: ({ versioningConfiguration }) => mapOf(versioningConfiguration).status === "Enabled",
    mend: "keeps no versions, which an S3 source needs; add an aws.s3.BucketVersioning",
  },
];

/** Of a bucket that the program makes; what others are set to is not in the graph. */
function bucketProblem(graph: RecordedGraph, watched: WatchedSource): string | undefined {
  const bucket = bucketNamed(graph, watched.bucket);
  if (!bucket) return undefined;
  const missing = BUCKET_SETTINGS.find(
    ({ type, isOn }) => !ofType(graph, type).some(({ inputs }) => inputs.bucket === bucket.id && isOn(inputs)),
  );
  return missing && `${label(bucket)} ${missing.mend}`;
}
