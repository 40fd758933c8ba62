import * as assert from "node:assert/strict";
import { renderBuildspec } from "../../../../components/build/buildspec/buildspec";
import { awaitDeploymentCommand } from "../../../../components/build/buildspec/workflowSteps";
import { type BuildRun, calledWith, runBuildspec, type StandInAnswer } from "../../../support/shell";

const BUILDSPEC = renderBuildspec({ phases: { build: { commands: [awaitDeploymentCommand()] } } });

function wait(answers: readonly StandInAnswer[], env: Readonly<Record<string, string>> = {}): BuildRun {
  const STARTED_AT = String(Math.floor(Date.now() / 1000));
  return runBuildspec(BUILDSPEC, {
    answers,
    env: { CLUSTER_NAME: "main", SERVICE_NAME: "api", POLL_SECONDS: "0", TIMEOUT_SECONDS: "600", STARTED_AT, ...env },
  });
}

describe("awaitDeploymentCommand", () => {
  const stable = (line: string, times?: number): StandInAnswer => ({
    when: "^aws ecs describe-services --cluster main --services api ",
    stdout: `${line}\n`,
    ...(times !== undefined && { times }),
  });

  it("waits until a service has one deployment and all its tasks, and takes no answer for none", () => {
    const result = wait([
      { when: "^aws ecs describe-services ", status: 254, stderr: "Throttled", times: 1 },
      stable("2\t2\t2", 2),
      stable("1\t1\t2", 1),
      stable("1\t2\t2"),
    ]);
    assert.equal(result.status, 0, result.output);
    assert.equal(result.calls.length, 5);
    assert.match(result.output, /The deployment of api has ended/);
  });

  it("waits until CodeDeploy has ended, however it has", () => {
    for (const end of ["Succeeded", "Failed", "Stopped"]) {
      const status = (text: string, times?: number): StandInAnswer => ({
        when: "^aws deploy get-deployment --deployment-id d-1 ",
        stdout: `${text}\n`,
        ...(times !== undefined && { times }),
      });
      const result = wait([status("InProgress", 2), status(end)], { DEPLOYMENT_ID: "d-1" });
      assert.equal(result.status, 0, result.output);
      assert.deepStrictEqual(new Set(result.calls.map((call) => calledWith(call).split(" ")[1])), new Set(["deploy"]));
      assert.equal(result.calls.length, 3);
    }
  });

  it("leaves what has not ended in time, counted from the start of all, to the confirmation", () => {
    const result = wait([stable("2\t2\t2")], { STARTED_AT: "0" });
    assert.equal(result.status, 0);
    assert.equal(result.calls.length, 1);
    assert.match(result.output, /has not ended after 600 seconds: its confirmation says what becomes of it/);
  });
});
