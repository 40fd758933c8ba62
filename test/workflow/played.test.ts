import assert from "node:assert/strict";
import { PINNED } from "../../model/workflow/pinned";
import { calledWith } from "../support/shell";
import { service } from "../support/stack";
import { SHA } from "../support/workflowRun";
import {
  BEFORE,
  COMMIT_THAT_RAN,
  calls,
  DELIVERED_FAMILY,
  DELIVERED_IMAGE,
  DELIVERED_REPOSITORY,
  givenTo,
  outcomes,
  playDelivery,
  settledService,
  tests,
  URL,
  WELL,
  wellAfterTask,
} from "./playedDelivery";

describe("a workflow that is played", () => {
  it("tests, builds, deploys by GitHub's own actions, confirms, records and tests what runs", async () => {
    const played = await playDelivery({ tests });
    assert.deepEqual(
      played.outcomes,
      { "api-unit-tests": "success", deliver: "success", "end-to-end-test": "success", "take-back": "skipped" },
      played.log,
    );
    assert.equal(givenTo(played, "api-deploy-revision")["task-definition-arn"], `${DELIVERED_FAMILY}:6`);
    assert.equal(givenTo(played, "api-deploy-revision")["container-name"], "api");
    assert.equal(givenTo(played, "api-deploy-revision").image, DELIVERED_IMAGE);
    assert.deepEqual(givenTo(played, "api-deploy"), {
      "task-definition": "/tmp/rendered.json",
      service: "dev-api",
      cluster: "dev",
      "wait-for-service-stability": "true",
      "wait-for-minutes": "20",
    });
    const [record = ""] = calls(played, "put-parameter --name /ecs-delivery/dev-api/delivered-image");
    assert.match(record, new RegExp(`"image":"${DELIVERED_IMAGE}","commit":"${SHA}"`));
    assert.equal(givenTo(played, "end-to-end-test").ENVIRONMENT_URL, URL);
    assert.equal(givenTo(played, "end-to-end-test").IMAGE_URI, DELIVERED_IMAGE);
  });

  it("tags the image with the commit", async () => {
    const played = await playDelivery({});
    assert.equal(calls(played, `docker push ${DELIVERED_REPOSITORY}:${SHA}`).length, 1);
  });

  it("says on the page of the run what was delivered, what changed and where it answers", async () => {
    const { summary } = await playDelivery({});
    assert.match(summary, /^### dev-api: delivered$/m);
    assert.ok(summary.includes(`| address | ${URL} |`));
    assert.ok(summary.includes(`| commit | [${SHA.slice(0, 12)}](https://github.com/acme/shop/commit/${SHA}) |`));
    assert.ok(summary.includes(`https://github.com/acme/shop/compare/${COMMIT_THAT_RAN}...${SHA}`));
    assert.ok(summary.includes(`| image | ${DELIVERED_IMAGE} |`));
    assert.match(summary, /^\| took \| 0 min \d+ s \|$/m);
  });

  it("confirms, cleans up and fails where the deployment failed, and records nothing", async () => {
    const back = [
      {
        when: "ecs describe-services --cluster dev --services dev-api --query services\\[0\\].\\[",
        stdout: `${settledService(6)}\n`,
      },
      ...WELL,
    ];
    const played = await playDelivery(
      { tests },
      { answers: back, actions: { [PINNED.deployTaskDefinition.action]: () => undefined } },
    );
    assert.equal(outcomes(played, "deliver")["api-deploy"], "failure");
    assert.equal(outcomes(played, "deliver")["api-confirm"], "failure");
    assert.equal(outcomes(played, "deliver")["api-confirm-again"], "skipped");
    assert.match(played.log, /rolled back: the service runs/);
    assert.equal(calls(played, "ecs deregister-task-definition").length, 1);
    assert.deepEqual(calls(played, "put-parameter --name /ecs-delivery/dev-api/delivered-image"), []);
    assert.equal(played.outcomes["end-to-end-test"], "skipped");
    assert.match(played.summary, /^### dev-api: not delivered$/m);
  });

  it("brings back what went before where a test of what runs fails, records it, and ends red", async () => {
    const failing = [
      { when: "^npm run end-to-end", status: 1 },
      // What is brought back runs after the revision that failed.
      {
        when: "ecs describe-services --cluster dev --services dev-api --query services\\[0\\].\\[",
        stdout: `${settledService(7)}\n`,
        times: 3,
      },
      {
        when: "ecs describe-services --cluster dev --services dev-api --query services\\[0\\].\\[",
        stdout: `${settledService(6)}\n`,
      },
      ...WELL,
    ];
    const played = await playDelivery({ tests }, { answers: failing });
    assert.equal(played.outcomes.deliver, "success", played.log);
    assert.equal(played.outcomes["end-to-end-test"], "failure");
    assert.equal(played.outcomes["take-back"], "success", played.log);
    const images = played.steps.filter(({ id }) => id === "api-deploy-revision").map((step) => step.given.image);
    assert.deepEqual(images, [DELIVERED_IMAGE, BEFORE]);
    const records = calls(played, "put-parameter --name /ecs-delivery/dev-api/delivered-image");
    assert.equal(records.length, 2);
    assert.match(records[1] ?? "", new RegExp(`"image":"${BEFORE}","commit":"${COMMIT_THAT_RAN}"`));
    assert.match(
      played.summary,
      new RegExp(`^### dev-api: taken back$[^]*It runs commit ${COMMIT_THAT_RAN} again`, "m"),
    );
  });

  it("records what runs by a second look where its confirmation could not, and ends red", async () => {
    const refused = {
      when: "ecr batch-get-image .*imageManifestMediaType",
      status: 254,
      stderr: "Throttled",
      times: 1,
    };
    const played = await playDelivery({ tests }, { answers: [refused, ...WELL] });
    assert.equal(outcomes(played, "deliver")["api-confirm"], "failure", played.log);
    assert.equal(outcomes(played, "deliver")["api-confirm-again"], "success", played.log);
    assert.equal(calls(played, "put-parameter --name /ecs-delivery/dev-api/delivered-image").length, 1);
    assert.equal(played.outcomes.deliver, "failure");
    assert.equal(played.outcomes["take-back"], "skipped");
    assert.match(played.summary, /^### dev-api: delivered and recorded, but its confirmation did not end well/m);
  });

  it("records what runs where a person cancels the run, and looks once where nobody does", async () => {
    for (const cancelledIn of ["api-deploy", "api-confirm"]) {
      const played = await playDelivery({ tests }, { cancelledIn });
      assert.equal(played.outcomes.deliver, "cancelled");
      assert.equal(outcomes(played, "deliver")["api-confirm-again"], "success", played.log);
      assert.equal(calls(played, "put-parameter --name /ecs-delivery/dev-api/delivered-image").length, 1);
      assert.equal(played.outcomes["end-to-end-test"], "skipped");
      assert.equal(played.outcomes["take-back"], "skipped");
    }
    const early = await playDelivery({ tests }, { cancelledIn: "api-image" });
    assert.equal(outcomes(early, "deliver")["api-confirm-again"], "skipped");
    assert.equal(outcomes(await playDelivery({}), "deliver")["api-confirm-again"], "skipped");
  });

  it("starts no first tasks by a second look, and records nothing, where a first delivery has failed or is cancelled", async () => {
    const none = `${settledService(7)}\n`.replace("ACTIVE\t1", "ACTIVE\t0").replace("\t1\t1\t0\t", "\t0\t0\t0\t");
    const failed = [
      { when: "ecs describe-services .*services\\[0\\].\\[", stdout: none },
      { when: "ecs list-service-deployments ", stdout: "arn:aws:ecs:old\tSUCCESSFUL\tx\n", times: 1 },
      { when: "ecs list-service-deployments ", stdout: "arn:aws:ecs:d\tROLLBACK_FAILED\tx\n" },
      { when: "ecs update-service ", stdout: "ACTIVE\n" },
      ...WELL,
    ];
    const bad = await playDelivery({}, { answers: failed });
    assert.equal(outcomes(bad, "deliver")["api-confirm-again"], "skipped", bad.log);
    assert.equal(calls(bad, "--desired-count 1").length, 1, bad.log);
    const played = await playDelivery({}, { answers: failed, cancelledIn: "api-confirm" });
    assert.equal(outcomes(played, "deliver")["api-confirm-again"], "failure", played.log);
    assert.deepEqual(calls(played, "ecs update-service"), []);
    assert.match(played.log, /the first delivery has no tasks: nothing runs that could be recorded/);
    assert.deepEqual(calls(played, "put-parameter --name /ecs-delivery/dev-api/delivered-image"), []);
  });

  it("takes nothing back where nothing went before, nor where the deployment itself failed", async () => {
    const never = [
      { when: "^npm run end-to-end", status: 1 },
      { when: "delivered-image --query \\[Parameter.Version", stdout: "1\tnone\n" },
      { when: "delivered-image --query", stdout: "none\n" },
      ...WELL,
    ];
    assert.equal((await playDelivery({ tests }, { answers: never })).outcomes["take-back"], "skipped");
    const unwell = { [PINNED.deployTaskDefinition.action]: () => undefined };
    const back = [{ when: "ecs describe-services .*services\\[0\\].\\[", stdout: `${settledService(6)}\n` }, ...WELL];
    assert.equal((await playDelivery({ tests }, { answers: back, actions: unwell })).outcomes["take-back"], "skipped");
  });

  it("gives CodeDeploy the template with the image that went before", async () => {
    const swapped = [
      { when: "^npm run end-to-end", status: 1 },
      {
        when: "ecs describe-services --cluster dev --services dev-api --query services\\[0\\].\\[",
        stdout: `${settledService(7, "CODE_DEPLOY").replace("COMPLETED", "STEADY_STATE")}\n`,
        times: 3,
      },
      {
        when: "ecs describe-services --cluster dev --services dev-api --query services\\[0\\].\\[",
        stdout: `${settledService(6, "CODE_DEPLOY").replace("COMPLETED", "STEADY_STATE")}\n`,
      },
      ...WELL,
    ];
    const played = await playDelivery({ tests, deployment: { strategy: "codeDeployBlueGreen" } }, { answers: swapped });
    assert.equal(played.outcomes["take-back"], "success", played.log);
    const from = played.steps
      .filter(({ id }) => id === "api-deploy-from")
      .map(({ job, outcome }) => `${job} ${outcome}`);
    assert.deepEqual(from, ["deliver success", "take-back success"]);
    assert.match(
      calls(played, "put-parameter --name /ecs-delivery/dev-api/delivered-image")[1] ?? "",
      new RegExp(BEFORE),
    );
  });

  it("deploys nothing where a test fails, or the build", async () => {
    const failing = await playDelivery({}, { answers: [{ when: "^npm test", status: 1 }, ...WELL] });
    assert.deepEqual(failing.outcomes, { "api-unit-tests": "failure", deliver: "skipped" });
    const unbuilt = await playDelivery({}, { answers: [{ when: "^docker build", status: 1 }, ...WELL] });
    assert.equal(outcomes(unbuilt, "deliver")["api-image"], "failure");
    assert.equal(outcomes(unbuilt, "deliver")["api-deploy"], "skipped");
    assert.equal(outcomes(unbuilt, "deliver")["api-confirm"], "skipped");
    assert.equal(unbuilt.summary, "");
  });

  it("stops at whatever call fails, and delivers nothing that is not confirmed", async () => {
    const good = await playDelivery({});
    for (const [index, call] of good.calls.entries()) {
      if (call.argv[0] !== "aws") continue;
      const text = calledWith(call)
        .replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
        .slice(0, 120);
      const played = await playDelivery(
        {},
        { answers: [{ when: `^${text}`, status: 254, stderr: "AccessDenied" }, ...WELL] },
      );
      const recorded = calls(played, "put-parameter --name /ecs-delivery/dev-api/delivered-image").length > 0;
      const why = `call ${index}: ${calledWith(call).slice(0, 100)}`;
      if (played.outcomes.deliver === "success") assert.match(text, /passport/, why);
      else assert.ok(!recorded || /put-parameter/.test(text), why);
    }
  }).timeout(120_000);

  it("gives CodeDeploy the template with the image, the appspec and the names that only the stack knows", async () => {
    const swapped = [
      {
        when: "ecs describe-services --cluster dev --services dev-api --query services\\[0\\].\\[",
        stdout: `${settledService(7, "CODE_DEPLOY").replace("COMPLETED", "STEADY_STATE")}\n`,
      },
      ...WELL,
    ];
    const played = await playDelivery({ deployment: { strategy: "codeDeployBlueGreen" } }, { answers: swapped });
    assert.equal(played.outcomes.deliver, "success", played.log);
    const deploy = givenTo(played, "api-deploy");
    assert.equal(deploy["codedeploy-application"], "shop-0a1b2c3");
    assert.equal(deploy["codedeploy-deployment-group"], "dev-api");
    assert.match(deploy["codedeploy-appspec"] ?? "", /\/temp\/api_image\/appspec\.yaml$/);
    assert.match(deploy["task-definition"] ?? "", /task-definition-dev-api\.json$/);
    assert.equal(givenTo(played, "api-deploy-from").TASK_DEFINITION_FILE, "taskdef.json");
  });

  it("runs what has to run before a deployment, with what only the stack knows of its network", async () => {
    const task = wellAfterTask(1);
    const played = await playDelivery(
      { services: service("dev", { beforeDeployment: { command: ["migrate"] } }) },
      { answers: task },
    );
    assert.equal(givenTo(played, "api-before-deployment").RUN_TASK, '{"cluster":"c"}');
    assert.equal(outcomes(played, "deliver")["api-before-deployment"], "failure");
    assert.equal(outcomes(played, "deliver")["api-deploy"], "skipped");
    assert.match(played.log, /the command failed, and nothing is deployed/);
  }).timeout(60_000);
});
