import type { Finding, RecordedGraph } from "../../graph/graph";
import { label, ofType } from "../../graph/resources";
import { type ChangedPair, isReplaced } from "../followers";
import { changes } from "../plan";
import type { UpdateContext } from "../updateRun";
import { perRun } from "./perRun";

/** What a delivery, load or a schedule has set, and `pulumi up` sets back though nobody asked for that. */
export function undoneFindings(context: UpdateContext): readonly Finding[] {
  return perRun(context, ({ asked, found, wanted }) =>
    found.flatMap((pair) => {
      const { after, properties } = pair;
      // A replacement has nothing of its own yet.
      if (isReplaced(pair) || isFreed(pair, wanted)) return [];
      const own = asked.find((one) => one.after.urn === after.urn);
      const said = new Set(own?.properties.map(({ path }) => firstWord(path)));
      const undone = properties.filter(
        (one) => changes(one) && one.follows === undefined && !said.has(firstWord(one.path)),
      );
      return undone.map(
        (one): Finding => ({
          level: "warning",
          rule: "delivery-undone",
          urn: after.urn,
          message: `${label(after)}: ${one.path} is ${JSON.stringify(one.before)} now, and pulumi up sets it back to ${JSON.stringify(one.after)}`,
        }),
      );
    }),
  );
}

/** Whether the limits of a scaling target are the program's again: no schedule moves them any more. */
function isFreed({ after }: ChangedPair, wanted: RecordedGraph): boolean {
  if (after.type !== "aws:appautoscaling/target:Target") return false;
  const schedules = ofType(wanted, "aws:appautoscaling/scheduledAction:ScheduledAction");
  return !schedules.some(({ inputs }) => inputs.resourceId === after.inputs.resourceId);
}

function firstWord(path: string): string {
  return path.split(/[.[]/, 1)[0] ?? "";
}
