import * as assert from "node:assert/strict";
import { scalingPauseDefinition } from "../../../components/deployment/scalingPauseDefinition";
import { type PlayedStates, playStates, type TaskReply } from "../../support/states";
import { statesProblems } from "../../support/statesStructure";

const DEFINITION = scalingPauseDefinition({
  resourceId: "service/main/api",
  partition: "aws",
  application: "api-app",
  group: "api-group",
});
const SUSPEND_OR_RESUME = "arn:aws:states:::aws-sdk:applicationautoscaling:registerScalableTarget";
const GET = "arn:aws:states:::aws-sdk:codedeploy:getDeployment";
const LIST = "arn:aws:states:::aws-sdk:codedeploy:listDeployments";
/** The first call, and the six more that `Retry` allows. */
const ATTEMPTS = 7;
const FAIL: TaskReply = { error: "CodeDeploy.ThrottlingException" };
const FAILING = Array<TaskReply>(ATTEMPTS).fill(FAIL);
const DONE: TaskReply = { result: {} };

const status = (Status: string): TaskReply => ({ result: { DeploymentInfo: { Status } } });
const running = (...Deployments: string[]): TaskReply => ({ result: { Deployments } });

/** What the calls answer; by default the deployment has succeeded at the first look and no other runs. */
interface Replies {
  readonly scaling?: readonly TaskReply[];
  readonly get?: readonly TaskReply[];
  readonly list?: readonly TaskReply[];
}

/** Runs the machine on the event that EventBridge hands over. */
function on(state: string, replies: Replies = {}): Promise<PlayedStates> {
  const { scaling = [DONE], get = [status("Succeeded")], list = [running()] } = replies;
  const detail = { state, deploymentId: "d-1", application: "api-app", deploymentGroup: "api-group" };
  const event = { source: "aws.codedeploy", "detail-type": "CodeDeploy Deployment State-change Notification", detail };
  return playStates(DEFINITION, event, { [SUSPEND_OR_RESUME]: scaling, [GET]: get, [LIST]: list });
}

/** The attempts to set `SuspendedState`, in order: all three kinds of scaling together. */
function scalingCalls({ calls }: PlayedStates): string[] {
  return calls
    .filter(({ resource }) => resource === SUSPEND_OR_RESUME)
    .map(({ parameters }) => {
      const suspend = JSON.stringify(parameters).includes("true");
      assert.deepStrictEqual(parameters, {
        ServiceNamespace: "ecs",
        ScalableDimension: "ecs:service:DesiredCount",
        ResourceId: "service/main/api",
        SuspendedState: {
          DynamicScalingInSuspended: suspend,
          DynamicScalingOutSuspended: suspend,
          ScheduledScalingSuspended: suspend,
        },
      });
      return suspend ? "suspend" : "resume";
    });
}

/** The calls' attempts that are not about scaling. */
function attempts({ calls }: PlayedStates, of: string): number {
  return calls.filter(({ resource }) => resource === of).length;
}

function assertEnds(execution: PlayedStates, scaling: readonly string[]): void {
  assert.deepStrictEqual([execution.status, execution.error], ["SUCCEEDED", undefined]);
  assert.deepStrictEqual(scalingCalls(execution), scaling);
}

describe("scalingPauseDefinition", () => {
  it("is a definition that AWS takes, with a way to every state", () => {
    assert.deepStrictEqual(statesProblems(DEFINITION), []);
  });

  it("is about the service, and asks in its own partition", () => {
    const text = JSON.stringify(
      scalingPauseDefinition({ resourceId: "service/c/s", partition: "aws-cn", application: "a", group: "g" }),
    );
    assert.deepStrictEqual([...new Set(text.match(/arn:[a-z-]+:/g))], ["arn:aws-cn:"]);
  });

  for (const end of ["Succeeded", "Failed", "Stopped"]) {
    it(`suspends at a start, and resumes when the deployment has ${end.toLowerCase()}`, async () => {
      const get = [status("Created"), status("InProgress"), status("Baking"), status("Ready"), status(end)];
      const execution = await on("START", { get });
      assertEnds(execution, ["suspend", "resume"]);
      assert.equal(attempts(execution, GET), get.length);
      assert.equal(execution.path.filter((state) => state === "WaitForDeployment").length, get.length);
      assert.equal(execution.path.at(-1), "Resume");
    });
  }

  it("looks at the deployment of the event, and at running ones of its group", async () => {
    const parameters = (await on("START")).calls.map((call) => [call.state, call.parameters]);
    assert.deepStrictEqual(parameters.slice(1, 3), [
      ["LookAtDeployment", { DeploymentId: "d-1" }],
      [
        "DoesAnotherRun",
        {
          ApplicationName: "api-app",
          DeploymentGroupName: "api-group",
          IncludeOnlyStatuses: ["Created", "Queued", "InProgress", "Baking", "Ready"],
        },
      ],
    ]);
  });

  for (const end of ["SUCCESS", "FAILURE", "STOP"]) {
    it(`resumes at once at ${end}, whether the start's execution still watches or not`, async () => {
      const execution = await on(end);
      assertEnds(execution, ["resume"]);
      assert.equal(execution.seconds, 0);
      assert.deepStrictEqual(attempts(execution, GET), 0);
    });
  }

  it("stays suspended while the rollback runs, whose own end resumes", async () => {
    for (const failed of [
      await on("FAILURE", { list: [running("d-2")] }),
      await on("STOP", { list: [running("d-2", "d-3")] }),
    ]) {
      assertEnds(failed, []);
      assert.equal(failed.path.at(-1), "StaysSuspended");
    }
    assertEnds(await on("START", { get: [status("Failed")], list: [running("d-2")] }), ["suspend"]);
    assertEnds(await on("START", { get: [status("InProgress"), status("Succeeded")] }), ["suspend", "resume"]);
    assertEnds(await on("SUCCESS"), ["resume"]);
  });

  it("resumes when AWS leaves out the list of running deployments", async () => {
    assert.deepStrictEqual(scalingCalls(await on("SUCCESS", { list: [DONE] })), ["resume"]);
  });

  it("resumes although it could not suspend", async () => {
    const execution = await on("START", { scaling: [...FAILING, DONE] });
    assertEnds(execution, [...Array<string>(ATTEMPTS).fill("suspend"), "resume"]);
    assert.equal(attempts(execution, GET), 0);
  });

  it("resumes although it cannot look at the deployment", async () => {
    for (const get of [[FAIL], [status("InProgress"), FAIL]]) {
      const execution = await on("START", { get });
      assertEnds(execution, ["suspend", "resume"]);
      assert.equal(attempts(execution, GET), get.length - 1 + ATTEMPTS);
    }
  });

  it("resumes although it cannot tell whether another deployment runs", async () => {
    assertEnds(await on("START", { list: [FAIL] }), ["suspend", "resume"]);
    const execution = await on("FAILURE", { list: [FAIL] });
    assertEnds(execution, ["resume"]);
    assert.equal(attempts(execution, LIST), ATTEMPTS);
  });

  it("goes on after failures that pass", async () => {
    const passing = FAILING.slice(1);
    const execution = await on("START", {
      scaling: [...passing, DONE, ...passing, DONE],
      get: [...passing, status("InProgress"), ...passing, status("Succeeded")],
      list: [...passing, running()],
    });
    assert.equal(execution.status, "SUCCEEDED");
    assert.equal(execution.path.join(" ").match(/LookAtDeployment/g)?.length, 2);
    const settings = scalingCalls(execution);
    assert.deepStrictEqual([settings.indexOf("resume"), settings.length], [ATTEMPTS, 2 * ATTEMPTS]);
  });

  it("fails for all to see only when resuming itself fails, after its retries", async () => {
    for (const [state, scaling] of [
      ["START", [DONE, FAIL]],
      ["SUCCESS", [FAIL]],
    ] as const) {
      const execution = await on(state, { scaling });
      assert.deepStrictEqual([execution.status, execution.error], ["FAILED", "CodeDeploy.ThrottlingException"]);
      assert.equal(scalingCalls(execution).filter((call) => call === "resume").length, ATTEMPTS);
    }
  });

  it("watches for four days (two of keeping the old tasks, as long again for the rest) within AWS's 25,000 events", async () => {
    const seconds = 4 * 24 * 3600;
    const looks = Math.ceil(seconds / (await on("START")).seconds);
    const execution = await on("START", {
      get: [...Array<TaskReply>(looks).fill(status("InProgress")), status("Succeeded")],
    });
    assertEnds(execution, ["suspend", "resume"]);
    assert.ok(execution.seconds >= seconds);
  });
});

describe("structureProblems", () => {
  it("sees what AWS would refuse", () => {
    const States = {
      Start: { Type: "Choice", Choices: [{ Variable: "$.x", Next: "Nowhere" }], Default: "Work" },
      Work: { Type: "Task", Resource: "r", Retry: [{ MaxAttempts: 1 }], Catch: [{ ErrorEquals: ["States.ALL"] }] },
      Lost: { Type: "Wait", Second: 1, Next: "Lost", End: true },
    };
    assert.deepStrictEqual(statesProblems({ StartAt: "Start", States }).slice(0, 2), [
      "Start.Choices: IsPresent is missing",
      "Start: no state Nowhere",
    ]);
    const text = statesProblems({ StartAt: "Begin", States, Version: "1" }).join("\n");
    for (const problem of [
      "definition: Version is unknown",
      "definition: no state Begin",
      "Work: Next or End",
      "Work.Retry: ErrorEquals is missing",
      "Work.Catch: Next is missing",
      "Lost: Seconds is missing",
      "Lost: Second is unknown",
      "Lost: Next or End",
      "Lost: no way leads there",
    ]) {
      assert.ok(text.includes(problem), `${problem} is not among\n${text}`);
    }
  });
});
