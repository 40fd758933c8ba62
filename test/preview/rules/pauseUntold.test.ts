import assert from "node:assert/strict";
import { findingsOf } from "../../../preview/rules";
import { exampleGraph, stackGraph } from "../../support/stack";

const PAUSE = { lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"], pauseInMinutes: 30 };
const SLACK = { slack: { teamId: "T0123ABCD", channelId: "C0123ABCD" } };
const TOPIC = "arn:aws:sns:eu-west-1:111122223333:team";

/** What is found of the example whose deployments wait for a person, with other settings. */
async function found(changes: Readonly<Record<string, unknown>>) {
  const graph = await exampleGraph("ecs-blue-green", "dev", {
    "ecs-delivery:deployment": { strategy: "ecsBlueGreen", lifecycleHooks: [PAUSE] },
    "ecs-delivery:notificationEmails": undefined,
    ...changes,
  });
  return findingsOf(graph.recorded).filter(({ rule }) => rule === "pause-untold");
}

describe("pause-untold", () => {
  it("says of a pause of which nobody hears so, with what mends it", async () => {
    const [{ level, message, steps = [] } = assert.fail("nothing was found"), ...more] = await found({});
    assert.deepEqual([level, more.length], ["notice", 0]);
    assert.match(message, /"api": its deployments wait for a person, and nobody is told: nothing listens to/);
    assert.match(
      steps[0] ?? "",
      /^pulumi config set --stack dev --path 'ecs-delivery:notificationEmails\[0\]' \S+@\S+$/,
    );
    assert.match(
      steps[1] ?? "",
      /^or a channel: ecs-delivery:chat; where ecs-delivery:topic or ecs-delivery:deliveryEvents is set already, that alone: pulumi config set --stack dev ecs-delivery:deliveryEvents true$/,
    );
  });

  it("is content with an address, as the mend gives it, and with a channel alone", async () => {
    assert.deepEqual(await found({ "ecs-delivery:notificationEmails": ["team@example.com"] }), []);
    assert.deepEqual(await found({ "ecs-delivery:chat": SLACK }), []);
  });

  it("takes it that somebody reads a topic that was there before, once it is told; by itself it is not", async () => {
    const topic = { "ecs-delivery:topic": { existing: TOPIC } };
    assert.equal((await found(topic)).length, 1);
    assert.deepEqual(await found({ ...topic, "ecs-delivery:deliveryEvents": true }), []);
  });

  it("says so of a topic that is there for who approves, and has no reader", async () => {
    const changes = {
      "ecs-delivery:deployment": { strategy: "ecsBlueGreen", lifecycleHooks: [PAUSE] },
      "ecs-delivery:notificationEmails": undefined,
    };
    const { recorded } = await stackGraph("prod", { changes });
    const [{ message } = assert.fail("nothing was found")] = findingsOf(recorded).filter(
      ({ rule }) => rule === "pause-untold",
    );
    assert.match(
      message,
      /nobody is told: topic prod-\S+, which is told of it, has no subscription; name who answers$/,
    );
  });

  it("gives a mend that works where a topic is there and is not told: an address beside a topic of others is refused", async () => {
    const EVENTS = "pulumi config set --stack prod ecs-delivery:deliveryEvents true";
    const foundIn = async (changes: Readonly<Record<string, unknown>>) => {
      const pausing = { "ecs-delivery:deployment": { strategy: "ecsBlueGreen", lifecycleHooks: [PAUSE] } };
      const { recorded } = await stackGraph("prod", { changes: { ...pausing, ...changes } });
      return findingsOf(recorded).filter(({ rule }) => rule === "pause-untold");
    };
    const MAIL = { "ecs-delivery:notificationEmails": ["team@example.com"] };
    const NOBODY = { "ecs-delivery:notificationEmails": undefined };
    const silent = { "ecs-delivery:deliveryEvents": false };
    for (const changes of [
      { ...NOBODY, "ecs-delivery:topic": { existing: TOPIC } },
      { ...MAIL, ...silent },
      { ...NOBODY, ...silent, "ecs-delivery:chat": SLACK },
    ]) {
      const [{ steps } = assert.fail("nothing was found")] = await foundIn(changes);
      assert.deepEqual(steps, [EVENTS]);
      assert.deepEqual(await foundIn({ ...changes, "ecs-delivery:deliveryEvents": true }), []);
    }
    const [{ steps: [first, then] = [] } = assert.fail("nothing was found")] = await foundIn({ ...NOBODY, ...silent });
    assert.equal(first, EVENTS);
    assert.match(
      then ?? "",
      /^then, where ecs-delivery:chat is not set: pulumi config set --stack prod --path 'ecs-del/,
    );
  });

  it("says nothing where nothing waits for a person", async () => {
    assert.deepEqual(await found({ "ecs-delivery:deployment": { strategy: "ecsBlueGreen" } }), []);
  });
});
