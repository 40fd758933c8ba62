import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import type { Stack } from "@pulumi/pulumi/automation";
import { lookAhead } from "../../model/update/lookAhead";
import { Recorder } from "../../scripts/changes/record";
import { deliverOutside } from "./delivery";
import { EngineProject, underEngine } from "./project";
import type { Cloud } from "./standIn/cloud";

const WEB = { name: "web", container: { name: "web", port: 3000 } };
const RETAINED = { keys: { retain: true } };
const PROTECTED = ["aws:ecr/repository:Repository dev/web", "aws:ssm/parameter:Parameter /ecs-delivery/dev-web/"];

underEngine("a service removed from a stack that retains, under the real engine", () => {
  let project: EngineProject;
  let stack: Stack;
  let steps: readonly string[] = [];
  beforeEach(async () => {
    project = new EngineProject();
    const recorder = new Recorder();
    const before = await recorder.record("rolling", RETAINED, { services: [WEB] });
    const after = await recorder.record("rolling", RETAINED);
    assert("graph" in before && "graph" in after);
    const removed = lookAhead(before.graph, after.graph).findings.find(({ rule }) => rule === "service-removed");
    steps = removed?.steps ?? [];
    stack = await project.stack("dev");
    project.configure("dev", before.config);
    await stack.up();
    project.change(deliverOutside);
    project.configure("dev", after.config);
    await assert.rejects(stack.preview(), /cannot be deleted/);
  });
  afterEach(() => project.remove());

  it("keeps in AWS what is protected, by the steps that the preview says", async () => {
    for (const command of commandsIn(steps, "to keep")) run(stack, command);
    await stack.up();
    assert.deepEqual(left(project.cloud), PROTECTED.length, "what is protected is there, and the service is not");
    await nothingLeft(stack);
  });

  it("deletes it all, by the steps that the preview says, and leaves the rest protected", async () => {
    for (const command of commandsIn(steps, "or to delete")) run(stack, command);
    await stack.up();
    assert.deepEqual(left(project.cloud), 0);
    await nothingLeft(stack);
  });
});

/** How many of the things that are protected are there; none is where the service itself is. */
function left({ resources }: Cloud): number {
  const keys = Object.keys(resources);
  assert.ok(!keys.some((key) => key.startsWith("aws:ecs/service:Service ") && key.includes("web")), keys.join());
  return PROTECTED.filter((start) => keys.some((key) => key.startsWith(start))).length;
}

async function nothingLeft(stack: Stack): Promise<void> {
  const { changeSummary } = await stack.preview();
  assert.deepEqual(Object.keys(changeSummary), ["same"]);
}

/** The commands of a step, each with its arguments. */
function commandsIn(steps: readonly string[], start: string): readonly (readonly string[])[] {
  const step = steps.find((text) => text.startsWith(start)) ?? "";
  const found = step.match(/pulumi (?:up|state (?:delete|unprotect))(?: --[a-z]+(?: (?:dev|'[^']*'))?)*(?: '[^']*')?/g);
  assert.ok(found, steps.join("\n"));
  return found.map((text) => (text.match(/'[^']*'|\S+/g) ?? []).slice(1).map((word) => word.replace(/^'|'$/g, "")));
}

function run({ workspace }: Stack, args: readonly string[]): void {
  const env = { ...process.env, ...workspace.envVars };
  const given = [...args, "--yes", "--non-interactive"];
  const { status, stderr, stdout } = spawnSync("pulumi", given, { env, cwd: workspace.workDir, encoding: "utf8" });
  assert.equal(status, 0, `pulumi ${args.join(" ")}\n${stdout}${stderr}`);
}
