import type { Finding, RecordedGraph, RecordedResource, Rule } from "../../model/graph/graph";
import { policiesOf, type RecordedStatement, statementsIn } from "../../model/graph/iam";
import { finding, ofType, TYPES } from "../../model/graph/resources";
import { type AccessCaller, type Context, roleCaller } from "../../model/permissions/evaluate/request";
import { excessIn, isAbout, keysOf, openTo, unasked } from "../../model/permissions/excess";
import { principalsOf, takerOf, trustOf, type UsedRole, usedRoles } from "../../model/permissions/roleAccess";
import { roleUses } from "../../model/permissions/roleNeeds";

const RULE = "not-needed";

/** What a role is let do, and who is let take it, is what it is used for in this graph, and not more. */
export const notNeeded: Rule = (graph) => [
  ...usedRoles(graph, roleUses(graph)).flatMap((used) => [...excessFindings(graph, used), ...trustFindings(used)]),
  ...ofType(graph, TYPES.role).flatMap(openFindings),
];

/**
 * What a role may do beyond what it is used for. Where an application acts in it, nobody knows all that it is used for: then
 * only statements count that are about the very things which are known.
 */
function excessFindings(graph: RecordedGraph, { role, arn, uses }: UsedRole): readonly Finding[] {
  const needs = uses.flatMap((use) => use.needs);
  const isOpen = uses.some((use) => use.isOpen === true);
  return policiesOf(graph, role).flatMap(({ resource, text }) => {
    const statements = statementsIn(text).filter((one) => !isOpen || isAbout(one, needs));
    return excessIn(statements, needs, roleCaller(arn)).map((one) => finding(RULE, resource, one, "warning"));
  });
}

/** A role that other roles take says which. */
function openFindings(role: RecordedResource): readonly Finding[] {
  return trustOf(role)
    .filter(({ effect }) => effect === "Allow")
    .flatMap((statement) => principalsOf(statement).aws.flatMap((one) => openTo(statement, one)))
    .map((text) => finding(RULE, role, `assumeRolePolicy: ${text}`, "warning"));
}

/** A role is taken by who uses it, on behalf of this account. */
function trustFindings({ role, arn, uses }: UsedRole): readonly Finding[] {
  const takers = uses.flatMap((use) => takerOf(use, arn) ?? []);
  return trustOf(role)
    .filter(({ effect }) => effect === "Allow")
    .flatMap((statement) => {
      const { services } = principalsOf(statement);
      const idle =
        takers.length === 0 ? [] : services.filter((one) => !takers.some(({ caller }) => caller.arn === one));
      const open = takers
        .filter(({ caller }) => services.includes(caller.arn))
        .flatMap(({ caller, context }) => openTrust(statement, caller, context));
      return [
        ...idle.map((one): Said => [`trusts ${one}, which nothing here takes it for; take it away`, "warning"]),
        ...open,
      ];
    })
    .map(([text, level]) => finding(RULE, role, `assumeRolePolicy: ${text}`, level));
}

type Said = readonly [text: string, level: Finding["level"]];

/** Anybody's use of a service is worse than any use of one's own. */
function openTrust(statement: RecordedStatement, caller: AccessCaller, context: Context): readonly Said[] {
  const keys = unasked(statement, { context }, caller);
  const isAnybodys = keys.length === keysOf(context).length;
  const said = isAnybodys ? keys.slice(0, 1) : keys;
  return said.map((key) => [
    `trusts ${caller.arn} whatever ${key} is; add the condition`,
    isAnybodys ? "warning" : "notice",
  ]);
}
