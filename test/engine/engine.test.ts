import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { OpMap, OutputMap, Stack } from "@pulumi/pulumi/automation";
import { at, list, textAt } from "../support/read";
import { ROOT, stackValues } from "../support/stack";
import { DIGEST, deliverOutside, workflowConfirmations } from "./delivery";
import { EngineProject, underEngine } from "./project";
import { onlyService } from "./standIn/awsProvider";
import type { Cloud } from "./standIn/cloud";

/** What a preview would change. */
async function planned(stack: Stack): Promise<OpMap> {
  const { changeSummary } = await stack.preview();
  return Object.fromEntries(Object.entries(changeSummary).filter(([op]) => op !== "same"));
}

/** What is left. Revisions stay, for rollbacks elsewhere. */
function left(cloud: Cloud): string[] {
  return Object.keys(cloud.resources).filter((key) => !key.startsWith("aws:ecs/taskDefinition"));
}

/** Tells a stack what an `up` of the stack that delivers to it has put out. */
async function tell(stack: Stack, { artifactBucket, artifactKey }: OutputMap): Promise<void> {
  const given = { artifactBucket, kmsKey: artifactKey };
  for (const [key, output] of Object.entries(given)) {
    // A workflow has neither.
    if (output) await stack.setConfig(`ecs-delivery:deliveredBy.${key}`, { value: textAt(output.value) }, true);
  }
}

/** Takes a stack down; one that keeps something only once it is told not to. */
async function takeDown(stack: Stack): Promise<void> {
  const state = await stack.exportStack();
  if (list(at(state, "deployment", "resources")).some((resource) => at(resource, "protect") === true)) {
    await assert.rejects(stack.previewDestroy(), /protect/);
    await stack.setConfig("ecs-delivery:retain", { value: "false" });
    await stack.up();
  }
  await stack.destroy();
}

underEngine("under the real engine", () => {
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

    assert.equal(project.change(deliverOutside), 1);
    assert.deepEqual(await planned(stack), {}, "a delivery leaves pulumi nothing to do");

    await stack.setConfig("ecs-delivery:services[0].memory", { value: "2048" }, true);
    const { summary } = await stack.up();
    assert.deepEqual({ ...summary.resourceChanges, same: 0 }, { replace: 1, update: 1, same: 0 });
    const latest = Object.values(project.cloud.revisions)[0]?.at(-1) ?? {};
    assert.equal(latest.memory, "2048");
    assert.ok(textAt(latest.containerDefinitions).includes(DIGEST), "the delivered image stays");
    assert.equal(onlyService(project.cloud).taskDefinition, latest.arn);
    assert.deepEqual(await planned(stack), {});

    await stack.destroy();
    assert.deepEqual(left(project.cloud), []);
  });

  for (const [folder, names] of worlds()) {
    it(`previews, creates, has nothing to do after deliveries, and goes away: ${names.join(", ")} of ${folder}`, async () => {
      const stacks: Stack[] = [];
      let outputs: OutputMap = {};
      for (const name of names) {
        const stack = await project.stack(name, folder);
        if (isDeliveredTo(folder, name)) await tell(stack, outputs);
        const preview = await planned(stack);
        const up = await stack.up();
        assert.equal(up.summary.resourceChanges?.create, preview.create, `a preview shows what up creates: ${name}`);
        // Of the program's own stacks, dev's life has it.
        if (folder !== ".") assert.deepEqual(await planned(stack), {}, `nothing is left to do: ${name}`);
        outputs = up.outputs;
        stacks.unshift(stack);
      }
      const services = Object.keys(project.cloud.revisions).length;
      const told = workflowConfirmations(folder);
      const delivered = project.change((cloud) => deliverOutside(cloud, told));
      assert.equal(delivered, services, "every service here has a pipeline here, or a workflow");
      for (const stack of services > 0 ? stacks : []) {
        assert.deepEqual(await planned(stack), {}, `a delivery leaves nothing to do: ${stack.name}`);
      }
      for (const stack of stacks) await takeDown(stack);
      assert.deepEqual(left(project.cloud), []);
    });
  }
});

/** Every committed stack, of the program and of each example; those that live beside each other are together. */
function worlds(): [folder: string, stacks: string[]][] {
  const folders = readdirSync(join(ROOT, "examples")).map((name) => join("examples", name));
  const apart = stacksIn(".").map((name): [string, string[]] => [".", [name]]);
  return [...apart, ...folders.map((folder): [string, string[]] => [folder, stacksIn(folder)])];
}

/** The stacks of a folder; one that another's pipeline delivers to comes after that one. */
function stacksIn(folder: string): string[] {
  if (!existsSync(join(ROOT, folder, "Pulumi.yaml"))) return [];
  const names = readdirSync(join(ROOT, folder)).flatMap((file) => /^Pulumi\.([\w-]+)\.yaml$/.exec(file)?.[1] ?? []);
  return names.sort((one, other) => Number(isDeliveredTo(folder, one)) - Number(isDeliveredTo(folder, other)));
}

function isDeliveredTo(folder: string, stack: string): boolean {
  return stackValues(stack, {}, join(ROOT, folder))["ecs-delivery:deliveredBy"] !== undefined;
}
