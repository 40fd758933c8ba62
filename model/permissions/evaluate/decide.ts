import { matchesGlob } from "../../graph/eventPattern";
import type { RecordedStatement } from "../../graph/iam";
import { mapOf, textsOf } from "../../graph/read";
import { conditionsHold, filled } from "./conditions";
import { type AccessCaller, type AccessRequest, type Context, contextOf, isService, resourceOwner } from "./request";

/** The policies that say whether a call may be made. */
export interface Policies {
  /** Of the caller's role. @default - the caller is an AWS service, which has none */
  readonly identity?: readonly RecordedStatement[];
  /** The most that the role may do, whatever its policies say. @default - it has no boundary */
  readonly boundary?: readonly RecordedStatement[];
  /** Of the resource: bucket, key, repository, topic, or the trust of a role. @default - it has none */
  readonly resource?: readonly RecordedStatement[];
  /**
   * Whether only the resource's policy opens it, as with keys and the trust of roles: the caller's own policies count
   * where it lets its account decide. @default false
   */
  readonly resourceDecides?: boolean;
}

/** Whether a call is made, and what decided it. */
export interface Decision {
  readonly allowed: boolean;
  /** The statement that decided: the one that allows, or that denies. @default - none allows it */
  readonly by?: RecordedStatement;
  /** Where the decision was made: in which kind of policy something allows, denies or is missing. */
  readonly where: "identity" | "boundary" | "resource";
}

/**
 * Whether AWS lets a call through. An explicit deny wins; then, within one account, a resource's policy that names the
 * caller or the caller's own policies suffice, and between accounts both are needed; the boundary confines the caller's own.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function decide(request: AccessRequest, policies: Policies): Decision {
  const context = contextOf(request);
  const { identity = [], boundary, resource = [], resourceDecides = false } = policies;
  const own = identity.filter((statement) => applies(statement, request, context));
  const limit = boundary?.filter((statement) => applies(statement, request, context));
  const open = resource.filter(
    (statement) => applies(statement, request, context, true) && names(statement, request.caller),
  );
  for (const [where, statements] of [
    ["identity", own],
    ["boundary", limit ?? []],
    ["resource", open],
  ] as const) {
    const denying = statements.find(({ effect }) => effect === "Deny");
    if (denying) return { allowed: false, by: denying, where };
  }
  const byResource = open.find(({ effect }) => effect === "Allow");
  const byIdentity = own.find(({ effect }) => effect === "Allow");
  if (isService(request.caller)) return { allowed: byResource !== undefined, by: byResource, where: "resource" };
  const within = resourceOwner(request) === request.caller.account;
  // A policy that names the role itself lets it in; one that names its account hands the question to its own policies.
  if (within && byResource && isNamed(byResource, request.caller)) {
    return { allowed: true, by: byResource, where: "resource" };
  }
  const needsResource = resourceDecides || !within;
  // Where both are missing it is the caller's own that is certain: the other's policy need not be known.
  if (!byIdentity) return { allowed: false, where: "identity" };
  if (needsResource && !byResource) return { allowed: false, where: "resource" };
  if (limit && !limit.some(({ effect }) => effect === "Allow")) return { allowed: false, where: "boundary" };
  return { allowed: true, by: byIdentity, where: "identity" };
}

/** Whether a statement is about a call: its action, its resource, its conditions. */
export function applies(
  statement: RecordedStatement,
  { action, resource }: Pick<AccessRequest, "action" | "resource">,
  context: Context,
  ofResource = false,
): boolean {
  const { actions, notActions, resources, notResources } = statement;
  const lower = action.toLowerCase();
  const called = (patterns: readonly string[]) => patterns.some((one) => matchesGlob(one.toLowerCase(), lower));
  const meant = (patterns: readonly string[]) => patterns.some((one) => matchesGlob(filled(one, context), resource));
  const about = notActions.length > 0 ? !called(notActions) : called(actions);
  if (!about) return false;
  // A repository's policy and a role's trust name no resource: they are about the one that has them.
  const bare = ofResource && resources.length === 0 && notResources.length === 0;
  const on = bare || (notResources.length > 0 ? !meant(notResources) : meant(resources));
  return on && conditionsHold(statement, context);
}

/** Whether a resource's statement is about a caller: by its ARN, its account, its service, or everyone. */
function names({ principal }: RecordedStatement, caller: AccessCaller): boolean {
  if (principal === "*") return true;
  const { AWS, Service } = mapOf(principal);
  if (isService(caller)) return textsOf(Service).includes(caller.arn) || textsOf(AWS).includes("*");
  const account = `arn:${caller.arn.split(":")[1] ?? "aws"}:iam::${caller.account}:root`;
  return textsOf(AWS).some((one) => ["*", caller.arn, account, caller.account].includes(one));
}

/**
 * Whether a policy lets the role itself in, and does not hand the question on to its account.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
function isNamed({ principal }: RecordedStatement, { arn }: AccessCaller): boolean {
  return principal === "*" || textsOf(mapOf(principal).AWS).some((one) => one === "*" || one === arn);
}
