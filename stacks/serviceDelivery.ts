import type * as pulumi from "@pulumi/pulumi";
import type { Input } from "@pulumi/pulumi";
import { type Place, revisionsOf } from "../components/arn";
import { BlueGreenTargets } from "../components/blueGreenTargets";
import type { Deployment, DeploymentStrategy } from "../components/deployment/strategy";
import { EcsService } from "../components/ecsService";
import { defineLifecyclePolicy, ImageRepository } from "../components/imageRepository";
import type { RepositoryRef, ServiceRef, TrafficTargets } from "../components/refs";
import type { ServiceConfig, StackConfig } from "./config";
import { existingRef, existingRepository, existingService, existingTargets } from "./existing";
import type { Foundation } from "./foundation";

/** One service of the stack, as the pipeline sees it: what it builds into, and how it is deployed. */
export interface ServiceDelivery {
  readonly config: ServiceConfig;
  readonly repository: RepositoryRef;
  readonly service: ServiceRef;
  readonly desiredCount: number;
  readonly deployment: Deployment;
  /** Whether the repository is this stack's: delivered images are tagged there. */
  readonly ownsRepository: boolean;
  /** Where the delivered image is recorded. A service that is someone else's has no record. */
  readonly record?: { readonly name: Input<string>; readonly arn: Input<string> };
  readonly outputs: Readonly<Record<string, pulumi.Output<string>>>;
}

/** What all services of a stack share. */
export interface DeliveryContext {
  readonly stack: string;
  readonly config: StackConfig;
  readonly foundation: Foundation;
  readonly strategy: DeploymentStrategy;
  readonly desiredCount: number;
  readonly retain: boolean;
  readonly place: Place;
}

/** Defines a service of the stack, or takes the one that is there. */
export function defineServiceDelivery(service: ServiceConfig, context: DeliveryContext): ServiceDelivery {
  const repository = defineRepository(service, context);
  return service.service
    ? adoptService(service, service.service.existing, repository, context)
    : createService(service, repository, context);
}

function defineRepository(service: ServiceConfig, context: DeliveryContext): RepositoryRef {
  const { config, stack, retain, place } = context;
  const { lifecyclePolicy } = config;
  if (service.repository && "existing" in service.repository) {
    const repository = existingRepository(service.repository.existing, place);
    if (lifecyclePolicy !== undefined) defineLifecyclePolicy(service.name, repository.name, lifecyclePolicy, {});
    return repository;
  }
  return new ImageRepository(
    service.name,
    {
      repositoryName: service.repository?.name ?? `${stack}/${service.name}`,
      forceDelete: !retain,
      ...(lifecyclePolicy !== undefined && { lifecyclePolicy }),
    },
    { protect: retain },
  );
}

function adoptService(
  config: ServiceConfig,
  existing: string,
  repository: RepositoryRef,
  context: DeliveryContext,
): ServiceDelivery {
  const { strategy, foundation, place, desiredCount } = context;
  const cluster = foundation.cluster();
  const service = existingService(existing, cluster.name, place);
  const roles = [config.taskRole, config.executionRole].flatMap((role) =>
    role ? [existingRef("role", role.existing, place).arn] : [],
  );
  const deployment = strategy.adopt({
    ...{ name: config.name, cluster, service, container: config.container },
    taskDefinitionArnPattern: revisionsOf(config.taskDefinitionFamily ?? service.name, place),
    passRoleArns: roles,
  });
  return {
    ...{ config, repository, service, deployment, ownsRepository: repository instanceof ImageRepository },
    desiredCount: config.desiredCount ?? desiredCount,
    outputs: {},
  };
}

function createService(config: ServiceConfig, repository: RepositoryRef, context: DeliveryContext): ServiceDelivery {
  const { stack, foundation, strategy, place } = context;
  const targets = defineTargets(config, context);
  const desiredCount = config.desiredCount ?? Math.max(context.desiredCount, config.scaling?.minCapacity ?? 0);
  const { executionRole, taskRole, cpu, memory, cpuArchitecture, capacityProvider, image, outbound, scaling } = config;
  const service = new EcsService(config.name, {
    ...{ repository, desiredCount, cpu, memory, cpuArchitecture, capacityProvider, image, outbound, scaling, targets },
    serviceName: `${stack}-${config.name}`,
    cluster: foundation.cluster(),
    network: foundation.network(),
    kmsKeyArn: foundation.kmsKeyArn(),
    container: config.container,
    deployment: strategy,
    protectDeliveredImage: context.retain,
    logRetentionInDays: config.logRetentionInDays,
    healthCheckGracePeriodSeconds: config.healthCheckGracePeriodSeconds ?? (config.runtime === "jvm" ? 120 : 60),
    executionRole: executionRole && existingRef("role", executionRole.existing, place),
    taskRole: taskRole && existingRef("role", taskRole.existing, place),
  });
  return {
    ...{ config, repository, desiredCount, ownsRepository: repository instanceof ImageRepository },
    service: { arn: service.service.id, name: service.service.name },
    deployment: service.deployment,
    record: service.deliveredImage.parameter,
    outputs: targets instanceof BlueGreenTargets ? { url: targets.url, testUrl: targets.testUrl } : {},
  };
}

function defineTargets(config: ServiceConfig, context: DeliveryContext): TrafficTargets | undefined {
  if (config.targets) return existingTargets(config.targets.existing);
  const { container, healthCheck, name } = config;
  if (container.port === undefined) return undefined;
  return new BlueGreenTargets(name, {
    ...context.config.loadBalancer,
    network: context.foundation.network(),
    containerPort: container.port,
    deletionProtection: context.retain,
    healthCheck,
  });
}
