import assert from "node:assert/strict";
import { declare, inOrder, type PipelineAction, type PipelineStage, stage } from "../../../components/pipeline/action";
import { filesElsewhere, filesElsewhereText } from "../../../components/workflow/jobFiles";
import type { JobStep } from "../../../components/workflow/jobStep";
import { planJobs } from "../../../components/workflow/jobs";

const step = (name: string, kind: JobStep["kind"], script = ""): JobStep => ({
  name,
  kind,
  description: name,
  buildspec: JSON.stringify({ phases: { build: { commands: [`set -o pipefail\n${script}`] } } }),
  environment: {},
  parameters: {},
  permissions: [],
  timeoutInMinutes: 30,
});
const steps = [
  step("image", "build", "provide_image"),
  step("release", "release", "promote_image"),
  step("before", "confirm", "run_before_deployment"),
  step("end", "test"),
];
const seat = { environment: "live", roleArn: "arn:aws:iam::111122223333:role/live" };
const run = (name: string, input?: string): PipelineAction => ({
  declaration: declare("Build", "CodeBuild", {
    name,
    configuration: { ProjectName: name },
    ...(input !== undefined && { inputArtifacts: [input] }),
    outputArtifacts: [name],
  }),
  permissions: [],
});
const deploy = (input: string): PipelineAction => ({
  declaration: declare("Deploy", "ECS", { name: "deploy", inputArtifacts: [input] }),
  permissions: [],
  inWorkflow: { clusterName: "c", serviceName: "s", permissions: [] },
});
const approve: PipelineAction = {
  declaration: declare("Approval", "GitHubEnvironment", { name: "ok" }),
  permissions: [],
};
const there = (action: PipelineAction): PipelineAction => ({ ...action, seat });

function found(...groups: readonly PipelineAction[][]) {
  const stages: readonly PipelineStage[] = [stage("All", inOrder(...groups))];
  return filesElsewhere({ jobs: planJobs({ environment: "dev", steps, stages }), stages, steps });
}

describe("filesElsewhere", () => {
  it("finds nothing where a job has what it reads, or writes it anew from an image of its own environment", () => {
    assert.deepEqual(found([run("image")], [deploy("image")]), []);
    assert.deepEqual(found([run("image")], [run("end")], [run("before", "image")], [deploy("image")]), []);
    assert.deepEqual(found([run("image")], [approve], [deploy("image")]), []);
    assert.deepEqual(found([run("image")], [there(run("release", "image"))], [there(deploy("release"))]), []);
  });

  it("finds what a release has left on the machine of another job, and an image of another environment", () => {
    for (const between of [approve, run("end")]) {
      const all = found([run("image")], [there(run("release", "image"))], [between], [there(deploy("release"))]);
      assert.deepEqual(all, [{ job: "deploy", action: "deploy", from: "release", fromJob: "release" }]);
      assert.deepEqual(all.map(filesElsewhereText), [
        "job deploy: expected deploy in one job with release, whose files it reads: they are in job release, on another machine. Put the tests, or the gate, that stand between the two before release or after deploy, or deliver by a pipeline",
      ]);
    }
    assert.equal(found([run("image")], [there(deploy("image"))]).length, 1);
  });

  it("finds files of anything else, of which nothing is known, and of what runs before a deployment", () => {
    assert.equal(found([run("other")], [run("end")], [deploy("other")]).length, 1);
    assert.equal(found([run("other")], [run("end")], [run("before", "other")]).length, 1);
    assert.equal(found([run("other")], [run("end")], [run("more", "other")]).length, 0);
  });
});
