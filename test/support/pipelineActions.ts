import type { Graph } from "./graph";
import { at, list, textAt } from "./read";

/** One action of a recorded pipeline. */
export interface DeclaredAction {
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
export function actionGroups(graph: Graph): DeclaredAction[][] {
  return list(graph.only("aws:codepipeline/pipeline:Pipeline").inputs.stages).flatMap((stage) => {
    const actions = list(at(stage, "actions")).map((action) => actionOf(textAt(at(stage, "name")), action));
    const orders = [...new Set(actions.map(({ runOrder }) => runOrder))].sort((one, other) => one - other);
    return orders.map((order) => actions.filter(({ runOrder }) => runOrder === order));
  });
}

function actionOf(stage: string, action: unknown): DeclaredAction {
  return {
    stage,
    name: textAt(at(action, "name")),
    provider: textAt(at(action, "provider")),
    runOrder: Number(at(action, "runOrder") ?? 1),
    configuration: Object.fromEntries(
      Object.entries(at(action, "configuration") ?? {}).map(([key, value]) => [key, textAt(value)]),
    ),
    inputs: list(at(action, "inputArtifacts")).map(textAt),
    outputs: list(at(action, "outputArtifacts")).map(textAt),
    namespace: textAt(at(action, "namespace")),
    roleArn: textAt(at(action, "roleArn")),
    region: textAt(at(action, "region")),
  };
}

/** A variable as an action or a project declares it. */
export interface Variable {
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

/** Variables of a list: an action's `EnvironmentVariables`, or a project's. */
export function parsedVariables(given: unknown): Variable[] {
  return list(given).map((one) => ({
    name: textAt(at(one, "name")),
    type: textAt(at(one, "type")) || "PLAINTEXT",
    value: textAt(at(one, "value")),
  }));
}
