import * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { definePrivateBucket, type LogBucketRef } from "./privateBucket";

/** Arguments of `SourceBucket`. */
export interface SourceBucketArgs {
  /** Key that encrypts the objects; who uploads needs it too. */
  readonly kmsKeyArn: Input<string>;
  /** Days after which a version that a newer one has replaced is deleted. @default 90 */
  readonly expireOldVersionsAfterDays?: number;
  /** Bucket that every request to this one is logged in. @default - requests are not logged */
  readonly accessLogs?: LogBucketRef | undefined;
  /** Delete the bucket with what is in it. @default false */
  readonly forceDestroy?: boolean;
}

/**
 * The bucket that zip files are uploaded to and `s3Source` delivers from: private, encrypted, versioned, TLS only. It
 * tells EventBridge of every upload. The newest version stays.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-event-notifications-eventbridge.html
 */
export class SourceBucket extends pulumi.ComponentResource {
  /** Bucket name. */
  readonly bucket: Output<string>;
  readonly arn: Output<string>;
  readonly kmsKeyArn: Output<string>;

  constructor(name: string, args: SourceBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ecs-delivery:index:SourceBucket", name, {}, opts);
    const { kmsKeyArn, forceDestroy, accessLogs, expireOldVersionsAfterDays: noncurrentDays = 90 } = args;
    const expiry = { id: "expire-old-versions", noncurrentVersionExpiration: { noncurrentDays } };
    const { bucket, name: bucketName } = definePrivateBucket(
      name,
      { kmsKeyArn, forceDestroy, accessLogs, expiry },
      this,
    );
    const events = new aws.s3.BucketNotification(name, { bucket: bucket.id, eventbridge: true }, { parent: this });
    // An upload that nobody is told of starts nothing.
    this.bucket = pulumi.all([bucketName, events.id]).apply(([id]) => id);
    this.arn = bucket.arn;
    this.kmsKeyArn = pulumi.output(kmsKeyArn);
    this.registerOutputs({ bucket: this.bucket, arn: this.arn });
  }
}
