import assert from "node:assert/strict";
import { declare, inOrder, type PipelineAction, stage } from "../../../components/pipeline/action";
import type { JobStep } from "../../../components/workflow/jobStep";
import { planJobs } from "../../../components/workflow/jobs";

const step = (name: string, kind: JobStep["kind"], more: Partial<JobStep> = {}): JobStep => ({
  name,
  kind,
  description: name,
  buildspec: "{}",
  environment: {},
  parameters: {},
  permissions: [],
  timeoutInMinutes: 30,
  ...more,
});
const steps = [step("unit", "test"), step("image", "build"), step("confirm", "confirm"), step("end", "test")];
const shell = (name: string): PipelineAction => ({
  declaration: declare("Build", "CodeBuild", { name, configuration: { ProjectName: name } }),
  permissions: [],
});
const deploy: PipelineAction = {
  declaration: declare("Deploy", "ECS", { name: "deploy", timeoutInMinutes: 20 }),
  permissions: [],
};
const approve: PipelineAction = {
  declaration: declare("Approval", "GitHubEnvironment", { name: "ok" }),
  permissions: [],
};
const source: PipelineAction = { declaration: declare("Source", "GitHub", { name: "Source" }), permissions: [] };
const plan = (...groups: readonly PipelineAction[][]) =>
  planJobs({ environment: "dev", steps, stages: [stage("Source", [source]), stage("All", inOrder(...groups))] });

describe("planJobs", () => {
  it("puts what calls AWS into one job, in order, after the tests that come before it", () => {
    const jobs = plan([shell("unit")], [shell("image")], [deploy], [shell("confirm")]);
    assert.deepEqual(
      jobs.map(({ id, needs, environment, actions }) => ({ id, needs, environment, actions })),
      [
        { id: "unit", needs: [], environment: undefined, actions: ["unit"] },
        { id: "deliver", needs: ["unit"], environment: "dev", actions: ["image", "deploy", "confirm"] },
      ],
    );
  });

  it("runs commands of the application's own in jobs without a role, and what follows them in another job", () => {
    const jobs = plan([shell("image")], [deploy], [shell("end")], [shell("confirm")]);
    assert.deepEqual(
      jobs.map(({ id, needs, environment }) => [id, needs, environment]),
      [
        ["deliver", [], "dev"],
        ["end", ["deliver"], undefined],
        ["confirm", ["end"], "dev"],
      ],
    );
  });

  it("waits for tests and for what runs beside them", () => {
    const jobs = plan([shell("image")], [shell("end"), shell("unit"), shell("confirm")], [deploy]);
    assert.deepEqual(jobs.at(-1)?.needs, ["end", "unit", "deliver"]);
  });

  it("asks the reviewers once, at the first job that takes the role after the approval", () => {
    const jobs = plan([approve], [shell("unit")], [shell("image")], [deploy]);
    assert.deepEqual(
      jobs.map(({ id, asks }) => [id, asks]),
      [
        ["unit", false],
        ["deliver", true],
      ],
    );
  });

  it("parts a job where a person is asked in between", () => {
    const jobs = plan([shell("image")], [approve], [deploy]);
    assert.deepEqual(
      jobs.map(({ id, needs, asks }) => [id, needs, asks]),
      [
        ["deliver", [], false],
        ["deploy", ["deliver"], true],
      ],
    );
  });

  it("gives a job the time of all that it does, and no more than GitHub has", () => {
    const [short] = plan([shell("image")], [deploy]);
    assert.equal(short?.timeoutInMinutes, 10 + 30 + 20);
    const [long] = planJobs({
      environment: "dev",
      steps: [step("image", "build", { timeoutInMinutes: 480 })],
      stages: [stage("All", [shell("image")])],
    });
    assert.equal(long?.timeoutInMinutes, 360);
  });

  it("runs on the CPU that an image is for", () => {
    const [job] = planJobs({
      environment: "dev",
      steps: [step("image", "build", { runsOn: "ubuntu-24.04-arm" })],
      stages: [stage("All", [shell("image")])],
    });
    assert.equal(job?.runsOn, "ubuntu-24.04-arm");
  });
});
