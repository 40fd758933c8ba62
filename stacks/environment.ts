import * as pulumi from "@pulumi/pulumi";
import { placeOf } from "../components/arn";
import { TestNetwork } from "../components/build/testNetwork";
import { environmentNameIn } from "../components/checks/names";
import { ImageRepository } from "../components/images/imageRepository";
import { EcsService } from "../components/service/ecsService";
import { asksPerson } from "./asks";
import { strategyOfService } from "./config/deployment";
import { loadStackConfig, type StackConfig } from "./config/load";
import { defineDashboard } from "./dashboard";
import { defineDeliveryTarget } from "./deliveredBy";
import type { DeliveryContext } from "./deliveryContext";
import { defineFoundation } from "./foundation";
import { alarmsTold, defineNotifications, failuresTold } from "./notifications";
import { once } from "./once";
import { artifactOutputs, pipelineUrls, serviceOutputs, workflowOutputs } from "./outputs";
import { definePipelines } from "./pipelines";
import type { EnvironmentProfile } from "./profile";
import { type Profiles, profiles } from "./profiles";
import { withProject } from "./project";
import { releaseTarget } from "./releaseTarget";
import { collectResources, defineRetained } from "./retained";
import { placeRoles } from "./rolePlace";
import { defineServiceDeliveries } from "./serviceDelivery";
import { verifies } from "./verify";
import { defineWorkflows } from "./workflows";

/** The stack's environment, from its configuration, in one of these shapes. What it gives are the stack's outputs. */
export function deployStack(known: Profiles = profiles): Record<string, unknown> {
  const config = withProject(loadStackConfig(known));
  const profile = known[config.environment];
  if (!profile) throw new Error(`no profile ${config.environment}`);
  return deployEnvironment(profile, config);
}

/** Defines an environment: what services stand on, the services, and what delivers to them. */
function deployEnvironment(profile: EnvironmentProfile, config: StackConfig): Record<string, unknown> {
  placeRoles(environmentName(config), config);
  const made = collectResources();
  const context = contextOf(profile, config);
  const outputs = defineEnvironment(profile, config, context);
  // Where retain is said, and be it false, destroy has to find it no longer protected, rather than gone.
  const keeps = made.some((resource) => resource instanceof ImageRepository || resource instanceof EcsService);
  if (keeps && (context.retain || config.retain !== undefined))
    defineRetained(context.stack, context.retain, [...made]);
  return outputs;
}

function environmentName({ project }: StackConfig): string {
  return environmentNameIn(pulumi.getStack(), project);
}

function defineEnvironment(
  profile: EnvironmentProfile,
  config: StackConfig,
  context: DeliveryContext,
): Record<string, unknown> {
  const deliveries = defineServiceDeliveries(context);
  if (config.deliveredBy) {
    defineDeliveryTarget(config.deliveredBy, deliveries, context);
    // That stack's pipeline tells its own people of its runs.
    defineNotifications([{ name: context.stack, deliveries, asks: false }], context);
    return { ...defineDashboard(deliveries, profile, context), services: serviceOutputs(deliveries, context) };
  }
  if (config.delivery) {
    const workflows = defineWorkflows(profile, deliveries, config.delivery.gitHubActions, context);
    defineNotifications(workflows, context);
    return {
      ...workflowOutputs(workflows),
      ...defineDashboard(deliveries, profile, context),
      services: serviceOutputs(deliveries, context),
    };
  }
  const pipelines = definePipelines(profile, deliveries, context);
  defineNotifications(pipelines, context);
  return {
    ...pipelineUrls(pipelines),
    ...defineDashboard(deliveries, profile, context),
    ...artifactOutputs(context),
    services: serviceOutputs(deliveries, context),
  };
}

function contextOf(profile: EnvironmentProfile, config: StackConfig): DeliveryContext {
  const stack = environmentName(config);
  const retain = config.retain ?? profile.retain;
  const place = placeOf();
  const foundation = defineFoundation(stack, { config, profile, retain, place });
  return {
    stack,
    config,
    retain,
    place,
    projects: new Map(),
    balancers: new Map(),
    caches: new Set(),
    foundation,
    testNetwork: once(() => new TestNetwork(`${stack}-tests`, { network: foundation.network() })),
    verify: verifies(profile, config),
    alarmsTold: alarmsTold(config, profile),
    failuresTold: failuresTold(config, config.delivery === undefined && asksPerson(profile)),
    strategyOf: (service) => strategyOfService(service, config, profile),
    desiredCount: profile.desiredCount,
    target: config.releaseTo && releaseTarget(config.releaseTo, place),
  };
}
