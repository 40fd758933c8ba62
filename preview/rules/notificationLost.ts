import type { Finding, RecordedGraph, Rule } from "../../model/graph/graph";
import { finding, label } from "../../model/graph/resources";
import { Access } from "../../model/permissions/evaluate/access";
import { calledThere, EVENTS, publishers, type ResourceUse } from "../../model/permissions/resourceUses";
import { refusedOf } from "../../model/permissions/roleAccess";

/**
 * Who tells a topic of the graph something may publish there: AWS drops what it may not publish, and says nothing.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 */
export const notificationLost: Rule = (graph) => {
  const access = new Access([graph]);
  return publishers(graph).flatMap((use) => lostBy(graph, access, use));
};

function lostBy(graph: RecordedGraph, access: Access, { caller, user, needs }: ResourceUse): readonly Finding[] {
  const without = caller.arn === EVENTS ? " without a condition; or give the target a role" : "";
  return needs.flatMap((need) => {
    const called = calledThere(graph, need);
    if (!called || refusedOf(access, caller, need).length === 0) return [];
    const calls = need.actions.join(" and ").replace("GenerateDataKey", "GenerateDataKey*");
    const text = `${label(called)} does not admit ${caller.arn}, so messages are lost; allow it ${calls} in its policy${without}`;
    return [finding("notification-lost", user, text)];
  });
}
