import { globExpression } from "../../model/graph/eventPattern";
import type { Finding, RecordedResource, Rule } from "../../model/graph/graph";
import { type RecordedStatement, statementsIn } from "../../model/graph/iam";
import { isMap, mapsOf } from "../../model/graph/read";
import { finding, ofType, TYPES } from "../../model/graph/resources";
import { UNSCOPABLE } from "../../model/permissions/unscopable";

const RULE = "role-too-wide";

/** No role may do more than it is there for: named calls on named resources, and roles passed to a named service. */
export const roleTooWide: Rule = (graph) => [
  ...[...ofType(graph, TYPES.rolePolicy), ...ofType(graph, TYPES.policy)].flatMap((policy) =>
    documentFindings(policy, policy.inputs.policy),
  ),
  ...ofType(graph, TYPES.role).flatMap((role) =>
    mapsOf(role.inputs.inlinePolicies).flatMap(({ policy }) => documentFindings(role, policy)),
  ),
];

function documentFindings(resource: RecordedResource, document: unknown): readonly Finding[] {
  return statementsIn(document)
    .filter(({ effect }) => effect === "Allow")
    .flatMap((statement) => [
      ...actionProblems(statement),
      ...resourceProblems(statement),
      ...passRoleProblems(statement),
    ])
    .map((text) => finding(RULE, resource, text));
}

function actionProblems({ actions, notActions }: RecordedStatement): readonly string[] {
  const wide = actions.filter((action) => action === "*" || action.endsWith(":*"));
  return [
    ...wide.map((action) => `allows "${action}": every call of ${service(action)}; name the calls that are needed`),
    ...(notActions.length > 0 ? ["allows NotAction: every call but a few; name the calls that are needed"] : []),
  ];
}

function service(action: string): string {
  return action === "*" ? "every service" : (action.split(":", 1)[0] ?? "");
}

function resourceProblems(statement: RecordedStatement): readonly string[] {
  const wide = statement.resources.find((resource) => /^(?:\*|arn:[^:]*:[^:]*:[^:]*:[^:]*:\*)$/.test(resource));
  if (wide === undefined && statement.notResources.length === 0) return [];
  const confinable = statement.actions.filter((action) => !mayBeWide(action, statement));
  if (confinable.length === 0) return [];
  const got = wide === undefined ? "NotResource" : `Resource "${wide}"`;
  return [`allows ${confinable.join(", ")} on ${got}: AWS can confine that; name the resources`];
}

function mayBeWide(action: string, { condition }: RecordedStatement): boolean {
  const call = UNSCOPABLE.find((one) => globExpression(one.action, "i").test(action));
  return call !== undefined && (call.needsCondition !== true || Object.keys(condition).length > 0);
}

function passRoleProblems({ actions, resources, condition }: RecordedStatement): readonly string[] {
  if (!actions.some((action) => action.toLowerCase() === "iam:passrole")) return [];
  const wide = resources.filter((resource) => resource.includes("*"));
  const keys = Object.values(condition).flatMap((block) => (isMap(block) ? Object.keys(block) : []));
  return [
    ...wide.map((resource) => `allows iam:PassRole on "${resource}": name exactly the roles that are passed`),
    ...(keys.some((key) => key.toLowerCase() === "iam:passedtoservice")
      ? []
      : ['allows iam:PassRole to any service: add the condition StringEquals "iam:PassedToService"']),
  ];
}
