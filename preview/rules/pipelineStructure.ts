import { checkPushFilter, type PatternLists } from "../../components/pipeline/pushFilter";
import { ACTION_PROVIDERS } from "../../model/actions";
import type { RecordedGraph, Rule } from "../../model/graph/graph";
import { type Action, at, type Pipeline, pipelinesOf } from "../../model/graph/pipelines";
import { mapOf, mapsOf, textOf, textsOf, type Values } from "../../model/graph/read";
import { finding } from "../../model/graph/resources";
import { deployedBy } from "../../model/graph/services";

const NAME = /^[A-Za-z0-9.@_-]{1,100}$/;
const NAMESPACE = /^[A-Za-z0-9@_-]{1,100}$/;
const NAME_EXPECTED = "expected 1 to 100 letters, digits and . @ - _";

/**
 * A pipeline has the structure that CodePipeline takes.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-pipeline-structure.html
 */
export const pipelineStructure: Rule = (graph) =>
  pipelinesOf(graph).flatMap((pipeline) =>
    [
      ...stageProblems(pipeline),
      ...pipeline.actions.flatMap((action) => actionProblems(action).map((text) => at(action) + text)),
      ...namespaceProblems(pipeline),
      ...triggerProblems(pipeline),
      ...modeProblems(graph, pipeline),
    ].map((text) => finding("pipeline-structure", pipeline.resource, text)),
  );

function stageProblems({ stages }: Pipeline): readonly string[] {
  const [first] = stages;
  const twice = repeated(stages.map(({ name }) => name));
  return [
    ...(stages.length >= 2 && stages.length <= 50 ? [] : [`expected 2 to 50 stages, got ${stages.length}`]),
    ...twice.map((name) => `two stages are named "${name}"; rename one`),
    ...(first && first.actions.length === 0 ? [`stage ${first.name}: the first stage needs a source action`] : []),
    ...stages.filter(({ name }) => !NAME.test(name)).map(({ name }) => `stage "${name}": ${NAME_EXPECTED}`),
    ...stages.flatMap(({ name, actions }) => [
      ...(actions.length <= 50 ? [] : [`stage ${name}: at most 50 actions, got ${actions.length}`]),
      ...repeated(actions.map((action) => action.name)).map(
        (action) => `stage ${name}: two actions are named "${action}"; rename one`,
      ),
    ]),
  ];
}

function actionProblems(action: Action): readonly string[] {
  const { name, category, stageIndex, runOrder, timeoutInMinutes } = action;
  const problems = NAME.test(name) ? [] : [`name "${name}": ${NAME_EXPECTED}`];
  if (category === "Source" && stageIndex > 0)
    problems.push("a source action stands in the first stage; move it there");
  if (category !== "Source" && stageIndex === 0) {
    problems.push(`the first stage takes source actions only, this one is of category ${category}; move it on`);
  }
  if (!Number.isInteger(runOrder) || runOrder < 1 || runOrder > 999) {
    problems.push(`runOrder: expected a whole number from 1 to 999, got ${runOrder}`);
  }
  if (timeoutInMinutes !== undefined && category !== "Approval") {
    problems.push(`timeoutInMinutes: works for approvals only, got ${timeoutInMinutes}; leave it out`);
  }
  return problems;
}

function namespaceProblems({ actions }: Pipeline): readonly string[] {
  const given = actions.flatMap(({ namespace }) => namespace ?? []);
  const artifacts = new Set(actions.flatMap(({ outputs }) => outputs));
  return [
    ...repeated(given).map((name) => `two actions have the namespace "${name}"; give each its own`),
    ...given.flatMap((name) => {
      if (!NAMESPACE.test(name)) return [`namespace "${name}": expected 1 to 100 letters, digits and @ - _`];
      if (artifacts.has(name)) return [`namespace "${name}": an artifact has that name; rename one of the two`];
      return name === "codepipeline" || name === "variables"
        ? [`namespace "${name}": CodePipeline uses it itself`]
        : [];
    }),
  ];
}

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

function repeated(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
