import assert from "node:assert/strict";
import { manualApproval } from "../../../../components/pipeline/approval/manual";
import { allowed, rendered } from "../../../support/read";
import { arn } from "../../../support/service";

const topic = { arn: arn("sns", "approvals") };

describe("manualApproval", () => {
  it("asks without telling anybody, for a week, and needs no permission", () => {
    const { declaration, permissions } = manualApproval();
    assert.deepEqual(declaration, {
      ...{ name: "Approve", category: "Approval", owner: "AWS", provider: "Manual", version: "1" },
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
});
