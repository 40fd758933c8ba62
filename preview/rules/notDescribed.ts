import type { Finding, Rule } from "../../model/graph/graph";
import { className } from "../../model/graph/resources";

/** Types and look-ups whose answers are made up: what hangs on them, and what AWS would refuse of them, nobody looks at. */
export const notDescribed: Rule = (graph) => {
  const undescribed = (graph.undescribed ?? []).map(className);
  if (undescribed.length === 0) return [];
  const message =
    `not described here: ${undescribed.join(", ")}; what AWS would answer is made up, and no rule looks at ` +
    "them: pulumi preview with credentials does";
  return [{ level: "notice", rule: "not-described", message } satisfies Finding];
};
