import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { manualApproval } from "../../../../components/pipeline/approval/manual";
import { refusal } from "../../../support/graph";
import { allowed, at, rendered, resolved } from "../../../support/read";
import { arn } from "../../../support/service";

const topic = { arn: arn("sns", "approvals") };

describe("manualApproval", () => {
  it("asks without telling anybody, for a week, and needs no permission", () => {
    const { declaration, permissions } = manualApproval();
    assert.deepEqual(declaration, {
      name: "Approve",
      category: "Approval",
      owner: "AWS",
      provider: "Manual",
      version: "1",
      timeoutInMinutes: 10_080,
      configuration: {},
    });
    assert.deepEqual(permissions, []);
  });

  it("tells a topic, with what the approver needs to decide", async () => {
    const args = { notificationTopic: topic, customData: "Deliver?", externalEntityLink: "https://qa.example.com" };
    const { declaration, permissions } = manualApproval({ ...args, timeoutInMinutes: 60 });
    assert.deepEqual(declaration.configuration, {
      NotificationArn: topic.arn,
      CustomData: "Deliver?",
      ExternalEntityLink: "https://qa.example.com",
    });
    assert.equal(declaration.timeoutInMinutes, 60);
    assert.deepEqual(allowed(await rendered(() => permissions)), [`sns:Publish ${topic.arn}`]);
  });

  it("may use the key of an encrypted topic: the action publishes in the pipeline's own role", async () => {
    const kmsKeyArn = arn("kms", "key/0a1b");
    const { permissions } = manualApproval({ notificationTopic: { ...topic, kmsKeyArn } });
    assert.deepEqual(allowed(await rendered(() => permissions)), [
      `kms:Decrypt ${kmsKeyArn}`,
      `kms:GenerateDataKey* ${kmsKeyArn}`,
      `sns:Publish ${topic.arn}`,
    ]);
  });

  const late = { customData: pulumi.output("Deliver?"), externalEntityLink: pulumi.output("https://qa.example.com") };
  const configured = (args: Parameters<typeof manualApproval>[0]) =>
    pulumi.output(manualApproval(args).declaration.configuration);

  it("asks with a text and a link that are known late", async () => {
    const configuration = await resolved(() => configured(late));
    assert.deepEqual(configuration, { CustomData: "Deliver?", ExternalEntityLink: "https://qa.example.com" });
  });

  it("refuses a text that AWS would refuse, known at once or late, and says whose it is", async () => {
    const message = (length: number) =>
      `manualApproval "Ask": customData: expected at most 1000 characters, got ${length}; shorten it`;
    const ask = (customData: pulumi.Input<string>) => () => configured({ name: "Ask", customData });
    assert.equal(at(await resolved(ask("x".repeat(1000))), "CustomData"), "x".repeat(1000));
    assert.throws(ask("x".repeat(1001)), { message: message(1001), constructor: pulumi.RunError });
    assert.ok((await refusal(() => ({ value: ask(pulumi.output("x".repeat(1200)))() }))).includes(message(1200)));
  });
});
