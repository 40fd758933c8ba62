import assert from "node:assert/strict";
import { GUESSES } from "../../../model/environment/guesses";
import { type LeadTime, leadTimesOf } from "../../../model/pace/leadTime";
import { gainsOf, mostOf } from "../../../model/pace/shorter";
import { secondsOf } from "../../../model/pace/step";
import { exampleGraph, service, stackGraph } from "../../support/stack";

async function only(changes: Record<string, unknown>): Promise<LeadTime> {
  const [time] = leadTimesOf((await stackGraph("dev", { changes })).recorded);
  assert.ok(time);
  return time;
}

const CANARY = { strategy: "ecsCanary", canaryBakeTimeInMinutes: 20, bakeTimeInMinutes: 10 };

describe("what would make a commit quicker", () => {
  it("is the settings that it waits for, what gains most first, with what users gain and the old version", async () => {
    const time = await only({ deployment: CANARY });
    assert.deepEqual(
      gainsOf(time).map(({ key, from, to, users, gone }) => [key, from, to, users, gone]),
      [
        ["deployment.canaryBakeTimeInMinutes", 20, 3, 17 * 60, 17 * 60],
        ["services[].healthCheck.intervalSeconds", 10, 5, 10, 10],
        ["deployment.bakeTimeInMinutes", 10, 3, 0, 7 * 60],
        ["services[].loadBalancer.deregistrationDelaySeconds", 30, 5, 0, 25],
      ],
    );
    assert.deepEqual(mostOf(time.toUsers), { what: "moving traffic in steps", seconds: 20 * 60 });
  });

  it("is what really comes of it: as much sooner as the same stack with that setting", async () => {
    const before = await only({ deployment: CANARY });
    const after = await only({ deployment: { ...CANARY, canaryBakeTimeInMinutes: 3 } });
    assert.equal(secondsOf(before.toUsers) - secondsOf(after.toUsers), 17 * 60);
    const quick = service("dev", { healthCheck: { path: "/healthz", intervalSeconds: 5, timeoutSeconds: 4 } });
    const healthy = await only({ deployment: CANARY, services: quick });
    assert.equal(secondsOf(before.toUsers) - secondsOf(healthy.toUsers), 10);
  });

  it("is nothing where every setting is as short as is advised", async () => {
    const services = service("dev", {
      healthCheck: { path: "/healthz", intervalSeconds: 5, timeoutSeconds: 4 },
      loadBalancer: { deregistrationDelaySeconds: 5 },
    });
    assert.deepEqual(gainsOf(await only({ services })), []);
  });

  it("takes what is measured in place of guesses", async () => {
    const graph = (await stackGraph("dev")).recorded;
    const [guessed] = leadTimesOf(graph);
    const [measured] = leadTimesOf(graph, [], { ...GUESSES, build: GUESSES.build + 300 });
    assert.ok(guessed && measured);
    assert.equal(secondsOf(measured.toUsers) - secondsOf(guessed.toUsers), 300);
    assert.deepEqual(mostOf(measured.toUsers)?.what, "building the image");
  });

  it("names who and what is waited for, and counts none of it", async () => {
    const [prod] = leadTimesOf((await stackGraph("prod")).recorded);
    const [dev] = leadTimesOf((await stackGraph("dev")).recorded);
    assert.ok(prod && dev);
    assert.deepEqual(prod.waits, ["a person approves Approve"]);
    assert.equal(secondsOf(prod.toUsers), secondsOf(dev.toUsers));
    const pause = { lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"], pauseInMinutes: 30 };
    const [paused] = leadTimesOf(
      (await stackGraph("dev", { changes: { deployment: { strategy: "ecsBlueGreen", lifecycleHooks: [pause] } } }))
        .recorded,
    );
    assert.deepEqual(paused?.waits, ["dev-api pauses for a person at POST_TEST_TRAFFIC_SHIFT"]);
  });

  it("goes with a service of another stack, and says of one that no stack has that nobody knows", async () => {
    const [staging, production] = [
      (await exampleGraph("two-accounts", "staging")).recorded,
      (await exampleGraph("two-accounts", "production")).recorded,
    ];
    const [alone] = leadTimesOf(staging);
    const [both] = leadTimesOf(staging, [staging, production]);
    assert.ok(alone && both);
    assert.deepEqual(both.unknown, []);
    assert.equal(alone.unknown.length, 1, alone.unknown.join());
    assert.match(alone.unknown[0] ?? "", /deploys to what no stack here has$/);
    assert.ok(secondsOf(both.toUsers) > secondsOf(alone.toUsers));
  });
});
