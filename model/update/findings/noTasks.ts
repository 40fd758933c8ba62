import { asDelivered } from "../../environment/delivered";
import type { Finding } from "../../graph/graph";
import { mapsOf, numberOf } from "../../graph/read";
import { ofType, TYPES } from "../../graph/resources";
import type { UpdateContext } from "../updateRun";

/** Services that serve and are told to have no tasks any more: nobody answers until somebody says another number. */
export function noTaskFindings({ before, after }: UpdateContext): readonly Finding[] {
  const retains = before.resources.some(({ protect }) => protect);
  const there = new Map(ofType(asDelivered(before), TYPES.service).map((service) => [service.urn, service]));
  return ofType(after, TYPES.service).flatMap((service) => {
    const past = there.get(service.urn);
    const [had, has] = [numberOf(past?.inputs.desiredCount) ?? 0, numberOf(service.inputs.desiredCount)];
    const balanced = mapsOf(service.inputs.loadBalancers).length > 0;
    if (has !== 0 || had === 0 || !balanced || service.ignoreChanges.includes("desiredCount")) return [];
    return [
      {
        level: retains ? "error" : "warning",
        rule: "production-not-served",
        urn: service.urn,
        message: `${service.name}: desired count ${had} to 0: production is not served until it is raised again`,
        steps: [
          "leave it at 1 or more; to take the service away, remove it from the stack file",
          "or announce the time, and make the change in it",
        ],
      },
    ];
  });
}
