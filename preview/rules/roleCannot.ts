import type { Finding, RecordedGraph, RecordedResource, Rule } from "../../model/graph/graph";
import { mapOf, textsOf } from "../../model/graph/read";
import { finding, label } from "../../model/graph/resources";
import { Access } from "../../model/permissions/evaluate/access";
import { type Context, roleCaller } from "../../model/permissions/evaluate/request";
import { refusedOf, takerOf, trustOf, type UsedRole, usedRoles, whenOf } from "../../model/permissions/roleAccess";
import { roleUses } from "../../model/permissions/roleNeeds";

const RULE = "role-cannot";

/** Every role in the graph can be taken by who uses it, and can do what it is used for. */
export const roleCannot: Rule = (graph: RecordedGraph) => {
  const access = new Access([graph]);
  return usedRoles(graph, roleUses(graph)).flatMap((used) => [
    ...trustFindings(access, used),
    ...needFindings(access, used),
  ]);
};

function trustFindings(access: Access, { role, arn, uses }: UsedRole): readonly Finding[] {
  return uses.flatMap((use) => {
    const taker = takerOf(use, arn);
    if (!taker) return [];
    // Of what works on something that is not in the graph, the policy itself says what that is.
    const context = use.sourceArn === undefined ? { ...taker.context, ...sourceNamedIn(role) } : taker.context;
    if (access.decide({ ...taker, context, action: "sts:AssumeRole", resource: arn }).allowed) return [];
    const text = `assumeRolePolicy: expected to trust ${taker.caller.arn}, which takes the role for ${label(use.user)}; add it`;
    return [finding(RULE, role, text)];
  });
}

function needFindings(access: Access, { role, arn, uses }: UsedRole): readonly Finding[] {
  const caller = roleCaller(arn);
  return uses.flatMap(({ user, needs }) => {
    const lacking = needs
      .map((need) => ({ need, refused: refusedOf(access, caller, need) }))
      .filter(({ refused }) => refused.length > 0);
    const failing = new Set(lacking.flatMap(({ need }) => (need.isAdvised ? [] : need.why)));
    // What fails is said; what AWS's page lists besides comes with it.
    const said = lacking.filter(({ need }) => !need.isAdvised || !failing.has(need.why));
    return said.map(({ need, refused }) => {
      const text = `may not ${refused.join(", ")}${whenOf(need.context)}, which ${label(user)} needs for ${need.why}; ${need.isAdvised ? "AWS's page lists it: " : ""}allow it in the role's policy`;
      return finding(RULE, role, text, need.isAdvised ? "notice" : "error");
    });
  });
}

function sourceNamedIn(role: RecordedResource): Context {
  const named = trustOf(role).flatMap(({ condition }) =>
    Object.values(condition).flatMap((block) => textsOf(mapOf(block)["aws:SourceArn"])),
  );
  return { "aws:SourceArn": named[0]?.replaceAll("*", "0a1b2c3") };
}
