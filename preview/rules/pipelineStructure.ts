import { checkPushFilter, type PatternLists } from "../../components/pipeline/pushFilter";
import { ACTION_PROVIDERS } from "../../model/actions";
import type { RecordedGraph, Rule } from "../../model/graph/graph";
import { type Pipeline, pipelinesOf } from "../../model/graph/pipelines";
import { mapOf, mapsOf, textOf, textsOf, type Values } from "../../model/graph/read";
import { finding } from "../../model/graph/resources";
import { deployedBy } from "../../model/graph/services";
import { structureFindings } from "../../model/graph/structure";

/**
 * A pipeline has the structure that CodePipeline takes; its artifacts have rule names of their own.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-pipeline-structure.html
 */
export const pipelineStructure: Rule = (graph) =>
  pipelinesOf(graph)
    .filter(({ workflow }) => workflow === undefined)
    .flatMap((pipeline) => [
      ...structureFindings(pipeline).filter(({ rule }) => rule !== "stage-conditions"),
      ...[...triggerProblems(pipeline), ...modeProblems(graph, pipeline)].map((text) =>
        finding("pipeline-structure", pipeline.resource, text),
      ),
    ]);

function triggerProblems({ triggers, actions }: Pipeline): readonly string[] {
  const sources = actions
    .filter(({ provider }) => ACTION_PROVIDERS[provider]?.starts === "connection")
    .map(({ name }) => name);
  return triggers.flatMap((trigger) => {
    const name = textOf(mapOf(trigger.gitConfiguration).sourceActionName) ?? "";
    if (sources.includes(name)) return filterProblems(name, trigger);
    const choices = sources.length > 0 ? `expected one of ${sources.join(", ")}` : "there is none; remove the trigger";
    return [`trigger on "${name}", which is no source action on a connection: ${choices}`];
  });
}

function filterProblems(name: string, { gitConfiguration }: Values): readonly string[] {
  return mapsOf(mapOf(gitConfiguration).pushes).flatMap((push) => {
    const lists = (part: string) => patternLists(part, push[part]);
    const filter = { branches: lists("branches"), tags: lists("tags"), filePaths: lists("filePaths") };
    return checkPushFilter(filter).list.map((problem) => `trigger on "${name}": ${problem}`);
  });
}

/** The lists in a part of a filter, for example `filePaths.includes`. */
function patternLists(part: string, lists: unknown): PatternLists {
  const given = Object.entries(mapOf(lists)).filter(([, patterns]) => patterns !== undefined);
  return Object.fromEntries(given.map(([key, patterns]) => [`${part}.${key}`, textsOf(patterns)]));
}

function modeProblems(graph: RecordedGraph, pipeline: Pipeline): readonly string[] {
  const { pipelineType, executionMode } = pipeline.resource.inputs;
  const version = textOf(pipelineType) ?? "V1, the default";
  const services = new Set(deployedBy(graph, pipeline).map(({ service }) => service.name));
  const deploys = pipeline.actions.some(({ category }) => category === "Deploy");
  return [
    ...(version === "V2" ? [] : [`pipelineType: expected V2, got ${version}; triggers and execution modes need it`]),
    ...(executionMode === "PARALLEL" && deploys
      ? [
          `executionMode PARALLEL: two runs would deploy to the same service ${[...services].join(", ")} at once; ` +
            "use SUPERSEDED or QUEUED",
        ]
      : []),
  ];
}
