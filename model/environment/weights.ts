import type { RecordedResource } from "../graph/graph";
import { mapOf, mapsOf, textOf } from "../graph/read";
import { type Environment, withInputs } from "./environment";
import { leadsTo } from "./traffic";

/** The key under which a listener or a rule has its actions. */
function keyOf({ type }: RecordedResource): "actions" | "defaultActions" {
  return type.endsWith(":ListenerRule") ? "actions" : "defaultActions";
}

/**
 * Moves all traffic of a listener or rule to one of the groups it forwards to, as every blue/green deployment does.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html
 */
export function moveTraffic(environment: Environment, route: RecordedResource, groupArn: string): Environment {
  return shareTraffic(environment, route, { [groupArn]: 100 });
}

/** Gives each group that a listener or rule forwards to its weight; a group that is not named gets none. */
export function shareTraffic(
  environment: Environment,
  route: RecordedResource,
  weights: Readonly<Record<string, number>>,
): Environment {
  const key = keyOf(route);
  const actions = mapsOf(route.inputs[key]);
  if (!Object.keys(weights).some((arn) => leadsTo(actions, arn))) return environment;
  const moved = actions.map((action) => {
    const groups = mapsOf(mapOf(action.forward).targetGroups);
    if (!groups.some(({ arn }) => (textOf(arn) ?? "") in weights)) return action;
    const weighted = groups.map((group) => ({ ...group, weight: weights[textOf(group.arn) ?? ""] ?? 0 }));
    return { ...action, forward: { ...mapOf(action.forward), targetGroups: weighted } };
  });
  return withInputs(environment, route, { [key]: moved });
}
