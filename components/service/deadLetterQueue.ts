import * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { AUTONAMED_MAX, fittedName } from "../checks/names";
import { allow, type Statement } from "../iam/policyDocument";
import type { QueueRef, TopicRef } from "../refs";

/** Arguments of `DeadLetterQueue`. */
export interface DeadLetterQueueArgs {
  /** Topic that is told when something is in it; its policy, and its key's, admit CloudWatch. @default - nobody is told */
  readonly alarmTopic?: TopicRef | undefined;
}

/** Longest that SQS keeps a message: 14 days. */
const RETENTION_SECONDS = 14 * 24 * 60 * 60;

/**
 * Keeps what could not be started, encrypted by SQS, and an alarm that says so.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export class DeadLetterQueue extends pulumi.ComponentResource implements QueueRef {
  readonly arn: Output<string>;
  readonly name: Output<string>;
  readonly url: Output<string>;

  constructor(name: string, { alarmTopic }: DeadLetterQueueArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("ecs-delivery:index:DeadLetterQueue", name, {}, opts);
    const queue = new aws.sqs.Queue(
      fittedName(name, AUTONAMED_MAX.queue),
      { messageRetentionSeconds: RETENTION_SECONDS, sqsManagedSseEnabled: true },
      { parent: this },
    );
    defineQueueAlarm(name, queue.name, alarmTopic, this);
    this.arn = queue.arn;
    this.name = queue.name;
    this.url = queue.url;
    this.registerOutputs({ arn: this.arn, url: this.url });
  }
}

/** Tells a topic when something is in a queue. */
export function defineQueueAlarm(
  name: string,
  queueName: Input<string>,
  topic: TopicRef | undefined,
  parent?: pulumi.Resource,
): aws.cloudwatch.MetricAlarm {
  const told = topic && [topic.arn];
  return new aws.cloudwatch.MetricAlarm(
    `${name}-not-started`,
    {
      alarmDescription: "A task could not be started; what it was to do is in the dead-letter queue",
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: queueName },
      statistic: "Maximum",
      period: 60,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      evaluationPeriods: 1,
      // SQS says nothing of a queue that nobody has used for a while.
      treatMissingData: "notBreaching",
      alarmActions: told,
      okActions: told,
    },
    { parent },
  );
}

/** What sending to a queue takes, for what sends in a role. */
export function sendPermissions(queue: QueueRef | undefined): Statement[] {
  return queue ? [allow(["sqs:SendMessage"], [queue.arn])] : [];
}

/**
 * Admits a rule of EventBridge, which sends in no role. Of a queue that is someone else's, its own policy has to.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html#eb-dlq-perms
 */
export function admitRule(
  name: string,
  queue: QueueRef & { readonly url: Input<string> },
  ruleArn: Input<string>,
  parent: pulumi.Resource,
): aws.sqs.QueuePolicy {
  const statement = {
    Effect: "Allow",
    Principal: { Service: "events.amazonaws.com" },
    Action: "sqs:SendMessage",
    Resource: queue.arn,
    Condition: { ArnEquals: { "aws:SourceArn": ruleArn } },
  };
  const policy = pulumi.jsonStringify({ Version: "2012-10-17", Statement: [statement] });
  return new aws.sqs.QueuePolicy(name, { queueUrl: queue.url, policy }, { parent });
}
