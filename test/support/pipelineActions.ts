import type { Graph } from "./graph";
import { at, list, text } from "./read";

/** One action of a recorded pipeline. */
export interface Action {
  readonly stage: string;
  readonly name: string;
  readonly provider: string;
  readonly runOrder: number;
  readonly configuration: Readonly<Record<string, string>>;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly namespace: string;
  /** Role it runs in; empty where that is the pipeline's. */
  readonly roleArn: string;
  /** Region it works in; empty where that is the pipeline's. */
  readonly region: string;
}

/** The actions of the only pipeline, stage by stage; those that run in parallel are one group. */
export function actionGroups(graph: Graph): Action[][] {
  return list(graph.only("aws:codepipeline/pipeline:Pipeline").inputs.stages).flatMap((stage) => {
    const actions = list(at(stage, "actions")).map((action) => actionOf(text(at(stage, "name")), action));
    const orders = [...new Set(actions.map(({ runOrder }) => runOrder))].sort((one, other) => one - other);
    return orders.map((order) => actions.filter(({ runOrder }) => runOrder === order));
  });
}

function actionOf(stage: string, action: unknown): Action {
  return {
    stage,
    name: text(at(action, "name")),
    provider: text(at(action, "provider")),
    runOrder: Number(at(action, "runOrder") ?? 1),
    configuration: Object.fromEntries(
      Object.entries(at(action, "configuration") ?? {}).map(([key, value]) => [key, text(value)]),
    ),
    inputs: list(at(action, "inputArtifacts")).map(text),
    outputs: list(at(action, "outputArtifacts")).map(text),
    namespace: text(at(action, "namespace")),
    roleArn: text(at(action, "roleArn")),
    region: text(at(action, "region")),
  };
}

/** A variable as an action or a project declares it. */
export interface Variable {
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

/** Variables of a list: an action's `EnvironmentVariables`, or a project's. */
export function variablesIn(given: unknown): Variable[] {
  return list(given).map((one) => ({
    name: text(at(one, "name")),
    type: text(at(one, "type")) || "PLAINTEXT",
    value: text(at(one, "value")),
  }));
}
