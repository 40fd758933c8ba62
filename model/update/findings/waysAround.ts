import type { Gap } from "../invariants";
import type { UpdateRun } from "../updateRun";

/** How to get to the same without a gap. */
export function remedyForGap({ service: urn }: Gap, { wanted }: UpdateRun): readonly string[] {
  const service = wanted.resources.find((one) => one.urn === urn)?.name ?? "the service";
  return [
    `add a service beside ${service} with the new setting and another name, and pulumi up`,
    "deliver to it, and try it at its own address",
    "point users there (DNS)",
    `remove ${service}`,
    "or announce the time, and make the change in it",
  ];
}
