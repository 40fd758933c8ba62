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

  it("lead to the console of the partition that the region is in", async () => {
    const hosts: Readonly<Record<string, string>> = {
      "eu-west-1": "eu-west-1.console.aws.amazon.com",
      "cn-north-1": "cn-north-1.console.amazonaws.cn",
      "us-gov-west-1": "us-gov-west-1.console.amazonaws-us-gov.com",
      "eusc-de-east-1": "eusc-de-east-1.console.amazonaws-eusc.eu",
    };
    for (const [region, host] of Object.entries(hosts)) {
      const change = { region, repositoryName: "shop", commitId: "0a1b2c3" };
      assert.equal(new URL(String(await resolved(() => codeCommitChangeUrl(change)))).host, host);
    }
  });

  it("fit into an approval, which takes 1000 characters", async () => {
    const longest = { region: "ap-southeast-2", repositoryName: "r".repeat(100), commitId: "c".repeat(100) };
    assert.ok(String(await resolved(() => codeCommitChangeUrl(longest))).length < 1000);
  });
});
