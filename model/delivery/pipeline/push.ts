import picomatch from "picomatch";
import { revisionProblem } from "../../actions/sourceRevision";
import { watchedSource } from "../../actions/watchedSource";
import { matchesPattern } from "../../graph/eventPattern";
import type { RecordedGraph } from "../../graph/graph";
import { type Action, type Pipeline, pipelinesOf } from "../../graph/pipelines";
import { jsonOf, mapOf, mapsOf, textOf, textsOf, type Values } from "../../graph/read";
import { ofType, physicalName, TYPES } from "../../graph/resources";

/** What somebody pushed. */
export interface Push {
  /** @default - the branch that each source watches */
  readonly branch?: string;
  /** @default - no tag was pushed, but a branch */
  readonly tag?: string;
  /** Paths that have changed. @default - as if every file had */
  readonly files?: readonly string[];
  /** Repository that was pushed to. @default - that of each source */
  readonly repository?: string;
  readonly commit: string;
}

/** Whether a push starts a pipeline by one of its sources, and why. */
export interface Start {
  readonly graph: RecordedGraph;
  readonly pipeline: Pipeline;
  readonly source: Action;
  readonly starts: boolean;
  /** What decided it, as the end of a sentence. */
  readonly why: string;
  /** The rule that starts it, by name. @default - CodePipeline itself watches */
  readonly rule?: string;
  /** Role in which the rule starts it. @default - CodePipeline itself starts it */
  readonly roleArn?: string;
}

/** What a push means for every pipeline of some stacks: which it starts, and why not the others. */
export function startsOf(graphs: readonly RecordedGraph[], push: Push): readonly Start[] {
  return graphs.flatMap((graph) =>
    pipelinesOf(graph).flatMap((pipeline) =>
      pipeline.actions
        .filter(({ category }) => category === "Source")
        .map((source) => ({ graph, pipeline, source, ...startOf(graph, pipeline, source, push) })),
    ),
  );
}

type Verdict = Pick<Start, "starts" | "why" | "rule" | "roleArn">;

function startOf(graph: RecordedGraph, pipeline: Pipeline, source: Action, push: Push): Verdict {
  const { RepositoryName, FullRepositoryId } = source.configuration;
  const repository = FullRepositoryId ?? RepositoryName;
  switch (source.provider) {
    case "CodeCommit":
    case "GitHub":
    case "CodeStarSourceConnection":
      if (push.repository !== undefined && push.repository !== repository) {
        return { starts: false, why: `it watches repository ${repository ?? "?"}, not ${push.repository}` };
      }
      return source.provider === "CodeCommit"
        ? byEvent(graph, pipeline, source, push)
        : byTrigger(pipeline, source, push);
    default:
      return byOther(graph, pipeline, source, push);
  }
}

/** A source that is no git repository: a push to git starts nothing, its own event does. */
function byOther(graph: RecordedGraph, pipeline: Pipeline, source: Action, push: Push): Verdict {
  const asked = push.branch !== undefined || push.tag !== undefined || push.files !== undefined;
  const what = watchedSource(pipeline, source)?.what ?? `what ${source.provider} brings`;
  if (asked) return { starts: false, why: `it watches ${what}, which no push to git changes by itself` };
  return byEvent(graph, pipeline, source, push);
}

/** The event of a push, as CodeCommit sends it; of the other sources as it is. */
function eventOf(pipeline: Pipeline, source: Action, push: Push): Values | undefined {
  const watched = watchedSource(pipeline, source);
  if (!watched || source.provider !== "CodeCommit") return watched?.event;
  const detail = mapOf(watched.event.detail);
  if (push.tag !== undefined) {
    const names = { referenceName: push.tag, referenceFullName: `refs/tags/${push.tag}` };
    return {
      ...watched.event,
      detail: { ...detail, ...names, event: "referenceCreated", referenceType: "tag", commitId: push.commit },
    };
  }
  const branch = push.branch ?? textOf(detail.referenceName) ?? "";
  const names = { referenceName: branch, referenceFullName: `refs/heads/${branch}` };
  return { ...watched.event, detail: { ...detail, ...names, commitId: push.commit } };
}

/** What the push of an image with a tag into the repository of an ECR source means for its pipeline. */
export function startByImage(graph: RecordedGraph, pipeline: Pipeline, source: Action, tag: string): Start {
  const event = watchedSource(pipeline, source)?.event;
  const pushed = event && { ...event, detail: { ...mapOf(event.detail), "image-tag": tag } };
  return { graph, pipeline, source, ...byEvent(graph, pipeline, source, { commit: "" }, pushed) };
}

function byEvent(
  graph: RecordedGraph,
  pipeline: Pipeline,
  source: Action,
  push: Push,
  event = eventOf(pipeline, source, push),
): Verdict {
  const targets = ofType(graph, TYPES.eventTarget).filter(({ inputs }) => textOf(inputs.arn) === pipeline.arn);
  if (!event || targets.length === 0) return { starts: false, why: "no EventBridge rule has it as target" };
  const starters = targets.flatMap((target) =>
    ofType(graph, TYPES.eventRule)
      .filter((rule) => physicalName(rule) === target.inputs.rule || rule.id === target.inputs.rule)
      .map((rule) => ({ rule, target })),
  );
  const matching = starters.find(
    ({ rule }) => rule.inputs.state !== "DISABLED" && matchesPattern(jsonOf(rule.inputs.eventPattern), event),
  );
  if (matching) {
    const { rule, target } = matching;
    const roleArn = textOf(target.inputs.roleArn);
    if (roleArn === undefined)
      return {
        starts: false,
        why: `target ${target.name} of rule ${rule.name} has no roleArn, so EventBridge may not start it`,
      };
    const watched = watchedSource(pipeline, source);
    const problem = watched && revisionProblem(pipeline, source, watched, matching);
    if (problem !== undefined) {
      return { starts: false, why: `the run would fail at once, or take something else: ${problem}` };
    }
    return { starts: true, why: `rule ${rule.name} matches ${whatOf(source, push, event)}`, rule: rule.name, roleArn };
  }
  const off = starters.find(({ rule }) => rule.inputs.state === "DISABLED");
  if (off) return { starts: false, why: `rule ${off.rule.name} is DISABLED` };
  const wanted = starters.flatMap(({ rule }) =>
    textsOf(mapOf(mapOf(jsonOf(rule.inputs.eventPattern)).detail).referenceName),
  );
  const expected = wanted.length > 0 ? `: it waits for ${wanted.map((one) => `branch ${one}`).join(" or ")}` : "";
  return { starts: false, why: `no rule matches ${whatOf(source, push, event)}${expected}` };
}

function whatOf({ provider, configuration }: Action, push: Push, event: Values): string {
  if (provider === "ECR")
    return `a push of ${configuration.RepositoryName ?? ""}:${textOf(mapOf(event.detail)["image-tag"]) ?? "latest"}`;
  if (provider === "S3")
    return `a new version of s3://${configuration.S3Bucket ?? ""}/${configuration.S3ObjectKey ?? ""}`;
  if (push.tag !== undefined) return `tag ${push.tag}`;
  return `branch ${textOf(mapOf(event.detail).referenceName) ?? ""}`;
}

/**
 * CodePipeline's own triggers: of a trigger's filters one is enough, all parts of a filter count, and what is excluded
 * stays out whatever is included.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-filter.html
 */
function byTrigger({ triggers }: Pipeline, source: Action, push: Push): Verdict {
  const { BranchName = "", DetectChanges } = source.configuration;
  const own = triggers
    .map(({ gitConfiguration }) => mapOf(gitConfiguration))
    .find((one) => one.sourceActionName === source.name);
  if (!own) {
    if (DetectChanges === "false")
      return { starts: false, why: "DetectChanges is false and no trigger names its source: it is started by hand" };
    if (push.tag !== undefined)
      return { starts: false, why: `it starts on pushes to branch ${BranchName}, not on tags` };
    const branch = push.branch ?? BranchName;
    return {
      starts: branch === BranchName,
      why:
        branch === BranchName
          ? `branch ${branch} is the one it watches`
          : `it watches branch ${BranchName}, not ${branch}`,
    };
  }
  const filters = mapsOf(own.pushes);
  if (filters.length === 0) return { starts: false, why: "its trigger has no filter for pushes" };
  const verdicts = filters.map((filter) => byFilter(filter, push, BranchName));
  return verdicts.find(({ starts }) => starts) ?? { starts: false, why: verdicts.map(({ why }) => why).join("; ") };
}

function byFilter({ branches, tags, filePaths }: Values, push: Push, watched: string): Verdict {
  // Nothing was said of what is pushed: what the filter waits for is.
  const sample = push.branch === undefined && branches === undefined ? patternSample(mapOf(tags), "1") : undefined;
  const tag = push.tag ?? sample;
  if (tag !== undefined) {
    if (tags === undefined) return { starts: false, why: "its filter is about branches, not about tags" };
    return judge("tag", [tag], mapOf(tags));
  }
  if (branches === undefined) return { starts: false, why: "its filter is about tags, and a branch was pushed" };
  const branch = push.branch ?? patternSample(mapOf(branches)) ?? watched;
  const byBranch = judge("branch", [branch], mapOf(branches));
  if (!byBranch.starts || filePaths === undefined) return byBranch;
  if (push.files === undefined) return { starts: true, why: `${byBranch.why}, whatever files its filter asks for` };
  return judge("file", push.files, mapOf(filePaths));
}

/** A name that a filter lets through: one without a star, or with something in the star's place. */
function patternSample({ includes }: Values, star?: string): string | undefined {
  const patterns = textsOf(includes);
  return (
    patterns.find((pattern) => !/[*?[{]/.test(pattern)) ??
    (star === undefined ? undefined : patterns[0]?.replace(/\*+/g, star))
  );
}

function judge(kind: "branch" | "tag" | "file", values: readonly string[], { includes, excludes }: Values): Verdict {
  const [wanted, unwanted] = [textsOf(includes), textsOf(excludes)];
  const matching = (patterns: readonly string[], value: string) => patterns.find((pattern) => isLike(pattern, value));
  const verdicts = values.map((value) => {
    const out = matching(unwanted, value);
    if (out !== undefined) return { starts: false, why: `${kind} ${value} is excluded by ${out}` };
    const within = wanted.length === 0 ? "everything that is not excluded" : matching(wanted, value);
    if (within === undefined) return { starts: false, why: `${kind} ${value} matches none of ${wanted.join(", ")}` };
    return { starts: true, why: `${kind} ${value} matches ${within}` };
  });
  // Of several files one that counts is enough; what is excluded does not count.
  const good = verdicts.find(({ starts }) => starts);
  return (
    good ?? {
      starts: false,
      why: verdicts.length === 0 ? "no file has changed" : verdicts.map(({ why }) => why).join("; "),
    }
  );
}

/** Glob patterns as CodePipeline takes them: a star stays within a folder, two do not. */
function isLike(pattern: string, value: string): boolean {
  return picomatch.isMatch(value, pattern, { dot: true });
}
