import assert from "node:assert/strict";
import { NotificationTopic } from "../../../components/notify/notificationTopic";
import { type Graph, recordGraph } from "../../support/graph";
import { at, json, list } from "../../support/read";
import { arn } from "../../support/service";

const KEY = arn("kms", "key/0a1b");
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";

describe("NotificationTopic", () => {
  let graph: Graph;
  before(async () => {
    graph = await recordGraph(() => {
      const emails = ["ada@example.com", "bob@example.com"];
      const topic = new NotificationTopic("prod", { kmsKeyArn: KEY, emails });
      return { key: topic.kmsKeyArn, arn: topic.arn };
    });
  });

  it("is an encrypted topic with its policy, and a subscription for each address", () => {
    assert.deepEqual(graph.counts(), {
      "aws:sns/topic:Topic": 1,
      "aws:sns/topicPolicy:TopicPolicy": 1,
      [SUBSCRIPTION]: 2,
    });
    assert.equal(graph.only("aws:sns/topic:Topic").inputs.kmsMasterKeyId, KEY);
    assert.deepEqual(
      graph.all(SUBSCRIPTION).map(({ inputs }) => [inputs.protocol, inputs.endpoint]),
      [
        ["email", "ada@example.com"],
        ["email", "bob@example.com"],
      ],
    );
  });

  it("refuses whoever publishes without TLS, whatever else admits it", () => {
    const [first] = list(json(graph.only("aws:sns/topicPolicy:TopicPolicy").inputs.policy, "Statement"));
    assert.deepEqual(
      [at(first, "Effect"), at(first, "Principal"), at(first, "Action"), at(first, "Condition")],
      ["Deny", "*", "sns:Publish", { Bool: { "aws:SecureTransport": "false" } }],
    );
  });

  it("lets the services that report on deliveries publish, for this account, and nobody else", async () => {
    const topic = graph.only("aws:sns/topic:Topic").outputs.arn;
    const admitted = (of: Graph) =>
      list(json(of.only("aws:sns/topicPolicy:TopicPolicy").inputs.policy, "Statement")).slice(1);
    const services = (of: Graph) => admitted(of).map((one) => at(one, "Principal", "Service"));
    assert.deepEqual(services(graph), ["codestar-notifications.amazonaws.com"]);
    const alarmed = await recordGraph(
      () => new NotificationTopic("prod", { kmsKeyArn: KEY, publishers: ["notifications", "alarms"] }),
    );
    assert.deepEqual(services(alarmed), ["codestar-notifications.amazonaws.com", "cloudwatch.amazonaws.com"]);
    for (const one of admitted(graph)) {
      assert.deepEqual([at(one, "Action"), at(one, "Resource")], ["sns:Publish", topic]);
      assert.deepEqual(at(one, "Condition"), { StringEquals: { "aws:SourceAccount": "111122223333" } });
    }
  });

  it("tells who publishes in a role of their own which key they need", () => {
    const { outputs } = graph.only("aws:sns/topic:Topic");
    assert.deepEqual(graph.recorded.stackOutputs, { key: KEY, arn: outputs.arn });
  });

  it("has no subscription where nobody is to be told", async () => {
    const quiet = await recordGraph(() => new NotificationTopic("dev", { kmsKeyArn: KEY }));
    assert.equal(quiet.all(SUBSCRIPTION).length, 0);
  });
});
