import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./support/stack";
import { installSteps, type Job, type Workflow, type WorkflowStep, workflow, workflows } from "./support/workflows";

const all = workflows();
const jobs = all.flatMap((of) =>
  Object.entries(of.jobs).map(([name, job]) => ({ of, job, where: `${of.file} ${name}` })),
);
const steps: readonly WorkflowStep[] = [...jobs.flatMap(({ job }) => job.steps), ...installSteps()];
const uses = (job: Job, action: string) => job.steps.filter((step) => step.uses?.startsWith(`${action}@`));
const pulumiSteps = (job: Job) => uses(job, "pulumi/actions");

/** Permissions that a job may have, and what it then does. */
const PERMISSIONS: Readonly<Record<string, (job: Job, of: Workflow) => boolean>> = {
  "contents: read": () => true,
  "id-token: write": (job) => uses(job, "aws-actions/configure-aws-credentials").length === 1,
  "pull-requests: write": (job) =>
    job.steps.some(({ run, with: given }) => given?.["comment-on-pr"] === true || /ci:comment/.test(run ?? "")),
  "actions: read": (job) => uses(job, "actions/download-artifact").length === 1,
};

describe("every workflow", () => {
  it("is one of those that are documented", () => {
    const page = readFileSync(join(ROOT, "docs/automation.md"), "utf8");
    for (const { file } of all) assert.ok(page.includes(`\`${file}\``), file);
    assert.equal(all.length, 7);
  });

  it("uses actions by commit, with the version beside it", () => {
    const files = [
      ...all.map(({ text }) => text),
      readFileSync(join(ROOT, ".github/actions/install/action.yml"), "utf8"),
    ];
    const lines = files.flatMap((text) => text.split("\n").filter((line) => /\buses:/.test(line)));
    assert.ok(lines.length > 20);
    for (const line of lines) {
      assert.match(line, /uses: (?:\.\/\.github\/actions\/install|[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/);
    }
  });

  it("uses each action in one version", () => {
    const used = new Map<string, Set<string>>();
    for (const [action = "", commit = ""] of steps.map((step) => step.uses?.split("@") ?? [])) {
      if (commit) used.set(action, (used.get(action) ?? new Set()).add(commit));
    }
    for (const [action, commits] of used) assert.equal(commits.size, 1, action);
  });

  it("is never started by pull_request_target, which lends a fork's code the repository's rights", () => {
    for (const { on, file } of all) assert.ok(!("pull_request_target" in on), file);
  });

  it("has no expression in a script: what an event says reaches the shell as a variable", () => {
    for (const { run = "" } of steps) assert.doesNotMatch(run, /\$\{\{/);
  });

  it("calls npm scripts that exist, and little else", () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: object };
    const lines = steps.flatMap(({ run = "" }) => run.split("\n")).filter((line) => line.trim() !== "");
    for (const line of lines) {
      const [, script] = /^npm run (?:--silent )?([\w:-]+)/.exec(line) ?? [];
      if (script) assert.ok(script in scripts, line);
      else
        assert.match(
          line,
          /^(?:npm ci --ignore-scripts|bash \.ci\/run|mkdir "\$RUNNER_TEMP\/comment"|(?:echo "\$NUMBER"|cat "\$RUNNER_TEMP\/comment\/body\.md") >>? "\$[\w/]+")$/,
        );
    }
  });
});

describe("every job", () => {
  it("has an end, and a runner that does not change by itself", () => {
    for (const { job, where } of jobs) {
      assert.ok(Number(job["timeout-minutes"]) > 0, where);
      assert.equal(job["runs-on"], "ubuntu-24.04", where);
    }
  });

  it("has its own permissions, each for something that it does; the workflow has none", () => {
    for (const { of, job, where } of jobs) {
      assert.deepEqual(of.permissions, {}, of.file);
      assert.ok(job.permissions, where);
      for (const [scope, level] of Object.entries(job.permissions)) {
        const allowed = PERMISSIONS[`${scope}: ${level}`];
        assert.ok(allowed, `${where} ${scope}: ${level}`);
        assert.ok(allowed(job, of), `${where} does not need ${scope}: ${level}`);
      }
    }
  });

  it("leaves no token in the work tree", () => {
    for (const { job, where } of jobs) {
      for (const { with: given } of uses(job, "actions/checkout"))
        assert.equal(given?.["persist-credentials"], false, where);
    }
  });

  it("hands secrets to the steps that run Pulumi, and to no others", () => {
    for (const { job, where } of jobs) {
      assert.doesNotMatch(JSON.stringify(job.env ?? {}), /secrets\./, where);
      for (const step of job.steps.filter((one) => /secrets\./.test(JSON.stringify(one)))) {
        assert.match(step.uses ?? step.run ?? "", /^pulumi\/actions@|^npm run ci:(?:drift|retry) /, where);
      }
    }
  });

  it("that updates a stack is never cancelled, and waits for nothing but updates of that stack", () => {
    const updating = jobs.filter(({ job }) =>
      pulumiSteps(job).some(({ with: given }) => /\bup\b/.test(String(given?.command))),
    );
    assert.deepEqual(
      updating.map(({ where }) => where),
      ["deploy.yml up", "review-stack.yml update"],
    );
    for (const { job, where } of updating) {
      assert.deepEqual(job.concurrency, { group: "pulumi-up-${{ matrix.stack }}", "cancel-in-progress": false }, where);
      assert.ok(job.environment, where);
    }
    const others = jobs.filter(({ where }) => !updating.some((one) => one.where === where));
    for (const { job, of, where } of others) {
      assert.doesNotMatch(
        JSON.stringify([job.concurrency, (of as { concurrency?: unknown }).concurrency]),
        /pulumi-up/,
        where,
      );
      assert.equal(job.environment, undefined, where);
    }
  });

  it("for several stacks runs each, whatever becomes of the others", () => {
    for (const { job, where } of jobs) if (job.strategy) assert.equal(job.strategy["fail-fast"], false, where);
  });

  it("has its stacks from the stack files: no workflow names one", () => {
    const stacks = readdirSync(ROOT).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
    for (const { text, file } of all) {
      const code = text.replaceAll(/^ *#.*$/gm, "");
      if (file !== "check.yml") assert.doesNotMatch(code, new RegExp(`\\b(?:${stacks.join("|")})\\b`), file);
    }
  });
});

describe("what reaches AWS", () => {
  const inAws = jobs.filter(({ job }) => uses(job, "aws-actions/configure-aws-credentials").length > 0);

  it("is off until the roles are there", () => {
    for (const { of, where } of inAws) {
      const [first] = Object.values(of.jobs);
      assert.match(first?.if ?? "", /^vars\.AWS_ROLES != ''/, where);
      assert.equal(Object.keys(of.jobs).length, 2, where);
    }
  });

  it("is nothing that comes from a fork", () => {
    const fromPullRequests = inAws.filter(({ of }) => "pull_request" in of.on);
    assert.equal(fromPullRequests.length, 2);
    for (const { of, where } of fromPullRequests) {
      const [first] = Object.values(of.jobs);
      assert.match(first?.if ?? "", /github\.event\.pull_request\.head\.repo\.full_name == github\.repository/, where);
    }
  });

  it("looks in the role that looks, and updates in the one that updates, in the environment with the rules", () => {
    const roles = all.flatMap(({ file, text }) =>
      /--role (\w+)/.exec(text)?.[1] ? [`${file} ${/--role (\w+)/.exec(text)?.[1]}`] : [],
    );
    assert.deepEqual(roles, [
      "deploy.yml update",
      "drift.yml preview",
      "pulumi-preview.yml preview",
      "review-stack.yml update",
    ]);
    assert.equal(workflow("deploy.yml").jobs.up?.environment, "${{ matrix.stack }}");
    assert.equal(workflow("review-stack.yml").jobs.update?.environment, "review");
  });

  it("is updated by one runner: not here where Pulumi Deployments do it", () => {
    for (const file of ["deploy.yml", "review-stack.yml"]) {
      const [first] = Object.values(workflow(file).jobs);
      assert.match(first?.if ?? "", /vars\.PULUMI_DEPLOYMENTS != 'true'/);
    }
  });
});

describe("the preview of a pull request", () => {
  const preview = workflow("preview.yml").jobs.offline;

  it("compares with the base branch, without credentials or a token that writes", () => {
    assert.deepEqual(preview?.permissions, { contents: "read" });
    assert.equal(preview.steps[0]?.with?.["fetch-depth"], 2);
    const { run } = preview.steps.find(({ id }) => id === "preview") ?? {};
    assert.equal(run, 'npm run --silent preview -- --mermaid --against HEAD^1 > "$RUNNER_TEMP/comment/body.md"');
    assert.doesNotMatch(workflow("preview.yml").text, /secrets\.|vars\./);
  });

  it("is handed on also when it finds something wrong", () => {
    const after = preview?.steps.slice(-2) ?? [];
    assert.equal(after.length, 2);
    for (const step of after) assert.equal(step.if, "${{ !cancelled() && steps.preview.outcome != 'skipped' }}");
  });

  it("is posted by a workflow that starts after it and runs none of its code", () => {
    const { on, jobs: posting } = workflow("preview-comment.yml");
    assert.deepEqual(on.workflow_run, { workflows: [workflow("preview.yml").name], types: ["completed"] });
    assert.match(posting.comment?.if ?? "", /github\.event\.workflow_run\.event == 'pull_request'/);
    const [checkout] = posting.comment?.steps ?? [];
    assert.deepEqual(checkout?.with, { "persist-credentials": false }, "the default branch");
    const runs = posting.comment?.steps.flatMap(({ run }) => run ?? []);
    assert.deepEqual(runs, ['npm run ci:comment -- "$RUNNER_TEMP/comment"']);
  });

  it("by Pulumi comments on success and on failure, and fails when it fails", () => {
    const { steps: inOrder } = workflow("pulumi-preview.yml").jobs.preview ?? { steps: [] };
    const [looks, explains] = inOrder.slice(-2);
    assert.deepEqual([looks?.id, looks?.["continue-on-error"]], ["preview", true]);
    const { command, "comment-on-pr": comments, "edit-pr-comment": edits } = looks?.with ?? {};
    assert.deepEqual([command, comments, edits], ["preview", true, true]);
    assert.equal(explains?.if, "steps.preview.outcome == 'failure'");
    assert.equal(explains.run, 'npm run ci:retry -- "$STACK"');
    assert.equal(explains["continue-on-error"], undefined);
  });
});
