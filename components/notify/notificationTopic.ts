import * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { placeOf } from "../arn";
import { allow, type Statement } from "../iam/policyDocument";
import type { TopicRef } from "../refs";

/** Arguments of `NotificationTopic`. */
export interface NotificationTopicArgs {
  /** Key the topic is encrypted with; its policy must admit the services that publish. */
  readonly kmsKeyArn: Input<string>;
  /** Addresses that get the messages; each has to confirm once. @default - none */
  readonly emails?: readonly string[];
}

/**
 * The topic that tells people of approvals and of what became of a delivery.
 * https://docs.aws.amazon.com/dtconsole/latest/userguide/set-up-sns.html
 */
export class NotificationTopic extends pulumi.ComponentResource implements TopicRef {
  readonly arn: Output<string>;
  readonly kmsKeyArn: Output<string>;

  constructor(name: string, args: NotificationTopicArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ecs-delivery:index:NotificationTopic", name, {}, opts);
    const { kmsKeyArn, emails = [] } = args;
    const topic = new aws.sns.Topic(name, { kmsMasterKeyId: kmsKeyArn }, { parent: this });
    new aws.sns.TopicPolicy(name, { arn: topic.arn, policy: topicPolicy(topic.arn, this) }, { parent: this });
    for (const email of emails) {
      new aws.sns.TopicSubscription(
        `${name}-${email}`,
        { topic: topic.arn, protocol: "email", endpoint: email },
        { parent: this },
      );
    }
    this.arn = topic.arn;
    this.kmsKeyArn = pulumi.output(kmsKeyArn);
    this.registerOutputs({ arn: this.arn });
  }
}

/** Services that report on deliveries; the approval action publishes in the pipeline's own role. */
const PUBLISHERS = ["codestar-notifications.amazonaws.com", "events.amazonaws.com", "cloudwatch.amazonaws.com"];

function topicPolicy(topicArn: Output<string>, parent: pulumi.Resource): Output<string> {
  const { accountId } = placeOf(parent);
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: PUBLISHERS.map((service) => ({
      Effect: "Allow",
      Principal: { Service: service },
      Action: "sns:Publish",
      Resource: topicArn,
      Condition: { StringEquals: { "aws:SourceAccount": accountId } },
    })),
  });
}

/**
 * What publishing in a role of one's own takes: an encrypted topic asks for its key as well.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export function publishPermissions({ arn, kmsKeyArn }: TopicRef): Statement[] {
  const publish = allow(["sns:Publish"], [arn]);
  return kmsKeyArn === undefined ? [publish] : [publish, allow(["kms:GenerateDataKey*", "kms:Decrypt"], [kmsKeyArn])];
}
