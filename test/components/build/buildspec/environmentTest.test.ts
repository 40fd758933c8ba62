import * as assert from "node:assert/strict";
import { environmentTestBuildspec } from "../../../../components/build/buildspec/environmentTest";
import { type BuildOptions, type BuildRun, jsonRecord, runBuildspec } from "../../../support/shell";

const ADDRESS = "https://qa.example.com";
const PROJECT = "arn:aws:codebuild:eu-west-1:123456789012";
const ENV = {
  ENVIRONMENT_URL: ADDRESS,
  IMAGE_URI: `docker.io/acme/backend@sha256:${"d".repeat(64)}`,
  COMMIT_ID: "0123456789abcdef0123456789abcdef01234567",
  CODEBUILD_BUILD_ARN: `${PROJECT}:build/qa-e2e:8c2b-1`,
};
const REPORTS = { group: "e2e", files: ["junit*.xml"] };
const LOG = "Log: stream 8c2b-1 of log group /aws/codebuild/qa-e2e\n";

function runTests(
  commands: readonly string[],
  options: BuildOptions = {},
  reports: { readonly group: string; readonly files: readonly string[] } | undefined = REPORTS,
): BuildRun {
  const text = environmentTestBuildspec({ commands, ...(reports && { reports }) });
  return runBuildspec(text, { ...options, env: { ...ENV, ...options.env } });
}

describe("environmentTestBuildspec", () => {
  it("is this document, but for its scripts", () => {
    const text = environmentTestBuildspec({
      commands: ["npm ci", "npm run e2e"],
      runtimeVersions: { nodejs: "22" },
      reports: { ...REPORTS, baseDirectory: "e2e/reports", fileFormat: "CUCUMBERJSON" },
    });
    const { phases, ...rest } = jsonRecord(text);
    assert.deepStrictEqual(rest, {
      version: "0.2",
      env: { shell: "bash", variables: { SERVICE_FOLDER: ".", ENVIRONMENT_URL: "", IMAGE_URI: "", COMMIT_ID: "" } },
      reports: { e2e: { files: ["junit*.xml"], "base-directory": "e2e/reports", "file-format": "CUCUMBERJSON" } },
    });
    const { install, build, ...around } = jsonRecord(JSON.stringify(phases));
    assert.deepStrictEqual(install, { "runtime-versions": { nodejs: "22" } });
    assert.deepStrictEqual(build, {
      commands: ["set -o pipefail", 'cd "$SERVICE_FOLDER"', "npm ci", "npm run e2e"],
    });
    assert.deepStrictEqual(Object.keys(around), ["pre_build", "post_build"]);
  });

  it("shows the commands the environment, the image and the commit, in the service's folder", () => {
    const options = { env: { SERVICE_FOLDER: "back end" }, files: { "back end/package.json": "{}" } };
    const result = runTests(['echo "$ENVIRONMENT_URL $IMAGE_URI $COMMIT_ID" > seen'], options);
    assert.equal(result.status, 0, result.output);
    assert.equal(result.files["back end/seen"], `${ADDRESS} ${ENV.IMAGE_URI} ${ENV.COMMIT_ID}\n`);
    assert.equal(result.output, "");
    assert.deepStrictEqual(result.calls, []);
  });

  it("refuses to test nothing", () => {
    for (const url of ["", " "]) {
      const result = runTests(["touch ran"], { env: { ENVIRONMENT_URL: url } });
      assert.notEqual(result.status, 0);
      assert.deepStrictEqual(result.files, {});
      assert.match(result.output, /^ERROR: ENVIRONMENT_URL is empty, expected the URL of the environment to test$/m);
    }
  });

  it("fails with the tests, in a pipe too, and says where the report and the log are", () => {
    const arn = `${PROJECT}:report-group/qa-e2e-e2e`;
    for (const failing of ["false", "false | cat"]) {
      const result = runTests(["echo 1 > first", failing, "echo 2 > second"]);
      assert.notEqual(result.status, 0);
      assert.deepStrictEqual(Object.keys(result.files), ["first"]);
      assert.equal(
        result.output,
        `The tests failed against ${ADDRESS}\n` +
          `Report: aws codebuild list-reports-for-report-group --report-group-arn ${arn}\n` +
          `  or in the console: CodeBuild, Report groups, qa-e2e-e2e\n${LOG}`,
      );
    }
  });

  it("takes a report group that is given by ARN", () => {
    const group = "arn:aws:codebuild:eu-west-1:123456789012:report-group/all-e2e";
    const { output } = runTests(["false"], {}, { ...REPORTS, group });
    assert.ok(output.includes(`--report-group-arn ${group}\n  or in the console: CodeBuild, Report groups, all-e2e\n`));
  });

  it("names the log where there is no report", () => {
    const text = environmentTestBuildspec({ commands: ["false"] });
    const { status, output } = runBuildspec(text, { env: ENV });
    assert.notEqual(status, 0);
    assert.equal(
      output,
      `The tests failed against ${ADDRESS}\nNo report is published: the log has the results\n${LOG}`,
    );
    assert.equal(jsonRecord(text).reports, undefined);
  });

  it("stays failed where nothing says which build it is", () => {
    const result = runTests(["false"], { env: { CODEBUILD_BUILD_ARN: "" } });
    assert.notEqual(result.status, 0);
    assert.equal(result.output, `The tests failed against ${ADDRESS}\n`);
  });

  it("keeps a group's name out of the shell", () => {
    const { output, files } = runTests(["false"], {}, { ...REPORTS, group: "it's $(touch evil)" });
    assert.deepStrictEqual(files, {});
    assert.ok(output.includes("report-group/qa-e2e-it's $(touch evil)\n"));
  });
});
