import { routesFor } from "../../environment/advance";
import { withInputs } from "../../environment/environment";
import { balancersOf } from "../../environment/service";
import { shareTraffic } from "../../environment/weights";
import { forwardsOf } from "../../graph/listeners";
import { mapOf, mapsOf, textOf } from "../../graph/read";
import { arnOf } from "../../graph/resources";
import { AwsError } from "../awsError";
import { takesRole } from "../roles";
import { newVersion, type Scope, say, TakenBack, whereOf } from "./scope";

/** Which of a service's two routes. */
export type TrafficRoute = "production" | "test";

/** The two target groups of a deployment. */
export interface Groups {
  readonly fresh: string;
  readonly old: string;
}

/** The role in which traffic is moved, and the service that takes it. */
export interface Mover {
  readonly roleArn: string | undefined;
  readonly service: string;
  /** ARN of what the service works on. @default - it does not say */
  readonly sourceArn?: string | undefined;
}

/**
 * Gives the new version a share of a route's requests, in percent: every listener or rule is rewritten, in the role that
 * moves traffic.
 */
export function moveShare(
  scope: Scope,
  route: TrafficRoute,
  { fresh, old }: Groups,
  percent: number,
  mover: Mover,
): void {
  const { cloud, service } = scope;
  const { stack } = service;
  const resources = routesFor(stack.environment, service.resource)[route];
  for (const resource of resources) {
    const isRule = resource.type.endsWith(":ListenerRule");
    const action = `elasticloadbalancing:${isRule ? "ModifyRule" : "ModifyListener"}`;
    act(scope, mover, action, arnOf(resource) ?? "");
    // Whatever somebody has set by hand is overwritten: ECS does not look at what is there.
    stack.environment = shareTraffic(stack.environment, resource, { [fresh]: percent, [old]: 100 - percent });
  }
  if (resources.length === 0) return;
  if (route === "production") {
    cloud.noteTraffic(service, newVersion(scope), whereOf(service));
    return;
  }
  const serving = service.tasks.find(({ groupArn }) => groupArn === (percent === 100 ? fresh : old));
  say(scope, `test requests go to the ${serving?.revision === newVersion(scope) ? "new" : "old"} version`);
}

/** A call of the service that moves traffic, in its role. */
export function act(
  scope: Scope,
  { roleArn, service: principal, sourceArn }: Mover,
  action: string,
  resource: string,
  context = {},
): void {
  const { cloud, service } = scope;
  const { account } = service.stack.place;
  if (roleArn === undefined) return;
  const where = whereOf(service);
  if (!takesRole(cloud, { service: principal, roleArn, account, sourceArn, where }))
    throw new TakenBack(`${principal} may not take ${roleArn}`);
  try {
    cloud.demand(
      { caller: { arn: roleArn, account: roleArn.split(":")[4] ?? account }, action, resource, context },
      where,
    );
  } catch (error) {
    if (error instanceof AwsError) throw new TakenBack(error.message);
    throw error;
  }
}

/** After a deployment the service's own entry names the group that serves, and the other as the alternate. */
export function swapEntry({ service }: Scope, { fresh }: Groups): void {
  const { stack, resource } = service;
  const loadBalancers = mapsOf(resource.inputs.loadBalancers).map((entry) => {
    if (entry.targetGroupArn === fresh) return entry;
    const swapped = { ...mapOf(entry.advancedConfiguration), alternateTargetGroupArn: entry.targetGroupArn };
    return {
      ...entry,
      targetGroupArn: fresh,
      advancedConfiguration: entry.advancedConfiguration === undefined ? undefined : swapped,
    };
  });
  stack.environment = withInputs(stack.environment, resource, { loadBalancers });
}

/** The group that production's requests go to, and the other one. */
export function groupsOfDeployment({ service }: Scope): Groups | undefined {
  const { environment } = service.stack;
  const pair = service.groups;
  const routes = routesFor(environment, service.resource).production;
  const forwards = routes.flatMap(({ inputs }) => forwardsOf(inputs.actions ?? inputs.defaultActions));
  const [most] = forwards.filter(({ arn }) => pair.includes(arn)).sort((one, other) => other.weight - one.weight);
  const old = most?.arn ?? textOf(balancersOf(service.resource)[0]?.groupArn);
  const fresh = pair.find((arn) => arn !== old);
  return old === undefined || fresh === undefined ? undefined : { fresh, old };
}
