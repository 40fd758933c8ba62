import * as assert from "node:assert/strict";
import { calledWith, jsonRecord } from "../../../support/shell";
import {
  assertFailed,
  assertOutlivesFailedLooks,
  CONFIRMED_REPOSITORY,
  called,
  confirm,
  definitions,
  describedService,
  ENV,
  FAMILY,
  FIRST,
  ROLLED_BACK,
  recordBefore,
  SETTLING,
  WANTED,
} from "./confirmDeliveryRun";

describe("confirmDeliveryBuildspec", () => {
  it("records what was delivered once the service has settled on it", () => {
    const result = confirm(SETTLING);
    assert.equal(result.status, 0, result.output);
    const record = result.calls.at(-1)?.argv ?? [];
    const options = ["--name", "/dev/api/delivered-image", "--type", "String", "--overwrite", "--value"];
    assert.deepStrictEqual(record.slice(0, -5), ["aws", "ssm", "put-parameter", ...options]);
    assert.deepStrictEqual(record.slice(-4), ["--query", "Version", "--output", "text"]);
    const { deliveredAt, ...value } = jsonRecord(record.at(-5) ?? "");
    assert.deepStrictEqual(value, { image: WANTED, commit: ENV.COMMIT_ID });
    assert.match(String(deliveredAt), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.deepStrictEqual(called(result, "ecs update-service"), []);
    assert.deepStrictEqual(called(result, "ecs deregister-task-definition"), []);
  });

  it("prints progress only when it changes, and each event once", () => {
    assert.deepStrictEqual(confirm(SETTLING).output.trim().split("\n"), [
      "Rollout IN_PROGRESS: 1 running, 0 pending, 2 desired (api:7)",
      "  (service api) e2",
      "Rollout COMPLETED: 2 running, 0 pending, 2 desired (api:7)",
      "  (service api) e3",
      `Delivered: ${WANTED}`,
      "Recorded in /dev/api/delivered-image",
    ]);
  });

  it("records nothing when no parameter is named", () => {
    const result = confirm(SETTLING, { env: { DELIVERED_IMAGE_PARAMETER: "" } });
    assert.equal(result.status, 0, result.output);
    assert.deepStrictEqual(called(result, "ssm put-parameter"), []);
  });

  it("fails after a rollback, says why, and deregisters the failed revision", () => {
    const result = confirm(ROLLED_BACK);
    assertFailed(result, /rolled back: the service runs .*@sha256:b+ \(api:6\), wanted was .*@sha256:a+/);
    assert.match(result.output, /Last events of the service:\n {2}\(service api\) e6\n {2}\(service api\) e5\n/);
    assert.match(
      result.output,
      /e5\nDeregistered the failed revision api:7\nWhy it failed: rolled back: the service runs /,
    );
    const [call, ...more] = called(result, "ecs deregister-task-definition");
    assert.match(call ?? "", new RegExp(`--task-definition ${FAMILY}:7 `));
    assert.deepStrictEqual(more, []);
  });

  it("leaves a newest revision alone that is not the failed delivery's", () => {
    const newest = { when: "^aws ecs list-task-definitions ", stdout: `${FAMILY}:6\n` };
    const result = confirm(ROLLED_BACK, { answers: [newest] });
    assertFailed(result, /rolled back/);
    assert.deepStrictEqual(called(result, "ecs deregister-task-definition"), []);
  });

  it("fails when the deployment fails, and keeps the revision that the service still uses", () => {
    const result = confirm([describedService({ rollout: "FAILED", running: 0 })]);
    assertFailed(result, /the deployment failed: tasks failed to start/);
    assert.match(result.output, /still uses api:7/);
    assert.deepStrictEqual(called(result, "ecs deregister-task-definition"), []);
  });

  it("looks again before it cleans up: a rollback may have begun", () => {
    const result = confirm([
      describedService({ rollout: "FAILED", running: 0, times: 2 }),
      describedService({ revision: 6 }),
    ]);
    assertFailed(result, /the deployment failed/);
    assert.equal(called(result, "ecs deregister-task-definition").length, 1);
  });

  it("fails when time is up", () => {
    const result = confirm([describedService({ rollout: "IN_PROGRESS", running: 1 })], {
      env: { TIMEOUT_SECONDS: "0" },
    });
    assertFailed(
      result,
      /not settled after 0 seconds: rollout IN_PROGRESS, deployment not listed, 1 of 2 task\(s\) running/,
    );
  });

  it("starts the tasks of a new environment, and is not deceived by the old state", () => {
    const result = confirm(FIRST);
    assert.equal(result.status, 0, result.output);
    const [raise, ...more] = called(result, "ecs update-service");
    assert.match(raise ?? "", /--cluster main --service api --desired-count 2 --force-new-deployment /);
    assert.deepStrictEqual(more, []);
    assert.equal(called(result, "ssm put-parameter").length, 1);
  });

  it("goes back to no tasks when the first delivery fails", () => {
    const result = confirm([
      describedService({ running: 0, desired: 0, times: 1 }),
      describedService({ rollout: "FAILED", running: 0 }),
    ]);
    assertFailed(result, /First delivery failed: back to 0 tasks/);
    const counts = called(result, "ecs update-service").map((text) => /--desired-count (\d+)/.exec(text)?.[1]);
    assert.deepStrictEqual(counts, ["2", "0"]);
  });

  it("starts no tasks of another image", () => {
    const result = confirm([describedService({ revision: 6, running: 0, desired: 0 })]);
    assertFailed(result, /wanted was/);
    assert.deepStrictEqual(called(result, "ecs update-service"), []);
  });

  it("leaves a service without tasks alone where none are wanted", () => {
    const result = confirm([describedService({ running: 0, desired: 0 })], { env: { DESIRED_COUNT: "0" } });
    assert.equal(result.status, 0, result.output);
    assert.deepStrictEqual(called(result, "ecs update-service"), []);
  });

  it("fails when the service is not there, or being deleted", () => {
    for (const stdout of ["None\n", `DRAINING\t0\tECS\tROLLING\t${FAMILY}:7\tCOMPLETED\t0\t0\t0\tdone\n`]) {
      const result = confirm([{ when: "describe-services", stdout }]);
      assertFailed(result, /cluster main has no active service api/);
      assert.equal(result.calls.length, 1);
    }
  });

  for (const [name, states] of Object.entries({ SETTLING, FIRST })) {
    it(`outlives one failure of each look, and records nothing when another call fails (${name})`, () => {
      assertOutlivesFailedLooks(states);
    });
  }

  it("fails whichever call of a failed delivery fails, and goes on cleaning up", () => {
    const good = confirm(ROLLED_BACK);
    for (let number = 1; number <= good.calls.length; number++) {
      assertFailed(confirm(ROLLED_BACK, { failCall: { number } }), /AccessDeniedException/);
    }
    const listing = good.calls.findIndex((call) => calledWith(call).startsWith("aws ecs list-tasks")) + 1;
    const result = confirm(ROLLED_BACK, { failCall: { number: listing } });
    assert.match(result.output, /WARNING: cannot tell why tasks stopped\nDeregistered the failed revision/);
    for (const [call, warning] of [
      ["aws logs get-log-events", "cannot read the log of the task"],
      ["aws ecs describe-tasks", "cannot tell why tasks stopped"],
    ] as const) {
      const number = good.calls.findIndex((one) => calledWith(one).startsWith(call)) + 1;
      const { output } = confirm(ROLLED_BACK, { failCall: { number } });
      assert.match(
        output,
        new RegExp(`WARNING: ${warning}\nDeregistered the failed revision[^]*Why it failed: rolled`),
      );
    }
  });

  it("gives up after five looks in a row that fail, and undoes nothing that it cannot see", () => {
    const raised = describedService({ running: 0, desired: 0, times: 1 });
    const unseen = { when: "describe-services", stderr: "Rate exceeded", status: 254 };
    for (const states of [
      [unseen],
      [raised, unseen],
      [raised, describedService({ rollout: "IN_PROGRESS", times: 1 }), unseen],
    ]) {
      const result = confirm(states);
      assertFailed(
        result,
        /Looking again, 5 of 5\nRate exceeded[\s\S]*ERROR: cannot read service api, 5 times in a row/,
      );
      assert.ok(!called(result, "ecs update-service").some((text) => text.includes("--desired-count 0")));
    }
    const left = confirm([raised, unseen]);
    assert.match(
      left.output,
      /may be well, so its tasks are left\. .* go back to no tasks: aws ecs update-service --cluster main --service api --desired-count 0 --region eu-west-1\n/,
    );
  });

  it("leaves a first delivery that is only slow, and undoes one of which no task runs", () => {
    for (const [running, undone] of [
      [1, false],
      [2, false],
      [0, true],
    ] as const) {
      const states = [
        describedService({ running: 0, desired: 0, times: 1 }),
        describedService({ rollout: "IN_PROGRESS", running }),
      ];
      const result = confirm(states, { env: { TIMEOUT_SECONDS: "0" } });
      assertFailed(result, /not settled after 0 seconds/);
      const counts = called(result, "ecs update-service").map((text) => /--desired-count (\d+)/.exec(text)?.[1]);
      assert.deepStrictEqual(counts, undone ? ["2", "0"] : ["2"]);
    }
  });

  it("writes no record over that of a newer delivery", () => {
    const newer = recordBefore(`${CONFIRMED_REPOSITORY}@sha256:${"c".repeat(64)}`, "2999-01-01T00:00:00Z");
    const result = confirm(SETTLING, { answers: [newer] });
    assertFailed(
      result,
      /a newer delivery was recorded while this one was confirmed, and stays recorded: \{"image":"[^"]*cccc/,
    );
    assert.equal(confirm(SETTLING, { answers: [recordBefore(WANTED, "2999-01-01T00:00:00Z")] }).status, 0);
    const none = { when: "get-parameter", stderr: "An error occurred (ParameterNotFound) when calling", status: 254 };
    assert.equal(confirm(SETTLING, { answers: [none, { when: "put-parameter", stdout: "1\n" }] }).status, 0);
  });

  it("records nothing when the service has gone on to another image meanwhile", () => {
    const result = confirm([describedService({ times: 2 }), describedService({ revision: 6 })]);
    assertFailed(result, /the service has gone on to \S+ \(api:6\) while this delivery was confirmed/);
    assert.doesNotMatch(result.output, /rolled back/);
  });

  it("says so when another delivery is recorded at the same moment", () => {
    const result = confirm(SETTLING, { answers: [{ when: "put-parameter", stdout: "9\n" }] });
    assert.notEqual(result.status, 0);
    assert.match(result.output, /as version 8 of \S+; this one is version 9: repeat the step/);
  });

  it("records nothing when it is stopped while it waits, and leaves what may be well", () => {
    const waiting = describedService({ rollout: "IN_PROGRESS", running: 1 });
    const env = { POLL_SECONDS: "15" };
    const later = confirm([{ ...waiting, times: 1 }, { ...waiting, times: 1, stops: true }, waiting], { env });
    assertFailed(later, /Stopped before the delivery was confirmed: nothing is recorded\n/);
    const raised = describedService({ running: 0, desired: 0, times: 1 });
    const first = confirm([raised, { ...waiting, times: 1, stops: true }, waiting], { env });
    assertFailed(first, /may be well, so its tasks are left/);
    const none = describedService({ rollout: "IN_PROGRESS", running: 0 });
    const dead = confirm([raised, { ...none, times: 1, stops: true }, none], { env });
    assertFailed(dead, /First delivery failed: back to 0 tasks/);
  });

  it("records whole what it has begun to record, though it is stopped", () => {
    const stops = { ...recordBefore(), stops: true };
    const slow = { when: "^aws ssm put-parameter ", stdout: "8\n", delay: 0.5 };
    const result = confirm(SETTLING, { answers: [stops, slow] });
    assert.equal(result.status, 0, result.output);
    assert.match(result.output, /Recorded in /);
  });

  it("says that an unrecorded delivery will be taken back", () => {
    const result = confirm(SETTLING, { answers: [{ when: "put-parameter", stderr: "denied", status: 254 }] });
    assert.notEqual(result.status, 0);
    assert.match(result.output, /not recorded in \/dev\/api\/delivered-image: repeat this step/);
  });

  it("refuses what names no image, or one that moves, before any call", () => {
    for (const [image, reason] of [
      [`${CONFIRMED_REPOSITORY}:latest`, /latest moves with every push/],
      [`${CONFIRMED_REPOSITORY}:main`, /main is neither a commit nor a version/],
      [CONFIRMED_REPOSITORY, /it has no tag, which means latest/],
      [`${WANTED}0`, /is no image, expected/],
      [`${CONFIRMED_REPOSITORY}@sha256:`, /is no image, expected/],
      ["", /names no image for container web/],
      [`x'y@sha256:${"a".repeat(64)}`, /is no image, expected/],
      ["docker.io/acme/api:1", /docker\.io\/acme\/api is not in ECR: expected it by digest/],
    ] as const) {
      const result = confirm(SETTLING, { files: definitions(image) });
      assertFailed(result, reason);
      assert.deepStrictEqual(result.calls, []);
    }
  });

  it("refuses a missing file, and one without the container", () => {
    assertFailed(confirm(SETTLING, { files: {} }), /left no imagedefinitions\.json: your own buildspec must write/);
    assertFailed(confirm(SETTLING, { env: { CONTAINER_NAME: "we" } }), /no image for container we \(it has: log web\)/);
  });

  it("reads the file whatever its layout", () => {
    const text = `[\n  { "imageUri" : "${WANTED}",\n    "name": "web" },\n  {"name":"log", "imageUri":"log:1"} ]`;
    assert.equal(confirm(SETTLING, { files: { "imagedefinitions.json": text } }).status, 0);
  });

  it("refuses settings that would break a query, before any call", () => {
    const odd = {
      CLUSTER_NAME: "",
      SERVICE_NAME: "a b",
      CONTAINER_NAME: "a'b",
      DESIRED_COUNT: "two",
      TIMEOUT_SECONDS: "-1",
      POLL_SECONDS: "",
      COMMIT_ID: '"',
    };
    for (const [name, value] of Object.entries(odd)) {
      const result = confirm(SETTLING, { env: { [name]: value } });
      assertFailed(result, new RegExp(`${name} is "${value}", expected`));
      assert.deepStrictEqual(result.calls, []);
    }
  });
});
