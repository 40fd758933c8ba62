import * as assert from "node:assert/strict";
import type { StandInAnswer } from "../../../support/shell";
import { assertFailed, assertOutlivesFailedLooks, called, confirm, describedService } from "./confirmDeliveryRun";

/** What a service that CodeDeploy deploys answers: `desired` and `running` are the primary task set's. */
function taskSet(state: Parameters<typeof describedService>[0]): StandInAnswer {
  return describedService({ controller: "CODE_DEPLOY", rollout: "STEADY_STATE", ...state });
}

const SETTLING = [
  taskSet({ rollout: "STABILIZING", running: 1, times: 2 }),
  taskSet({ rollout: "STEADY_STATE", running: 1, times: 1 }),
  taskSet({}),
];
/** A new environment; the task set's count lags behind the service's. */
const FIRST = [
  taskSet({ running: 0, desired: 0, times: 2 }),
  taskSet({ rollout: "STABILIZING", running: 0, times: 1 }),
  taskSet({}),
];
const WENT_BACK = [taskSet({ revision: 6, rollout: "STABILIZING", running: 1, events: ["e6", "e5"] })];
/** A first version that never starts. */
const NEVER_STARTS = [
  taskSet({ running: 0, desired: 0, times: 1 }),
  taskSet({ rollout: "STABILIZING", running: 0, events: ["e2"] }),
];
const NO_TIME = { TIMEOUT_SECONDS: "0" };

describe("confirmDeliveryBuildspec, where CodeDeploy deploys", () => {
  it("records what was delivered once the primary task set is steady and complete", () => {
    const result = confirm(SETTLING);
    assert.equal(result.status, 0, result.output);
    assert.match(
      result.output,
      /^Rollout STABILIZING: 1 running.*\nRollout STEADY_STATE: 1 running.*\nRollout STEADY_STATE: 2/,
    );
    assert.equal(called(result, "ssm put-parameter").length, 1);
    assert.deepStrictEqual(called(result, "ecs update-service"), []);
  });

  it("reads no service deployments: ECS has none there", () => {
    for (const states of [SETTLING, FIRST, WENT_BACK]) {
      assert.deepStrictEqual(called(confirm(states), "ecs list-service-deployments"), []);
    }
  });

  it("starts the tasks of a new environment without forcing a deployment, which AWS refuses", () => {
    const result = confirm(FIRST);
    assert.equal(result.status, 0, result.output);
    const [raise, ...more] = called(result, "ecs update-service");
    assert.match(raise ?? "", /--cluster main --service api --desired-count 2 --query /);
    assert.deepStrictEqual(more, []);
    assert.equal(called(result, "ssm put-parameter").length, 1);
  });

  it("fails at once when CodeDeploy went back, says why, and leaves the revisions alone", () => {
    const result = confirm(WENT_BACK);
    assertFailed(result, /rolled back: the service runs .*@sha256:b+ \(api:6\), wanted was .*@sha256:a+/);
    assert.match(
      result.output,
      /Last events of the service:\n {2}\(service api\) e6\n {2}\(service api\) e5\nWhy it failed: rolled back/,
    );
    // The service, what stands beside it, the service once more, and once more to clean up.
    assert.equal(called(result, "ecs describe-services").length, 4);
    assert.deepStrictEqual(called(result, "ecs list-task-definitions"), []);
    assert.deepStrictEqual(called(result, "ecs deregister-task-definition"), []);
    assert.deepStrictEqual(called(result, "ecs update-service"), []);
  });

  it("waits for a deployment that goes on: its task set stands beside the one that serves", () => {
    const beside = (revision: number, times?: number): StandInAnswer => ({
      when: "^aws ecs describe-services .*taskSets\\[\\?status!='PRIMARY'\\]",
      stdout: `arn:aws:ecs:eu-west-1:123456789012:task-definition/api:${revision}\n`,
      ...(times !== undefined && { times }),
    });
    const served = confirm([beside(7), taskSet({ revision: 6, times: 3 }), taskSet({})]);
    assert.equal(served.status, 0, served.output);
    assert.equal(called(served, "ssm put-parameter").length, 1);
    const back = confirm([beside(7, 2), beside(6), taskSet({ revision: 6 })]);
    assertFailed(back, /rolled back: the service runs /);
    const late = confirm([beside(7), taskSet({ revision: 6 })], { env: NO_TIME });
    assertFailed(late, /CodeDeploy has not ended after 0 seconds, and goes on: .*aws deploy stop-deployment/);
    assert.deepStrictEqual(called(late, "ssm put-parameter"), []);
  });

  it("fails when CodeDeploy goes back while the tasks settle", () => {
    const result = confirm([taskSet({ rollout: "STABILIZING", running: 1, times: 2 }), taskSet({ revision: 6 })]);
    assertFailed(result, /rolled back: the service runs /);
    assert.deepStrictEqual(called(result, "ecs deregister-task-definition"), []);
  });

  it("fails when time is up", () => {
    const result = confirm([taskSet({ rollout: "STABILIZING" })], { env: NO_TIME });
    assertFailed(result, /not settled after 0 seconds: rollout STABILIZING, .*2 of 2 task\(s\) running/);
    assertFailed(confirm([taskSet({ running: 1 })], { env: NO_TIME }), /rollout STEADY_STATE, .*1 of 2/);
  });

  it("goes back to no tasks when the first version never starts", () => {
    const result = confirm(NEVER_STARTS, { env: NO_TIME });
    assertFailed(result, /First delivery failed: back to 0 tasks/);
    const counts = called(result, "ecs update-service").map((text) => /--desired-count (\d+)/.exec(text)?.[1]);
    assert.deepStrictEqual(counts, ["2", "0"]);
  });

  it("starts no tasks of another image", () => {
    const result = confirm([taskSet({ revision: 6, running: 0, desired: 0 })]);
    assertFailed(result, /wanted was/);
    assert.deepStrictEqual(called(result, "ecs update-service"), []);
  });

  for (const [name, states] of Object.entries({ SETTLING, FIRST })) {
    it(`outlives one failure of each look, and records nothing when another call fails (${name})`, () => {
      assertOutlivesFailedLooks(states);
    });
  }

  for (const [name, states] of Object.entries({ WENT_BACK, NEVER_STARTS })) {
    it(`fails whichever call of a failed delivery fails (${name})`, () => {
      const count = confirm(states, { env: NO_TIME }).calls.length;
      for (let number = 1; number <= count; number++) {
        assertFailed(confirm(states, { env: NO_TIME, failCall: { number } }), /AccessDeniedException/);
      }
    });
  }
});
