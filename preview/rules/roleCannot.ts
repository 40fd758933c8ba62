import type { Finding, RecordedGraph, RecordedResource, Rule } from "../../model/graph/graph";
import { hasUnknownPolicy, policiesOf, roleOf, statementsIn, trusts } from "../../model/graph/iam";
import { finding, label } from "../../model/graph/resources";
import { lackingIn } from "../../model/permissions/lacking";
import { operationUses } from "../../model/permissions/operationRoles";
import { type RoleUse, roleUses } from "../../model/permissions/roleNeeds";

const RULE = "role-cannot";

/** Every role in the graph can be taken by who uses it, and can do what it is used for. */
export const roleCannot: Rule = (graph) =>
  [...roleUses(graph), ...operationUses(graph)].flatMap((use) => {
    const role = roleOf(graph, use.role);
    return role ? [...trustFindings(role, use), ...needFindings(graph, role, use)] : [];
  });

function trustFindings(role: RecordedResource, { service, user }: RoleUse): readonly Finding[] {
  if (service === undefined || trusts(role, service)) return [];
  const text = `assumeRolePolicy: expected to trust ${service}, which takes the role for ${label(user)}; add it`;
  return [finding(RULE, role, text)];
}

function needFindings(graph: RecordedGraph, role: RecordedResource, { user, needs }: RoleUse): readonly Finding[] {
  if (hasUnknownPolicy(graph, role)) return [];
  const statements = policiesOf(graph, role).flatMap(({ text }) => statementsIn(text));
  return needs.flatMap((need) => {
    const lacking = lackingIn(statements, need);
    if (lacking.length === 0) return [];
    const text = `may not ${lacking.join(", ")}, which ${label(user)} needs for ${need.why}; allow it in the role's policy`;
    return [finding(RULE, role, text)];
  });
}
