import type { Rule } from "../../model/graph/graph";
import { listenerKind } from "../../model/graph/listeners";
import { arnOf, notice, ofType, TYPES } from "../../model/graph/resources";

/**
 * What users send to a load balancer that is there to stay comes by TLS: else passwords and sessions can be read, and
 * answers changed, on the way.
 */
export const plainHttp: Rule = (graph) =>
  ofType(graph, TYPES.loadBalancer)
    .filter(({ inputs }) => inputs.enableDeletionProtection === true)
    .flatMap((balancer) =>
      ofType(graph, TYPES.listener)
        .filter(({ inputs }) => inputs.loadBalancerArn === arnOf(balancer) && inputs.protocol === "HTTP")
        .filter((listener) => listenerKind(graph, listener) === "production")
        .map((listener) => {
          const text =
            "users reach production by plain HTTP: whoever is on the way reads and changes what they send and get; " +
            "name an ACM certificate (loadBalancer.certificateArn), and this listener speaks TLS and port 80 leads to it";
          return notice("plain-http", listener, text);
        }),
    );
