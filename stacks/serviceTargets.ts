import { BlueGreenTargets } from "../components/loadBalancer/blueGreenTargets";
import { ListenerRuleTargets } from "../components/loadBalancer/listenerRuleTargets";
import { rulePriorities } from "../components/loadBalancer/priorities";
import { SHARE, TARGET_GROUP } from "../components/loadBalancer/settings";
import { SharedTargets } from "../components/loadBalancer/sharedTargets";
import type { TrafficTargets } from "../components/refs";
import { liveService } from "../components/service/liveService";
import { pick } from "../components/settings/settings";
import { balancerOf, ruleOf, sharersOf } from "./config/balancers";
import type { ServiceConfig } from "./config/load";
import type { DeliveryContext } from "./deliveryContext";
import { existingTargets } from "./existing";
import { serviceNameIn } from "./names";

/** What leads requests to a service: a load balancer of its own, a share of one, or what is there already. */
export function defineTargets(config: ServiceConfig, context: DeliveryContext): TrafficTargets | undefined {
  const { container, targets, loadBalancerOf } = config;
  if (targets && "existing" in targets) return existingTargets(targets.existing);
  if (container.port === undefined) return undefined;
  if (targets) return defineShare(config, container.port, targets.shared, context);
  if (config.loadBalanced === false) return undefined;
  const owner = context.config.services.find(({ name }) => name === loadBalancerOf);
  return owner
    ? defineRuleTargets(config, container.port, owner, context)
    : defineBalancer(config, container.port, context);
}

/** A service's own load balancer, made when it is first asked for: by the service itself, or one that shares it. */
function defineBalancer(config: ServiceConfig, containerPort: number, context: DeliveryContext): BlueGreenTargets {
  const { name, healthCheck, domain } = config;
  const known = context.balancers.get(name);
  if (known) return known;
  const made = new BlueGreenTargets(
    name,
    {
      ...balancerOf(context.config, config),
      network: context.foundation.network(),
      containerPort,
      formerContainerPort: formerPort(config, context),
      deletionProtection: context.retain,
      accessLogs: context.foundation.logBucket(),
      isShared: sharersOf(context.config.services, name).length > 0,
      domain,
      healthCheck,
    },
    { dependsOn: context.foundation.serviceLinked("loadBalancing") },
  );
  context.balancers.set(name, made);
  return made;
}

/** A share of another service's load balancer. */
function defineRuleTargets(
  config: ServiceConfig,
  containerPort: number,
  owner: ServiceConfig,
  context: DeliveryContext,
): ListenerRuleTargets {
  const { name, healthCheck, domain, listenerRule, loadBalancer } = config;
  const sharers = sharersOf(context.config.services, owner.name);
  const priorities = rulePriorities(sharers.map((one) => ({ name: one.name, ...ruleOf(one) })));
  return new ListenerRuleTargets(name, {
    ...listenerRule,
    priority: priorities[sharers.indexOf(config)],
    loadBalancer: defineBalancer(owner, owner.container.port ?? 0, context),
    network: context.foundation.network(),
    containerPort,
    formerContainerPort: formerPort(config, context),
    healthCheck,
    domain,
    certificateArn: loadBalancer?.certificateArn,
    isCovered: balancerOf(context.config, owner)?.certificateArn !== undefined,
    ...pick(TARGET_GROUP, balancerOf(context.config, config) ?? {}),
  });
}

type Share = Extract<NonNullable<ServiceConfig["targets"]>, { readonly shared: unknown }>["shared"];

function defineShare(
  config: ServiceConfig,
  containerPort: number,
  shared: Share,
  context: DeliveryContext,
): SharedTargets {
  const { name, healthCheck } = config;
  const { listener, testListener, targetSecurityGroup } = shared;
  return new SharedTargets(name, {
    ...pick(SHARE, shared),
    healthCheck,
    listener: { arn: listener },
    testListener: testListener === undefined ? undefined : { arn: testListener },
    network: context.foundation.network(),
    containerPort,
    targetSecurityGroupId: targetSecurityGroup,
    ...pick(TARGET_GROUP, balancerOf(context.config, config) ?? {}),
  });
}

/** The port of the tasks that run before this update. */
function formerPort({ name, container }: ServiceConfig, { stack, foundation }: DeliveryContext) {
  const serviceName = serviceNameIn(stack, name);
  const live = liveService({ cluster: foundation.cluster(), serviceName, containerName: container.name });
  return live.apply(({ containerPort }) => containerPort);
}
