/** Something with settings of a load balancer. */
interface WithBalancer<T extends object> {
  readonly loadBalancer?: T | undefined;
}

/** Settings of a service's load balancer: each is the service's own, else the stack's. */
export function balancerOf<T extends object>(stack: WithBalancer<T>, service: WithBalancer<T>): T | undefined {
  if (!stack.loadBalancer || !service.loadBalancer) return service.loadBalancer ?? stack.loadBalancer;
  return { ...stack.loadBalancer, ...service.loadBalancer };
}
