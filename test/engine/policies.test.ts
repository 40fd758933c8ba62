import assert from "node:assert/strict";
import type { Stack } from "@pulumi/pulumi/automation";
import { EngineProject, underEngine } from "./project";

/** A program of plain resources: one that nobody wants, one that several resources show together. */
const PLAIN = `
const aws = require("@pulumi/aws");
const config = new (require("@pulumi/pulumi").Config)();
new aws.ecr.Repository("web", { name: "web", imageTagMutability: config.require("mutability") });
if (config.get("bucket")) new aws.s3.Bucket("web", { bucket: "web" });
`;

/** Lines of the output that are about a policy: its level, its name and the resource. */
async function violations(run: (options: Options) => Promise<unknown>, more: Partial<Options> = {}) {
  let text = "";
  const onOutput = (part: string) => {
    text += part;
  };
  const failed = await run({ policyPacks: ["../policy"], ...more, onOutput, onError: onOutput }).then(
    () => false,
    () => true,
  );
  const found = [...text.matchAll(/- \[(\w+)\] +([\w-]+) +\(([^)]*)\)/g)].map(([, ...said]) => said.join(" "));
  return { failed, found: [...new Set(found)].sort(), text };
}

interface Options {
  readonly policyPacks: string[];
  readonly policyPackConfigs?: string[];
  readonly onOutput: (part: string) => void;
  readonly onError: (part: string) => void;
}

underEngine("the policy pack under the real engine", () => {
  let project: EngineProject;
  beforeEach(() => {
    project = new EngineProject();
  });
  afterEach(() => project.remove());

  const previewing = (stack: Stack) => (options: Options) => stack.preview(options);
  const updating = (stack: Stack) => (options: Options) => stack.up(options);

  it("finds nothing in dev, before it is there, while it is made and afterwards", async () => {
    const stack = await project.stack("dev");
    for (const run of [previewing(stack), updating(stack), previewing(stack)]) {
      const { failed, found, text } = await violations(run, { policyPacks: ["policy"] });
      assert.match(text, /ecs-delivery@v/, "the pack was run");
      assert.deepEqual({ failed, found }, { failed: false, found: [] }, text);
    }
  });

  it("refuses a plain stack's repository before it is made, and takes settings", async () => {
    project.write("plain/Pulumi.yaml", "name: plain\nruntime: nodejs\nmain: index.js\n");
    project.write("plain/Pulumi.dev.yaml", "config:\n  aws:region: eu-west-1\n");
    project.write("plain/index.js", PLAIN);
    project.write(
      "plain/settings.json",
      JSON.stringify({ "moving-tag": "disabled", "image-not-scanned": "mandatory", quotas: { allowed: { vpcs: 20 } } }),
    );
    const stack = await project.stack("dev", "plain");
    await stack.setConfig("mutability", { value: "MUTABLE" });
    assert.deepEqual((await violations(updating(stack))).found, [
      "advisory image-not-scanned aws:ecr:Repository: web",
      "mandatory moving-tag aws:ecr:Repository: web",
    ]);
    assert.deepEqual(Object.keys(project.cloud.resources), [], "nothing was made");

    const told = await violations(previewing(stack), { policyPackConfigs: ["settings.json"] });
    assert.deepEqual(told.found, ["mandatory image-not-scanned aws:ecr:Repository: web"]);
    assert.ok(told.failed);

    await stack.setConfig("mutability", { value: "IMMUTABLE" });
    await stack.setConfig("bucket", { value: "yes" });
    const made = await violations(updating(stack));
    assert.ok(!made.failed, made.text);
    assert.deepEqual(made.found, [
      "advisory bucket-without-tls aws:s3:Bucket: web",
      "advisory image-not-scanned aws:ecr:Repository: web",
    ]);
  });
});
