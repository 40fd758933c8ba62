import assert from "node:assert/strict";
import { calledWith, type StandInAnswer } from "../../../support/shell";
import {
  assertFailed,
  assertOutlivesFailedLooks,
  CONFIRMED_REPOSITORY,
  called,
  confirm,
  definitions,
  FAMILY,
  SETTLING,
  WANTED,
} from "./confirmDeliveryRun";

const TAGGED = `${CONFIRMED_REPOSITORY}:1.0.RELEASE`;
const DIGEST = WANTED.split("@")[1] ?? "";
const PLATFORM = `sha256:${"c".repeat(64)}`;
const RUNS_TAGGED: StandInAnswer = {
  when: `^aws ecs describe-task-definition --task-definition ${FAMILY}:7 `,
  stdout: `${TAGGED}\n`,
};
const IN_ECR: StandInAnswer = { when: "^aws ecr batch-get-image .*imageTag=1.0.RELEASE ", stdout: `${DIGEST}\n` };
const RUNNING: StandInAnswer = { when: "^aws ecs list-tasks .*RUNNING", stdout: "arn:task/1\tarn:task/2\n" };
const tasksRun = (...digests: readonly string[]): StandInAnswer => ({
  when: "^aws ecs describe-tasks ",
  stdout: `${digests.join("\t")}\n`,
});

const confirmTag = (...answers: readonly StandInAnswer[]) =>
  confirm(SETTLING, { files: definitions(TAGGED), answers: [...answers, RUNS_TAGGED, IN_ECR, RUNNING] });

describe("confirmDeliveryBuildspec, of an image by its tag", () => {
  it("records the digest that the tag stands for and the tasks run", () => {
    const result = confirmTag(tasksRun(DIGEST, DIGEST));
    assert.equal(result.status, 0, result.output);
    assert.match(called(result, "ssm put-parameter").join("\n"), new RegExp(`"image":"${WANTED}"`));
  });

  it("looks at the tasks of the new revision alone", () => {
    const [asked] = confirmTag(tasksRun(DIGEST))
      .calls.map(calledWith)
      .filter((text) => text.includes("describe-tasks"));
    assert.match(
      asked ?? "",
      /tasks\[\?taskDefinitionArn=='arn:[^']*:7'\]\.containers\[\] \| \[\?name=='web' && imageDigest\]/,
    );
  });

  it("fails when the tag has moved since the tasks started", () => {
    const single: StandInAnswer = { when: "^aws ecr batch-get-image .*imageDigest=", stdout: "{}" };
    const result = confirmTag(tasksRun(DIGEST, PLATFORM), single);
    assertFailed(
      result,
      /1\.0\.RELEASE is sha256:a+ now, but tasks run sha256:c+: the tag has moved since they started/,
    );
    assert.deepStrictEqual(called(result, "ecs deregister-task-definition"), []);
  });

  it("knows an image for several platforms by that of the tasks", () => {
    const index = JSON.stringify({ manifests: [{ digest: `sha256:${"d".repeat(64)}` }, { digest: PLATFORM }] });
    const result = confirmTag(tasksRun(PLATFORM), { when: "^aws ecr batch-get-image .*imageDigest=", stdout: index });
    assert.equal(result.status, 0, result.output);
  });

  it("takes the tag's word where no task runs", () => {
    const result = confirmTag({ when: "^aws ecs list-tasks .*RUNNING", stdout: "None\n" });
    assert.equal(result.status, 0, result.output);
    assert.deepStrictEqual(called(result, "ecs describe-tasks"), []);
  });

  it("fails when the image is gone", () => {
    assertFailed(confirmTag({ ...IN_ECR, stdout: "None\n" }), /cannot find the digest of .*: ECR answered "None"/);
  });

  it("outlives one failure of each look", () => {
    assertOutlivesFailedLooks(SETTLING, {
      files: definitions(TAGGED),
      answers: [tasksRun(DIGEST), RUNS_TAGGED, IN_ECR, RUNNING],
    });
  });

  it("takes CodeDeploy's file where there is no other", () => {
    const result = confirm(SETTLING, { files: { "imageDetail.json": JSON.stringify({ ImageURI: WANTED }) } });
    assert.equal(result.status, 0, result.output);
  });
});
