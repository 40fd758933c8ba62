import { ChatChannel } from "../components/notify/chatChannel";
import { DeliveryNotifications } from "../components/notify/deliveryNotifications";
import type { TopicPublisher } from "../components/notify/notificationTopic";
import { asksPerson } from "./asks";
import type { StackConfig } from "./config/load";
import type { DeliveryContext } from "./deliveryContext";
import type { StackPipeline } from "./pipelines";
import type { EnvironmentProfile } from "./profile";

/** What publishes to the topic that the stack makes, without a role of its own; nothing where it makes none. */
export function topicPublishers(
  { chat, deliveredBy, deliveryEvents = true, notificationEmails, topic }: StackConfig,
  profile: EnvironmentProfile,
): readonly TopicPublisher[] {
  const listened = notificationEmails !== undefined || chat !== undefined;
  const made = !topic && !deliveredBy && (listened || asksPerson(profile));
  return made && deliveryEvents ? ["notifications"] : [];
}

/**
 * Tells the topic what becomes of deliveries, and chat channels what the topic is told. Stack config asks for it by an
 * address or a channel; a pipeline that asks a person has a topic anyway.
 */
export function defineNotifications(pipelines: readonly StackPipeline[], context: DeliveryContext): void {
  const { config, foundation, stack } = context;
  const { slack, teams } = config.chat ?? {};
  const listened = [config.notificationEmails, slack, teams].some((listener) => listener !== undefined);
  const told = config.deliveryEvents ?? !config.topic;
  for (const { name, pipeline, deliveries, asks } of pipelines) {
    if (!told || !(listened || asks || config.topic)) continue;
    new DeliveryNotifications(
      name,
      {
        pipelineArn: pipeline.arn,
        topic: foundation.topic(),
        services: deliveries.map(({ service }) => service),
        codeDeploy: deliveries.flatMap(({ deployment }) => deployment.codeDeploy ?? []),
      },
      { dependsOn: foundation.serviceLinked("notifications") },
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
