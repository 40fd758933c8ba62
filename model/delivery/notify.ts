import { jsonOf, mapOf, mapsOf, textOf, textsOf } from "../graph/read";
import { ofType, TYPES } from "../graph/resources";
import { keyOfTopic, readersOfTopic, throughTopic } from "../graph/topics";
import type { AccessCaller } from "../permissions/evaluate/request";
import { AwsError } from "./awsError";
import type { PlayedCloud } from "./cloud";
import type { PlayedStack } from "./runningStack";

/** A message, and who sends it. */
export interface Notice {
  readonly topicArn: string;
  /** The role or the AWS service that publishes. */
  readonly caller: AccessCaller;
  readonly message: string;
  /** What AWS knows of the call, for example `aws:SourceAccount`. */
  readonly context?: Readonly<Record<string, string>>;
}

/** Publishes to a topic: everybody who is subscribed gets the message. Says whether AWS took it. */
export function publish(cloud: PlayedCloud, stack: PlayedStack, notice: Notice): boolean {
  const { topicArn, caller, context } = notice;
  try {
    cloud.demand({ caller, action: "sns:Publish", resource: topicArn, context }, topicNamed(topicArn));
    handToReaders(cloud, stack, notice);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return false;
  }
  return true;
}

function topicNamed(topicArn: string): string {
  return `topic ${topicArn.split(":").at(-1) ?? topicArn}`;
}

/** What follows where a topic has taken a message: it is encrypted, and everybody who is subscribed gets it. */
export function handToReaders(cloud: PlayedCloud, stack: PlayedStack, notice: Notice): void {
  const { topicArn, caller, message, context } = notice;
  const keyArn = keyOfTopic(stack.graph, topicArn);
  if (keyArn !== undefined) {
    const via = { ...context, ...throughTopic(topicArn) };
    for (const action of ["kms:GenerateDataKey", "kms:Decrypt"]) {
      cloud.demand({ caller, action, resource: keyArn, context: via }, topicNamed(topicArn));
    }
  }
  const readers = readersOfTopic(stack.graph, topicArn);
  const told = readers.length > 0 ? `tells ${readers.join(", ")}` : "nobody is subscribed";
  cloud.timeline.add(topicNamed(topicArn), told, "note", { detail: message.split("\n") });
}

/** A message in the form of chat clients as they show it. https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html */
export function shownInChat(message: string): string {
  const { title, description } = mapOf(mapOf(jsonOf(message)).content);
  return title === undefined ? message : `${textOf(title) ?? ""}\n${textOf(description) ?? ""}`;
}

/**
 * What the notification rules of a pipeline tell when something happens to a run.
 * https://docs.aws.amazon.com/dtconsole/latest/userguide/concepts.html#events-ref-pipeline
 */
export function tellOfPipeline(
  cloud: PlayedCloud,
  stack: PlayedStack,
  pipelineArn: string,
  event: string,
  message: string,
): void {
  const rules = ofType(stack.graph, TYPES.notificationRule).filter(
    ({ inputs }) =>
      inputs.resource === pipelineArn &&
      inputs.status !== "DISABLED" &&
      textsOf(inputs.eventTypeIds).includes(`codepipeline-pipeline-${event}`),
  );
  for (const { address } of rules.flatMap(({ inputs }) => mapsOf(inputs.targets))) {
    const topicArn = textOf(address) ?? "";
    if (!topicArn.includes(":sns:")) continue;
    const { account } = stack.place;
    const caller = { arn: "codestar-notifications.amazonaws.com", account };
    publish(cloud, stack, { topicArn, caller, message, context: { "aws:SourceAccount": account } });
  }
}
