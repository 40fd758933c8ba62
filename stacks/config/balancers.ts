import { HTTP_SETTINGS, type ListenerRule } from "../../components/loadBalancer/settings";

/** Something with settings of a load balancer. */
interface WithBalancer<T> {
  readonly loadBalancer?: T | undefined;
}

/** What is asked of a load balancer here, whatever else it says. */
interface Typed {
  readonly type?: unknown;
}

/**
 * Settings of a service's load balancer: each is the service's own, else the stack's. A network load balancer takes none of the
 * stack's that are about HTTP.
 */
export function balancerOf<T extends Typed>(stack: WithBalancer<T>, service: WithBalancer<T>): T | undefined {
  const own = service.loadBalancer;
  if (!stack.loadBalancer || !own) return own ?? stack.loadBalancer;
  const isNetwork = own.type === "network" && stack.loadBalancer.type !== "network";
  return { ...(isNetwork ? withoutHttp(stack.loadBalancer) : stack.loadBalancer), ...own };
}

function withoutHttp<T extends Typed>(settings: T): T {
  const rest = { ...settings };
  for (const key of HTTP_SETTINGS) Reflect.deleteProperty(rest, key);
  return rest;
}

/** Whether a service's load balancer is for connections, and reads no HTTP. */
export function isNetwork(stack: WithBalancer<Typed>, service: WithBalancer<Typed>): boolean {
  return balancerOf(stack, service)?.type === "network";
}

/** A service, as far as it may share a load balancer. */
export interface Sharing {
  readonly name: string;
  readonly loadBalancerOf?: string | undefined;
  readonly listenerRule?: ListenerRule | undefined;
  readonly domain?: { readonly name: string } | undefined;
}

/** The services that share the load balancer of this one, in their order. */
export function sharersOf<T extends Sharing>(services: readonly T[], owner: string): readonly T[] {
  return services.filter(({ loadBalancerOf }) => loadBalancerOf === owner);
}

/** Which requests come to a service that shares a load balancer: those for its own name, where no hosts are said. */
export function ruleOf({ listenerRule, domain }: Sharing): ListenerRule {
  return { ...listenerRule, hosts: listenerRule?.hosts ?? (domain && [domain.name]) };
}

interface Certified extends Typed {
  readonly certificateArn?: unknown;
}

/** Whether the listeners of a service's load balancer speak TLS. */
export function isSecure(
  stack: WithBalancer<Certified>,
  owner: (WithBalancer<Certified> & Pick<Sharing, "domain">) | undefined,
): boolean {
  return owner !== undefined && (owner.domain ?? balancerOf(stack, owner)?.certificateArn) !== undefined;
}
