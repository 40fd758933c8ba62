import type { ListenerRule } from "../../components/loadBalancer/settings";

/** Something with settings of a load balancer. */
interface WithBalancer<T extends object> {
  readonly loadBalancer?: T | undefined;
}

/** Settings of a service's load balancer: each is the service's own, else the stack's. */
export function balancerOf<T extends object>(stack: WithBalancer<T>, service: WithBalancer<T>): T | undefined {
  if (!stack.loadBalancer || !service.loadBalancer) return service.loadBalancer ?? stack.loadBalancer;
  return { ...stack.loadBalancer, ...service.loadBalancer };
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

/** Whether the listeners of a service's load balancer speak TLS. */
export function isSecure(
  stack: WithBalancer<{ readonly certificateArn?: unknown }>,
  owner: (WithBalancer<{ readonly certificateArn?: unknown }> & Pick<Sharing, "domain">) | undefined,
): boolean {
  return owner !== undefined && (owner.domain ?? balancerOf(stack, owner)?.certificateArn) !== undefined;
}
