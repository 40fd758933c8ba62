import type { Input } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { defined } from "../../defined";
import { encryptedElsewhere, publishPermissions } from "../../notify/notificationTopic";
import type { TopicRef } from "../../refs";
import { minutes } from "../../settings/setting";
import { type ArgsOf, settings, withDefaults } from "../../settings/settings";
import { declare, type PipelineAction } from "../action";

/** How long a person may take. */
export const APPROVAL = settings({
  /** Minutes until no answer counts as a no; by default seven days. @default 10080 */
  timeoutInMinutes: minutes(5, 86_400, { default: 10_080 }),
});

/** Arguments of `manualApproval`. */
export interface ManualApprovalArgs extends ArgsOf<typeof APPROVAL> {
  /** Action name. @default "Approve" */
  readonly name?: string;
  /** Topic that is told that someone has to decide. @default - nobody is told */
  readonly notificationTopic?: TopicRef;
  /** What the approver reads, at most 1000 characters; pipeline variables are filled in. @default - nothing */
  readonly customData?: Input<string>;
  /** Link beside the question: the change, or the environment under test. @default - none */
  readonly externalEntityLink?: Input<string>;
}

/**
 * A person decides. Rejection, or no answer in time, fails the stage.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/approvals-action-add.html
 */
export function manualApproval(args: ManualApprovalArgs = {}): PipelineAction {
  const { name = "Approve", notificationTopic: topic } = args;
  const { timeoutInMinutes } = withDefaults(APPROVAL, args);
  return {
    declaration: declare("Approval", "Manual", {
      name,
      timeoutInMinutes,
      configuration: defined({
        NotificationArn: topic?.arn,
        CustomData: args.customData && shortEnough(name, args.customData),
        ExternalEntityLink: args.externalEntityLink,
      }),
    }),
    permissions: topic ? publishPermissions(topic) : [],
    encryptedTopic: encryptedElsewhere(topic),
  };
}

/** Characters of the text that an approver reads. */
export const MAX_CUSTOM_DATA = 1000;

/** Text that is not known yet is looked at when it is. */
function shortEnough(name: string, customData: Input<string>): Input<string> {
  if (typeof customData !== "string") return pulumi.output(customData).apply((text) => checkLength(name, text));
  return checkLength(name, customData);
}

function checkLength(name: string, text: string): string {
  if (text.length <= MAX_CUSTOM_DATA) return text;
  throw new pulumi.RunError(
    `manualApproval "${name}": customData: expected at most ${MAX_CUSTOM_DATA} characters, got ${text.length}; shorten it`,
  );
}
