import { buildspecOf } from "../graph/buildspec";
import { imageName } from "../graph/ecr";
import type { RecordedGraph, RecordedResource } from "../graph/graph";
import {
  type Action,
  type Pipeline,
  pipelinesOf,
  type RecordedVariable,
  variablesIn,
  variablesOf,
} from "../graph/pipelines";
import { jsonOf, mapOf, textOf, type Values } from "../graph/read";
import { physicalName } from "../graph/resources";
import { runnablesOf } from "../graph/workflows";

/** A build as an action of a pipeline starts it. */
export interface Build {
  readonly pipeline: Pipeline;
  readonly action: Action;
  readonly project: RecordedResource;
  /** Text of the buildspec, or its path in the source. */
  readonly text: string;
  /** Variables by name: the buildspec's, the project's, the action's, which win. */
  readonly env: Readonly<Record<string, string>>;
}

/** Everything that starts a build of a project. */
export function buildsOf(graph: RecordedGraph, project: RecordedResource): readonly Build[] {
  const name = physicalName(project);
  return pipelinesOf(graph).flatMap((pipeline) =>
    pipeline.actions
      .filter(({ provider, configuration }) => provider === "CodeBuild" && configuration.ProjectName === name)
      .map((action) => buildOf(pipeline, action, project)),
  );
}

/** A build, or a step of a workflow, as an action starts it. */
export function buildOf(pipeline: Pipeline, action: Action, project: RecordedResource): Build {
  const text = buildspecOf(project);
  const own = Object.entries(mapOf(mapOf(mapOf(jsonOf(text)).env).variables)).map(
    ([name, value]): readonly [string, string] => [name, textOf(value) ?? ""],
  );
  const given = [...projectVariables(project), ...variablesOf(action)].map(
    ({ name, value }): readonly [string, string] => [name, value],
  );
  return { pipeline, action, project, text, env: Object.fromEntries([...own, ...given]) };
}

/** Names of the groups that a buildspec puts its reports in; undefined where it stands in the source, so that nobody knows. */
export function reportGroups(project: RecordedResource): readonly string[] | undefined {
  const spec = jsonOf(buildspecOf(project));
  return spec === undefined ? undefined : Object.keys(mapOf(mapOf(spec).reports));
}

/** The variables that a project has of itself. */
export function projectVariables({ inputs }: RecordedResource): readonly RecordedVariable[] {
  return variablesIn(machineOf(inputs).environmentVariables);
}

/** What a project's builds run in. */
export function machineOf(inputs: Values): Values {
  return mapOf(inputs.environment);
}

/**
 * The repository of the image that a build is about, without tag or digest: what its variables say, else that of the action
 * whose image or whose files it takes.
 */
export function imageRepository(graph: RecordedGraph, { pipeline, action, env }: Build): string | undefined {
  const named = env.IMAGE_URI ?? env.TESTED_IMAGE_URI ?? "";
  const namespace = /^#\{([^.}]+)\./.exec(named)?.[1];
  const own = namespace === undefined ? named : "";
  if (own.includes("/")) return imageName(own).repository;
  const from = pipeline.actions.find((other) =>
    namespace === undefined
      ? other.outputs.some((output) => action.inputs.includes(output))
      : other.namespace === namespace,
  );
  return from && madeBy(graph, pipeline, from);
}

/** Where an action puts an image, or takes it from. */
function madeBy(graph: RecordedGraph, pipeline: Pipeline, action: Action): string | undefined {
  if (action.provider === "ECR") {
    const [, partition, , region = "", account = ""] = (pipeline.arn ?? "").split(":");
    const suffix = partition === "aws-cn" ? ".cn" : "";
    return `${account}.dkr.ecr.${action.region ?? region}.amazonaws.com${suffix}/${action.configuration.RepositoryName ?? ""}`;
  }
  const project = runnablesOf(graph).find((one) => physicalName(one) === action.configuration.ProjectName);
  if (!project) return variablesOf(action).find(({ name }) => name === "IMAGE_REPOSITORY_URI")?.value;
  const build = buildOf(pipeline, action, project);
  return build.env.TARGET_REPOSITORY_URI ?? build.env.IMAGE_REPOSITORY_URI ?? imageRepository(graph, build);
}
