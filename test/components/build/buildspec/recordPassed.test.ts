import * as assert from "node:assert/strict";
import { recordPassedBuildspec, recordPassedPermissions } from "../../../../components/build/buildspec/recordPassed";
import { present } from "../../../support/present";
import { type BuildOptions, type BuildRun, jsonRecord, runBuildspec } from "../../../support/shell";
import { COMMIT, PARAMETER, promote, RELEASED_FROM, ROUTES, TESTED, TESTED_DIGEST, versions } from "./promoteImageRun";

function record(options: BuildOptions = {}): BuildRun {
  return runBuildspec(recordPassedBuildspec(), {
    answers: [{ when: "^aws ssm put-parameter ", stdout: '{ "Version": 7 }\n' }],
    ...options,
    env: { IMAGE_URI: TESTED, COMMIT_ID: COMMIT, PASSED_IMAGE_PARAMETER: PARAMETER, ...options.env },
  });
}

describe("recordPassedBuildspec", () => {
  it("writes a version that names the image, the commit and the time", () => {
    const result = record();
    assert.equal(result.status, 0, result.output);
    assert.equal(result.calls.length, 1);
    const call = result.calls[0]?.argv ?? [];
    const options = ["--name", PARAMETER, "--type", "String", "--overwrite", "--value"];
    assert.deepStrictEqual(call.slice(0, -1), ["aws", "ssm", "put-parameter", ...options]);
    const { passedAt, ...value } = jsonRecord(call.at(-1) ?? "");
    assert.deepStrictEqual(value, { image: TESTED, commit: COMMIT });
    assert.match(String(passedAt), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.equal(result.output, `Passed: ${TESTED}\nRecorded in ${PARAMETER}\n`);
  });

  it("writes what a release looks for", () => {
    const value = record().calls[0]?.argv.at(-1) ?? "";
    assert.equal(promote(ROUTES["within a repository"], { answers: [versions(value)] }).status, 0);
  });

  it("fails when it cannot record, and says what that means", () => {
    const result = record({ failCall: { number: 1 } });
    assert.notEqual(result.status, 0);
    assert.ok(result.output.includes(`SSM parameter ${PARAMETER} does not say so: repeat this step, else ${TESTED}`));
    assert.ok(!result.output.includes("Recorded"));
  });

  it("records nothing unless every record of a delivery names the image: what was tested may run no longer", () => {
    const [one, two] = ["/shop/api/delivered-image", "/shop/worker/delivered-image"];
    const put = { when: "^aws ssm put-parameter ", stdout: '{ "Version": 7 }\n' };
    const names = (parameter: string, image: string) => ({
      when: `get-parameter --name ${parameter} `,
      stdout: `{"image":"${image}","commit":"${COMMIT}","deliveredAt":"x"}\n`,
    });
    const env = { DELIVERED_IMAGE_PARAMETERS: `${one} ${two}` };
    const well = record({ env, answers: [names(one, TESTED), names(two, TESTED), put] });
    assert.equal(well.status, 0, well.output);
    assert.equal(well.calls.length, 3);
    const other = TESTED.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
    for (const answers of [
      [names(one, other), names(two, TESTED), put],
      [names(one, TESTED), names(two, other), put],
    ]) {
      const result = record({ env, answers });
      assert.notEqual(result.status, 0);
      assert.match(result.output, /ERROR: nothing vouches for .*Re-run all jobs/);
      assert.ok(!result.calls.some(({ argv }) => argv.includes("put-parameter")));
    }
    const unread = record({ env, answers: [{ when: "get-parameter", status: 254, stderr: "AccessDenied" }, put] });
    assert.match(unread.output, /cannot read SSM parameter \/shop\/api\/delivered-image/);
    assert.equal(unread.calls.length, 1);
  });

  it("refuses what no release could use, before any call", () => {
    const refusals: readonly (readonly [string, string, string])[] = [
      ...[
        "",
        RELEASED_FROM,
        `${RELEASED_FROM}:${COMMIT}`,
        `${TESTED}0`,
        `acme/api@${TESTED_DIGEST}`,
        `${RELEASED_FROM}"@${TESTED_DIGEST}`,
      ].map((uri) => ["IMAGE_URI", uri, `IMAGE_URI is "${uri}", expected <registry>/<repository>@sha256:`] as const),
      ...["", 'a"b', "a/b", "a".repeat(101)].map(
        (commit) => ["COMMIT_ID", commit, `COMMIT_ID is "${commit}", expected a commit id`] as const,
      ),
      ["PASSED_IMAGE_PARAMETER", "", "PASSED_IMAGE_PARAMETER is empty, expected the SSM parameter"],
    ];
    for (const [name, value, message] of refusals) {
      const result = record({ env: { [name]: value } });
      assert.notEqual(result.status, 0);
      assert.deepStrictEqual(result.calls, []);
      assert.ok(result.output.includes(`ERROR: ${message}`), result.output);
    }
  });
});

describe("recordPassedPermissions", () => {
  it("allows writing the parameter, and nothing else", () => {
    assert.deepStrictEqual(present(recordPassedPermissions({ passedImageParameterArn: "arn:parameter" })), [
      { effect: "Allow", actions: ["ssm:PutParameter"], resources: ["arn:parameter"] },
    ]);
  });
});
