import type { Rule } from "../graph";
import { listenerForwards } from "./listeners";
import { arnOf, finding, label, ofType, TYPES } from "./resources";
import { targetGroupsOf } from "./services";

/** ECS refuses a service whose target group no load balancer has; a blue/green deployment needs both groups there. */
export const targetGroupUnattached: Rule = (graph) => {
  const listeners = ofType(graph, TYPES.listener);
  const attached = new Set(listeners.flatMap((one) => listenerForwards(graph, one)).map(({ arn }) => arn));
  return ofType(graph, TYPES.service).flatMap((service) =>
    targetGroupsOf(graph, service)
      .filter((group) => !attached.has(arnOf(group) ?? ""))
      .map((group) => {
        const text = `no listener forwards to it, so ${label(service)} cannot use it; forward to it, weight 0 will do`;
        return finding("target-group-unattached", group, text);
      }),
  );
};
