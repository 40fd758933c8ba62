import type { Rule } from "../../model/graph/graph";
import { finding, label, ofType, TYPES } from "../../model/graph/resources";
import { hasWayOut, openToInternet } from "../../model/graph/wayOut";

/**
 * Endpoints lead to services of AWS alone: what a security group lets out to the internet gets nowhere without a NAT gateway.
 * https://docs.aws.amazon.com/vpc/latest/privatelink/concepts.html
 */
export const noWayOut: Rule = (graph) =>
  ofType(graph, TYPES.service)
    .filter((service) => hasWayOut(graph, service) === false)
    .flatMap((service) =>
      openToInternet(graph, service).map(({ resource, cidrs, fromPort }) => {
        const text =
          `port ${fromPort} of ${cidrs.join(", ")} is let out of ${label(service)}, whose network has no NAT gateway: ` +
          "nothing gets there; use network.egress: natSingle, or take the rule away (outbound)";
        return finding("no-way-out", resource, text, "warning");
      }),
    );
