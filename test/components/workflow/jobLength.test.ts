import assert from "node:assert/strict";
import { declare, type PipelineAction } from "../../../components/pipeline/action";
import { longJobs, longJobText } from "../../../components/workflow/jobLength";
import type { WorkflowJob } from "../../../components/workflow/jobs";

const deploy = (name: string, minutes: number, runOrder = name.charCodeAt(0)): PipelineAction => ({
  declaration: {
    ...declare("Deploy", "CodeDeployToECS", { name, configuration: {} }),
    runOrder,
    timeoutInMinutes: minutes + 30,
  },
  permissions: [],
  inWorkflow: { clusterName: "c", serviceName: name, permissions: [] },
  takes: { leastMinutes: minutes, bySetting: { terminationWaitTimeInMinutes: minutes - 5, trafficRouting: 0 } },
});
const job = (actions: readonly PipelineAction[], environment = "dev"): WorkflowJob => ({
  id: "deliver",
  needs: [],
  environment,
  actions: actions.map(({ declaration: { name } }) => name),
  asks: false,
  timeoutInMinutes: 360,
});
const found = (actions: readonly PipelineAction[], runsOn = "ubuntu-24.04", environment?: string) =>
  longJobs({
    jobs: [job(actions, environment)],
    stages: [{ name: "Deploy", actions }],
    steps: [],
    environment: "dev",
    runsOn,
  });

describe("longJobs", () => {
  it("finds a job whose deployments wait longer one after another than it is given, and says by what", () => {
    const six = ["a", "b", "c", "d", "e", "f"].map((name) => deploy(name, 80));
    const [long, ...others] = found(six);
    assert.deepEqual(others, []);
    assert.deepEqual([long?.needs, long?.most, long?.waits.length], [520, 360, 6]);
    assert.match(
      long ? longJobText(long) : "",
      /^job deliver: expected steps that fit into the 360 minutes after which a job is ended, these may need 520: a at least 80 \(terminationWaitTimeInMinutes 75, trafficRouting 0\), b at least .*; then 30 more, as long as a may take and be confirmed, and 10 for the runner$/,
    );
  });

  it("waits for the longest of deployments that a stage has at the same time", () => {
    const six = (minutes: number) => ["a", "b", "c", "d", "e", "f"].map((name) => deploy(name, minutes, 1));
    assert.deepEqual(found(six(300)), []);
    const [long] = found([...six(300), deploy("g", 321, 1)]);
    assert.deepEqual(
      [long?.needs, long?.waits],
      [361, ["g at least 321 (terminationWaitTimeInMinutes 316, trafficRouting 0)"]],
    );
  });

  it("lets a job be that has the time, to the minute", () => {
    assert.deepEqual(found([deploy("a", 160), deploy("b", 160)]), []);
    assert.equal(found([deploy("a", 160), deploy("b", 161)]).length, 1);
  });

  it("gives a job on runners of one's own as long as a role is kept, if the role knows them", () => {
    const two = [deploy("a", 300), deploy("b", 300)];
    assert.deepEqual(found(two, "linux-builders"), []);
    assert.equal(found([...two, deploy("c", 100)], "linux-builders")[0]?.most, 720);
    assert.equal(found(two, "linux-builders", "production")[0]?.most, 360);
  });
});
