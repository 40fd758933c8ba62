import type { RecordedGraph, RecordedResource } from "../graph/graph";
import { type RecordedStatement, roleOf, statementsIn } from "../graph/iam";
import { mapOf, textsOf } from "../graph/read";
import { arnOf } from "../graph/resources";
import type { Access } from "./evaluate/access";
import { type AccessCaller, type Context, roleCaller } from "./evaluate/request";
import { type Calls, requestsFor } from "./need";
import type { RoleUse } from "./roleUse";

/** The uses of one role that a graph makes. */
export interface UsedRole {
  readonly role: RecordedResource;
  readonly arn: string;
  readonly uses: readonly RoleUse[];
}

/** The roles of a graph that something in it uses. */
export function usedRoles(graph: RecordedGraph, uses: readonly RoleUse[]): readonly UsedRole[] {
  const byRole = new Map<RecordedResource, RoleUse[]>();
  for (const use of uses) {
    const role = roleOf(graph, use.role);
    if (role) byRole.set(role, [...(byRole.get(role) ?? []), use]);
  }
  return [...byRole].flatMap(([role, of]) => {
    const arn = arnOf(role);
    return arn === undefined ? [] : [{ role, arn, uses: of }];
  });
}

/** Who takes a role for a use, and what it says then; undefined where another role takes it. */
export function takerOf({ service, saysAccount = true, sourceArn }: RoleUse, roleArn: string): Taker | undefined {
  if (service === undefined) return undefined;
  const { account } = roleCaller(roleArn);
  return {
    caller: { arn: service, account },
    context: {
      "aws:SourceAccount": saysAccount ? account : undefined,
      "aws:SourceArn": sourceArn?.replaceAll("*", "0a1b2c3"),
    },
  };
}

/** Who takes a role. */
interface Taker {
  readonly caller: AccessCaller;
  readonly context: Context;
}

/** What AWS would refuse of calls, as `s3:GetObject on arn:...`: calls on the same resource are said once. */
export function refusedOf(access: Access, caller: AccessCaller, { resources, ...calls }: Calls): readonly string[] {
  return resources.flatMap((resource) => {
    const refused = requestsFor({ ...calls, resources: [resource] }).filter(
      (request) => !access.decide({ ...request, caller }).allowed,
    );
    const actions = [...new Set(refused.map(({ action }) => action))];
    return actions.length > 0 ? [`${actions.join(", ")} on ${resource}`] : [];
  });
}

/** In which case, in messages. */
export function whenOf(context: Context | undefined): string {
  const given = Object.entries(context ?? {}).map(([key, value]) => `${key} is ${textsOf(value).join(", ")}`);
  return given.length > 0 ? ` when ${given.join(" and ")}` : "";
}

/** The services and the AWS principals that a statement of a policy admits. */
export function principalsOf({ principal }: RecordedStatement): {
  readonly services: readonly string[];
  readonly aws: readonly string[];
} {
  if (typeof principal === "string") return { services: [], aws: [principal] };
  const { Service, AWS } = mapOf(principal);
  return { services: textsOf(Service), aws: textsOf(AWS) };
}

/** The statements of a role's trust policy. */
export function trustOf(role: RecordedResource): readonly RecordedStatement[] {
  return statementsIn(role.inputs.assumeRolePolicy);
}
