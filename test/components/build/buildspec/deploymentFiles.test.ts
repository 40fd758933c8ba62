import * as assert from "node:assert/strict";
import { type Buildspec, renderBuildspec } from "../../../../components/build/buildspec/buildspec";
import {
  type BuildFile,
  fromParameter,
  fromSource,
  imageDefinitions,
  imageDefinitionsOf,
  imageDetail,
} from "../../../../components/build/buildspec/deploymentFiles";
import { type BuildRun, runBuildspec, type StandInAnswer } from "../../../support/shell";

const IMAGE = `123456789012.dkr.ecr.eu-west-1.amazonaws.com/acme/api@sha256:${"d".repeat(64)}`;

function write(
  file: BuildFile,
  env: Record<string, string>,
  answers: readonly StandInAnswer[] = [],
  files: Record<string, string> = {},
): BuildRun {
  const buildspec: Buildspec = {
    phases: { build: { commands: file.commands } },
    artifacts: { files: [file.path] },
  };
  return runBuildspec(renderBuildspec(buildspec), { env, answers, files });
}

describe("imageDefinitions", () => {
  it("names the container and its image", () => {
    const { status, files } = write(imageDefinitions, { CONTAINER_NAME: "zebra", IMAGE_URI: IMAGE });
    assert.equal(status, 0);
    assert.deepStrictEqual(JSON.parse(files["imagedefinitions.json"] ?? ""), [{ name: "zebra", imageUri: IMAGE }]);
  });

  it("names others that run the image, and refuses names that would break the file", () => {
    const env = { CONTAINER_NAME: "web", FURTHER_CONTAINERS: "worker cron", IMAGE_URI: IMAGE };
    const { files } = write(imageDefinitions, env);
    const named = ["web", "worker", "cron"].map((name) => ({ name, imageUri: IMAGE }));
    assert.deepStrictEqual(JSON.parse(files["imagedefinitions.json"] ?? ""), named);
    const refused = write(imageDefinitions, { ...env, FURTHER_CONTAINERS: 'a"b' });
    assert.notEqual(refused.status, 0);
    assert.match(refused.output, /ERROR: FURTHER_CONTAINERS is "a"b"/);
  });

  it("writes a file of its own for a service whose image another one builds", () => {
    const env = { CONTAINER_NAME_night_worker: "jobs", FURTHER_CONTAINERS_night_worker: "cron", IMAGE_URI: IMAGE };
    const { files } = write(imageDefinitionsOf("night-worker"), env);
    assert.deepStrictEqual(JSON.parse(files["imagedefinitions-night-worker.json"] ?? ""), [
      { name: "jobs", imageUri: IMAGE },
      { name: "cron", imageUri: IMAGE },
    ]);
  });

  it("refuses a container name that would break the file", () => {
    for (const name of ['web","imageUri":"evil', "", "a b", "$(id)", "%s"]) {
      const { status, files, output } = write(imageDefinitions, { CONTAINER_NAME: name, IMAGE_URI: IMAGE });
      assert.notEqual(status, 0);
      assert.deepStrictEqual(files, {});
      assert.ok(output.includes(`ERROR: CONTAINER_NAME is "${name}"; set it to the name in the task definition`));
    }
  });
});

describe("imageDetail", () => {
  it("holds the image under the key that CodeDeployToECS reads", () => {
    const { status, files } = write(imageDetail, { IMAGE_URI: IMAGE });
    assert.equal(status, 0);
    assert.deepStrictEqual(JSON.parse(files["imageDetail.json"] ?? ""), { ImageURI: IMAGE });
  });
});

describe("fromParameter", () => {
  const env = { APPSPEC_PARAMETER: "/dev/api/app spec" };
  const file = fromParameter("app'spec file.yaml", "APPSPEC_PARAMETER");

  it("writes the value as it is", () => {
    const value = `version: 0.0\nHooks: ["$HOME", '\\n', "%s <TASK_DEFINITION>"]`;
    const result = write(file, env, [{ when: "^aws ssm get-parameter ", stdout: `${value}\n` }]);
    assert.equal(result.status, 0, result.output);
    assert.deepStrictEqual(result.files, { "app'spec file.yaml": `${value}\n` });
    assert.deepStrictEqual(result.calls[0]?.argv.slice(3, 5), ["--name", "/dev/api/app spec"]);
  });

  it("refuses an empty value", () => {
    const result = write(file, env, [{ when: "get-parameter", stdout: " \n" }]);
    assert.notEqual(result.status, 0);
    assert.deepStrictEqual(result.files, {});
    assert.ok(
      result.output.includes(`ERROR: SSM parameter "/dev/api/app spec" is empty, so app'spec file.yaml cannot`),
    );
  });

  it("fails when the parameter cannot be read", () => {
    const result = write(file, env, [{ when: "get-parameter", stdout: "half", stderr: "denied", status: 254 }]);
    assert.notEqual(result.status, 0);
    assert.deepStrictEqual(result.files, {});
  });
});

describe("fromSource", () => {
  const file = fromSource("taskdef.json", "<IMAGE1_NAME>");
  const template = '{"containerDefinitions":[{"name":"api","image":"<IMAGE1_NAME>"}]}\n';

  it("takes the file of the service's folder to the root", () => {
    const files = { "back end/taskdef.json": template, "taskdef.json": "of another service" };
    const result = write(file, { SERVICE_FOLDER: "back end" }, [], files);
    assert.equal(result.status, 0, result.output);
    assert.equal(result.files["taskdef.json"], template);
  });

  it("leaves a file at the root where it is", () => {
    const result = write(file, { SERVICE_FOLDER: "." }, [], { "taskdef.json": template });
    assert.equal(result.status, 0, result.output);
    assert.deepStrictEqual(result.files, { "taskdef.json": template });
  });

  it("refuses a missing or empty file", () => {
    const sources: Record<string, string>[] = [{ "taskdef.json": "of another service" }, { "api/taskdef.json": "" }];
    for (const files of sources) {
      const result = write(file, { SERVICE_FOLDER: "api" }, [], { "api/app.js": "", ...files });
      assert.notEqual(result.status, 0);
      assert.match(result.output, /folder "api" has no taskdef.json, or an empty one/);
    }
  });

  it("refuses a file in which the deploy action would replace nothing", () => {
    const result = write(file, { SERVICE_FOLDER: "api" }, [], { "api/taskdef.json": '{"image":"api:1"}' });
    assert.notEqual(result.status, 0);
    assert.match(result.output, /taskdef\.json in folder "api" has no <IMAGE1_NAME>, which the deploy action replaces/);
    assert.deepStrictEqual(Object.keys(result.files), ["api/taskdef.json"]);
  });
});
