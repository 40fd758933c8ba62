import assert from "node:assert/strict";
import {
  type CodeStarSourceConnectionArgs,
  codeStarSourceConnection,
} from "../../../../components/pipeline/source/codeStarSourceConnection";
import { allowed, at, rendered } from "../../../support/read";
import { arn } from "../../../support/service";

const NEW = arn("codeconnections", "connection/0a1b");
const OLD = arn("codestar-connections", "connection/0a1b");

const source = (changes: Partial<CodeStarSourceConnectionArgs> = {}) =>
  codeStarSourceConnection({
    ...{ name: "Source", connectionArn: NEW, fullRepositoryId: "Acme/shop", branch: "main" },
    ...changes,
  });

describe("codeStarSourceConnection", () => {
  it("fetches this branch of this repository, case kept", () => {
    const { declaration } = source();
    assert.deepEqual([declaration.provider, declaration.owner], ["CodeStarSourceConnection", "AWS"]);
    assert.deepEqual(declaration.configuration, {
      ConnectionArn: NEW,
      FullRepositoryId: "Acme/shop",
      BranchName: "main",
      OutputArtifactFormat: "CODE_ZIP",
    });
  });

  it("starts by CodePipeline's own trigger, on every push to the branch", () => {
    assert.deepEqual(source().trigger, { kind: "git", filter: { branches: { includes: ["main"] } } });
  });

  it("starts only for the files of its service in a repository of many", () => {
    const { trigger } = source({ filePaths: ["api/**", "shared/**"] });
    assert.deepEqual(trigger, {
      kind: "git",
      filter: { branches: { includes: ["main"] }, filePaths: { includes: ["api/**", "shared/**"] } },
    });
  });

  it("may use this connection, under the old and the new name of the service, whichever was given", async () => {
    const expected = ["codeconnections", "codestar-connections"]
      .flatMap((prefix) => [NEW, OLD].map((connection) => `${prefix}:UseConnection ${connection}`))
      .sort();
    for (const connectionArn of [NEW, OLD]) {
      assert.deepEqual(allowed(await rendered(() => source({ connectionArn }).permissions)), expected);
    }
  });

  it("gives later actions its files, and the commit under its namespace", () => {
    const { declaration, output, commitId } = source();
    assert.deepEqual(declaration.outputArtifacts, [output.name]);
    assert.equal(commitId, `#{${String(at(declaration, "namespace"))}.CommitId}`);
  });
});
