import type { Environment } from "../environment/environment";
import { leadsTo } from "../environment/traffic";
import type { RecordedGraph, RecordedResource } from "../graph/graph";
import { isMap, mapOf, mapsOf, textOf } from "../graph/read";
import { ofType, physicalName, TYPES } from "../graph/resources";

/**
 * The graph as the program makes it in an environment: it asks a service that is there where its tasks register, and has the
 * service, or the one that replaces it, register there too (components/service/liveService.ts).
 */
export function askingLive(wanted: RecordedGraph, environment: Environment): RecordedGraph {
  const forwards = [...ofType(wanted, TYPES.listener), ...ofType(wanted, TYPES.listenerRule)].map(
    ({ inputs }) => inputs.actions ?? inputs.defaultActions,
  );
  const paired = (one: string, other: string) =>
    forwards.some((actions) => leadsTo(actions, one) && leadsTo(actions, other));
  const resources = wanted.resources.map((resource) => {
    if (resource.type !== TYPES.service) return resource;
    const there = ofType(environment, TYPES.service).find((one) => physicalName(one) === physicalName(resource));
    const [balancer] = mapsOf(there?.inputs.loadBalancers);
    const group = textOf(balancer?.targetGroupArn) ?? "";
    const said = textOf(mapsOf(resource.inputs.loadBalancers)[0]?.targetGroupArn) ?? "";
    const keepsRules =
      isMap(balancer?.advancedConfiguration) === movesTraffic(resource) || ruleStays(wanted, environment, group);
    return paired(group, said) && keepsRules ? registeredIn(resource, group) : resource;
  });
  return { ...wanted, resources };
}

/**
 * Whether a rule, or a listener that has none, leads to a target group before and after, whatever deploys: it leads where it
 * has led.
 */
function ruleStays(wanted: RecordedGraph, environment: Environment, groupArn: string): boolean {
  const leading = (graph: RecordedGraph) =>
    graph.resources.filter(
      ({ type, inputs }) =>
        (type === TYPES.listenerRule && leadsTo(inputs.actions, groupArn)) ||
        (type === TYPES.listener &&
          /^T(?:CP|LS)$/.test(textOf(inputs.protocol) ?? "") &&
          leadsTo(inputs.defaultActions, groupArn)),
    );
  const there = leading(environment).map(({ urn }) => urn);
  return leading(wanted).some(({ urn }) => there.includes(urn));
}

/** Whether ECS has rules to move the service's traffic with. Without them the listener decides; new ones lead to blue. */
function movesTraffic({ inputs }: RecordedResource): boolean {
  return mapsOf(inputs.loadBalancers).some(({ advancedConfiguration }) => isMap(advancedConfiguration));
}

function registeredIn(service: RecordedResource, group: string): RecordedResource {
  const loadBalancers = mapsOf(service.inputs.loadBalancers).map((balancer) => {
    const advanced = balancer.advancedConfiguration;
    if (balancer.targetGroupArn === group) return balancer;
    const other = { ...mapOf(advanced), alternateTargetGroupArn: balancer.targetGroupArn };
    return { ...balancer, targetGroupArn: group, advancedConfiguration: isMap(advanced) ? other : undefined };
  });
  return { ...service, inputs: { ...service.inputs, loadBalancers } };
}
