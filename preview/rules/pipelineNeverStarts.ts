import type { Finding, RecordedGraph, RecordedResource, Rule } from "../graph";
import { matchesPattern } from "./eventPattern";
import { type Action, at, type Pipeline, pipelinesOf } from "./pipelines";
import { jsonOf, mapOf, textOf, type Values } from "./read";
import { arnIn, finding, label, ofType, physicalName, placeOf, TYPES } from "./resources";

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
      problem === undefined ? [] : [describe(pipeline, source, problem, starts)],
    );
  });

/** A source that only comes along when another one starts the pipeline deserves a look, no more. */
function describe(pipeline: Pipeline, source: Action, problem: string, starts: boolean): Finding {
  const rest = starts ? " (another source starts the pipeline)" : "";
  return finding("pipeline-never-starts", pipeline.resource, at(source) + problem + rest, starts ? "notice" : "error");
}

function whyNot(graph: RecordedGraph, pipeline: Pipeline, source: Action): string | undefined {
  if (source.provider === "CodeStarSourceConnection") return whyNoPush(pipeline, source);
  const event = sampleEvent(pipeline, source);
  if (!event) return undefined;
  const starters = ofType(graph, TYPES.eventTarget)
    .filter((target) => textOf(target.inputs.arn) === pipeline.arn)
    .flatMap((target) => ruleOf(graph, target).map((rule) => ({ target, rule })));
  const matching = starters.filter(({ rule }) => matchesPattern(jsonOf(rule.inputs.eventPattern), event));
  const what = describeSource(source);
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
  return undefined;
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

function describeSource({ provider, configuration: given }: Action): string {
  if (provider === "CodeCommit") return `repository ${given.RepositoryName}, branch ${given.BranchName}`;
  if (provider === "ECR") return `image ${given.RepositoryName}:${given.ImageTag ?? "latest"}`;
  return `object s3://${given.S3Bucket}/${given.S3ObjectKey}`;
}

/** The event that AWS sends when the source changes. */
function sampleEvent(pipeline: Pipeline, source: Action): Values | undefined {
  const here = placeOf(pipeline.arn);
  if (!here) return undefined;
  const { configuration: given, provider, region = here.region, roleArn } = source;
  const place = { ...here, region, account: roleArn?.split(":")[4] ?? here.account };
  const { account } = place;
  const { RepositoryName: repository = "" } = given;
  switch (provider) {
    case "CodeCommit":
      return {
        ...{ source: "aws.codecommit", account, region, resources: [arnIn(place, "codecommit", repository)] },
        "detail-type": "CodeCommit Repository State Change",
        detail: {
          ...{ event: "referenceUpdated", referenceType: "branch", repositoryName: repository },
          ...{ referenceName: given.BranchName, referenceFullName: `refs/heads/${given.BranchName ?? ""}` },
        },
      };
    case "ECR":
      return {
        ...{ source: "aws.ecr", account, region, resources: [arnIn(place, "ecr", `repository/${repository}`)] },
        "detail-type": "ECR Image Action",
        detail: {
          ...{ "action-type": "PUSH", result: "SUCCESS", "repository-name": repository },
          "image-tag": given.ImageTag ?? "latest",
        },
      };
    case "S3":
      return {
        ...{ source: "aws.s3", account, region, resources: [`arn:${place.partition}:s3:::${given.S3Bucket ?? ""}`] },
        "detail-type": "Object Created",
        detail: { bucket: { name: given.S3Bucket }, object: { key: given.S3ObjectKey }, reason: "PutObject" },
      };
    default:
      return undefined;
  }
}
