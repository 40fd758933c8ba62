import assert from "node:assert/strict";
import { findingsOf } from "../../preview/rules";
import { textAt } from "../support/read";
import { exampleGraph } from "../support/stack";

const RULE = "aws:cloudwatch/eventRule:EventRule";
const NOTIFICATION = "aws:codestarnotifications/notificationRule:NotificationRule";
const CHANNEL = "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration";

describe("a stack that another one delivers to", () => {
  const graphWith = (changes: object) => exampleGraph("two-accounts", "production", { ...changes });
  const pausing = {
    strategy: "ecsBlueGreen",
    lifecycleHooks: [{ lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"], pauseInMinutes: 30 }],
  };

  it("tells its own people of deployments that failed or wait, and nothing of a pipeline that it has not", async () => {
    const graph = await graphWith({ notificationEmails: ["team@example.com"], deployment: pausing });
    assert.equal(graph.all(NOTIFICATION).length, 0);
    const rules = graph.all(RULE).map(({ name }) => name);
    assert.deepEqual(rules.sort(), ["production-ecs", "production-paused"]);
    const topic = graph.only("aws:sns/topic:Topic");
    for (const { inputs } of graph.all("aws:cloudwatch/eventTarget:EventTarget"))
      assert.equal(inputs.arn, topic.outputs.arn);
    const found = findingsOf(graph.recorded).filter(({ level }) => level !== "notice");
    assert.deepEqual(
      found.map(({ message }) => message),
      [],
    );
  });

  it("tells a chat channel of its own the same", async () => {
    const graph = await graphWith({ chat: { slack: { teamId: "T0123ABCD", channelId: "C0123ABCD" } } });
    assert.equal(graph.all(CHANNEL).length, 1);
    assert.deepEqual(
      graph.all(RULE).map(({ name }) => name),
      ["production-ecs"],
    );
    assert.match(textAt(graph.only("aws:sns/topicPolicy:TopicPolicy").inputs.policy), /cloudwatch\.amazonaws\.com/);
  });

  it("tells nobody where nobody listens", async () => {
    assert.equal((await graphWith({ deployment: pausing })).all(RULE).length, 0);
    assert.equal(
      (await graphWith({ notificationEmails: ["a@example.com"], deliveryEvents: false })).all(RULE).length,
      0,
    );
  });
});
