import { mapsOf, textOf, textsOf } from "../graph/read";
import { ofType, TYPES } from "../graph/resources";
import { keyOfTopic, throughTopic } from "../graph/topics";
import type { AccessCaller } from "../permissions/evaluate/request";
import { AwsError } from "./awsError";
import type { PlayedCloud } from "./cloud";
import type { PlayedStack } from "./runningStack";

const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";

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
  const { topicArn, caller, message, context } = notice;
  const name = topicArn.split(":").at(-1) ?? topicArn;
  try {
    cloud.demand({ caller, action: "sns:Publish", resource: topicArn, context }, `topic ${name}`);
    const keyArn = keyOfTopic(stack.graph, topicArn);
    if (keyArn !== undefined) {
      const via = { ...context, ...throughTopic(topicArn) };
      for (const action of ["kms:GenerateDataKey", "kms:Decrypt"]) {
        cloud.demand({ caller, action, resource: keyArn, context: via }, `topic ${name}`);
      }
    }
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return false;
  }
  const readers = readersOf(stack, topicArn);
  cloud.timeline.add(
    `topic ${name}`,
    readers.length > 0 ? `tells ${readers.join(", ")}` : "nobody is subscribed",
    "note",
    {
      detail: [message],
    },
  );
  return true;
}

/** Who reads a topic: addresses and chat channels. */
function readersOf({ graph }: PlayedStack, topicArn: string): readonly string[] {
  const addresses = ofType(graph, SUBSCRIPTION)
    .filter(({ inputs }) => inputs.topic === topicArn)
    .map(({ inputs }) => textOf(inputs.endpoint) ?? "somebody");
  const channels = [...ofType(graph, TYPES.slackChannel), ...ofType(graph, TYPES.teamsChannel)]
    .filter(({ inputs }) => textsOf(inputs.snsTopicArns).includes(topicArn))
    .map(({ inputs }) => `chat channel ${textOf(inputs.configurationName) ?? ""}`);
  return [...addresses, ...channels];
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
