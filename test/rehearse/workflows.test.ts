import assert from "node:assert/strict";
import { startsOf } from "../../model/delivery/pipeline/push";
import { pipelinesOf } from "../../model/graph/pipelines";
import { main } from "../../rehearse/main";
import { service, stackGraph } from "../support/stack";

async function run(...argv: readonly string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await main(argv, {
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    coloured: false,
    width: 200,
  });
  return { code, text: [...out, ...err].join("\n") };
}

describe("a delivery by GitHub Actions is rehearsed", function () {
  this.timeout(120_000);

  it("with its scripts, in its role, which may do all that they call", async () => {
    const { code, text } = await run("--example", "github-actions", "dev", "--first");
    assert.equal(code, 0, text);
    assert.match(text, /api-before-deployment: ends well.*as dev-github-actions/);
    assert.match(text, /api-confirm: ends well.*as dev-github-actions/);
    assert.doesNotMatch(text, /AWS refuses|AWS would refuse/);
  });

  it("each service's by its own workflow, in its own role", async () => {
    const { code, text } = await run("--example", "github-actions-monorepo", "dev", "--first");
    assert.equal(code, 0, text);
    assert.match(text, /front-end-confirm: ends well.*as dev-front-end-github-actions/);
  });

  it("and brings back what went before where a test of what runs fails", async () => {
    const { code, text } = await run("--example", "github-actions", "dev", "--fail", "end-to-end-test=fails");
    assert.equal(code, 1, text);
    assert.match(text, /is rolled back: job take-back deploys commit/);
    assert.match(text, /the rollback ends well: commit 0+ is back/);
    assert.doesNotMatch(text, /AWS refuses|AWS would refuse/);
    const first = await run("--example", "github-actions", "dev", "--first", "--fail", "end-to-end-test=fails");
    assert.match(first.text, /stays as it is: nothing was delivered before/);
  });

  it("and tries, vouches for and takes back nothing that another attempt has deployed, where only failed jobs are run again", async () => {
    const failed = ["--example", "github-actions-promotion", "staging", "--fail", "acceptance-test=fails", "--again"];
    const jobs = await run(...failed, "failed-jobs");
    assert.equal(jobs.code, 1, jobs.text);
    assert.match(jobs.text, /attempt 2\) › Staging › acceptance-test: fails: nothing is tried .*Re-run all jobs/);
    assert.match(jobs.text, /staging-api: commit 0{12} runs now, or is being delivered: nothing is taken back/);
    assert.doesNotMatch(jobs.text, /api-passed: ends well|api-release: ends well|promise/);
    assert.equal(jobs.text.match(/is rolled back/g)?.length, 1);
    const all = await run(...failed, "all-jobs");
    assert.equal(all.code, 0, all.text);
    assert.match(all.text, /attempt 2\) › Staging › api-passed: ends well/);
    assert.match(all.text, /attempt 2\) › Production › api-confirm-production: ends well/);
    const passed = [
      "--example",
      "github-actions-promotion",
      "staging",
      "--fail",
      "api-passed=refused:aws ssm put-parameter",
    ];
    const late = await run(...passed, "--again", "failed-jobs");
    assert.match(late.text, /attempt 2\) › Staging › api-passed: fails.*nothing vouches for/);
    assert.doesNotMatch(late.text, /api-release: ends well|promise/);
    assert.equal((await run(...failed, "everything")).code, 2);
    assert.equal((await run("dev", "--search", "--again", "all-jobs")).code, 2);
  });

  it("on to the next environment, in the roles that admit its jobs", async () => {
    const { code, text } = await run("--example", "github-actions-promotion", "--first");
    assert.equal(code, 0, text);
    assert.match(text, /api-release: ends well.*as staging-api-release-github-actions/);
    assert.match(text, /api-to-production: ends well.*as production-deploy/);
    assert.match(text, /api-confirm-production: ends well.*as production-confirm/);
    const said = await run("--example", "github-actions-promotion", "--first", "--fail", "Approve=rejected");
    assert.equal(said.code, 1, said.text);
    assert.doesNotMatch(said.text, /api-release: ends well/);
  });

  it("on to the pipeline of another stack, which starts by the tag of the release and delivers its digest", async () => {
    const { code, text } = await run("--example", "github-actions-to-pipeline", "--first");
    assert.equal(code, 0, text);
    assert.match(text, /api-release: ends well.*as staging-api-release-github-actions/);
    assert.match(text, /production-delivery: starts for image release-1{40} of commit/);
    assert.match(text, /production-delivery: Succeeded/);
    assert.equal(text.match(/production-delivery: starts/g)?.length, 1);
    assert.doesNotMatch(text, /AWS refuses|AWS would refuse/);
    const failed = await run("--example", "github-actions-to-pipeline", "staging", "--fail", "acceptance-test=fails");
    assert.doesNotMatch(failed.text, /production-delivery: starts/);
  });

  it("and fails where the deployment does, with nothing recorded", async () => {
    const { code, text } = await run("--example", "github-actions", "dev", "--fail", "dev-api=unhealthy");
    assert.equal(code, 1, text);
    assert.match(text, /api-confirm: fails|api-deploy: fails/);
  });

  it("starts by pushes to its branch, and to the files that it is about", async () => {
    const delivery = { gitHubActions: { repository: "acme/shop", filePaths: ["api/**"] } };
    const changes = { source: undefined, delivery, services: service("dev", {}) };
    const { recorded } = await stackGraph("dev", { changes });
    const starts = (push: object) => startsOf([recorded], { commit: "1".repeat(40), ...push }).map((one) => one.starts);
    assert.equal(pipelinesOf(recorded).length, 1);
    assert.deepEqual(starts({ branch: "master", files: ["api/a.ts"] }), [true]);
    assert.deepEqual(starts({ branch: "master", files: ["web/a.ts"] }), [false]);
    assert.deepEqual(starts({ branch: "other" }), [false]);
  });
});
