import assert from "node:assert/strict";
import { EncryptionKey } from "../../../components/storage/encryptionKey";
import { type Graph, recordGraph } from "../../support/graph";
import { at, json, list } from "../../support/read";

describe("EncryptionKey", () => {
  let graph: Graph;
  let statements: readonly unknown[];
  before(async () => {
    const publishers = ["notifications", "alarms"] as const;
    graph = await recordGraph(() => new EncryptionKey("dev", { description: "Delivery of dev", publishers }));
    statements = list(json(graph.only("aws:kms/key:Key").inputs.policy, "Statement"));
  });

  it("is a key that rotates, and a name for it", () => {
    assert.deepEqual(graph.counts(), { "aws:kms/alias:Alias": 1, "aws:kms/key:Key": 1 });
    const key = graph.only("aws:kms/key:Key");
    assert.equal(key.inputs.enableKeyRotation, true);
    assert.equal(graph.only("aws:kms/alias:Alias").inputs.targetKeyId, key.outputs.keyId);
  });

  it("stays for a month after its deletion, in which it can be had back", async () => {
    assert.equal(graph.only("aws:kms/key:Key").inputs.deletionWindowInDays, 30);
    const soon = await recordGraph(() => new EncryptionKey("dev", { description: "d", deletionWindowInDays: 7 }));
    assert.equal(soon.only("aws:kms/key:Key").inputs.deletionWindowInDays, 7);
  });

  it("is used by whom the account's own policies admit, so nobody is locked out", () => {
    const [account] = statements.filter((one) => at(one, "Action") === "kms:*");
    assert.deepEqual(at(account, "Principal"), { AWS: "arn:aws:iam::111122223333:root" });
  });

  it("admits besides only the services that write logs and notifications, for this account", () => {
    const byService = statements.flatMap((one) => {
      const service = at(one, "Principal", "Service");
      return service === undefined ? [] : [[service, at(one, "Condition")]];
    });
    assert.deepEqual(byService, [
      [
        "logs.eu-west-1.amazonaws.com",
        {
          ArnLike: { "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:111122223333:log-group:*" },
        },
      ],
      ["codestar-notifications.amazonaws.com", { StringEquals: { "kms:ViaService": "sns.eu-west-1.amazonaws.com" } }],
      ["cloudwatch.amazonaws.com", { StringEquals: { "aws:SourceAccount": "111122223333" } }],
    ]);
    assert.equal(statements.length, byService.length + 1);
  });

  it("admits nobody that publishes where nothing does", async () => {
    const quiet = await recordGraph(() => new EncryptionKey("dev", { description: "Delivery of dev" }));
    const { policy } = quiet.only("aws:kms/key:Key").inputs;
    assert.deepEqual(
      list(json(policy, "Statement")).map((one) => at(one, "Sid")),
      ["AccountDecides", "LogGroups"],
    );
  });

  it("admits a role of another account to artifacts alone, and works in the region it is in", async () => {
    const artifactReaders = [{ accountId: "444455556666", roleName: "production-deploy" }];
    const far = await recordGraph(
      () => new EncryptionKey("far", { description: "d", region: "eu-central-1", artifactReaders }),
    );
    const { inputs } = far.only("aws:kms/key:Key");
    assert.deepEqual([inputs.region, far.only("aws:kms/alias:Alias").inputs.region], ["eu-central-1", "eu-central-1"]);
    assert.deepEqual(list(json(inputs.policy, "Statement")).at(-1), {
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::444455556666:root" },
      Action: ["kms:Decrypt", "kms:DescribeKey"],
      Resource: "*",
      Condition: {
        ArnLike: { "aws:PrincipalArn": "arn:aws:iam::444455556666:role/production-deploy" },
        StringEquals: { "kms:ViaService": "s3.eu-central-1.amazonaws.com" },
      },
    });
    assert.match(String(inputs.policy), /logs\.eu-central-1\.amazonaws\.com/);
    assert.match(String(inputs.policy), /arn:aws:logs:eu-central-1:111122223333:log-group/);
  });

  it("has statements that can be told apart: each Sid once, in letters that KMS takes", () => {
    const ids = statements.map((one) => String(at(one, "Sid")));
    assert.equal(new Set(ids).size, ids.length);
    for (const id of ids) assert.match(id, /^[A-Za-z0-9]+$/);
  });
});
