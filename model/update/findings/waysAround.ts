import { strategyOf } from "../../environment/service";
import { mayStopFirst } from "../../environment/tasks";
import type { Gap } from "../invariants";
import type { UpdateRun } from "../updateRun";

/** How to get to the same without a gap. `runs` are the same update in every environment that deliveries may have left. */
export function remedyForGap(
  { service: urn }: Gap,
  { wanted }: UpdateRun,
  runs: readonly UpdateRun[],
): readonly string[] {
  const found = wanted.resources.find((one) => one.urn === urn);
  if (found && strategyOf(found) === "ROLLING" && mayStopFirst(found)) {
    return [
      "set deployment.minimumHealthyPercent: 100 (with maximumPercent: 200), and pulumi up: new tasks then run before old ones stop",
      "then make the change",
    ];
  }
  const [without] = runs.filter(({ gaps }) => !gaps.some((gap) => gap.service === urn));
  if (without) {
    return [
      "deliver once more: it moves production to the other target group",
      `then make the change: ${without.told} nothing stands still`,
    ];
  }
  const service = found?.name ?? "the service";
  return [
    `add a stack with the new setting, or a service beside ${service} where it is a setting of the service, under another name, and pulumi up`,
    "deliver to it, and try it at its own address",
    "point users there (DNS)",
    `remove ${service}`,
    "or announce the time, and make the change in it",
  ];
}
