import * as assert from "node:assert/strict";
import type { StandInAnswer } from "../../../support/shell";
import {
  assertFailed,
  assertOutlivesFailedLooks,
  called,
  confirm,
  describedService,
  ROLLED_BACK,
  SETTLING,
  serviceDeployment,
} from "./confirmDeliveryRun";

const STRATEGIES = ["BLUE_GREEN", "LINEAR", "CANARY"];
const ALL = ["ROLLING", ...STRATEGIES];

/** The rollout is COMPLETED from the first look on; the service deployment takes longer. */
function shifting(strategy: string): StandInAnswer[] {
  return [describedService({ strategy }), serviceDeployment("PENDING", 1), serviceDeployment("IN_PROGRESS", 2)];
}

/** A new environment: the deployment from before the count was raised is still the newest at the first look. */
function first(strategy: string): StandInAnswer[] {
  return [
    describedService({ strategy, running: 0, desired: 0, times: 1 }),
    describedService({ strategy }),
    serviceDeployment("SUCCESSFUL", 2, "old"),
    serviceDeployment("IN_PROGRESS", 1),
    serviceDeployment("SUCCESSFUL"),
  ];
}

/** The service is back on what it ran before. */
function rolledBack(strategy: string, status: string): StandInAnswer[] {
  return [
    describedService({ strategy, times: 2 }),
    describedService({ strategy, revision: 6, events: ["e6"] }),
    serviceDeployment("IN_PROGRESS", 1),
    serviceDeployment(status),
  ];
}

describe("confirmDeliveryBuildspec, where ECS deploys", () => {
  for (const strategy of ALL) {
    it(`waits for the service deployment, not only for the rollout (${strategy})`, () => {
      const result = confirm([...shifting(strategy), serviceDeployment("SUCCESSFUL")]);
      assert.equal(result.status, 0, result.output);
      assert.deepStrictEqual(result.output.trim().split("\n").slice(0, 3), [
        "Rollout COMPLETED, deployment PENDING: 2 running, 0 pending, 2 desired (api:7)",
        "Rollout COMPLETED, deployment IN_PROGRESS: 2 running, 0 pending, 2 desired (api:7)",
        "Rollout COMPLETED, deployment SUCCESSFUL: 2 running, 0 pending, 2 desired (api:7)",
      ]);
      assert.match(called(result, "ecs list-service-deployments")[0] ?? "", /--cluster main --service api /);
      assert.equal(called(result, "ssm put-parameter").length, 1);
    });

    it(`takes the deployment from before the first delivery for none (${strategy})`, () => {
      const result = confirm(first(strategy));
      assert.equal(result.status, 0, result.output);
      assert.match(result.output, /task\(s\)\nRollout COMPLETED, deployment PENDING: [^\n]*\n[^\n]* IN_PROGRESS: /);
      const [raise, ...more] = called(result, "ecs update-service");
      assert.match(raise ?? "", /--desired-count 2 --force-new-deployment /);
      assert.deepStrictEqual(more, []);
    });

    for (const status of ["ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED", "STOPPED"]) {
      it(`fails with the reason after ${status}, and deregisters the failed revision (${strategy})`, () => {
        const result = confirm(rolledBack(strategy, status));
        assertFailed(result, new RegExp(`the deployment ended with ${status} \\(the service runs api:6\\): because`));
        assert.match(result.output, /Last events of the service:\n {2}\(service api\) e6\n/);
        assert.equal(called(result, "ecs deregister-task-definition").length, 1);
      });
    }

    it(`fails when time is up before the service deployment has ended (${strategy})`, () => {
      const result = confirm([describedService({ strategy }), serviceDeployment("ROLLBACK_IN_PROGRESS")], {
        env: { TIMEOUT_SECONDS: "0" },
      });
      assertFailed(result, /not settled after 0 seconds: rollout COMPLETED, deployment ROLLBACK_IN_PROGRESS, 2 of 2/);
      assert.match(result.output, /still uses api:7; it is not deregistered/);
    });
  }

  for (const strategy of ["ROLLING", "BLUE_GREEN"]) {
    it(`outlives one failure of each look, and records nothing of a delivery that failed (${strategy})`, () => {
      assertOutlivesFailedLooks([...shifting(strategy), serviceDeployment("SUCCESSFUL")]);
      assertOutlivesFailedLooks(first(strategy));
      const bad = rolledBack(strategy, "ROLLBACK_SUCCESSFUL");
      for (let number = 1; number <= confirm(bad).calls.length; number++) {
        assertFailed(confirm(bad, { failCall: { number } }), /AccessDeniedException/);
      }
    });
  }

  it("has ECS go back where time is up, once, and where it is told to", () => {
    const late = [
      describedService({ strategy: "BLUE_GREEN", rollout: "IN_PROGRESS", running: 0 }),
      serviceDeployment("IN_PROGRESS", 2),
      serviceDeployment("ROLLBACK_SUCCESSFUL"),
    ];
    const answers = [{ when: "^aws ecs stop-service-deployment ", stdout: "arn\n" }];
    const env = { TIMEOUT_SECONDS: "0", STOP_DEPLOYMENT: "yes" };
    const stops = (result: ReturnType<typeof confirm>) => called(result, "ecs stop-service-deployment");
    const stopped = confirm([serviceDeployment("IN_PROGRESS", 1), ...late.slice(0, 1), ...late.slice(2)], {
      env,
      answers,
    });
    assertFailed(stopped, /not settled after 0 seconds: .*: stopping deployment [^\n]*\n/);
    assert.equal(stops(stopped).length, 1);
    assert.match(stops(stopped)[0] ?? "", / --stop-type ROLLBACK /);
    const goesOn = confirm(late.slice(0, 2), { env: { ...env, STOP_DEPLOYMENT: "" }, answers });
    assertFailed(goesOn, /not settled after 0 seconds/);
    assert.deepStrictEqual(stops(goesOn), []);
    const refused = confirm(
      [late[0], serviceDeployment("IN_PROGRESS")].flatMap((one) => one ?? []),
      { env },
    );
    assertFailed(refused, /not settled after 0 seconds/);
  });

  for (const strategy of STRATEGIES) {
    it(`does not take the rollout's word when no service deployment is listed (${strategy})`, () => {
      const result = confirm([describedService({ strategy })], { env: { TIMEOUT_SECONDS: "0" } });
      assertFailed(result, /rollout COMPLETED, deployment not listed/);
    });
  }

  it("does not take the service deployment's word while the rollout goes on", () => {
    const states = [describedService({ rollout: "IN_PROGRESS", running: 1 }), serviceDeployment("SUCCESSFUL")];
    assertFailed(
      confirm(states, { env: { TIMEOUT_SECONDS: "0" } }),
      /rollout IN_PROGRESS, deployment SUCCESSFUL, 1 of 2/,
    );
  });

  it("relies on the rollout of a rolling service whose deployments are not listed", () => {
    assert.equal(confirm(SETTLING).status, 0);
    assertFailed(confirm(ROLLED_BACK), /rolled back: the service runs /);
  });

  it("fails when a successful deployment has another image", () => {
    assertFailed(
      confirm([describedService({ revision: 6 }), serviceDeployment("SUCCESSFUL")]),
      /rolled back: the service runs /,
    );
  });

  it("goes back to no tasks when the first delivery is taken back", () => {
    const states = [
      describedService({ running: 0, desired: 0, times: 1 }),
      describedService({}),
      serviceDeployment("SUCCESSFUL", 1, "old"),
      serviceDeployment("ROLLBACK_FAILED"),
    ];
    const result = confirm(states);
    assertFailed(result, /ended with ROLLBACK_FAILED .*: because/);
    const counts = called(result, "ecs update-service").map((text) => /--desired-count (\d+)/.exec(text)?.[1]);
    assert.deepStrictEqual(counts, ["2", "0"]);
  });

  it("refuses a controller it does not know", () => {
    const result = confirm([describedService({ controller: "EXTERNAL" })]);
    assertFailed(result, /service api has deployment controller EXTERNAL, expected ECS or CODE_DEPLOY/);
    assert.equal(result.calls.length, 1);
  });
});
