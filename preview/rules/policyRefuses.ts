import type { Finding, RecordedResource, Rule } from "../../model/graph/graph";
import { arnOf, arnPlace, finding, label, ofType, TYPES } from "../../model/graph/resources";
import { Access } from "../../model/permissions/evaluate/access";
import { calledThere, otherUses } from "../../model/permissions/resourceUses";
import { refusedOf } from "../../model/permissions/roleAccess";

/** A key or a bucket admits who works on it without a role of its account: CloudWatch Logs, a role of another account. */
export const policyRefuses: Rule = (graph) => {
  const access = new Access([graph]);
  const refusals = otherUses(graph).flatMap((use) =>
    use.needs.flatMap((need) => {
      const refused = refusedOf(access, use.caller, need);
      const called = calledThere(graph, need);
      if (refused.length === 0 || !called) return [];
      const text = `policy: expected to admit ${use.caller.arn} to ${refused.join(", ")}, which ${label(use.user)} needs for ${need.why}; add a statement`;
      return [finding("policy-refuses", called, text, need.isAdvised ? "notice" : "error")];
    }),
  );
  return [...ofType(graph, TYPES.key).flatMap((key) => lockedOut(access, key)), ...refusals];
};

/** AWS makes no key that its account could not manage. */
function lockedOut(access: Access, key: RecordedResource): readonly Finding[] {
  const arn = arnOf(key);
  const place = arnPlace(arn);
  if (key.inputs.policy === undefined || !arn || !place) return [];
  const root = { arn: `arn:${place.partition}:iam::${place.account}:root`, account: place.account };
  if (access.decide({ caller: root, action: "kms:PutKeyPolicy", resource: arn }).allowed) return [];
  const text = `policy: lets nobody of account ${place.account} manage the key, and AWS makes no such key; allow ${root.arn} kms:*`;
  return [finding("policy-refuses", key, text)];
}
