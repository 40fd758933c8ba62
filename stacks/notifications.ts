import { ChatChannel } from "../components/notify/chatChannel";
import { DeliveryNotifications } from "../components/notify/deliveryNotifications";
import type { TopicPublisher } from "../components/notify/notificationTopic";
import type { PausingService } from "../components/notify/pausedDeployment";
import type { NamedArn } from "../components/refs";
import { asksPerson } from "./asks";
import type { ServiceConfig, StackConfig } from "./config/load";
import type { DeliveryContext } from "./deliveryContext";
import type { StackPipeline } from "./pipelines";
import type { EnvironmentProfile } from "./profile";
import type { ServiceDelivery } from "./serviceDelivery";

/** What publishes to the topic that the stack makes, without a role of its own; nothing where it makes none. */
export function topicPublishers(config: StackConfig, profile: EnvironmentProfile): readonly TopicPublisher[] {
  if (config.topic || !hasListeners(config, profile)) return [];
  const { deliveredBy, delivery, deliveryEvents = true, services } = config;
  if (!deliveryEvents) return [];
  const alarmed = services.some(hasAlarms);
  return [...(deliveredBy || delivery ? [] : (["notifications"] as const)), ...(alarmed ? (["alarms"] as const) : [])];
}

/**
 * Whether alarms that guard deployments tell the topic: somebody should know that production answers with errors when no
 * deployment is under way. Of a topic that exists, its policy says who may tell it.
 */
export function alarmsTold(config: StackConfig, profile: EnvironmentProfile): boolean {
  const { deliveryEvents = config.topic === undefined } = config;
  return deliveryEvents && (config.topic !== undefined || hasListeners(config, profile));
}

/** Whether the topic is told what becomes of deliveries by a pipeline, and why they failed. Told of one that exists it is asked for. */
export function failuresTold({ chat, deliveryEvents, notificationEmails, topic }: StackConfig, asks: boolean): boolean {
  const listened = [notificationEmails, chat?.slack, chat?.teams, topic].some((listener) => listener !== undefined);
  return (deliveryEvents ?? !topic) && (listened || asks);
}

/** Alarms watch the target groups of the services that this stack makes, and the queues of their tasks. */
function hasAlarms({ service, targets, container, loadBalanced, ...tasks }: ServiceConfig): boolean {
  const { scheduledTasks = [], eventTasks = [] } = tasks;
  const queues = [...scheduledTasks, ...eventTasks].some(({ deadLetterQueue }) => deadLetterQueue !== undefined);
  return !service && (queues || targets !== undefined || (container.port !== undefined && loadBalanced !== false));
}

/** Whether somebody listens to a topic of the stack: it has one anyway where a pipeline asks a person. */
function hasListeners(config: StackConfig, profile: EnvironmentProfile): boolean {
  const { chat, delivery, deliveredBy, notificationEmails } = config;
  // GitHub itself asks the reviewers of an environment.
  const asks = delivery === undefined && asksPerson(profile);
  return notificationEmails !== undefined || chat !== undefined || (!deliveredBy && asks);
}

/** What is told of: a pipeline and what it delivers; of a workflow, or another stack's pipeline, AWS tells of the deployments alone. */
type Notified = Pick<StackPipeline, "name" | "deliveries" | "asks"> & { readonly pipeline?: StackPipeline["pipeline"] };

/**
 * Tells the topic what becomes of deliveries, and chat channels what the topic is told. Stack config asks for it by an
 * address or a channel; a pipeline that asks a person has a topic anyway.
 */
export function defineNotifications(pipelines: readonly Notified[], context: DeliveryContext): void {
  const { config, foundation, stack } = context;
  const { slack, teams } = config.chat ?? {};
  for (const { name, pipeline, deliveries, asks } of pipelines) {
    if (!failuresTold(config, asks)) continue;
    new DeliveryNotifications(
      name,
      {
        pipelineArn: pipeline?.arn,
        topic: foundation.topic(),
        services: deliveries.map(({ service }) => service),
        codeDeploy: deliveries.flatMap(({ deployment }) => deployment.codeDeploy ?? []),
        pausing: deliveries.flatMap((delivery) => pausingOf(delivery, context)),
      },
      { dependsOn: pipeline && foundation.serviceLinked("notifications") },
    );
  }
  if (slack)
    new ChatChannel(
      `${stack}-slack`,
      { client: { slack }, topicArns: [foundation.topic().arn] },
      { dependsOn: foundation.serviceLinked("chat") },
    );
  if (teams)
    new ChatChannel(
      `${stack}-teams`,
      { client: { teams }, topicArns: [foundation.topic().arn] },
      { dependsOn: foundation.serviceLinked("chat") },
    );
}

/** A service whose deployments wait for a person. */
function pausingOf(delivery: ServiceDelivery, { config, foundation }: DeliveryContext): readonly PausingService[] {
  const { service, deployment, outputs, config: own } = delivery;
  const { pauses } = deployment;
  if (!pauses) return [];
  const { name: container } = own.container;
  const repository = repositoryHere(delivery, config);
  return [{ service, container, repository, pauses, testUrl: outputs.testUrl, cluster: foundation.cluster() }];
}

/** The repository in ECR that may be asked for tags: one of the account that delivers admits the roles that pull, and no other. */
function repositoryHere(
  { repository: { arn, name }, imageOf, config }: ServiceDelivery,
  { deliveredBy }: StackConfig,
): NamedArn | undefined {
  const given = (imageOf?.config ?? config).repository;
  const account = given && "existing" in given ? given.existing.split(":")[4] : undefined;
  const isElsewhere = account !== undefined && account === deliveredBy?.account;
  return arn === undefined || name === undefined || isElsewhere ? undefined : { arn, name };
}
