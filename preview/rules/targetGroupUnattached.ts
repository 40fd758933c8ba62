import type { Rule } from "../../model/graph/graph";
import { forwardsOf } from "../../model/graph/listeners";
import { arnOf, finding, label, ofType, TYPES } from "../../model/graph/resources";
import { targetGroupsOf } from "../../model/graph/services";

/** ECS refuses a service whose target group no load balancer has; a blue/green deployment needs both groups there. */
export const targetGroupUnattached: Rule = (graph) => {
  // A rule may be on a listener that is someone else's.
  const actions = [
    ...ofType(graph, TYPES.listener).map(({ inputs }) => inputs.defaultActions),
    ...ofType(graph, TYPES.listenerRule).map(({ inputs }) => inputs.actions),
  ];
  const attached = new Set(actions.flatMap(forwardsOf).map(({ arn }) => arn));
  return ofType(graph, TYPES.service).flatMap((service) =>
    targetGroupsOf(graph, service)
      .filter((group) => !attached.has(arnOf(group) ?? ""))
      .map((group) => {
        const text = `no listener forwards to it, so ${label(service)} cannot use it; forward to it, weight 0 will do`;
        return finding("target-group-unattached", group, text);
      }),
  );
};
