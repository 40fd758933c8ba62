import * as pulumi from "@pulumi/pulumi";
import { placeOf } from "../components/arn";
import { loadStackConfig, type StackConfig } from "./config";
import { defineDeliveryTarget } from "./deliveredBy";
import type { DeliveryContext } from "./deliveryContext";
import { strategyFrom } from "./deploymentSchema";
import { defineFoundation } from "./foundation";
import { defineNotifications } from "./notifications";
import { definePipelines, type StackPipeline } from "./pipelines";
import type { EnvironmentProfile } from "./profile";
import { type Profiles, profiles } from "./profiles";
import { releaseTarget } from "./releaseTarget";
import { defineServiceDelivery, type ServiceDelivery } from "./serviceDelivery";

/** The stack's environment, from its configuration, in one of these shapes. What it gives are the stack's outputs. */
export function deployStack(known: Profiles = profiles): Record<string, unknown> {
  const config = loadStackConfig(known);
  const profile = known[config.environment];
  if (!profile) throw new Error(`no profile ${config.environment}`);
  return deployEnvironment(profile, config);
}

/** Defines an environment: what services stand on, the services, and what delivers to them. */
export function deployEnvironment(profile: EnvironmentProfile, config: StackConfig): Record<string, unknown> {
  const context = contextOf(profile, config);
  const deliveries = config.services.map((service) => defineServiceDelivery(service, context));
  if (config.deliveredBy) {
    defineDeliveryTarget(config.deliveredBy, deliveries, context);
    return { services: servicesOf(deliveries) };
  }
  const pipelines = definePipelines(profile, deliveries, context);
  defineNotifications(pipelines, context);
  return { ...urlsOf(pipelines), ...artifactsOf(context), services: servicesOf(deliveries) };
}

function contextOf(profile: EnvironmentProfile, config: StackConfig): DeliveryContext {
  const stack = pulumi.getStack();
  const retain = config.retain ?? profile.retain;
  const place = placeOf();
  return {
    ...{ stack, config, retain, place, projects: new Map() },
    foundation: defineFoundation(stack, config, retain, place),
    strategy: config.deployment ? strategyFrom(config.deployment) : profile.deployment,
    desiredCount: profile.desiredCount,
    ...(config.releaseTo && { target: releaseTarget(config.releaseTo, place) }),
  };
}

function urlsOf(pipelines: readonly StackPipeline[]): Record<string, unknown> {
  const [first, ...others] = pipelines;
  if (first && others.length === 0) return { pipelineUrl: first.pipeline.consoleUrl };
  return { pipelineUrls: Object.fromEntries(pipelines.map(({ name, pipeline }) => [name, pipeline.consoleUrl])) };
}

/** What the stack that the pipeline goes on to has to know. */
function artifactsOf({ config, foundation }: DeliveryContext): Record<string, unknown> {
  const { releaseTo } = config;
  if (!releaseTo) return {};
  const store = (releaseTo.region && foundation.regionalStores()[releaseTo.region]) || foundation.artifactStore();
  return { artifactBucket: store.bucket, artifactKey: store.kmsKeyArn };
}

function servicesOf(deliveries: readonly ServiceDelivery[]): Record<string, unknown> {
  return Object.fromEntries(
    deliveries.map(({ config, repository, outputs }) => [
      config.name,
      { repository: repository.repositoryUrl, ...outputs },
    ]),
  );
}
