import { type Condition, conditionsOf } from "./conditions";
import type { RecordedGraph, RecordedResource } from "./graph";
import { oncePerGraph } from "./once";
import { isMap, jsonOf, listOf, mapOf, mapsOf, numberOf, textOf, textsOf, type Values } from "./read";
import { type ArnPlace, arnOf, arnPlace, ofType, physicalName, TYPES } from "./resources";
import { type RecordedWorkflow, runnablesOf, workflowsOf } from "./workflows";

/** One action of a pipeline, as declared. */
export interface Action {
  readonly name: string;
  readonly stage: string;
  readonly stageIndex: number;
  readonly category: string;
  readonly provider: string;
  readonly runOrder: number;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly configuration: Readonly<Record<string, string>>;
  readonly namespace?: string;
  readonly region?: string;
  readonly roleArn?: string;
  readonly timeoutInMinutes?: number;
  /** Environment on GitHub in which a workflow does it. @default - the workflow's own */
  readonly environment?: string | undefined;
  /** Where a workflow deploys to. @default - its configuration says it, or it is no deployment */
  readonly deploysTo?: { readonly cluster: string; readonly service: string };
}

/** Actions in the order in which they run; those of one order run at the same time. */
export function inRunOrder<One extends Pick<Action, "runOrder">>(
  actions: readonly One[],
): readonly (readonly [One, ...One[]])[] {
  const steps = new Map<number, [One, ...One[]]>();
  for (const action of actions) {
    const together = steps.get(action.runOrder);
    if (together) together.push(action);
    else steps.set(action.runOrder, [action]);
  }
  return [...steps.values()].sort(([one], [other]) => one.runOrder - other.runOrder);
}

/** One stage of a pipeline. */
export interface Stage {
  readonly name: string;
  readonly actions: readonly Action[];
  readonly conditions: readonly Condition[];
  /** What becomes of a failure, for example `ROLLBACK`. @default - the run stops */
  readonly onFailure?: string;
  /** Which actions a retry runs again. */
  readonly retryMode?: string;
}

/** A pipeline, as declared. */
export interface Pipeline {
  readonly resource: RecordedResource;
  readonly name: string;
  readonly arn?: string;
  /** The workflow of GitHub Actions that it is. @default - a pipeline of CodePipeline */
  readonly workflow?: RecordedWorkflow;
  readonly stages: readonly Stage[];
  readonly actions: readonly Action[];
  readonly triggers: readonly Values[];
}

/** What delivers in a graph: pipelines, and workflows, whose stages are the same. */
export const pipelinesOf: (graph: RecordedGraph) => readonly Pipeline[] = oncePerGraph((graph) => [
  ...ofType(graph, TYPES.pipeline).map((resource) => {
    const stages = mapsOf(resource.inputs.stages).map(readStage);
    const arn = arnOf(resource);
    return {
      resource,
      stages,
      name: physicalName(resource),
      actions: stages.flatMap(({ actions }) => actions),
      triggers: mapsOf(resource.inputs.triggers),
      arn,
    };
  }),
  ...workflowsOf(graph).map((workflow) => {
    const { name } = workflow;
    // As a pipeline has it: what its jobs take is the role of what runs them.
    const roleArn = workflow.role && arnOf(workflow.role);
    const resource: RecordedResource = { ...workflow.resource, inputs: { ...workflow.resource.inputs, roleArn } };
    const stages = mapsOf(resource.inputs.stages).map(readStage);
    const actions = stages.flatMap((stage) => stage.actions);
    return {
      resource,
      name,
      workflow,
      stages,
      actions,
      triggers: mapsOf(resource.inputs.triggers),
      arn: placeArn(workflow),
    };
  }),
]);

/** An ARN of the place that a workflow works in: it has none of its own. */
function placeArn({ role, region, name }: RecordedWorkflow): string | undefined {
  const [, partition, , , account] = (role && arnOf(role))?.split(":") ?? [];
  return account === undefined ? undefined : `arn:${partition ?? "aws"}:github:${region}:${account}:${name}`;
}

function readStage(stage: Values, stageIndex: number): Stage {
  const name = textOf(stage.name) ?? "";
  const { result, retryConfiguration } = mapOf(stage.onFailure);
  const onFailure = textOf(result);
  const retryMode = textOf(mapOf(retryConfiguration).retryMode);
  return {
    name,
    actions: mapsOf(stage.actions).map((action) => readAction(action, name, stageIndex)),
    conditions: conditionsOf(stage),
    onFailure: onFailure || undefined,
    retryMode: retryMode || undefined,
  };
}

function readAction(action: Values, stage: string, stageIndex: number): Action {
  const compute = mapsOf(action.outputArtifactsForComputeActions).flatMap(({ name }) => textOf(name) ?? []);
  const namespace = textOf(action.namespace);
  const region = textOf(action.region);
  const roleArn = textOf(action.roleArn);
  const timeoutInMinutes = numberOf(action.timeoutInMinutes);
  return {
    stage,
    stageIndex,
    name: textOf(action.name) ?? "",
    category: textOf(action.category) ?? "",
    provider: textOf(action.provider) ?? "",
    runOrder: numberOf(action.runOrder) ?? 1,
    inputs: textsOf(action.inputArtifacts),
    outputs: [...textsOf(action.outputArtifacts), ...compute],
    configuration: Object.fromEntries(
      Object.entries(mapOf(action.configuration)).map(([key, value]) => [key, textOf(value) ?? JSON.stringify(value)]),
    ),
    namespace: namespace || undefined,
    region: region || undefined,
    roleArn: roleArn || undefined,
    timeoutInMinutes,
    environment: textOf(mapOf(action.seat).environment),
    ...deploymentIn(mapOf(action.deploysTo)),
  };
}

function deploymentIn({ cluster, service }: Values): Pick<Action, "deploysTo"> {
  const [where, what] = [textOf(cluster), textOf(service)];
  return where === undefined || what === undefined ? {} : { deploysTo: { cluster: where, service: what } };
}

/** Where an action works: in its role's account, in its region, else where its pipeline is. */
export function actionPlace({ arn }: Pipeline, { roleArn, region }: Action): ArnPlace | undefined {
  const here = arnPlace(arn);
  return here && { ...here, region: region ?? here.region, account: roleArn?.split(":")[4] ?? here.account };
}

/** `, stage Build, action api-image: ` after a pipeline's label. */
export function ofAction(action: Action): string {
  return `, stage ${action.stage}, action ${action.name}: `;
}

/** A variable that an action hands to its build. */
export interface RecordedVariable {
  readonly name: string;
  readonly value: string;
  readonly type: string;
}

/** The variables in a list of them, as CodeBuild writes them. */
export function variablesIn(list: unknown): readonly RecordedVariable[] {
  return mapsOf(list).map(({ name, value, type }) => ({
    name: textOf(name) ?? "",
    value: textOf(value) ?? "",
    type: textOf(type) ?? "PLAINTEXT",
  }));
}

/** The variables of a CodeBuild action, from the JSON text that carries them. */
export function variablesOf(action: Action): readonly RecordedVariable[] {
  const parsed = jsonOf(action.configuration.EnvironmentVariables);
  return variablesIn(listOf(parsed).filter(isMap));
}

/** The value of one variable that an action hands to its build. */
export function variableGiven(action: Action, name: string): string | undefined {
  return variablesOf(action).find((variable) => variable.name === name)?.value;
}

/** A variable of a build: the action's own, else its project's. */
export function variableFor(graph: RecordedGraph, action: Action, name: string): string | undefined {
  const project = runnablesOf(graph).find((one) => physicalName(one) === action.configuration.ProjectName);
  const own = variablesIn(mapOf(project?.inputs.environment).environmentVariables);
  return variableGiven(action, name) ?? own.find((variable) => variable.name === name)?.value;
}
