import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { OpMap, Stack } from "@pulumi/pulumi/automation";
import { ROOT } from "../support/stack";
import { EngineProject, whyNot } from "./project";
import { onlyService, register } from "./standIn/awsProvider";
import type { Cloud, Values } from "./standIn/cloud";

const IMAGE = `111122223333.dkr.ecr.eu-west-1.amazonaws.com/dev/api@sha256:${"a".repeat(64)}`;

/** What a preview would change. */
async function planned(stack: Stack): Promise<OpMap> {
  const { changeSummary } = await stack.preview();
  return Object.fromEntries(Object.entries(changeSummary).filter(([op]) => op !== "same"));
}

/**
 * A delivery behind Pulumi's back: a revision with another image, the service on it and at its tasks, the record, and
 * (as every blue/green deployment does) all traffic on the other target group.
 */
function deliver(cloud: Cloud): void {
  const [family = "", revisions = []] = Object.entries(cloud.revisions)[0] ?? [];
  const inUse = revisions.at(-1) ?? {};
  const containers = (JSON.parse(String(inUse.containerDefinitions)) as Values[]).map((one) => ({
    ...one,
    image: IMAGE,
  }));
  const delivered = register(cloud, { ...inUse, family, containerDefinitions: JSON.stringify(containers) });
  const service = onlyService(cloud);
  service.taskDefinition = delivered.arn;
  const confirm = confirmVariables(cloud);
  if (service.desiredCount === 0) service.desiredCount = Number(confirm.DESIRED_COUNT);
  const record = { image: IMAGE, commit: "a".repeat(40), deliveredAt: "2026-01-01T00:00:00Z" };
  cloud.parameters[confirm.DELIVERED_IMAGE_PARAMETER ?? ""] = JSON.stringify(record);
  swapTargetGroups(cloud, service);
}

/** What the pipeline tells its last step. */
function confirmVariables(cloud: Cloud): Record<string, string> {
  const pipeline = Object.entries(cloud.resources).find(([key]) => key.startsWith("aws:codepipeline/pipeline"))?.[1];
  const stages = (pipeline?.stages ?? []) as { actions: { name: string; configuration: Record<string, string> }[] }[];
  const confirm = stages.flatMap(({ actions }) => actions).find(({ name }) => name === "api-confirm");
  const variables = JSON.parse(confirm?.configuration.EnvironmentVariables ?? "[]") as {
    name: string;
    value: string;
  }[];
  return Object.fromEntries(variables.map(({ name, value }) => [name, value]));
}

/** What a blue/green deployment leaves: the service on the other group, and all traffic there. */
function swapTargetGroups(cloud: Cloud, service: Values): void {
  const moved = { controller: service.deploymentController, configuration: service.deploymentConfiguration };
  const controller = (moved.controller as { type?: string } | undefined)?.type;
  if (controller !== "CODE_DEPLOY" && moved.configuration === undefined) return;
  for (const [key, resource] of Object.entries(cloud.resources)) {
    const actions = (resource.actions ?? resource.defaultActions) as
      | { forward?: { targetGroups: { weight: number }[] } }[]
      | undefined;
    if (!key.startsWith("aws:lb/listener")) continue;
    for (const group of actions?.[0]?.forward?.targetGroups ?? []) group.weight = 100 - group.weight;
  }
  service.loadBalancers = (service.loadBalancers as Values[]).map((one) => ({
    ...one,
    targetGroupArn: "arn:the-green-one",
  }));
}

const reason = whyNot();

describe("under the real engine", function () {
  this.timeout(240_000);
  if (reason !== undefined) {
    it(`is skipped: ${reason}`, function () {
      this.skip();
    });
    return;
  }
  let project: EngineProject;
  beforeEach(() => {
    project = new EngineProject();
  });
  afterEach(() => project.remove());

  it("takes dev through its life: up, nothing to do, a delivery, nothing to do, more memory, destroy", async () => {
    const stack = await project.stack("dev");
    const first = await planned(stack);
    assert.deepEqual(Object.keys(first), ["create"]);
    await stack.up();
    assert.deepEqual(await planned(stack), {});
    assert.equal(onlyService(project.cloud).desiredCount, 0);

    project.change(deliver);
    assert.deepEqual(await planned(stack), {}, "a delivery leaves pulumi nothing to do");

    await stack.setConfig("ecs-delivery:services[0].memory", { value: "2048" }, true);
    const { summary } = await stack.up();
    assert.deepEqual({ ...summary.resourceChanges, same: 0 }, { replace: 1, update: 1, same: 0 });
    const latest = Object.values(project.cloud.revisions)[0]?.at(-1) ?? {};
    assert.equal(latest.memory, "2048");
    assert.ok(String(latest.containerDefinitions).includes(IMAGE), "the delivered image stays");
    assert.equal(onlyService(project.cloud).taskDefinition, latest.arn);
    assert.deepEqual(await planned(stack), {});

    await stack.destroy();
    const left = Object.keys(project.cloud.resources).filter((key) => !key.startsWith("aws:ecs/taskDefinition"));
    assert.deepEqual(left, [], "only revisions stay, for rollbacks elsewhere");
  });

  for (const [stackName, folder] of stacks()) {
    it(`previews, creates, has nothing to do after a delivery, and goes away: ${stackName} of ${folder}`, async () => {
      const stack = await project.stack(stackName, folder);
      const preview = await planned(stack);
      const { summary } = await stack.up();
      assert.equal(summary.resourceChanges?.create, preview.create, "a preview shows what up creates");
      if (Object.keys(project.cloud.revisions).length > 0) project.change(deliver);
      assert.deepEqual(await planned(stack), {}, "nothing is left to do");
      if (stackName === "prod" && folder === ".") {
        await assert.rejects(stack.destroy(), /protect/);
        await stack.setConfig("ecs-delivery:retain", { value: "false" });
        await stack.up();
      }
      await stack.destroy();
      const left = Object.keys(project.cloud.resources).filter((key) => !key.startsWith("aws:ecs/taskDefinition"));
      assert.deepEqual(left, []);
    });
  }
});

/** Every committed stack: of the program, and of each example. */
function stacks(): [stack: string, folder: string][] {
  const folders = [".", ...readdirSync(join(ROOT, "examples")).map((name) => join("examples", name))];
  return folders
    .filter((folder) => existsSync(join(ROOT, folder, "Pulumi.yaml")))
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder)).flatMap((file): [string, string][] => {
        const stack = /^Pulumi\.([\w-]+)\.yaml$/.exec(file)?.[1];
        return stack === undefined ? [] : [[stack, folder]];
      }),
    );
}
