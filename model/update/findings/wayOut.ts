import type { Finding } from "../../graph/graph";
import { ofType, TYPES } from "../../graph/resources";
import { hasWayOut, openToInternet } from "../../graph/wayOut";
import type { UpdateContext } from "../updateRun";

/** Services that could reach the internet, and cannot any more: what they call there is not in any graph. */
export function wayOutFindings({ before, after }: UpdateContext): readonly Finding[] {
  return ofType(after, TYPES.service).flatMap((service): readonly Finding[] => {
    const past = ofType(before, TYPES.service).find(({ urn }) => urn === service.urn);
    if (!past || hasWayOut(before, past) !== true || openToInternet(before, past).length === 0) return [];
    if (hasWayOut(after, service) !== false && openToInternet(after, service).length > 0) return [];
    return [
      {
        level: "warning",
        rule: "way-out-goes",
        urn: service.urn,
        message: `${service.name}: its tasks reached the internet, and do not any more, those that run included: endpoints lead to services of AWS alone`,
        steps: [
          "look whether it calls anything else: the flow log of the NAT gateway's network interface says to which addresses",
          "make the change if it does not; else keep network.egress: natSingle",
        ],
      },
    ];
  });
}
