import type { Finding, RecordedGraph } from "../../model/graph/graph";
import { deployedServiceFindings } from "./deployedServices";
import { repositoryFindings } from "./repositories";
import { takenRoleFindings } from "./takenRoles";

/** Where the halves of stacks that are previewed together do not fit, by the stack in which that is to be mended. */
export function findingsAcross(graphs: readonly RecordedGraph[]): ReadonlyMap<RecordedGraph, readonly Finding[]> {
  const all = [...takenRoleFindings(graphs), ...repositoryFindings(graphs), ...deployedServiceFindings(graphs)];
  const unique = new Map(all.map((one) => [JSON.stringify(one.finding), one]));
  const found = [...unique.values()];
  return new Map(
    graphs.map((graph) => [graph, found.flatMap((one) => (one.graph === graph ? [one.finding] : []))] as const),
  );
}
