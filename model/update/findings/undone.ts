import type { Finding } from "../../graph/graph";
import { label } from "../../graph/resources";
import { isReplaced } from "../followers";
import { changes } from "../plan";
import type { UpdateContext } from "../updateRun";
import { perRun } from "./perRun";

/** What a delivery, load or a schedule has set, and `pulumi up` sets back though nobody asked for that. */
export function undoneFindings(context: UpdateContext): readonly Finding[] {
  return perRun(context, ({ asked, found }) =>
    found.flatMap((pair) => {
      const { after, properties } = pair;
      // A replacement has nothing of its own yet.
      if (isReplaced(pair)) return [];
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

function firstWord(path: string): string {
  return path.split(/[.[]/, 1)[0] ?? "";
}
