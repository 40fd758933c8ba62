import { allow, type Statement } from "../../iam/policyDocument";
import type { TopicRef } from "../../refs";
import { declare, type PipelineAction } from "../action";

/** Arguments of `manualApproval`. */
export interface ManualApprovalArgs {
  /** Action name. @default "Approve" */
  readonly name?: string;
  /** Topic that is told that someone has to decide. @default - nobody is told */
  readonly notificationTopic?: TopicRef;
  /** What the approver reads, at most 1000 characters; pipeline variables are filled in. @default - nothing */
  readonly customData?: string;
  /** Link beside the question: the change, or the environment under test. @default - none */
  readonly externalEntityLink?: string;
  /** Minutes until the question counts as rejected, 5 to 86400. @default 10080, seven days */
  readonly timeoutInMinutes?: number;
}

/**
 * A person decides. Rejection, or no answer in time, fails the stage.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/approvals-action-add.html
 */
export function manualApproval(args: ManualApprovalArgs = {}): PipelineAction {
  const { name = "Approve", notificationTopic: topic, timeoutInMinutes = 10_080 } = args;
  return {
    declaration: declare("Approval", "Manual", {
      name,
      timeoutInMinutes,
      configuration: {
        ...(topic && { NotificationArn: topic.arn }),
        ...(args.customData && { CustomData: args.customData }),
        ...(args.externalEntityLink && { ExternalEntityLink: args.externalEntityLink }),
      },
    }),
    permissions: topic ? publishPermissions(topic) : [],
  };
}

/** The action publishes in the pipeline's own role, and an encrypted topic asks for its key as well. */
function publishPermissions(topic: TopicRef): Statement[] {
  const { arn, kmsKeyArn } = topic;
  const publish = allow(["sns:Publish"], [arn]);
  return kmsKeyArn === undefined ? [publish] : [publish, allow(["kms:GenerateDataKey*", "kms:Decrypt"], [kmsKeyArn])];
}
