import { propertyOf, referredBy, TYPES } from "../graph/resources";
import { type ActionProvider, call } from "./provider";

/** https://docs.aws.amazon.com/codepipeline/latest/userguide/approvals-action-add.html */
export const manual: ActionProvider = {
  categories: ["Approval"],
  required: [],
  optional: ["NotificationArn", "ExternalEntityLink", "CustomData"],
  inputs: [0, 0],
  outputs: [0, 0],
  target: ({ NotificationArn: topic }) => (topic ? `asks ${topic.split(":").at(-1) ?? ""}` : "asks in the console"),
  calls: (graph, { configuration: { NotificationArn: topicArn } }) => {
    if (!topicArn) return [];
    const topic = referredBy(graph, TYPES.topic, topicArn);
    const keyArn = topic && propertyOf(topic, "kmsMasterKeyId");
    const key = keyArn?.includes(":key/") ? [call(["kms:GenerateDataKey", "kms:Decrypt"], keyArn)] : [];
    return [call(["sns:Publish"], topicArn), ...key];
  },
};
