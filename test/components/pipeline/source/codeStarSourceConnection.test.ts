import assert from "node:assert/strict";
import {
  type CodeStarSourceConnectionArgs,
  codeStarSourceConnection,
} from "../../../../components/pipeline/source/codeStarSourceConnection";
import { refusal } from "../../../support/graph";
import { present } from "../../../support/present";
import { allowed, at, rendered, resolved } from "../../../support/read";
import { arn } from "../../../support/service";

const NEW = arn("codeconnections", "connection/0a1b");
const OLD = arn("codestar-connections", "connection/0a1b");

const source = (changes: Partial<CodeStarSourceConnectionArgs> = {}) =>
  codeStarSourceConnection({
    name: "Source",
    connectionArn: NEW,
    fullRepositoryId: "Acme/shop",
    branch: "main",
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
    assert.deepEqual(present(source().trigger), { kind: "git", filter: { branches: { includes: ["main"] } } });
  });

  it("starts only for the files of its service in a repository of many", () => {
    const { trigger } = source({ filePaths: ["api/**", "shared/**"] });
    assert.deepEqual(present(trigger), {
      kind: "git",
      filter: { branches: { includes: ["main"] }, filePaths: { includes: ["api/**", "shared/**"] } },
    });
  });

  it("starts for no push that changes only what is excluded", () => {
    const { trigger } = source({ excludedFilePaths: ["docs/**"] });
    assert.deepEqual(present(trigger), {
      kind: "git",
      filter: { branches: { includes: ["main"] }, filePaths: { excludes: ["docs/**"] } },
    });
    const both = source({ filePaths: ["api/**"], excludedFilePaths: ["**/*.md"] }).trigger;
    assert.deepEqual(at(both, "filter", "filePaths"), { includes: ["api/**"], excludes: ["**/*.md"] });
  });

  it("starts on tags instead of pushes to the branch, which a person can still start", () => {
    const { trigger, declaration } = source({ tags: ["v*", "release-*"] });
    assert.deepEqual(present(trigger), { kind: "git", filter: { tags: { includes: ["v*", "release-*"] } } });
    assert.equal(at(declaration.configuration, "BranchName"), "main");
  });

  it("refuses a filter that CodePipeline refuses, and names the fields", async () => {
    const message = await refusal(() =>
      source({ tags: [], filePaths: ["a".repeat(256)], excludedFilePaths: Array<string>(9).fill("x") }),
    );
    assert.equal(
      message,
      [
        'pipeline action "Source" has 5 problem(s):',
        "  tags: expected 1 to 8 patterns, got 0",
        `  filePaths: expected patterns of 1 to 255 characters, got 256: "${"a".repeat(256)}"`,
        "  excludedFilePaths: expected 1 to 8 patterns, got 9",
        "  filePaths: goes with a branch, not with tags; leave one of the two out",
        "  excludedFilePaths: goes with a branch, not with tags; leave one of the two out",
      ].join("\n"),
    );
  });

  it("links to the commit through AWS, which knows where the connection leads", async () => {
    const url = await resolved(() => source({ region: "eu-west-1" }).changeUrl ?? "");
    assert.equal(
      url,
      "https://eu-west-1.console.aws.amazon.com/codesuite/settings/connections/redirect" +
        `?connectionArn=${NEW}&referenceType=COMMIT&FullRepositoryId=Acme/shop&Commit=#{SourceVariables.CommitId}`,
    );
    assert.equal(source().changeUrl, undefined);
  });

  it("may use this connection, under the old and the new name of the service, whichever was given", async () => {
    const expected = ["codeconnections", "codestar-connections"]
      .flatMap((prefix) => [NEW, OLD].map((connection) => `${prefix}:UseConnection ${connection}`))
      .sort();
    for (const connectionArn of [NEW, OLD]) {
      assert.deepEqual(allowed(await rendered(() => source({ connectionArn }).permissions)), expected);
    }
  });

  it("hands on a clone with its history, which builds get through this connection", async () => {
    const { declaration, permissions, clonePermissions = [] } = source({ fullHistory: true });
    assert.equal(at(declaration, "configuration", "OutputArtifactFormat"), "CODEBUILD_CLONE_REF");
    assert.deepEqual(
      allowed(await rendered(() => [...clonePermissions])),
      allowed(await rendered(() => [...permissions])),
    );
    assert.deepEqual(source().clonePermissions, []);
  });

  it("gives later actions its files, and the commit under its namespace", () => {
    const { declaration, output, commitId } = source();
    assert.deepEqual(declaration.outputArtifacts, [output.name]);
    assert.equal(commitId, `#{${String(at(declaration, "namespace"))}.CommitId}`);
  });
});
