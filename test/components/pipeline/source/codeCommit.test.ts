import assert from "node:assert/strict";
import { type CodeCommitSourceArgs, codeCommitSource } from "../../../../components/pipeline/source/codeCommit";
import { matches } from "../../../support/eventPattern";
import { allowed, at, rendered, resolved } from "../../../support/read";
import { arn } from "../../../support/service";

const source = (changes: Partial<CodeCommitSourceArgs> = {}) =>
  codeCommitSource({
    name: "Source",
    branch: "main",
    repositoryName: "shop",
    repositoryArn: arn("codecommit", "shop"),
    ...changes,
  });

/** As CodeCommit sends it: https://docs.aws.amazon.com/codecommit/latest/userguide/monitoring-events.html */
const event = (detail: object = {}, rest: object = {}) => ({
  version: "0",
  id: "01234567-0123-0123-0123-012345678901",
  "detail-type": "CodeCommit Repository State Change",
  source: "aws.codecommit",
  account: "111122223333",
  time: "2026-06-12T10:23:43Z",
  region: "eu-west-1",
  resources: [arn("codecommit", "shop")],
  detail: {
    event: "referenceUpdated",
    repositoryName: "shop",
    repositoryId: "12345678-1234-5678-abcd-12345678abcd",
    referenceType: "branch",
    referenceName: "main",
    referenceFullName: "refs/heads/main",
    commitId: "3e5983DESTINATION",
    oldCommitId: "3e5a9bf1EXAMPLE",
    baseCommitId: "3e5a9bf1EXAMPLE",
    callerUserArn: "arn:aws:sts::111122223333:assumed-role/developer/ada",
    ...detail,
  },
  ...rest,
});

describe("codeCommitSource", () => {
  let pattern: unknown;
  before(async () => {
    const { trigger } = source();
    pattern = trigger.kind === "event" ? await resolved(() => trigger.pattern) : undefined;
  });

  it("starts on a push to its branch, and when the branch is made", () => {
    assert.equal(matches(pattern, event()), true);
    assert.equal(matches(pattern, event({ event: "referenceCreated", oldCommitId: undefined })), true);
  });

  const others: [what: string, event: object][] = [
    ["the branch's deletion", event({ event: "referenceDeleted" })],
    ["another branch", event({ referenceName: "main2", referenceFullName: "refs/heads/main2" })],
    ["a branch in a folder of that name", event({ referenceName: "main/fix" })],
    ["a tag of that name", event({ referenceType: "tag", referenceFullName: "refs/tags/main" })],
    ["another repository", event({}, { resources: [arn("codecommit", "shop2")] })],
    ["a comment", event({}, { "detail-type": "CodeCommit Comment on Commit" })],
    ["another source", event({}, { source: "custom" })],
  ];
  for (const [what, other] of others) {
    it(`does not start on ${what}`, () => assert.equal(matches(pattern, other), false));
  }

  it("fetches this branch and does not poll", () => {
    const { declaration } = source();
    assert.deepEqual([declaration.category, declaration.provider, declaration.owner], ["Source", "CodeCommit", "AWS"]);
    assert.deepEqual(declaration.configuration, {
      RepositoryName: "shop",
      BranchName: "main",
      PollForSourceChanges: "false",
      OutputArtifactFormat: "CODE_ZIP",
    });
  });

  it("may fetch from this repository and do nothing else", async () => {
    const repository = arn("codecommit", "shop");
    const actions = ["GetBranch", "GetCommit", "UploadArchive", "GetUploadArchiveStatus", "CancelUploadArchive"];
    const expected = actions.map((action) => `codecommit:${action} ${repository}`).sort();
    assert.deepEqual(allowed(await rendered(() => source().permissions)), expected);
  });

  it("hands on a clone with its history, which builds pull from this repository", async () => {
    const { declaration, clonePermissions = [] } = source({ fullHistory: true });
    assert.equal(at(declaration, "configuration", "OutputArtifactFormat"), "CODEBUILD_CLONE_REF");
    const repository = arn("codecommit", "shop");
    assert.deepEqual(allowed(await rendered(() => [...clonePermissions])), [`codecommit:GitPull ${repository}`]);
    const fetching = allowed(await rendered(() => source({ fullHistory: true }).permissions));
    assert.ok(fetching.includes(`codecommit:GetRepository ${repository}`));
    assert.deepEqual(source().clonePermissions, []);
  });

  it("gives later actions its files, and the commit under its namespace", () => {
    const { declaration, output, commitId } = source();
    assert.deepEqual(declaration.outputArtifacts, [output.name]);
    assert.equal(commitId, `#{${String(at(declaration, "namespace"))}.CommitId}`);
  });

  it("links to the commit in the console", async () => {
    assert.equal(
      await resolved(() => source({ region: "eu-west-1" }).changeUrl ?? ""),
      "https://eu-west-1.console.aws.amazon.com/codesuite/codecommit/repositories/shop/commit/" +
        "#{SourceVariables.CommitId}?region=eu-west-1",
    );
    assert.equal(source().changeUrl, undefined);
  });
});
