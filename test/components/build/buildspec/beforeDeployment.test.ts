import * as assert from "node:assert/strict";
import {
  beforeDeploymentBuildspec,
  beforeDeploymentPermissions,
} from "../../../../components/build/buildspec/beforeDeployment";
import { present } from "../../../support/present";
import { type BuildOptions, type BuildRun, calledWith, runBuildspec, type StandInAnswer } from "../../../support/shell";
import { CLUSTER_ARN, called, definitions, WANTED } from "./confirmDeliveryRun";

const REVISION = "arn:aws:ecs:eu-west-1:123456789012:task-definition/api-before-deployment:3";
const TASK = "arn:aws:ecs:eu-west-1:123456789012:task/main/0123abcd";
const RUN_TASK = '{"cluster":"main","overrides":{"containerOverrides":[{"name":"web","command":["a b","$c"]}]}}';
const TEMPLATE = '{"family":"api","containerDefinitions":[{"name":"web","image":"<IMAGE1_NAME>"}]}';

const RUNNING = described("RUNNING\tNone\tno reason given");
const ENDED = described("STOPPED\t0\tEssential container in task exited; web exit code 0");

function described(line: string, times?: number): StandInAnswer {
  return { when: "^aws ecs describe-tasks ", stdout: `${line}\n`, ...(times !== undefined && { times }) };
}

function logged(text: string, times?: number): StandInAnswer {
  return { when: "^aws logs get-log-events ", stdout: `${text}\n`, ...(times !== undefined && { times }) };
}

const REST: readonly StandInAnswer[] = [
  { when: "^aws ssm get-parameter ", stdout: `${TEMPLATE}\n` },
  { when: "^aws ecs register-task-definition ", stdout: `${REVISION}\n` },
  { when: "^aws ecs run-task ", stdout: `${TASK}\tNone\n` },
  { when: "^aws ecs stop-task ", stdout: "STOPPED\n" },
  { when: "^aws ecs deregister-task-definition ", stdout: "INACTIVE\n" },
  logged("f/9"),
];

const ENV = {
  CLUSTER_NAME: "main",
  CONTAINER_NAME: "web",
  TASK_FAMILY: "api-before-deployment",
  RUN_TASK,
  TASK_DEFINITION_PARAMETER: "/ecs-delivery/api/before-deployment.json",
  LOG_GROUP: "/ecs/api",
  POLL_SECONDS: "0",
};

function before(states: readonly StandInAnswer[], options: BuildOptions = {}): BuildRun {
  return runBuildspec(beforeDeploymentBuildspec(), {
    files: definitions(WANTED),
    ...options,
    env: { ...ENV, ...options.env },
    answers: [...states, ...REST],
  });
}

function verbs({ calls }: BuildRun): readonly string[] {
  return calls.map(({ argv }) => argv.slice(1, 3).join(" "));
}

describe("beforeDeploymentBuildspec", () => {
  it("runs the command in a task of the new image, and takes away what it has registered", () => {
    const result = before([{ ...RUNNING, times: 1 }, ENDED]);
    assert.equal(result.status, 0, result.output);
    const [read, registered, run, ...rest] = result.calls;
    assert.deepEqual(read?.argv.slice(1, 5), ["ssm", "get-parameter", "--name", ENV.TASK_DEFINITION_PARAMETER]);
    assert.deepEqual(registered?.argv.slice(3, 7), [
      "--family",
      "api-before-deployment",
      "--cli-input-json",
      TEMPLATE.replace("<IMAGE1_NAME>", WANTED),
    ]);
    assert.deepEqual(run?.argv.slice(3, 7), ["--task-definition", REVISION, "--cli-input-json", RUN_TASK]);
    assert.equal(rest.filter(({ argv }) => argv.includes("stop-task")).length, 0);
    assert.deepEqual(called(result, "ecs deregister-task-definition").length, 1);
    assert.ok(calledWith(rest.at(-1) ?? assert.fail()).includes(`--task-definition ${REVISION} `));
  });

  it("shows what the command writes, line by line, each once", () => {
    const pages = [
      { when: "^aws logs get-log-events .*--next-token f/1 ", stdout: "f/1\n", times: 1 },
      { when: "^aws logs get-log-events .*--next-token f/1 ", stdout: "f/2\nthree\n", times: 1 },
      { when: "^aws logs get-log-events .*--next-token f/2 ", stdout: "f/2\n" },
      logged("f/1\none\ttab\ntwo", 1),
    ];
    const result = before([{ ...RUNNING, times: 1 }, ENDED, ...pages]);
    assert.equal(result.status, 0, result.output);
    assert.match(result.output, / {2}one\ttab\n {2}two\n {2}three\n$/);
    assert.ok(called(result, "logs get-log-events")[0]?.includes("--log-stream-name web/web/0123abcd "));
  });

  it("takes the template that the build has left, where CodeDeploy deploys", () => {
    const files = { "imageDetail.json": JSON.stringify({ ImageURI: WANTED }), "taskdef.json": TEMPLATE };
    const result = before([ENDED], { files, env: { TASK_DEFINITION_PARAMETER: "" } });
    assert.equal(result.status, 0, result.output);
    assert.deepEqual(called(result, "ssm get-parameter"), []);
    assert.ok(called(result, "ecs register-task-definition")[0]?.includes(`"image":"${WANTED}"`));
  });

  it("fails where the command does, with the reasons, and leaves nothing behind", () => {
    const why = "Essential container in task exited; web exit code 3";
    const result = before([described(`STOPPED\t3\t${why}`), logged("f/1\nno such column", 1)]);
    assert.notEqual(result.status, 0);
    assert.ok(result.output.includes("  no such column\n"), result.output);
    assert.ok(result.output.includes(`ERROR: the command failed, and nothing is deployed: ${why}`), result.output);
    assert.deepEqual(verbs(result).at(-1), "ecs deregister-task-definition");
  });

  it("fails where the container has never started", () => {
    const result = before([described("STOPPED\tNone\tCannotPullContainerError: not found")]);
    assert.notEqual(result.status, 0);
    assert.ok(result.output.includes("nothing is deployed: CannotPullContainerError: not found"), result.output);
  });

  it("fails where ECS has no room for the task, and stops none", () => {
    const result = before([{ when: "^aws ecs run-task ", stdout: "None\tRESOURCE:MEMORY\n" }]);
    assert.notEqual(result.status, 0);
    assert.ok(result.output.includes("ERROR: ECS cannot start the task: RESOURCE:MEMORY"), result.output);
    assert.deepEqual(called(result, "ecs stop-task"), []);
    assert.equal(called(result, "ecs deregister-task-definition").length, 1);
  });

  it("stops a task that takes too long", () => {
    const result = before([RUNNING], { env: { TIMEOUT_SECONDS: "0" } });
    assert.notEqual(result.status, 0);
    assert.match(
      result.output,
      /ERROR: not ended after 0 seconds \(services\[\]\.beforeDeployment\.timeoutInMinutes\)/,
    );
    assert.deepEqual(verbs(result).slice(-2), ["ecs stop-task", "ecs deregister-task-definition"]);
    assert.ok(called(result, "ecs stop-task")[0]?.includes(`--task ${TASK} `));
  });

  it("stops its task when the build is stopped", () => {
    const stops = { when: "^aws ecs describe-tasks ", stdout: "RUNNING\tNone\tnone\n", stops: true };
    const result = before([stops], { env: { POLL_SECONDS: "15" } });
    assert.notEqual(result.status, 0);
    assert.deepEqual(verbs(result).slice(-2), ["ecs stop-task", "ecs deregister-task-definition"]);
  });

  it("fails with every call that fails, but for what only shows, looks and tidies", () => {
    const good = before([{ ...RUNNING, times: 1 }, ENDED]);
    for (const [index, verb] of verbs(good).entries()) {
      const result = before([{ ...RUNNING, times: 1 }, ENDED], { failCall: { number: index + 1 } });
      // Only what shows, tidies or looks may fail once.
      const shows = ["logs get-log-events", "ecs deregister-task-definition", "ecs describe-tasks"].includes(verb);
      assert.equal(result.status === 0, shows, `${verb}\n${result.output}`);
      const started = verbs(result).includes("ecs run-task") && verb !== "ecs run-task";
      const ended = result.output.includes("Stopped the task") || result.status === 0;
      assert.equal(ended, started, `${verb}\n${result.output}`);
      const registered = index > 1;
      assert.equal(called(result, "ecs deregister-task-definition").length, registered ? 1 : 0, verb);
    }
  });

  it("refuses what it cannot work with, before any call", () => {
    const refusals: readonly (readonly [string, string, RegExp])[] = [
      ["CLUSTER_NAME", "", /CLUSTER_NAME is "", expected letters/],
      ["TASK_FAMILY", "a:b", /TASK_FAMILY is "a:b"/],
      ["TIMEOUT_SECONDS", "soon", /TIMEOUT_SECONDS is "soon", expected a whole number/],
      ["RUN_TASK", "", /RUN_TASK is "", expected what ecs run-task takes/],
    ];
    for (const [name, value, message] of refusals) {
      const result = before([ENDED], { env: { [name]: value } });
      assert.notEqual(result.status, 0);
      assert.deepEqual(result.calls, []);
      assert.match(result.output, message);
    }
  });

  it("refuses a template without a place for the image", () => {
    const result = before([{ when: "^aws ssm get-parameter ", stdout: "{}\n" }]);
    assert.notEqual(result.status, 0);
    assert.match(result.output, /before-deployment\.json has no <IMAGE1_NAME>/);
    assert.deepEqual(verbs(result), ["ssm get-parameter"]);
  });
});

describe("beforeDeploymentPermissions", () => {
  it("allows this family in this cluster, the two roles, its parameter and its streams", () => {
    const statements = present(
      beforeDeploymentPermissions({
        clusterArn: CLUSTER_ARN,
        taskDefinitionArnPattern: "arn:family:*",
        passRoleArns: ["arn:task", "arn:execution"],
        taskDefinitionParameterArn: "arn:parameter",
        logStreamArnPattern: "arn:streams",
      }),
    );
    const inCluster = { ArnEquals: { "ecs:cluster": CLUSTER_ARN } };
    assert.deepEqual(
      statements.map(({ actions, conditions }) => [actions, conditions]),
      [
        [["ssm:GetParameter"], undefined],
        [["ecs:RegisterTaskDefinition"], undefined],
        [["ecs:DeregisterTaskDefinition"], undefined],
        [["ecs:RunTask"], inCluster],
        [["ecs:DescribeTasks", "ecs:StopTask"], inCluster],
        [["iam:PassRole"], { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } }],
        [["logs:GetLogEvents"], undefined],
      ],
    );
  });
});
