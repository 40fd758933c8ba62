import * as pulumi from "@pulumi/pulumi";
import { placeOf } from "../components/arn";
import { DeliveryPipeline } from "../components/deliveryPipeline";
import { loadStackConfig, type StackConfig } from "./config";
import { strategyFrom } from "./deploymentSchema";
import { defineFoundation } from "./foundation";
import { pipelineParts } from "./pipelineParts";
import type { EnvironmentProfile } from "./profile";
import { profiles } from "./profiles";
import { type DeliveryContext, defineServiceDelivery } from "./serviceDelivery";

/** The stack's environment, from its configuration. What it gives are the stack's outputs. */
export function deployStack(): Record<string, unknown> {
  const config = loadStackConfig();
  return deployEnvironment(profiles[config.environment], config);
}

/** Defines an environment: what services stand on, the services, and the pipeline that delivers to them. */
export function deployEnvironment(profile: EnvironmentProfile, config: StackConfig): Record<string, unknown> {
  const stack = pulumi.getStack();
  const retain = config.retain ?? profile.retain;
  const place = placeOf();
  const foundation = defineFoundation(stack, config, retain, place);
  const context: DeliveryContext = {
    ...{ stack, config, foundation, retain, place },
    strategy: config.deployment ? strategyFrom(config.deployment) : profile.deployment,
    desiredCount: profile.desiredCount,
  };
  const deliveries = config.services.map((service) => defineServiceDelivery(service, context));
  const { pipeline: role, trigger: triggerRole } = foundation.roles;
  const pipeline = new DeliveryPipeline(stack, {
    pipelineName: `${stack}-delivery`,
    stages: profile.stages(pipelineParts(deliveries, context)),
    artifactStore: foundation.artifactStore(),
    ...(role && { role }),
    ...(triggerRole && { triggerRole }),
  });
  return {
    pipelineUrl: pipeline.consoleUrl,
    services: Object.fromEntries(
      deliveries.map(({ config: service, repository, outputs }) => [
        service.name,
        { repository: repository.repositoryUrl, ...outputs },
      ]),
    ),
  };
}
