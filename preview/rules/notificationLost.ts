import type { Finding, RecordedGraph, RecordedResource, Rule } from "../../model/graph/graph";
import { mayDo, type RecordedStatement, statementsIn } from "../../model/graph/iam";
import { mapOf, mapsOf, textOf, textsOf } from "../../model/graph/read";
import { arnOf, finding, label, ofType, referredBy, TYPES } from "../../model/graph/resources";

/**
 * Who tells a topic of the graph something may publish there: AWS drops what it may not publish, and says nothing.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 */
export const notificationLost: Rule = (graph) => [
  ...ofType(graph, TYPES.notificationRule).flatMap((rule) =>
    mapsOf(rule.inputs.targets)
      .filter(({ type = "SNS" }) => type === "SNS")
      .flatMap(({ address }) =>
        lostBy(graph, rule, { topic: address, service: "codestar-notifications.amazonaws.com" }),
      ),
  ),
  ...ofType(graph, TYPES.eventTarget)
    .filter(({ inputs }) => inputs.roleArn === undefined)
    .flatMap((target) => lostBy(graph, target, { topic: target.inputs.arn, service: EVENTS })),
];

/** EventBridge does not say on whose behalf it publishes, so a statement with a condition never admits it. */
const EVENTS = "events.amazonaws.com";

interface Message {
  /** Reference to the topic. */
  readonly topic: unknown;
  /** Who publishes. */
  readonly service: string;
}

function lostBy(graph: RecordedGraph, teller: RecordedResource, { topic, service }: Message): readonly Finding[] {
  const resource = referredBy(graph, TYPES.topic, topic);
  const arn = resource && arnOf(resource);
  if (!arn) return [];
  const key = referredBy(graph, TYPES.key, resource.inputs.kmsMasterKeyId);
  const without = service === EVENTS ? " without a condition; or give the target a role" : "";
  const refused = (who: RecordedResource, calls: string) =>
    finding(
      "notification-lost",
      teller,
      `${label(who)} does not admit ${service}, so messages are lost; allow it ${calls} in its policy${without}`,
    );
  const admitted = statementsFor(topicPolicies(graph, resource, arn), service);
  const keyStatements = key ? statementsFor([key.inputs.policy], service) : [];
  const mayUseKey = ["kms:GenerateDataKey", "kms:Decrypt"].every((call) => mayDo(keyStatements, call, "*"));
  return [
    ...(mayDo(admitted, "sns:Publish", arn) ? [] : [refused(resource, "sns:Publish")]),
    ...(key === undefined || mayUseKey ? [] : [refused(key, "kms:GenerateDataKey* and kms:Decrypt")]),
  ];
}

function topicPolicies(graph: RecordedGraph, topic: RecordedResource, arn: string): readonly unknown[] {
  const beside = ofType(graph, TYPES.topicPolicy).filter(({ inputs }) => textOf(inputs.arn) === arn);
  return [topic.inputs.policy, ...beside.map(({ inputs }) => inputs.policy)];
}

function statementsFor(policies: readonly unknown[], service: string): readonly RecordedStatement[] {
  return policies
    .flatMap((policy) => statementsIn(policy))
    .filter(({ principal }) => textsOf(mapOf(principal).Service).includes(service))
    .filter(({ condition, effect }) => effect !== "Allow" || service !== EVENTS || Object.keys(condition).length === 0);
}
