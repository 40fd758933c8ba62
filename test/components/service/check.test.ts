import assert from "node:assert/strict";
import { ecsBlueGreen } from "../../../components/deployment/ecsNative";
import { rolling } from "../../../components/deployment/rolling";
import type { EcsServiceArgs } from "../../../components/service/args";
import { checkService } from "../../../components/service/check";
import { LOG_RETENTION_DAYS } from "../../../components/service/settings";
import { CLUSTER, TARGETS, TEST_NETWORK } from "../../support/service";

const problems = (changes: Partial<EcsServiceArgs>) =>
  checkService({ cluster: CLUSTER, network: TEST_NETWORK, container: { name: "api", port: 8080 }, ...changes }).list;

const WRITABLE =
  "container.writablePaths: expected folders that differ, / is none: for all of it set readonlyRootFilesystem: false";

describe("checkService", () => {
  it("finds nothing wrong with the defaults, nor with the limits themselves", () => {
    assert.deepEqual(problems({}), []);
    assert.deepEqual(problems({ targets: TARGETS, deployment: ecsBlueGreen() }), []);
    assert.deepEqual(
      problems({ container: { name: "a", port: 65_535, stopTimeoutSeconds: 120 }, desiredCount: 0 }),
      [],
    );
    for (const logRetentionInDays of LOG_RETENTION_DAYS) assert.deepEqual(problems({ logRetentionInDays }), []);
  });

  it("lets the cluster's own capacity have any size", () => {
    assert.deepEqual(problems({ cpu: 300, memory: 700, capacityProvider: "ec2" }), []);
    assert.equal(problems({ cpu: 300, memory: 700, capacityProvider: "FARGATE_SPOT" }).length, 1);
  });

  const api = { name: "api", port: 8080 };
  const refused: [what: string, changes: Partial<EcsServiceArgs>, message: string][] = [
    [
      "a container name with a space",
      { container: { name: "api web", port: 8080 } },
      'container.name: expected 1 to 255 letters, digits, - and _, got "api web"',
    ],
    [
      "port 0",
      { container: { name: "api", port: 0 } },
      "container.port: expected a whole number from 1 to 65535, got 0",
    ],
    [
      "a container that takes longer to stop than Fargate waits",
      { container: { ...api, stopTimeoutSeconds: 121 } },
      "container.stopTimeoutSeconds: expected a whole number from 2 to 120 seconds, got 121",
    ],
    ["half a task", { desiredCount: 1.5 }, "desiredCount: expected a whole number from 0 to 5000, got 1.5"],
    [
      "a negative grace period",
      { healthCheckGracePeriodSeconds: -1 },
      "healthCheckGracePeriodSeconds: expected a whole number from 0 to 2147483647 seconds, got -1",
    ],
    [
      "a size that Fargate lacks",
      { cpu: 1024, memory: 512 },
      "memory 512 MiB does not go with cpu 1024; use 2048, 3072 ... 8192",
    ],
    [
      "a worker with targets",
      { container: { name: "job" }, targets: TARGETS },
      "container.port: a service with targets needs one, not set",
    ],
    [
      "fewer tasks at most than at least",
      { scaling: { minCapacity: 3, maxCapacity: 2 } },
      "scaling.maxCapacity: expected at least minCapacity 3, got 2",
    ],
    [
      "writable folders that would share a volume",
      { container: { ...api, writablePaths: ["/a/b", "/a-b"] } },
      WRITABLE,
    ],
    ["the whole file system as a writable folder", { container: { ...api, writablePaths: ["/"] } }, WRITABLE],
    [
      "a strategy's own problem",
      { deployment: rolling({ timeoutInMinutes: 0 }) },
      "deployment rolling: timeoutInMinutes: expected a whole number from 1 to 60 minutes, got 0",
    ],
    [
      "a strategy that moves traffic where there is none",
      { deployment: ecsBlueGreen() },
      "deployment ecsBlueGreen: moves traffic between target groups; give targets, or use rolling",
    ],
    [
      "to keep logs for a time that CloudWatch does not know",
      { logRetentionInDays: 10 },
      `logRetentionInDays: expected one of ${LOG_RETENTION_DAYS.join(", ")}, got 10`,
    ],
  ];
  for (const [what, changes, message] of refused) {
    it(`refuses ${what}`, () => assert.deepEqual(problems(changes), [message]));
  }
});
