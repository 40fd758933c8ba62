import * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { placeOf } from "../arn";
import { usedThrough } from "../iam/keyUse";
import { allow, type Statement } from "../iam/policyDocument";
import type { TopicRef } from "../refs";

/** Arguments of `NotificationTopic`. */
export interface NotificationTopicArgs {
  /** Key the topic is encrypted with; its policy must admit the services that publish. */
  readonly kmsKeyArn: Input<string>;
  /** Addresses that get the messages; each has to confirm once. @default - none */
  readonly emails?: readonly string[];
  /** What publishes without a role of its own; the key's policy must admit the same. @default - notifications of pipelines */
  readonly publishers?: readonly TopicPublisher[];
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
    const { kmsKeyArn, emails = [], publishers = ["notifications"] } = args;
    const topic = new aws.sns.Topic(name, { kmsMasterKeyId: kmsKeyArn }, { parent: this });
    const policy = topicPolicy(topic.arn, publishers, this);
    new aws.sns.TopicPolicy(name, { arn: topic.arn, policy }, { parent: this });
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

/** What publishes without a role: approvals and EventBridge have one. */
export type TopicPublisher = "notifications" | "alarms";

const SERVICES = {
  notifications: "codestar-notifications.amazonaws.com",
  alarms: "cloudwatch.amazonaws.com",
} as const satisfies Readonly<Record<TopicPublisher, string>>;

/**
 * Whoever publishes does so by TLS: the topic's key says nothing of the way there.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html#enforce-encryption-data-in-transit
 */
function topicPolicy(
  topicArn: Output<string>,
  publishers: readonly TopicPublisher[],
  parent: pulumi.Resource,
): Output<string> {
  const { accountId } = placeOf(parent);
  const tlsOnly = {
    Sid: "TlsOnly",
    Effect: "Deny",
    Principal: "*",
    Action: "sns:Publish",
    Resource: topicArn,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
  const admitted = publishers.map((publisher) => ({
    Effect: "Allow",
    Principal: { Service: SERVICES[publisher] },
    Action: "sns:Publish",
    Resource: topicArn,
    Condition: { StringEquals: { "aws:SourceAccount": accountId } },
  }));
  return pulumi.jsonStringify({ Version: "2012-10-17", Statement: [tlsOnly, ...admitted] });
}

/** A topic that is someone else's and has a key: nothing else in a graph says which. */
export function encryptedElsewhere(topic: TopicRef | undefined): TopicRef | undefined {
  const { arn, kmsKeyArn } = topic ?? {};
  const isMade = pulumi.Resource.isInstance(topic);
  return arn === undefined || kmsKeyArn === undefined || isMade ? undefined : { arn, kmsKeyArn };
}

/**
 * What publishing in a role of one's own takes: an encrypted topic asks for its key as well.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export function publishPermissions({ arn, kmsKeyArn }: TopicRef): Statement[] {
  const publish = allow(["sns:Publish"], [arn]);
  if (kmsKeyArn === undefined) return [publish];
  return [publish, allow(["kms:GenerateDataKey*", "kms:Decrypt"], [kmsKeyArn], usedThrough("sns", arn))];
}
