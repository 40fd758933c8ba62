import { type ReleasingAction, receiversOf, releasesIn } from "../../model/delivery/pipeline/released";
import type { RecordedGraph } from "../../model/graph/graph";
import { ofAction } from "../../model/graph/pipelines";
import { finding } from "../../model/graph/resources";
import type { Disagreement } from "./disagreement";
import { RULE } from "./disagreement";

/** Where a release is a tag alone, a pipeline of the other stack waits for it. */
export function releasedTagFindings(graphs: readonly RecordedGraph[]): readonly Disagreement[] {
  return graphs.flatMap((graph) =>
    releasesIn(graph)
      .filter((release) => !isDeployedFromHere(release))
      .flatMap((release) => findingsOf(graphs, graph, release)),
  );
}

/** Whether the same delivery goes on to deploy what it released. */
function isDeployedFromHere({ pipeline, action }: ReleasingAction): boolean {
  return pipeline.actions.some(
    (one) => one.category === "Deploy" && one.stageIndex > action.stageIndex && one.roleArn !== undefined,
  );
}

function findingsOf(
  graphs: readonly RecordedGraph[],
  graph: RecordedGraph,
  release: ReleasingAction,
): readonly Disagreement[] {
  const { pipeline, action, repository, prefix } = release;
  const receivers = receiversOf(graphs, release);
  if (receivers.some(({ starts }) => starts)) return [];
  if (receivers.length > 0) {
    return receivers.map((one) => {
      const text =
        `${ofAction(one.source)}source.imageTag: expected ${prefix}*, because stack ${graph.stack} releases images to ` +
        `${repository} as ${prefix}<commit>; ${one.why}`;
      return { graph: one.graph, finding: finding(RULE, one.pipeline.resource, text) };
    });
  }
  // Only where the other stack is looked at too, it is known what it waits for.
  const owner = graphs.find((one) => one !== graph && isNamed(release, one.stack));
  if (!owner) return [];
  const text =
    `${ofAction(action)}releases images to ${repository}, for which no pipeline of stack ${owner.stack} waits: there, ` +
    `source: { provider: ECR, imageTag: ${prefix}* }, or environment: commitToProduction here`;
  return [{ graph, finding: finding(RULE, pipeline.resource, text) }];
}

/** Whether a workflow goes on to this stack, which in a project has more before its name. */
function isNamed({ pipeline }: ReleasingAction, stack: string): boolean {
  const name = pipeline.workflow?.promotion?.workflowName ?? "";
  return name === `${stack}-release` || name.endsWith(`-${stack}-release`);
}
