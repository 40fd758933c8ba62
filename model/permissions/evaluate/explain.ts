import type { Verdict } from "./access";
import type { AccessRequest } from "./request";

/** Why a call is refused, as one sentence: role, action, resource, and the statement that is missing or that denies. */
export function explain({ caller, action, resource, context = {} }: AccessRequest, { decision }: Verdict): string {
  const call = `${caller.arn} may not ${action} on ${resource}`;
  if (!decision) return call;
  const { by, where } = decision;
  const policy = {
    identity: "its policies",
    boundary: "its permissions boundary",
    resource: `the policy of ${resource}`,
  };
  if (by) return `${call}: a statement of ${policy[where]} denies it (${by.actions.join(", ") || "NotAction"})`;
  const given = Object.entries(context).flatMap(([key, value]) =>
    value === undefined ? [] : `${key} = ${String(value)}`,
  );
  const when = given.length > 0 ? ` when ${given.join(", ")}` : "";
  return `${call}${when}: no statement of ${policy[where]} allows it`;
}
