import type { Input } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { regionalArn, revisionsOf } from "../components/arn";
import type { WatchedTraffic } from "../components/dashboard/widgets";
import { defined } from "../components/defined";
import type { Deployment } from "../components/deployment/strategy";
import { defineLifecyclePolicy, ImageRepository } from "../components/images/imageRepository";
import { definePassedImage, type PassedImageRef } from "../components/images/passedImage";
import { definePassport, type PassportRef } from "../components/images/passport";
import { BlueGreenTargets } from "../components/loadBalancer/blueGreenTargets";
import { ListenerRuleTargets } from "../components/loadBalancer/listenerRuleTargets";
import { SharedTargets } from "../components/loadBalancer/sharedTargets";
import { parameterName } from "../components/parameters";
import type { ImageSource, QueueRef, ServiceRef, TrafficTargets } from "../components/refs";
import type { BeforeDeployment } from "../components/service/beforeDeployment";
import { deliveredContainers } from "../components/service/container";
import { DeadLetterQueue, defineQueueAlarm } from "../components/service/deadLetterQueue";
import { EcsService } from "../components/service/ecsService";
import { EventTask } from "../components/service/eventTask";
import { JVM_GRACE_PERIOD_SECONDS } from "../components/service/fargate";
import { runTaskCommand } from "../components/service/runTask";
import { ScheduledTask } from "../components/service/scheduledTask";
import { SERVICE } from "../components/service/settings";
import { pick } from "../components/settings/settings";
import type { ServiceConfig, StackConfig } from "./config/load";
import type { DeliveryContext } from "./deliveryContext";
import { existingRef, existingRepository, existingService } from "./existing";
import {
  executionRolePatternOf,
  releaseProjectIn,
  releaseRoleIn,
  releaseTagPrefix,
  repositoryNameIn,
  rolePathIn,
  serviceNameIn,
} from "./names";
import { once } from "./once";
import { secretsKeys } from "./secretsKeys";
import { defineTargets } from "./serviceTargets";

/** One service of the stack, as the pipeline sees it: what it builds into, and how it is deployed. */
export interface ServiceDelivery {
  readonly config: ServiceConfig;
  readonly repository: ImageSource;
  /** The service whose image it runs. @default - its own */
  readonly imageOf?: ServiceDelivery | undefined;
  /** Services beside it that run its image. */
  readonly sharing: readonly ServiceDelivery[];
  /** Variables with which builds log in to a registry that is not ECR: where their values are. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly service: ServiceRef;
  readonly desiredCount: number;
  readonly deployment: Deployment;
  /** Whether delivered images get the tag by which the repository's lifecycle policy keeps them. */
  readonly tagsDelivered: boolean;
  /** Whether a step looks up the image that a build made which this program has not written. */
  readonly resolvesImage: boolean;
  /** Where the delivered image is recorded. A service that is someone else's has no record. */
  readonly record?: { readonly name: Input<string>; readonly arn: Input<string> };
  /** What brings its requests, as a dashboard shows it. @default - nothing does, or nobody here knows */
  readonly traffic?: WatchedTraffic | undefined;
  /** Log groups of its containers, as far as they are known. @default - none is */
  readonly logGroupArns?: readonly Input<string>[];
  /** What the step before a deployment takes. @default - there is none */
  readonly beforeDeployment?: BeforeDeployment | undefined;
  /** Address of the running service. @default - it has none */
  readonly url?: Input<string>;
  /** The record of images that passed their tests; made at the first call. */
  readonly passedImage: () => PassedImageRef;
  /** The passports of its images; made at the first call. */
  readonly passport: () => PassportRef;
  readonly outputs: Readonly<Record<string, pulumi.Output<string>>>;
}

/** Newest images to keep where some of them wait for a release, unless stack config says otherwise. */
const KEPT_FOR_RELEASES = 50;

/** Defines the services of the stack: those that bring an image first, because others run it. */
export function defineServiceDeliveries(context: DeliveryContext): ServiceDelivery[] {
  const { services } = context.config;
  const builders = services.filter(({ imageOf }) => imageOf === undefined);
  const made = new Map(builders.map((one) => [one.name, defineServiceDelivery(one, context)]));
  const others = services.flatMap((one) => {
    const builder = one.imageOf === undefined ? undefined : made.get(one.imageOf);
    return builder ? [defineSharingDelivery(one, builder, context)] : [];
  });
  const sharing = (name: string) => others.filter(({ config }) => config.imageOf === name);
  const all = [...[...made.values()].map((one) => ({ ...one, sharing: sharing(one.config.name) })), ...others];
  return services.flatMap(({ name }) => all.filter(({ config }) => config.name === name));
}

/** A service that runs the image of another. */
function defineSharingDelivery(
  service: ServiceConfig,
  imageOf: ServiceDelivery,
  context: DeliveryContext,
): ServiceDelivery {
  const { repository, tagsDelivered, credentials, passedImage, passport, resolvesImage } = imageOf;
  // The image is for one architecture.
  const config = { ...service, cpuArchitecture: service.cpuArchitecture ?? imageOf.config.cpuArchitecture };
  const common: CommonDelivery = {
    config,
    imageOf,
    sharing: [],
    repository,
    tagsDelivered,
    credentials,
    passedImage,
    passport,
    resolvesImage,
  };
  return service.service ? adoptService(common, service.service.existing, context) : createService(common, context);
}

/** Defines a service of the stack, or takes the one that is there. */
function defineServiceDelivery(service: ServiceConfig, context: DeliveryContext): ServiceDelivery {
  const repository = defineRepository(service, context);
  const common: CommonDelivery = {
    config: service,
    sharing: [],
    repository,
    tagsDelivered: tagsDelivered(service, context),
    credentials: credentialsOf(service),
    passedImage: once(() => definePassedImageOf(service.name, context)),
    passport: once(() =>
      definePassport(`${service.name}-passport`, serviceNameIn(context.stack, service.name), {
        protect: context.retain,
      }),
    ),
    resolvesImage: resolvesImage(service, context),
  };
  return service.service ? adoptService(common, service.service.existing, context) : createService(common, context);
}

type CommonDelivery = Pick<
  ServiceDelivery,
  | "config"
  | "imageOf"
  | "sharing"
  | "repository"
  | "tagsDelivered"
  | "credentials"
  | "passedImage"
  | "passport"
  | "resolvesImage"
>;

/** A generated build says which image it made, by digest; anyone else's has to be asked. */
function resolvesImage({ name, buildspec, projects }: ServiceConfig, { verify, config }: DeliveryContext): boolean {
  if (projects?.resolve) return true;
  // Nor does it write the files for others that run its image.
  const isShared = config.services.some(({ imageOf }) => imageOf === name);
  return (verify || isShared) && (buildspec !== undefined || projects?.imageBuild !== undefined);
}

/**
 * A repository of this stack is tagged; so is one that exists if its lifecycle policy is this stack's, and a build of this
 * stack confirms deliveries: nobody knows what another's role may do.
 */
function tagsDelivered({ repository }: ServiceConfig, { config, verify }: DeliveryContext): boolean {
  if (!repository || "name" in repository) return true;
  const confirms = verify && !config.confirmProject && !config.deliveredBy;
  return "existing" in repository && config.lifecyclePolicy !== undefined && confirms;
}

function definePassedImageOf(name: string, { stack, retain }: DeliveryContext): PassedImageRef {
  const parameter = parameterName(serviceNameIn(stack, name), "passed-image");
  return definePassedImage(`${name}-passed-image`, parameter, { protect: retain });
}

function credentialsOf({ repository }: ServiceConfig): Record<string, string> {
  if (!repository || !("registry" in repository)) return {};
  return { DOCKER_USER: repository.username, DOCKER_PASSWORD: repository.password };
}

function defineRepository(service: ServiceConfig, context: DeliveryContext): ImageSource {
  const { config, stack, retain, place } = context;
  const { lifecyclePolicy } = config;
  if (service.repository && "registry" in service.repository) {
    const { registry: repositoryUrl, pullSecret: pullSecretArn } = service.repository;
    return { repositoryUrl, pullSecretArn };
  }
  if (service.repository && "existing" in service.repository) {
    const repository = existingRepository(service.repository.existing, place);
    if (lifecyclePolicy !== undefined) {
      defineLifecyclePolicy(service.name, repository.name, lifecyclePolicy, {
        tagged: tagsDelivered(service, context),
        prefixes: releasePrefixes(context),
      });
    }
    return repository;
  }
  return new ImageRepository(
    service.name,
    {
      repositoryName: service.repository?.name ?? repositoryNameIn(stack, service.name),
      forceDelete: !retain,
      // A run may wait a week for its approval while others push.
      lifecyclePolicy: lifecyclePolicy ?? (config.releaseTo && { keepImages: KEPT_FOR_RELEASES }),
      releasePrefixes: releasePrefixes(context),
      ...othersOf(service.name, context),
    },
    { protect: retain },
  );
}

/** What the tags of releases to another stack begin with, where their images stay in the repository. */
function releasePrefixes({ config, target }: DeliveryContext): string[] | undefined {
  return target && config.releaseTo?.images === "same" ? [releaseTagPrefix(target.stack)] : undefined;
}

/** Who else has to do with a repository of this stack: another stack that pulls from it, or one that pushes to it. */
function othersOf(service: string, { config, target }: DeliveryContext) {
  const { releaseTo } = config;
  const pulled = target && releaseTo?.images === "same";
  const sharing = config.services.filter(({ imageOf }) => imageOf === service).map(({ name }) => name);
  const there = (accountId: string, stack: string, roleName: string, path?: string) => ({
    accountId,
    roleName,
    path: rolePathIn(stack, path),
  });
  return {
    pulledBy:
      pulled && target.account
        ? [service, ...sharing].map((name) =>
            there(target.account ?? "", target.stack, executionRolePatternOf(name), releaseTo.rolePath),
          )
        : undefined,
    pushedBy: pusherOf(service, config),
  };
}

/** The role of another account that pushes releases of a service into its repository. */
function pusherOf(service: string, { deliveredBy, delivery, source }: StackConfig) {
  const byTag = source && "releasedBy" in source ? source.releasedBy : undefined;
  const { stack, account, rolePath } = byTag ?? deliveredBy ?? {};
  if (stack === undefined || account === undefined) return undefined;
  const roleName = byTag || delivery ? releaseRoleIn(stack, service) : releaseProjectIn(stack, service);
  return [{ accountId: account, roleName, path: rolePathIn(stack, rolePath) }];
}

function adoptService(common: CommonDelivery, existing: string, context: DeliveryContext): ServiceDelivery {
  const { config } = common;
  const { foundation, place } = context;
  const strategy = context.strategyOf(config);
  const cluster = foundation.cluster();
  const service = existingService(existing, cluster.name, place);
  const roles = [config.taskRole, config.executionRole].flatMap((role) =>
    role ? [existingRef("role", role.existing, place).arn] : [],
  );
  const deployment = strategy.adopt({
    name: config.name,
    deploymentFiles: common.imageOf && config.name,
    furtherContainers: deliveredContainers(config.sidecars),
    cluster,
    service,
    container: config.container,
    taskDefinitionArnPattern: revisionsOf(config.taskDefinitionFamily ?? service.name, place),
    passRoleArns: roles,
  });
  return {
    ...common,
    service,
    deployment,
    url: config.url,
    outputs: {},
    // Whoever owns it says how many tasks it has, 0 too; unless stack config says a number.
    desiredCount: config.desiredCount ?? 0,
  };
}

function createService(common: CommonDelivery, context: DeliveryContext): ServiceDelivery {
  const { config, repository } = common;
  const { stack, foundation, place } = context;
  const targets = defineTargets(config, context);
  const desiredCount = config.desiredCount ?? Math.max(context.desiredCount, config.scaling?.minCapacity ?? 0);
  const { executionRole, taskRole } = config;
  const service = new EcsService(
    config.name,
    {
      ...pick(SERVICE, config),
      repository,
      desiredCount,
      targets,
      deploymentFiles: common.imageOf && config.name,
      image: config.image,
      outbound: config.outbound ?? context.config.outbound,
      permissions: config.permissions,
      beforeDeployment: config.beforeDeployment,
      scaling: config.scaling,
      taskDefinitionFrom: config.taskDefinition && { ...config.taskDefinition, family: config.taskDefinitionFamily },
      sidecars: config.sidecars,
      serviceConnect: foundation.serviceConnect(),
      executeCommand: config.executeCommand ? sessionKey(context) : undefined,
      serviceName: serviceNameIn(stack, config.name),
      cluster: foundation.cluster(),
      network: foundation.network(),
      kmsKeyArn: foundation.kmsKeyArn(),
      secretsKeyArns: secretsKeys(config.secretsKey, context.config, foundation.kmsKeyArn),
      container: config.container,
      deployment: context.strategyOf(config),
      protectDeliveredImage: context.retain,
      alarmTopic: context.alarmsTold ? foundation.topic() : undefined,
      healthCheckGracePeriodSeconds:
        config.healthCheckGracePeriodSeconds ?? (config.runtime === "jvm" ? JVM_GRACE_PERIOD_SECONDS : undefined),
      executionRole: executionRole && existingRef("role", executionRole.existing, place),
      taskRole: taskRole && existingRef("role", taskRole.existing, place),
    },
    { dependsOn: config.scaling ? foundation.serviceLinked("ecs", "scaling") : foundation.serviceLinked("ecs") },
  );
  defineTasks(config, service, context);
  const { url, outputs } = addressesOf(targets, config.url);
  return {
    ...common,
    desiredCount,
    service: { arn: service.service.id, name: service.service.name },
    deployment: service.deployment,
    record: service.deliveredImage.parameter,
    beforeDeployment: service.beforeDeployment,
    logGroupArns: logGroupArns(config, service, context),
    traffic: watchedTraffic(targets, service, context.strategyOf(config).kind === "rolling"),
    url,
    outputs: defined({
      ...outputs,
      taskRole: pulumi.output(service.taskRole.arn),
      executionRole: pulumi.output(service.executionRole.arn),
      tasksSecurityGroup: service.securityGroupId,
      logGroup: service.logGroup.name,
      runTask: config.beforeDeployment && runTaskCommand(service.task, config.beforeDeployment.command, place.region),
    }),
  };
}

/** The target group that serves, or both where traffic moves between them. */
function watchedTraffic(
  targets: TrafficTargets | undefined,
  { servingGroupArn }: EcsService,
  rolls: boolean,
): WatchedTraffic | undefined {
  if (!targets || servingGroupArn === undefined) return undefined;
  const { type, productionListener: listener, blue, green } = targets;
  return { type, listener, groups: rolls ? { tasks: servingGroupArn } : { blue: blue.arn, green: green.arn } };
}

/** The stack's own log group where a container writes there, and those that containers name in this account and region. */
function logGroupArns(
  { container, sidecars = [], taskDefinition }: ServiceConfig,
  { logGroup }: EcsService,
  { place }: DeliveryContext,
): readonly Input<string>[] {
  const logs = [container, ...sidecars].map(({ logConfiguration }) => logConfiguration);
  const named = logs.flatMap((log) => (log?.logDriver === "awslogs" ? (log.options?.["awslogs-group"] ?? []) : []));
  // What a template in the source says of logs is not known here.
  const isUsed =
    taskDefinition !== undefined ||
    logs.some(
      (log) => log === undefined || (log.logDriver === "awslogs" && log.options?.["awslogs-group"] === undefined),
    );
  return [
    ...(isUsed ? [logGroup.arn] : []),
    ...[...new Set(named)].map((name) => regionalArn(place, "logs", `log-group:${name}`)),
  ];
}

/** The commands of the service's image that the clock or an event starts. */
function defineTasks(
  { name: service, ...config }: ServiceConfig,
  { task }: EcsService,
  context: DeliveryContext,
): void {
  for (const { name, deadLetterQueue, ...own } of config.scheduledTasks ?? []) {
    const whole = `${service}-${name}`;
    new ScheduledTask(whole, { ...own, task, deadLetterQueue: deadLetterQueueOf(whole, deadLetterQueue, context) });
  }
  for (const { name, deadLetterQueue, ...own } of config.eventTasks ?? []) {
    const whole = `${service}-${name}`;
    new EventTask(whole, { ...own, task, deadLetterQueue: deadLetterQueueOf(whole, deadLetterQueue, context) });
  }
}

/** The queue of a task, and the alarm that says when something is in it. */
function deadLetterQueueOf(
  name: string,
  given: NonNullable<ServiceConfig["scheduledTasks"]>[number]["deadLetterQueue"],
  { alarmsTold, foundation, place }: DeliveryContext,
): QueueRef | undefined {
  if (given === undefined) return undefined;
  const alarmTopic = alarmsTold ? foundation.topic() : undefined;
  if (given === "created") return new DeadLetterQueue(name, { alarmTopic });
  const queue = existingRef("queue", given.existing, place);
  if (alarmTopic) defineQueueAlarm(name, queue.name, alarmTopic);
  return { arn: queue.arn };
}

/** Sessions in a cluster of this stack are encrypted with its key; of another cluster's nothing is known. */
function sessionKey({ config, foundation }: DeliveryContext): { readonly kmsKeyArn?: Input<string> } {
  return config.cluster ? {} : { kmsKeyArn: foundation.kmsKeyArn() };
}

/** Addresses of a service, and what another stack needs to share its load balancer. */
function addressesOf(
  targets: TrafficTargets | undefined,
  url: string | undefined,
): Pick<ServiceDelivery, "url" | "outputs"> {
  if (targets instanceof SharedTargets) return { url: url ?? targets.url, outputs: { url: targets.url } };
  if (targets instanceof ListenerRuleTargets) {
    return { url: url ?? targets.url, outputs: { url: targets.url, testUrl: targets.testUrl } };
  }
  if (!(targets instanceof BlueGreenTargets)) return { url, outputs: {} };
  const { testUrl, productionListener, targetSecurityGroupId: targetSecurityGroup } = targets;
  return {
    url: url ?? targets.url,
    outputs: { url: targets.url, testUrl, listener: productionListener.arn, targetSecurityGroup },
  };
}
