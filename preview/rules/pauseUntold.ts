import { shellWord } from "../../components/shellWord";
import { matchesPattern } from "../../model/graph/eventPattern";
import type { Finding, RecordedGraph, RecordedResource, Rule } from "../../model/graph/graph";
import { jsonOf, mapOf, mapsOf, textOf } from "../../model/graph/read";
import { arnOf, notice, ofType, physicalName, referredBy, TYPES } from "../../model/graph/resources";
import { readersOfTopic } from "../../model/graph/topics";

/**
 * A deployment that waits for a person, of which no person hears: it waits until its time is up, and is taken back then or
 * goes on unseen. AWS tells of a pause by an event, and nobody else.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/pause-lifecycle-hooks.html
 */
export const pauseUntold: Rule = (graph) =>
  ofType(graph, TYPES.service).flatMap((service) => {
    const hooks = mapsOf(mapOf(service.inputs.deploymentConfiguration).lifecycleHooks);
    return hooks.some(({ targetType }) => targetType === "PAUSE") ? untold(graph, service) : [];
  });

function untold(graph: RecordedGraph, service: RecordedResource): readonly Finding[] {
  const told = topicsTold(graph, service);
  // Who reads a topic that the stack does not make, nobody here knows.
  if (told.some((topic) => typeof topic === "string")) return [];
  const topics = told.filter((topic) => typeof topic !== "string");
  if (topics.some((topic) => readersOfTopic(graph, arnOf(topic) ?? "").length > 0)) return [];
  const [topic] = topics;
  const why = topic
    ? `topic ${physicalName(topic)}, which is told of it, has no subscription`
    : "nothing listens to AWS's event of it";
  const text = `its deployments wait for a person, and nobody is told: ${why}; name who answers`;
  return [{ ...notice("pause-untold", service, text), steps: steps(graph, topic !== undefined) }];
}

/**
 * What brings the word to somebody. Where a topic is there already, it is not told because stack config does not ask for it,
 * and addresses beside a topic of others are refused.
 */
function steps(graph: RecordedGraph, isTold: boolean): readonly string[] {
  const set = `pulumi config set --stack ${shellWord(graph.stack)}`;
  const address = `${set} --path 'ecs-delivery:notificationEmails[0]' team@example.com`;
  const channel = "or a channel: ecs-delivery:chat";
  const events = `${set} ecs-delivery:deliveryEvents true`;
  if (isTold) return [address, channel];
  if (othersTopics(graph).length > 0) return [events];
  const own = ofType(graph, TYPES.topic);
  if (own.length === 0)
    return [
      address,
      `${channel}; where ecs-delivery:topic or ecs-delivery:deliveryEvents is set already, that alone: ${events}`,
    ];
  const isRead = own.some((topic) => readersOfTopic(graph, arnOf(topic) ?? "").length > 0);
  return [events, ...(isRead ? [] : [`then, where ecs-delivery:chat is not set: ${address}`])];
}

/** Topics that the stack does not make, and names somewhere: who approves is told there, or a channel listens to it. */
function othersTopics(graph: RecordedGraph): readonly string[] {
  const named = graph.resources.flatMap(({ inputs }) => JSON.stringify(inputs).match(TOPIC_ARN) ?? []);
  return named.filter((arn) => referredBy(graph, TYPES.topic, arn) === undefined);
}

/** Topics that the event of a pause leads to: those of the stack, and of others the ARNs. */
function topicsTold(graph: RecordedGraph, service: RecordedResource): readonly (RecordedResource | string)[] {
  const event = {
    source: "aws.ecs",
    "detail-type": "ECS Hook State Change",
    resources: [arnOf(service)],
    detail: { eventName: "HOOK_AWAITING_ACTION" },
  };
  const rules = ofType(graph, TYPES.eventRule).filter(
    ({ inputs }) => inputs.state !== "DISABLED" && matchesPattern(jsonOf(inputs.eventPattern), event),
  );
  return ofType(graph, TYPES.eventTarget)
    .filter(({ inputs }) => rules.includes(referredBy(graph, TYPES.eventRule, inputs.rule) ?? service))
    .flatMap(({ inputs }) => toldBy(graph, textOf(inputs.arn) ?? ""));
}

/** A topic itself, or those that a state machine publishes to. Of anything else it is taken that it tells somebody. */
function toldBy(graph: RecordedGraph, target: string): readonly (RecordedResource | string)[] {
  const machine = referredBy(graph, TYPES.stateMachine, target);
  const arns = machine ? (textOf(machine.inputs.definition) ?? "").match(TOPIC_ARN) : [target];
  return (arns ?? []).map((arn) => referredBy(graph, TYPES.topic, arn) ?? arn);
}

const TOPIC_ARN = /arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]+(?:\.fifo)?/g;
