import assert from "node:assert/strict";
import { generatedWorkflows } from "../../model/workflow/document";
import { PINNED } from "../../model/workflow/pinned";
import { renderWorkflow } from "../../workflow/render";
import { gitHubProblems } from "../support/gitHubSchema";
import type { ConfigValues } from "../support/pulumiConfig";
import { service, stackGraph } from "../support/stack";
import { type ReadJob, type ReadWorkflow, readWorkflow } from "../support/workflowRun";

const delivery = { gitHubActions: { repository: "acme/shop" } };
const api = (changes: ConfigValues) => ({ services: service("dev", changes) });
const two = [
  { name: "web", folder: "web", container: { name: "web", port: 3000 } },
  { name: "api", folder: "api", container: { name: "api", port: 8080 } },
];
const all = { deployment: { strategy: "rolling" }, tests: [{ name: "end-to-end", commands: ["npm test"] }] };

async function texts(changes: ConfigValues = {}, stack = "dev", account?: string): Promise<readonly string[]> {
  const graph = await stackGraph(stack, { changes: { source: undefined, delivery, ...changes } });
  return generatedWorkflows(graph.recorded, account).map((one) => renderWorkflow(one, stack).text);
}

async function read(changes: ConfigValues = {}, stack = "dev", account?: string): Promise<ReadWorkflow> {
  const [text = ""] = await texts(changes, stack, account);
  return readWorkflow(text);
}

const stepsOf = (workflow: ReadWorkflow) => Object.values(workflow.jobs).flatMap(({ steps }) => steps);
const actsIn = (job: ReadJob) => job.environment !== undefined;

describe("a generated workflow", () => {
  const cases: readonly [what: string, changes: ConfigValues, stack?: string][] = [
    ["rolling", all],
    [
      "CodeDeploy",
      { deployment: { strategy: "codeDeployBlueGreen" }, ...api({ beforeDeployment: { command: ["m"] } }) },
    ],
    ["two services, of which one may have to be taken back", { ...all, services: two }],
    ["prod", {}, "prod"],
    ["qa, whose runs queue", {}, "qa"],
    ["an image for ARM64", api({ cpuArchitecture: "ARM64" })],
    ["a secret of the build", api({ build: { secrets: { TOKEN: "/shop/token" } } })],
  ];
  for (const [what, changes, stack] of cases) {
    it(`is one that GitHub's own schema takes: ${what}`, async () => {
      for (const text of await texts(changes, stack)) assert.deepEqual(gitHubProblems(text), []);
    });
  }

  it("is held against a schema that finds what is wrong", async () => {
    const [text = ""] = await texts(all);
    assert.notDeepEqual(gitHubProblems(text.replace("runs-on:", "runs-at:")), []);
  });

  it("starts at pushes to the branch, and by hand", async () => {
    const { on } = await read(all);
    assert.deepEqual(on, { push: { branches: ["master"] }, workflow_dispatch: null });
    const filtered = await read({
      delivery: { gitHubActions: { repository: "acme/shop", filePaths: ["api/**"], excludedFilePaths: ["**.md"] } },
    });
    assert.deepEqual(filtered.on.push, { branches: ["master"], paths: ["api/**", "!**.md"] });
    const ignored = await read({
      delivery: { gitHubActions: { repository: "acme/shop", excludedFilePaths: ["docs/**"] } },
    });
    assert.deepEqual(ignored.on.push, { branches: ["master"], "paths-ignore": ["docs/**"] });
  });

  it("takes a branch for its name, whatever a pattern would make of it", async () => {
    const { on } = await read({ branch: "feature/c++" });
    assert.deepEqual(on.push, { branches: [String.raw`feature/c\+\+`] });
    assert.deepEqual((await read({ branch: "!main" })).on.push, { branches: [String.raw`\!main`] });
    assert.deepEqual((await read({ branch: "release/1.0" })).on.push, { branches: ["release/1.0"] });
  });

  it("never cancels a delivery, and lets each wait where the profile says so", async () => {
    assert.deepEqual((await read(all)).concurrency, { group: "dev-delivery", "cancel-in-progress": false });
    assert.equal((await read({}, "qa")).concurrency.queue, "max");
  });

  it("has no permissions but what each job needs, and a token only in jobs with a role", async () => {
    const workflow = await read(all);
    assert.deepEqual(workflow.permissions, {});
    for (const job of Object.values(workflow.jobs)) {
      const checksOut = job.steps.some(({ uses }) => uses?.startsWith(PINNED.checkout.action));
      assert.deepEqual(job.permissions, {
        // It asks GitHub how jobs have ended, where somebody runs it again.
        ...(job === workflow.jobs["take-back"] ? { actions: "read" } : {}),
        ...(checksOut ? { contents: "read" } : {}),
        ...(actsIn(job) ? { "id-token": "write" } : {}),
      });
      const roles = job.steps.filter(({ uses }) => uses?.startsWith(PINNED.credentials.action));
      assert.equal(roles.length, actsIn(job) ? 1 : 0);
    }
  });

  it("ends commands of the application's own that hang before their job is ended, which is no failure to the jobs after it", async () => {
    const { jobs } = await read({
      ...api({ unitTests: { commands: ["npm test"] } }),
      tests: [{ name: "end-to-end", commands: ["npm test"], timeoutInMinutes: 25 }],
    });
    const limits = Object.entries(jobs).flatMap(([id, { steps, "timeout-minutes": whole }]) =>
      steps.flatMap(({ "timeout-minutes": own }) => (own === undefined ? [] : [[id, own, whole]])),
    );
    assert.deepEqual(limits, [
      ["api-unit-tests", 30, 40],
      ["end-to-end-test", 25, 35],
    ]);
  });

  it("checks out the files of the commit in jobs that read them, and in no other", async () => {
    const { jobs } = await read({ environment: "staging", tests: all.tests });
    const out = Object.entries(jobs).filter(([, { steps }]) =>
      steps.some(({ uses }) => uses?.startsWith("actions/checkout@")),
    );
    assert.deepEqual(
      out.map(([id]) => id),
      ["api-unit-tests", "deliver", "end-to-end-test", "take-back"],
    );
    assert.deepEqual(jobs["api-passed"]?.permissions, { "id-token": "write" });
  });

  it("uses actions by commit, with the release beside it, and leaves no token in the work tree", async () => {
    const [text = ""] = await texts(all);
    const lines = text.split("\n").filter((line) => /\buses:/.test(line));
    assert.ok(lines.length >= 5);
    for (const line of lines) assert.match(line, /uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    for (const step of stepsOf(readWorkflow(text)).filter(({ uses }) => uses?.startsWith("actions/checkout@"))) {
      assert.equal(step.with?.["persist-credentials"], "false");
    }
  });

  it("has no expression in a script, and no secret or key of AWS anywhere", async () => {
    const [text = ""] = await texts(all);
    for (const { run = "" } of stepsOf(readWorkflow(text))) assert.doesNotMatch(run, /\$\{\{/);
    assert.doesNotMatch(text, /\$\{\{ secrets\.|aws-access-key|AWS_SECRET/);
  });

  it("takes a text of the stack that looks like an expression for what it is", async () => {
    const workflow = await read(api({ unitTests: { commands: ["echo '${{ secrets.TOKEN }}'"] } }));
    const run = workflow.jobs["api-unit-tests"]?.steps.at(-1)?.run ?? "";
    assert.match(run, /echo '\$\{\{ '\$\{\{' \}\} secrets\.TOKEN \}\}'/);
  });

  it("names the account by a variable, and by its number where the stack allows no other", async () => {
    const role = (workflow: ReadWorkflow) =>
      stepsOf(workflow).find(({ uses }) => uses?.startsWith(PINNED.credentials.action))?.with?.["role-to-assume"];
    const name = "role/ecs-delivery/dev/dev-github-actions";
    assert.equal(role(await read(all)), `arn:aws:iam::\${{ vars.AWS_ACCOUNT_ID }}:${name}`);
    assert.equal(role(await read(all, "dev", "111122223333")), `arn:aws:iam::111122223333:${name}`);
  });

  it("has names of the stack alone: nothing that the preview has made up", async () => {
    const [text = ""] = await texts({ ...all, ...api({ beforeDeployment: { command: ["m"] } }) });
    assert.doesNotMatch(text, /111122223333|subnet-|sg-0|elb\.amazonaws/);
    const [told = ""] = await texts({ notificationEmails: ["a@example.com"] });
    assert.match(told, /TOPIC_ARN: \$\{\{ steps\.stack\.outputs\.topic \}\}/);
    assert.doesNotMatch(told, /111122223333/);
    const [codeDeploy = ""] = await texts({ deployment: { strategy: "codeDeployBlueGreen" } });
    assert.doesNotMatch(codeDeploy, /111122223333|api-[0-9a-f]{7}\b/);
  });

  it("asks the stack for what only it knows, in the job that needs it and for those after", async () => {
    const { jobs } = await read({ ...all, ...api({ beforeDeployment: { command: ["m"] } }) });
    const before = jobs.deliver?.steps.find(({ id }) => id === "api-before-deployment");
    assert.equal(before?.env?.RUN_TASK, "${{ steps.stack.outputs.api-run-task }}");
    const test = jobs["end-to-end-test"];
    assert.equal(test?.steps.at(-1)?.env?.ENVIRONMENT_URL, "${{ needs.deliver.outputs.stack-api-url }}");
    assert.deepEqual(test?.needs, ["deliver"]);
    assert.equal(jobs.deliver?.outputs?.["stack-api-url"], "${{ steps.stack.outputs.api-url }}");
    assert.deepEqual(jobs.deliver?.environment, { name: "dev", url: "${{ steps.stack.outputs.api-url }}" });
  });

  it("writes down once what several services run", async () => {
    const [text = ""] = await texts({
      services: [
        { name: "web", folder: "web", container: { name: "web", port: 3000 } },
        { name: "api", folder: "api", container: { name: "api", port: 8080 } },
      ],
    });
    // In the job that delivers, and in the one that brings back what went before.
    assert.equal(text.match(/confirm_delivery\(\) \{/g)?.length, 2);
    assert.equal(text.match(/provide_image\(\) \{/g)?.length, 1);
    assert.equal(text.match(/prepare_deployment\(\) \{/g)?.length, 2);
    assert.deepEqual(gitHubProblems(text), []);
  });
});
