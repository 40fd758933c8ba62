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
    const machine = graph.only("aws:sfn/stateMachine:StateMachine");
    assert.deepEqual(
      graph.all("aws:cloudwatch/eventTarget:EventTarget").map(({ name, inputs }) => [name, inputs.arn]),
      [
        ["production-ecs", topic.outputs.arn],
        ["production-paused", machine.outputs.arn],
      ],
    );
    const found = findingsOf(graph.recorded).filter(({ level }) => level !== "notice");
    assert.deepEqual(
      found.map(({ message }) => message),
      [],
    );
  });

  it("asks no repository of the account that delivers which commit an image is of", async () => {
    const [there, here] = ["111122223333", "444455556666"].map(
      (account) => `arn:aws:ecr:eu-west-1:${account}:repository/shop`,
    );
    const asks = async (existing: string | undefined) => {
      const services = [{ name: "api", container: { name: "api", port: 8080 }, repository: { existing } }];
      const graph = await graphWith({ notificationEmails: ["team@example.com"], deployment: pausing, services });
      const messages = findingsOf(graph.recorded).map(({ message }) => message);
      assert.deepEqual(
        messages.filter((message) => message.includes("production-paused")),
        [],
      );
      return textAt(graph.only("aws:sfn/stateMachine:StateMachine").inputs.definition).includes("ecr:describeImages");
    };
    assert.deepEqual([await asks(there), await asks(here), await asks("shop")], [false, true, true]);
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
