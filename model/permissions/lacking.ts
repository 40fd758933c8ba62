import { mayDo, type RecordedStatement } from "../graph/iam";
import { conditionsHold } from "./evaluate/conditions";
import { contextOf, roleCaller } from "./evaluate/request";
import type { Calls } from "./need";

const NOBODY = roleCaller("arn:aws:iam:::role/none");

/** What of a need statements do not allow, as `s3:GetObject on arn:...`: calls on the same resource are said once. */
export function lackingIn(
  statements: readonly RecordedStatement[],
  { actions, resources, context }: Calls,
): readonly string[] {
  const known = context && contextOf({ caller: NOBODY, action: "", resource: "", context });
  const holding = known ? statements.filter((statement) => conditionsHold(statement, known)) : statements;
  return resources.flatMap((resource) => {
    const lacking = actions.filter((action) => !mayDo(holding, action, resource));
    return lacking.length > 0 ? [`${lacking.join(", ")} on ${resource}`] : [];
  });
}
