import * as assert from "node:assert/strict";
import { unitTestBuildspec } from "../../../../components/build/buildspec/unitTest";
import { jsonRecord, runBuildspec } from "../../../support/shell";

describe("unitTestBuildspec", () => {
  it("is this document", () => {
    const text = unitTestBuildspec({
      commands: ["npm ci", "npm test"],
      runtimeVersions: { nodejs: "22" },
      reports: { group: "unit", files: ["junit*.xml"], baseDirectory: "api/reports" },
    });
    assert.deepStrictEqual(JSON.parse(text), {
      version: "0.2",
      env: { shell: "bash", variables: { SERVICE_FOLDER: "." } },
      phases: {
        install: { "runtime-versions": { nodejs: "22" } },
        build: {
          "on-failure": "ABORT",
          commands: ["set -o pipefail", 'cd "$SERVICE_FOLDER"', "npm ci", "npm test"],
        },
      },
      reports: { unit: { files: ["junit*.xml"], "base-directory": "api/reports", "file-format": "JUNITXML" } },
    });
  });

  it("leaves out what was not asked for", () => {
    assert.deepStrictEqual(Object.keys(jsonRecord(unitTestBuildspec({ commands: ["true"] }))), [
      "version",
      "env",
      "phases",
    ]);
  });

  it("runs in the service's folder", () => {
    const text = unitTestBuildspec({ commands: ["echo done > result"] });
    const options = { env: { SERVICE_FOLDER: "back end" }, files: { "back end/package.json": "{}" } };
    assert.equal(runBuildspec(text, options).files["back end/result"], "done\n");
    assert.notEqual(runBuildspec(text, { env: { SERVICE_FOLDER: "nowhere" } }).status, 0);
  });

  it("runs nothing after a failing command, in a pipe too", () => {
    for (const failing of ["false", "false | cat", "exit 3"]) {
      const result = runBuildspec(unitTestBuildspec({ commands: ["echo 1 > first", failing, "echo 2 > second"] }));
      assert.notEqual(result.status, 0);
      assert.deepStrictEqual(Object.keys(result.files), ["first"]);
    }
  });
});
