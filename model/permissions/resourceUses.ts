import type { RecordedGraph, RecordedResource } from "../graph/graph";
import { oncePerGraph } from "../graph/once";
import { pipelinesOf } from "../graph/pipelines";
import { mapOf, mapsOf, textOf, textsOf } from "../graph/read";
import { arnOf, arnPlace, bucketNamed, ofType, propertyOf, referredBy, TYPES } from "../graph/resources";
import { artifactNeeds, because, PIPELINE_SETTINGS } from "./calls";
import { accountOf } from "./evaluate/access";
import { type AccessCaller, type Context, roleCaller } from "./evaluate/request";
import { type Calls, keyCalls, type Need } from "./need";

/** Something whose own policy decides: who calls it, for what. */
export interface ResourceUse {
  /** An AWS service that calls it without a role, or a role of another account. */
  readonly caller: AccessCaller;
  /** The resource that has it called. */
  readonly user: RecordedResource;
  readonly needs: readonly Need[];
}

function serviceOf(name: string, arn: string): AccessCaller {
  return { arn: name, account: arnPlace(arn)?.account ?? "" };
}

/** What AWS says of a service that acts for an account. */
function actingFor(resource: RecordedResource): Context {
  const account = arnPlace(arnOf(resource))?.account;
  return account === undefined ? {} : { "aws:SourceAccount": account };
}

/** Who calls a key, a topic or a bucket of the graph, and is let in by its policy alone. */
export const resourceUses: (graph: RecordedGraph) => readonly ResourceUse[] = oncePerGraph((graph) => [
  ...publishers(graph),
  ...otherUses(graph),
]);

/** Of them those that tell nobody anything. */
export function otherUses(graph: RecordedGraph): readonly ResourceUse[] {
  return [
    ...logGroups(graph),
    ...balancerLogs(graph),
    ...bucketLogs(graph),
    ...deadLetters(graph),
    ...otherAccounts(graph),
  ];
}

/** What of the graph a need is about. */
export function calledThere(graph: RecordedGraph, { resources: [arn = ""] }: Need): RecordedResource | undefined {
  const bucket = /^arn:[^:]+:s3:::([^/]+)/.exec(arn)?.[1];
  return bucket === undefined
    ? (referredBy(graph, TYPES.key, arn) ?? referredBy(graph, TYPES.topic, arn) ?? referredBy(graph, TYPES.queue, arn))
    : bucketNamed(graph, bucket);
}

/** Who tells a topic something: AWS drops what it may not publish, and says nothing. */
export function publishers(graph: RecordedGraph): readonly ResourceUse[] {
  return [
    ...ofType(graph, TYPES.notificationRule).flatMap((rule) =>
      mapsOf(rule.inputs.targets)
        .filter(({ type = "SNS" }) => type === "SNS")
        .flatMap(({ address }) => publishing(graph, rule, address)),
    ),
    ...[...ofType(graph, TYPES.metricAlarm), ...ofType(graph, TYPES.compositeAlarm)].flatMap((alarm) => {
      const { alarmActions, okActions, insufficientDataActions } = alarm.inputs;
      return [alarmActions, okActions, insufficientDataActions]
        .flatMap(textsOf)
        .flatMap((topic) => publishing(graph, alarm, topic));
    }),
    ...ofType(graph, TYPES.eventTarget)
      .filter(({ inputs }) => inputs.roleArn === undefined)
      .flatMap((target) => publishing(graph, target, target.inputs.arn)),
  ];
}

/** EventBridge does not say on whose behalf it publishes, so a statement with a condition never admits it. */
export const EVENTS = "events.amazonaws.com";
const NOTIFICATIONS = "codestar-notifications.amazonaws.com";
const ALARMS = "cloudwatch.amazonaws.com";

/** The services that are known to publish: one of them that a policy admits has a use there, or none. */
export const PUBLISHERS = [EVENTS, NOTIFICATIONS, ALARMS] as const;

function publishing(graph: RecordedGraph, user: RecordedResource, reference: unknown): readonly ResourceUse[] {
  const topic = referredBy(graph, TYPES.topic, reference);
  const topicArn = topic && arnOf(topic);
  if (!topic || !topicArn) return [];
  const caller =
    user.type === TYPES.eventTarget ? EVENTS : user.type === TYPES.notificationRule ? NOTIFICATIONS : ALARMS;
  const context = caller === EVENTS ? {} : actingFor(user);
  const key = referredBy(graph, TYPES.key, propertyOf(topic, "kmsMasterKeyId"));
  const keyArn = key && arnOf(key);
  const actions = ["kms:GenerateDataKey", "kms:Decrypt"];
  // https://docs.aws.amazon.com/dtconsole/latest/userguide/set-up-sns.html
  const onKey: readonly Calls[] =
    keyArn === undefined
      ? []
      : caller === NOTIFICATIONS
        ? [{ ...keyCalls(actions, keyArn, "sns"), beside: context }]
        : [{ actions, resources: [keyArn], context }];
  return [
    {
      caller: serviceOf(caller, topicArn),
      user,
      needs: because("telling the topic", [{ actions: ["sns:Publish"], resources: [topicArn], context }, ...onKey]),
    },
  ];
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html */
const LOG_CALLS = [
  "kms:Encrypt",
  "kms:Decrypt",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
  "kms:GenerateDataKey",
  "kms:DescribeKey",
];

/** CloudWatch Logs encrypts a group with its key. */
function logGroups(graph: RecordedGraph): readonly ResourceUse[] {
  return ofType(graph, TYPES.logGroup).flatMap((group) => {
    const key = referredBy(graph, TYPES.key, group.inputs.kmsKeyId);
    const keyArn = key && arnOf(key);
    const arn = arnOf(group);
    if (!keyArn || !arn) return [];
    const context = { "kms:EncryptionContext:aws:logs:arn": arn.replace(/:\*$/, "") };
    const caller = `logs.${arnPlace(arn)?.region ?? ""}.amazonaws.com`;
    return [
      {
        caller: serviceOf(caller, keyArn),
        user: group,
        needs: because("encrypting its log", [{ actions: LOG_CALLS, resources: [keyArn], context }]),
      },
    ];
  });
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html */
function balancerLogs(graph: RecordedGraph): readonly ResourceUse[] {
  return ofType(graph, TYPES.loadBalancer).flatMap((balancer) => {
    const { enabled, bucket: name, prefix } = mapOf(balancer.inputs.accessLogs);
    const bucketArn = arnOfBucket(graph, name);
    const arn = arnOf(balancer);
    const account = arnPlace(arn)?.account;
    // In China and GovCloud an account of AWS's writes, and no service.
    const { region = "" } = arnPlace(arn) ?? {};
    if (enabled !== true || !bucketArn || !arn || account === undefined || /^(?:cn|us-gov)-/.test(region)) return [];
    const folder = `AWSLogs/${account}/*`;
    const own = textOf(prefix) ? `${textOf(prefix) ?? ""}/` : "";
    const calls: Calls = {
      actions: ["s3:PutObject"],
      resources: [`${bucketArn}/${own}${folder}`],
      within: [`${bucketArn}/${own}${folder}`, `${bucketArn}/*/${folder}`],
      context: { "aws:SourceArn": arn },
    };
    const caller = { arn: "logdelivery.elasticloadbalancing.amazonaws.com", account };
    return [{ caller, user: balancer, needs: because("its access log", [calls]) }];
  });
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html */
function bucketLogs(graph: RecordedGraph): readonly ResourceUse[] {
  return ofType(graph, "aws:s3/bucketLogging:BucketLogging").flatMap((logging) => {
    const { bucket, targetBucket, targetPrefix } = logging.inputs;
    const [from, to] = [arnOfBucket(graph, bucket), arnOfBucket(graph, targetBucket)];
    const account = accountOf(graph);
    if (!from || !to) return [];
    const prefix = textOf(targetPrefix) ?? "";
    const calls: Calls = {
      actions: ["s3:PutObject"],
      resources: [`${to}/${prefix}*`],
      within: [`${to}/${prefix}*`, `${to}/${prefix.split("/", 1)[0] ?? ""}/*`],
      context: { "aws:SourceAccount": account, "aws:SourceArn": from },
    };
    const caller = { arn: "logging.s3.amazonaws.com", account };
    return [{ caller, user: logging, needs: because("its access log", [calls]) }];
  });
}

/** A rule of EventBridge sends what it could not hand on in no role. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html */
function deadLetters(graph: RecordedGraph): readonly ResourceUse[] {
  return ofType(graph, TYPES.eventTarget).flatMap((target) => {
    const queue = referredBy(graph, TYPES.queue, mapOf(target.inputs.deadLetterConfig).arn);
    const queueArn = queue && arnOf(queue);
    const rule = referredBy(graph, TYPES.eventRule, target.inputs.rule);
    if (!queueArn) return [];
    const context = { "aws:SourceArn": rule && arnOf(rule) };
    const calls: Calls = { actions: ["sqs:SendMessage"], resources: [queueArn], context };
    return [
      {
        caller: serviceOf(EVENTS, queueArn),
        user: target,
        needs: because("keeping what could not be started", [calls]),
      },
    ];
  });
}

function arnOfBucket(graph: RecordedGraph, name: unknown): string | undefined {
  const bucket = bucketNamed(graph, textOf(name));
  return bucket && arnOf(bucket);
}

/** A role of another account works on artifacts here: bucket and key have to admit it. */
function otherAccounts(graph: RecordedGraph): readonly ResourceUse[] {
  return pipelinesOf(graph).flatMap((pipeline) => {
    const here = arnPlace(pipeline.arn)?.account;
    return pipeline.actions.flatMap(({ roleArn, inputs: reads, outputs: writes, region }): readonly ResourceUse[] => {
      if (roleArn === undefined || textOf(roleArn.split(":")[4]) === here) return [];
      const needs = artifactNeeds(pipeline, { reads, writes, settings: PIPELINE_SETTINGS, region });
      return [{ caller: roleCaller(roleArn), user: pipeline.resource, needs }];
    });
  });
}
