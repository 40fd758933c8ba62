import type { RecordedGraph } from "./graph";
import { mapsOf, textOf, textsOf } from "./read";
import { ofType, propertyOf, referredBy, TYPES } from "./resources";

/** The key of one's own that a topic is encrypted with: the topic's, or what a component was told of one that exists. */
export function keyOfTopic(graph: RecordedGraph, topicArn: string): string | undefined {
  const topic = referredBy(graph, TYPES.topic, topicArn);
  const told = graph.resources
    .flatMap(({ inputs, custom }) => (custom ? [] : mapsOf(inputs.encryptedTopics)))
    .find(({ arn }) => arn === topicArn);
  const keyArn = topic ? propertyOf(topic, "kmsMasterKeyId") : textOf(told?.kmsKeyArn);
  return keyArn?.includes(":key/") ? keyArn : undefined;
}

/** What AWS knows of a call on a topic's key: it comes through the topic. */
export function throughTopic(topicArn: string): Readonly<Record<string, string>> {
  return { "kms:ViaService": `sns.${topicArn.split(":")[3] ?? ""}.amazonaws.com` };
}

const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";

/** Who reads a topic, of what the stack knows: addresses and chat channels. */
export function readersOfTopic(graph: RecordedGraph, topicArn: string): readonly string[] {
  const addresses = ofType(graph, SUBSCRIPTION)
    .filter(({ inputs }) => inputs.topic === topicArn)
    .map(({ inputs }) => textOf(inputs.endpoint) ?? "somebody");
  const channels = [...ofType(graph, TYPES.slackChannel), ...ofType(graph, TYPES.teamsChannel)]
    .filter(({ inputs }) => textsOf(inputs.snsTopicArns).includes(topicArn))
    .map(({ inputs }) => `chat channel ${textOf(inputs.configurationName) ?? ""}`);
  return [...addresses, ...channels];
}
