import type { Finding, RecordedGraph, RecordedResource, Rule } from "../../model/graph/graph";
import {
  hasUnknownPolicy,
  mayDo,
  policiesOf,
  roleOf,
  type Statement,
  statementsIn,
  trusts,
} from "../../model/graph/iam";
import { finding, label } from "../../model/graph/resources";
import type { Calls } from "../../model/permissions/need";
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

/** What of a need statements do not allow, as `s3:GetObject on arn:...`: calls on the same resource are said once. */
export function lackingIn(statements: readonly Statement[], { actions, resources }: Calls): readonly string[] {
  return resources.flatMap((resource) => {
    const lacking = actions.filter((action) => !mayDo(statements, action, resource));
    return lacking.length > 0 ? [`${lacking.join(", ")} on ${resource}`] : [];
  });
}
