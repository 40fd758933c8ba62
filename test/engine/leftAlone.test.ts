import assert from "node:assert/strict";
import { type Edit, stackConfig } from "../../scripts/changes/record";
import { all, deliverOutside } from "./delivery";
import { EngineProject, underEngine } from "./project";
import type { CloudValues } from "./standIn/cloud";

const MORNING = { name: "morning", schedule: "cron(0 7 ? * MON-FRI *)", minCapacity: 4, maxCapacity: 8 };
const SCALED = { scaling: { minCapacity: 2, maxCapacity: 6, schedules: [MORNING] } };
/** A service of the stack's own, in a cluster that exists. */
const OWN: Edit = {
  keys: { cluster: { existing: "shared" } },
  service: { executionRole: { existing: "api-execution" }, taskRole: { existing: "api-task" } },
};
/** How many tasks it runs is its owner's. */
const EXISTING: Edit = { service: { service: { existing: "dev-api" }, desiredCount: undefined } };
const ECS = "arn:aws:ecs:eu-west-1:111122223333";
const IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/dev/api:1";

underEngine("what pulumi leaves alone, under the real engine", () => {
  let project: EngineProject;
  beforeEach(() => {
    project = new EngineProject();
  });
  afterEach(() => project.remove());

  it("deletes nothing of a stack that retains before it refuses to destroy it, without a preview too", async () => {
    const stack = await project.stack("dev");
    project.configure("dev", stackConfig("rolling", { keys: { retain: true } }));
    await stack.up();
    project.change(deliverOutside);
    const before = project.cloud;
    await assert.rejects(stack.destroy(), /cannot be deleted/);
    assert.deepEqual(project.cloud, before);
  });

  it("keeps the limits that a scheduled action has moved, through updates of something else", async () => {
    const stack = await project.stack("dev");
    project.configure("dev", stackConfig("rolling", { service: SCALED }));
    await stack.up();
    project.change(deliverOutside);
    const limits = () =>
      all(project.cloud, "aws:appautoscaling/target:Target").map(({ minCapacity, maxCapacity }) => [
        minCapacity,
        maxCapacity,
      ]);
    assert.deepEqual(limits(), [[2, 6]]);
    project.change((cloud) => {
      for (const target of all(cloud, "aws:appautoscaling/target:Target")) {
        Object.assign(target, { minCapacity: 4, maxCapacity: 8 });
      }
    });
    const nothing = await stack.up();
    assert.deepEqual(Object.keys(nothing.summary.resourceChanges ?? {}), ["same"]);
    project.configure("dev", stackConfig("rolling", { service: { ...SCALED, memory: 1024 } }));
    await stack.up();
    assert.deepEqual(limits(), [[4, 8]]);
  });

  it("lets an existing service stay at no tasks, through an update, a delivery and the update after it", async () => {
    project.change((cloud) => {
      const family = { family: "dev-api", containerDefinitions: JSON.stringify([{ name: "api", image: IMAGE }]) };
      const arn = `${ECS}:task-definition/dev-api:1`;
      cloud.revisions["dev-api"] = [{ ...family, arn, revision: 1 }];
      const service: CloudValues = { name: "dev-api", cluster: `${ECS}:cluster/shared`, desiredCount: 0 };
      Object.assign(service, { taskDefinition: arn, loadBalancers: [] });
      cloud.resources[`aws:ecs/service:Service ${ECS}:service/shared/dev-api`] = service;
    });
    const counts = () => all(project.cloud, "aws:ecs/service:Service").map(({ desiredCount }) => desiredCount);
    const stack = await project.stack("dev");
    project.configure("dev", stackConfig("rolling", OWN, EXISTING));
    await stack.up();
    assert.equal(project.change(deliverOutside), 1);
    assert.deepEqual(counts(), [0]);
    const { summary } = await stack.up();
    assert.deepEqual(Object.keys(summary.resourceChanges ?? {}), ["same"]);
    assert.deepEqual(counts(), [0]);

    // AWS has a service of that name already.
    project.configure("dev", stackConfig("rolling", OWN));
    await assert.rejects(stack.up(), /exists already/);
  });
});
