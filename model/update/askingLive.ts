import type { Environment } from "../environment/environment";
import type { RecordedGraph, RecordedResource } from "../graph/graph";
import { isMap, mapOf, mapsOf } from "../graph/read";
import { arnOf, ofType, physicalName, TYPES } from "../graph/resources";

/**
 * The graph as the program makes it in an environment: it asks a service that is there where its tasks register, and has the
 * service, or the one that replaces it, register there too (components/service/liveService.ts).
 */
export function askingLive(wanted: RecordedGraph, environment: Environment): RecordedGraph {
  const groups = ofType(wanted, TYPES.targetGroup).map(arnOf);
  const resources = wanted.resources.map((resource) => {
    if (resource.type !== TYPES.service) return resource;
    const there = ofType(environment, TYPES.service).find((one) => physicalName(one) === physicalName(resource));
    const [balancer] = mapsOf(there?.inputs.loadBalancers);
    const group = balancer?.targetGroupArn;
    const loses = isMap(balancer?.advancedConfiguration) && !movesTraffic(resource);
    return typeof group === "string" && groups.includes(group) && !loses ? registeredIn(resource, group) : resource;
  });
  return { ...wanted, resources };
}

/** Whether ECS has rules to move the service's traffic with; without them the listener decides, which leads to blue. */
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
