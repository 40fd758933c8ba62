import { mayDo, type RecordedStatement } from "../graph/iam";
import type { Calls } from "./need";

/** What of a need statements do not allow, as `s3:GetObject on arn:...`: calls on the same resource are said once. */
export function lackingIn(statements: readonly RecordedStatement[], { actions, resources }: Calls): readonly string[] {
  return resources.flatMap((resource) => {
    const lacking = actions.filter((action) => !mayDo(statements, action, resource));
    return lacking.length > 0 ? [`${lacking.join(", ")} on ${resource}`] : [];
  });
}
