import type { Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { type Place, placeOf, regionalArn } from "../arn";
import { wholeNumber } from "../settings/setting";
import { type ArgsOf, settings, withDefaults } from "../settings/settings";
import { BUCKET_PREFIX, definePrivateBucket, type LogBucketRef } from "./privateBucket";

/** How long access logs are kept. */
export const ACCESS_LOGS = settings({
  /** Days after which a log is deleted. @default 90 */
  expireAfterDays: wholeNumber(1, 3650, { default: 90, unit: "days" }),
});

/** Arguments of `LogBucket`. */
export interface LogBucketArgs extends ArgsOf<typeof ACCESS_LOGS> {
  /** What the names of the buckets that log here begin with: those of others may not write. */
  readonly sourceBucketPrefix: string;
  /** Region of the bucket: that of whatever logs here. @default - the provider's */
  readonly region?: string;
  /** Delete the bucket with what is in it. @default false */
  readonly forceDestroy?: boolean;
}

/**
 * The bucket that load balancers and other buckets write their access logs to: private, versioned, TLS only, emptied after a
 * while. Its encryption is S3's own: load balancers write to no bucket with another one.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
 */
export class LogBucket extends pulumi.ComponentResource implements LogBucketRef {
  /** Bucket name, known once its policy admits those that write. */
  readonly bucket: Output<string>;
  readonly arn: Output<string>;

  constructor(name: string, args: LogBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ecs-delivery:index:LogBucket", name, {}, opts);
    const { sourceBucketPrefix, region, forceDestroy } = args;
    const { expireAfterDays: days } = withDefaults(ACCESS_LOGS, args);
    const expiry = {
      id: "expire-access-logs",
      expiration: { days },
      noncurrentVersionExpiration: { noncurrentDays: 1 },
    };
    const here = placeOf(this);
    const place: Place = region === undefined ? here : { ...here, region: pulumi.output(region) };
    const admitted = (arn: Output<string>) => [
      balancersWrite(arn, place),
      bucketsWrite(arn, sourceBucketPrefix, place),
    ];
    const made = definePrivateBucket(name, { region, forceDestroy, expiry, admitted }, this);
    this.bucket = pulumi.all([made.name, made.policy.id]).apply(([id]) => id);
    this.arn = made.bucket.arn;
    this.registerOutputs({ bucket: this.bucket, arn: this.arn });
  }
}

/** Below this, each load balancer has a folder of its own. */
export const BALANCER_PREFIX = "load-balancers";

/** Accounts that write the logs of load balancers where there is no service to name: China and GovCloud. */
const ACCOUNTS: Readonly<Record<string, string>> = {
  "cn-north-1": "638102146993",
  "cn-northwest-1": "037604701340",
  "us-gov-east-1": "190560391635",
  "us-gov-west-1": "048591011584",
};

function balancersWrite(bucketArn: Output<string>, place: Place) {
  const { accountId, partition, region } = place;
  const account = pulumi.all([region, partition]).apply(([name, part]) => {
    const number = ACCOUNTS[name];
    return number === undefined ? undefined : `arn:${part}:iam::${number}:root`;
  });
  const service = { Service: "logdelivery.elasticloadbalancing.amazonaws.com" };
  const balancers = { ArnLike: { "aws:SourceArn": regionalArn(place, "elasticloadbalancing", "loadbalancer/*") } };
  return {
    Sid: "LoadBalancersWrite",
    Effect: "Allow",
    Principal: account.apply((arn) => (arn === undefined ? service : { AWS: arn })),
    Action: "s3:PutObject",
    Resource: pulumi.interpolate`${bucketArn}/${BALANCER_PREFIX}/*/AWSLogs/${accountId}/*`,
    Condition: account.apply((arn) => (arn === undefined ? balancers : undefined)),
  };
}

function bucketsWrite(bucketArn: Output<string>, sourceBucketPrefix: string, { accountId, partition }: Place) {
  return {
    Sid: "BucketsWrite",
    Effect: "Allow",
    Principal: { Service: "logging.s3.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: pulumi.interpolate`${bucketArn}/${BUCKET_PREFIX}/*`,
    Condition: {
      StringEquals: { "aws:SourceAccount": accountId },
      ArnLike: { "aws:SourceArn": pulumi.interpolate`arn:${partition}:s3:::${sourceBucketPrefix}*` },
    },
  };
}
