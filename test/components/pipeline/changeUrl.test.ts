import assert from "node:assert/strict";
import { codeCommitChangeUrl, connectionChangeUrl } from "../../../components/pipeline/changeUrl";
import { resolved } from "../../support/read";
import { arn } from "../../support/service";

describe("links to a change", () => {
  it("are addresses whose parts a browser reads as they were given", async () => {
    const connectionArn = arn("codeconnections", "connection/0a1b");
    const change = { region: "eu-west-1", connectionArn, fullRepositoryId: "acme/group/shop", commitId: "0a1b2c3" };
    const { searchParams, hash } = new URL(String(await resolved(() => connectionChangeUrl(change))));
    assert.deepEqual(Object.fromEntries(searchParams), {
      connectionArn,
      referenceType: "COMMIT",
      FullRepositoryId: "acme/group/shop",
      Commit: "0a1b2c3",
    });
    assert.equal(hash, "");
  });

  it("fit into an approval, which takes 1000 characters", async () => {
    const longest = { region: "ap-southeast-2", repositoryName: "r".repeat(100), commitId: "c".repeat(100) };
    assert.ok(String(await resolved(() => codeCommitChangeUrl(longest))).length < 1000);
  });
});
