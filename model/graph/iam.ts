import { globExpression } from "./eventPattern";
import type { RecordedGraph, RecordedResource } from "./graph";
import { oncePerGraph } from "./once";
import { isMap, jsonOf, listOf, mapOf, mapsOf, textOf, textsOf, type Values } from "./read";
import { arnOf, ofType, physicalName, TYPES } from "./resources";

/** A policy of a role. */
interface Policy {
  /** The resource that states it. */
  readonly resource: RecordedResource;
  readonly text: string;
  /** False for a managed policy, which has limits of its own. */
  readonly inline: boolean;
}

/** One statement of a policy. */
export interface RecordedStatement {
  readonly effect: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly notResources: readonly string[];
  readonly condition: Values;
  readonly principal: unknown;
}

/** The role in the graph that an ARN or a name means. */
export function roleOf(graph: RecordedGraph, reference: unknown): RecordedResource | undefined {
  const text = textOf(reference);
  return text === undefined ? undefined : rolesByReference(graph).get(text);
}

/** Every role by its ARN, name and id; of two that one text means it is the first. */
const rolesByReference = oncePerGraph((graph) => {
  const known = new Map<string, RecordedResource>();
  for (const role of ofType(graph, TYPES.role)) {
    for (const text of [arnOf(role), physicalName(role), role.id]) {
      if (text !== undefined && !known.has(text)) known.set(text, role);
    }
  }
  return known;
});

/** What is said to belong to a role, by role. */
function byRole(type: string) {
  return oncePerGraph((graph) => {
    const known = new Map<RecordedResource, RecordedResource[]>();
    for (const resource of ofType(graph, type)) {
      const role = roleOf(graph, resource.inputs.role);
      if (role) known.set(role, [...(known.get(role) ?? []), resource]);
    }
    return known;
  });
}

const inlinePoliciesByRole = byRole(TYPES.rolePolicy);
const attachmentsByRole = byRole(TYPES.policyAttachment);

/** The policies of a role that the graph has: inline ones in either form, and managed ones attached to it. */
export function policiesOf(graph: RecordedGraph, role: RecordedResource): readonly Policy[] {
  const within = mapsOf(role.inputs.inlinePolicies).map(({ policy }) => ({
    resource: role,
    text: textIn(policy),
    inline: true,
  }));
  const beside = (inlinePoliciesByRole(graph).get(role) ?? []).map((resource) => ({
    resource,
    text: textIn(resource.inputs.policy),
    inline: true,
  }));
  const attached = new Set(attachedArns(graph, role));
  const managed = ofType(graph, TYPES.policy)
    .filter((policy) => attached.has(arnOf(policy) ?? ""))
    .map((resource) => ({ resource, text: textIn(resource.inputs.policy), inline: false }));
  return [...within, ...beside, ...managed];
}

function textIn(policy: unknown): string {
  return textOf(policy) ?? JSON.stringify(policy ?? {});
}

/** ARNs of the managed policies that a role has. */
export function attachedArns(graph: RecordedGraph, role: RecordedResource): readonly string[] {
  const attachments = (attachmentsByRole(graph).get(role) ?? []).flatMap(({ inputs }) => textsOf(inputs.policyArn));
  return [...attachments, ...textsOf(role.inputs.managedPolicyArns)];
}

/** Whether a role has a policy whose text is not in the graph: then nothing can be said about what it lacks. */
export function hasUnknownPolicy(graph: RecordedGraph, role: RecordedResource): boolean {
  const known = new Set(ofType(graph, TYPES.policy).map((policy) => arnOf(policy)));
  return attachedArns(graph, role).some((arn) => !known.has(arn));
}

/** The statements of a policy document. */
export function statementsIn(text: unknown): readonly RecordedStatement[] {
  const list = listOf(mapOf(jsonOf(text)).Statement).filter(isMap);
  return list.map((statement) => ({
    effect: textOf(statement.Effect) ?? "",
    actions: textsOf(statement.Action),
    notActions: textsOf(statement.NotAction),
    resources: textsOf(statement.Resource),
    notResources: textsOf(statement.NotResource),
    condition: mapOf(statement.Condition),
    principal: statement.Principal,
  }));
}

/** Whether a role may make a call on a resource. Conditions count as met; a Deny under a condition does not count. */
export function mayDo(statements: readonly RecordedStatement[], action: string, resource: string): boolean {
  const applying = statements.filter((statement) => applies(statement, action, resource));
  const denied = applying.some(({ effect, condition }) => effect === "Deny" && Object.keys(condition).length === 0);
  return !denied && applying.some(({ effect }) => effect === "Allow");
}

function applies(statement: RecordedStatement, action: string, resource: string): boolean {
  const { actions, notActions, resources, notResources } = statement;
  const names = (patterns: readonly string[]) => patterns.some((pattern) => globExpression(pattern, "i").test(action));
  const covers = (patterns: readonly string[]) => patterns.some((pattern) => globExpression(pattern).test(resource));
  const called = notActions.length > 0 ? !names(notActions) : names(actions);
  return called && (notResources.length > 0 ? !covers(notResources) : covers(resources));
}

/** Whether a role's trust policy lets an AWS service take it. */
export function trusts(role: RecordedResource, service: string): boolean {
  return statementsIn(role.inputs.assumeRolePolicy).some(
    ({ effect, actions, principal }) =>
      effect === "Allow" &&
      actions.some((action) => globExpression(action, "i").test("sts:AssumeRole")) &&
      (principal === "*" || textsOf(mapOf(principal).Service).includes(service)),
  );
}
