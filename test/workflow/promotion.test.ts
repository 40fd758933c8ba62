import assert from "node:assert/strict";
import { generatedWorkflows } from "../../model/workflow/document";
import { PINNED } from "../../model/workflow/pinned";
import { renderWorkflow } from "../../workflow/render";
import { gitHubProblems } from "../support/gitHubSchema";
import type { ConfigValues } from "../support/pulumiConfig";
import { calledWith, type StandInAnswer } from "../support/shell";
import { exampleGraph } from "../support/stack";
import {
  type PlayedWorkflow,
  type PlayOptions,
  playWorkflow,
  type ReadWorkflow,
  readWorkflow,
} from "../support/workflowRun";

const [HERE, THERE] = ["111122223333", "444455556666"];
const DIGEST = `sha256:${"a".repeat(64)}`;
const TESTED = `${HERE}.dkr.ecr.eu-west-1.amazonaws.com/staging/api@${DIGEST}`;
const RELEASED = `${THERE}.dkr.ecr.eu-west-1.amazonaws.com/production/api`;
const BEFORE = `${RELEASED}@sha256:${"b".repeat(64)}`;
const COMMIT = "c".repeat(40);
const FAMILY = `arn:aws:ecs:eu-west-1:${THERE}:task-definition/production-api`;
const RECORD = "put-parameter --name /ecs-delivery/production-api/delivered-image";

const settled = (revision: number) =>
  ["ACTIVE", 2, "ECS", "BLUE_GREEN", `${FAMILY}:${revision}`, "COMPLETED", 2, 2, 0, "all is well"].join("\t");

/** A cloud in which the release goes well; what comes first wins. */
const WELL: readonly StandInAnswer[] = [
  {
    when: "get-parameter-history --name /ecs-delivery/staging-api/passed-image",
    stdout: `{"image":"${TESTED}","commit":"${COMMIT}","passedAt":"x"}\n`,
  },
  { when: "ecr describe-images .*imageTag=", stderr: "(ImageNotFoundException)", status: 254, times: 2 },
  { when: "ecr describe-images .*imageTag=", stdout: `${DIGEST}\n` },
  { when: "ecr get-login-password", stdout: "secret\n" },
  { when: "ecr batch-get-image .*imageManifestMediaType", stdout: "application/vnd.oci.image.manifest.v1+json\n" },
  { when: "ecr batch-get-image ", stdout: "{}\n" },
  { when: "ecr put-image", stdout: "released\n" },
  { when: "^docker ", stdout: "" },
  { when: "delivered-image --query \\[Parameter.Version", stdout: `1\t{"image":"${BEFORE}","commit":"x"}\n` },
  { when: "delivered-image --query", stdout: `{"image":"${BEFORE}","commit":"${"f".repeat(40)}"}\n` },
  { when: "production-api/passport --query", stdout: "none\n" },
  { when: "ecs describe-services .*services\\[0\\].taskDefinition", stdout: `${FAMILY}:6\n` },
  { when: "ecs describe-services ", stdout: `${settled(7)}\n` },
  { when: "ecs describe-task-definition .*:7 ", stdout: `${RELEASED}@${DIGEST}\n` },
  { when: "ecs describe-task-definition .*:6 ", stdout: `${BEFORE}\n` },
  { when: "ecs list-service-deployments ", stdout: "arn:aws:ecs:d\tSUCCESSFUL\tbecause\n" },
  { when: "ecs list-task-definitions ", stdout: `${FAMILY}:7\n` },
  { when: "ecs deregister-task-definition ", stdout: "INACTIVE\n" },
  { when: "ssm put-parameter ", stdout: "2\n" },
];

async function texts(changes: ConfigValues = {}): Promise<readonly string[]> {
  // Whether what is played has a passport or not is that script's own matter.
  const graph = await exampleGraph("github-actions-promotion", "staging", changes);
  return generatedWorkflows(graph.recorded, HERE).map((one) => renderWorkflow(one, "staging").text);
}

async function both(changes: ConfigValues = {}): Promise<readonly [ReadWorkflow, ReadWorkflow]> {
  const [own, after] = (await texts(changes)).map(readWorkflow);
  assert.ok(own && after, "two workflows");
  return [own, after];
}

async function play(options: Partial<PlayOptions> = {}, changes: ConfigValues = {}): Promise<PlayedWorkflow> {
  const [, after] = await both({ passport: undefined, ...changes });
  const unasked = Object.fromEntries(
    Object.entries(after.jobs).map(([id, job]) => [
      id,
      {
        ...job,
        steps: job.steps.map((step) => (step.env ? { ...step, env: { ...step.env, PASSPORT_STACK: "" } } : step)),
      },
    ]),
  );
  return playWorkflow(
    { ...after, jobs: unasked },
    {
      answers: WELL,
      inputs: { commit: COMMIT, "api-image": TESTED },
      ...options,
      actions: {
        [PINNED.renderTaskDefinition.action]: () => ({ "task-definition": "/tmp/rendered.json" }),
        ...options.actions,
      },
    },
  );
}

const calls = (played: PlayedWorkflow, text: string) =>
  played.calls.map(calledWith).filter((call) => call.includes(text));
const outcome = (played: PlayedWorkflow, id: string) => played.steps.find((step) => step.id === id)?.outcome;
const roles = (played: PlayedWorkflow) =>
  played.steps.flatMap(({ given, outcome: end }) =>
    given["role-to-assume"] === undefined ? [] : [`${given["role-to-assume"].split("/").at(-1) ?? ""} ${end}`],
  );

describe("a workflow that goes on to another stack", () => {
  it("is two, each of which GitHub's own schema takes", async () => {
    const all = await texts();
    assert.equal(all.length, 2);
    for (const text of all) assert.deepEqual(gitHubProblems(text), []);
  });

  it("hands over what passed, by digest, when everything before has ended well", async () => {
    const [own, after] = await both();
    const job = own.jobs["hand-over"];
    assert.deepEqual(job?.needs, ["api-passed", "deliver"]);
    assert.deepEqual(job?.permissions, { actions: "write" });
    const start = job?.steps.at(-1);
    assert.match(start?.run ?? "", /^gh workflow run production-delivery\.yml .*--raw-field api-image="\$INPUT_1"/);
    assert.equal(start?.env?.INPUT_1, "${{ needs.deliver.outputs.api-image-IMAGE_URI }}");
    assert.deepEqual(Object.keys(after.on.workflow_dispatch?.inputs ?? {}), ["commit", "api-image"]);
    assert.equal(after.on.push, undefined);
  });

  it("keeps this environment's deliveries from waiting for reviewers of the next", async () => {
    const [own, after] = await both();
    assert.deepEqual(own.concurrency, { group: "staging-delivery", "cancel-in-progress": false });
    assert.deepEqual(after.concurrency, { group: "production-delivery", "cancel-in-progress": false });
    assert.ok(
      Object.values(own.jobs).every(
        ({ environment }) => JSON.stringify(environment ?? "").includes("production") === false,
      ),
    );
    assert.deepEqual(
      Object.values(after.jobs).map(({ environment }) => environment),
      ["production"],
    );
  });

  it("neither builds nor reads the repository in the next environment", async () => {
    const [, after] = await both();
    const steps = Object.values(after.jobs).flatMap((job) => job.steps);
    assert.ok(steps.every(({ uses = "" }) => !uses.startsWith(PINNED.checkout.action)));
    assert.ok(steps.every(({ run = "" }) => !/docker build /.test(run)));
  });

  it("releases by digest, deploys and confirms each in the role for it, and records", async () => {
    const played = await play();
    assert.deepEqual(played.outcomes, { release: "success" }, played.log);
    assert.deepEqual(roles(played), [
      "staging-api-release-github-actions success",
      "production-deploy success",
      "production-confirm success",
    ]);
    assert.ok(
      calls(played, `imagetools create`).every((call) => call.includes(TESTED)),
      "by digest",
    );
    assert.ok(calls(played, `imagetools create`).length > 0);
    const rendered = played.steps.find(({ id }) => id === "api-to-production-revision");
    assert.equal(rendered?.given.image, `${RELEASED}@${DIGEST}`);
    assert.match(calls(played, RECORD)[0] ?? "", new RegExp(`"image":"${RELEASED}@${DIGEST}","commit":"${COMMIT}"`));
    assert.match(played.summary, /^### production-api: delivered$/m);
    assert.match(played.summary, new RegExp(`commit/${COMMIT}`));
  });

  it("refuses an image that has not passed, whoever asks for it, and deploys nothing", async () => {
    const played = await play({
      inputs: { commit: COMMIT, "api-image": `${TESTED.split("@")[0] ?? ""}@sha256:${"d".repeat(64)}` },
    });
    assert.equal(outcome(played, "api-release"), "failure");
    assert.match(played.log, /has not passed its tests/);
    assert.equal(outcome(played, "api-to-production"), "skipped");
    assert.equal(outcome(played, "api-confirm-production"), "skipped");
    assert.deepEqual(calls(played, "put-image"), []);
    assert.deepEqual(roles(played).slice(1), ["production-deploy skipped", "production-confirm skipped"]);
  });

  it("refuses an image by tag", async () => {
    const played = await play({ inputs: { commit: COMMIT, "api-image": `${TESTED.split("@")[0] ?? ""}:${COMMIT}` } });
    assert.match(played.log, /expected <registry>\/<repository>@sha256/);
    assert.equal(outcome(played, "api-to-production"), "skipped");
  });

  it("confirms in its role where the deployment failed, and records nothing", async () => {
    const back = [{ when: "ecs describe-services .*\\[\\[status", stdout: `${settled(6)}\n` }, ...WELL];
    const played = await play({ answers: back, actions: { [PINNED.deployTaskDefinition.action]: () => undefined } });
    assert.equal(outcome(played, "api-to-production"), "failure");
    assert.equal(outcome(played, "api-confirm-production"), "failure");
    assert.equal(roles(played).at(-1), "production-confirm success");
    assert.deepEqual(calls(played, RECORD), []);
    assert.match(played.summary, /^### production-api: not delivered$/m);
  });
});
