import type { RecordedStatement } from "../graph/iam";
import { decide } from "./evaluate/decide";
import { type Calls, requestsFor } from "./need";

/** Whoever has these statements, where what is called is in the same account: nothing but they decide. */
const SOMEBODY = { arn: "arn:aws:iam::000000000000:role/somebody", account: "000000000000" };

/** What of a need statements do not allow, as `s3:GetObject on arn:...`: calls on the same resource are said once. */
export function lackingIn(statements: readonly RecordedStatement[], { resources, ...calls }: Calls): readonly string[] {
  return resources.flatMap((resource) => {
    const lacking = requestsFor({ ...calls, resources: [resource] }).filter(
      (request) => !decide({ ...request, caller: SOMEBODY, owner: SOMEBODY.account }, { identity: statements }).allowed,
    );
    const actions = [...new Set(lacking.map(({ action }) => action))];
    return actions.length > 0 ? [`${actions.join(", ")} on ${resource}`] : [];
  });
}
