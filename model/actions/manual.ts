import { keyOfTopic } from "../graph/topics";
import { publishKeyCalls } from "../permissions/need";
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
    return [call(["sns:Publish"], topicArn), ...publishKeyCalls(keyOfTopic(graph, topicArn), topicArn)];
  },
};
