import type { Finding, RecordedGraph } from "../../model/graph/graph";
import { quotasTogether } from "../rules/quotas";
import { NO_SETTINGS, type RuleSettings } from "../rules/ruleSettings";
import { deployedServiceFindings } from "./deployedServices";
import { releasedTagFindings } from "./releasedTags";
import { repositoryFindings } from "./repositories";
import { takenRoleFindings } from "./takenRoles";

/**
 * Where the halves of stacks that are previewed together do not fit, by the stack in which that is to be mended; and what
 * they take together of the quotas of their account, by the stack that takes the last of it.
 */
export function findingsAcross(
  graphs: readonly RecordedGraph[],
  settings: RuleSettings = NO_SETTINGS,
): ReadonlyMap<RecordedGraph, readonly Finding[]> {
  const all = [
    ...takenRoleFindings(graphs),
    ...repositoryFindings(graphs),
    ...deployedServiceFindings(graphs),
    ...releasedTagFindings(graphs),
  ];
  const unique = new Map(all.map((one) => [JSON.stringify(one.finding), one]));
  const found = [...unique.values()];
  const together = quotasTogether(graphs);
  return new Map(
    graphs.map((graph) => {
      const own = found.flatMap((one) => (one.graph === graph ? [one.finding] : []));
      return [graph, [...own, ...settings.applied(together, graph)]] as const;
    }),
  );
}
