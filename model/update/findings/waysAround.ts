import type { Gap } from "../invariants";
import type { UpdateRun } from "../updateRun";

/** How to get to the same without a gap. `runs` are the same update in every environment that deliveries may have left. */
export function remedyForGap(
  { service: urn }: Gap,
  { wanted }: UpdateRun,
  runs: readonly UpdateRun[],
): readonly string[] {
  const service = wanted.resources.find((one) => one.urn === urn)?.name ?? "the service";
  const [without] = runs.filter(({ gaps }) => !gaps.some((gap) => gap.service === urn));
  if (without) {
    return [
      "deliver once more: it moves production to the other target group",
      `then make the change: ${without.told} nothing stands still`,
    ];
  }
  return [
    `add a stack with the new setting, or a service beside ${service} where it is a setting of the service, under another name, and pulumi up`,
    "deliver to it, and try it at its own address",
    "point users there (DNS)",
    `remove ${service}`,
    "or announce the time, and make the change in it",
  ];
}
