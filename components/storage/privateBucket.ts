import * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { placeOf } from "../arn";
import { admitting, type OtherRole } from "../iam/otherAccount";
import type { RoleRef } from "../refs";

/** Below this, each bucket has a folder of its own in the bucket that it writes its access logs to. */
export const BUCKET_PREFIX = "buckets";

/** Where a load balancer or a bucket writes its access logs. */
export interface LogBucketRef {
  /** Bucket name. */
  readonly bucket: Input<string>;
}

/** Rule of a bucket's lifecycle, in AWS's terms. */
export type Expiry = Pick<
  aws.types.input.s3.BucketLifecycleConfigurationRule,
  "id" | "expiration" | "noncurrentVersionExpiration"
>;

/** What a private bucket is made from. */
interface PrivateBucketArgs {
  /** Key that encrypts the objects. @default - S3's own encryption */
  readonly kmsKeyArn?: Input<string>;
  /** Delete the bucket with what is in it. @default false */
  readonly forceDestroy?: boolean;
  /** Region of the bucket. @default - the provider's */
  readonly region?: string;
  /** Roles of this account, made by someone else, that read and write the objects. @default - none */
  readonly users?: readonly RoleRef[];
  /** Roles of other accounts that read the objects. @default - none */
  readonly readers?: readonly OtherRole[];
  /** Statements of the bucket's policy besides, of the bucket with this ARN. @default - none */
  readonly admitted?: (bucketArn: Output<string>) => readonly object[];
  /** Bucket that is told of every request. @default - nobody is told */
  readonly accessLogs?: LogBucketRef | undefined;
  /** Patterns of the keys of what those read. @default - all */
  readonly readKeys?: readonly string[];
  /** When objects and their old versions go. Uploads that were broken off go after a day. */
  readonly expiry: Expiry;
}

/** A bucket, and its name for whoever uses it. */
interface PrivateBucket {
  readonly bucket: aws.s3.Bucket;
  /** Known once versions and encryption are on: an object written earlier would miss them. */
  readonly name: Output<string>;
  readonly policy: aws.s3.BucketPolicy;
}

/**
 * A bucket that is private, encrypted, versioned and TLS only, and deletes what is old.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
 */
export function definePrivateBucket(name: string, args: PrivateBucketArgs, parent: pulumi.Resource): PrivateBucket {
  const { forceDestroy = false } = args;
  const bucket = new aws.s3.Bucket(name, { ...whereOf(args), forceDestroy }, { parent });
  const { settings, policy } = defineSettings(name, bucket, args, parent);
  return { bucket, policy, name: pulumi.all([bucket.bucket, pulumi.all(settings)]).apply(([id]) => id) };
}

function whereOf({ region }: PrivateBucketArgs): { region?: string } {
  return region === undefined ? {} : { region };
}

function defineSettings(
  name: string,
  bucket: aws.s3.Bucket,
  args: PrivateBucketArgs,
  parent: pulumi.Resource,
): { readonly settings: Output<string>[]; readonly policy: aws.s3.BucketPolicy } {
  const of = { ...whereOf(args), bucket: bucket.id };
  const opts = { parent };
  const versioning = new aws.s3.BucketVersioning(name, { ...of, versioningConfiguration: { status: "Enabled" } }, opts);
  const rule =
    args.kmsKeyArn === undefined
      ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }
      : {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: args.kmsKeyArn },
          bucketKeyEnabled: true,
        };
  const encryption = new aws.s3.BucketServerSideEncryptionConfiguration(name, { ...of, rules: [rule] }, opts);
  new aws.s3.BucketOwnershipControls(name, { ...of, rule: { objectOwnership: "BucketOwnerEnforced" } }, opts);
  const closed = new aws.s3.BucketPublicAccessBlock(
    name,
    { ...of, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
    opts,
  );
  const text = bucketPolicy(bucket.arn, args, parent);
  const policy = new aws.s3.BucketPolicy(name, { ...of, policy: text }, { parent, dependsOn: [closed] });
  const { accessLogs } = args;
  if (accessLogs) {
    const targetPrefix = `${BUCKET_PREFIX}/${name}/`;
    new aws.s3.BucketLogging(name, { ...of, targetBucket: accessLogs.bucket, targetPrefix }, opts);
  }
  const rules = [ruleOf(args.expiry)];
  new aws.s3.BucketLifecycleConfiguration(name, { ...of, rules }, { parent, dependsOn: [versioning] });
  return { settings: [versioning.id, encryption.id], policy };
}

function ruleOf({
  id,
  expiration,
  noncurrentVersionExpiration,
}: Expiry): aws.types.input.s3.BucketLifecycleConfigurationRule {
  return {
    id,
    status: "Enabled",
    filter: {},
    expiration,
    noncurrentVersionExpiration,
    abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
  };
}

function bucketPolicy(
  bucketArn: Output<string>,
  { readers = [], readKeys = ["*"], users = [], admitted }: PrivateBucketArgs,
  parent: pulumi.Resource,
): Output<string> {
  const objects = pulumi.interpolate`${bucketArn}/*`;
  const tlsOnly = {
    Sid: "TlsOnly",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [bucketArn, objects],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
  const read = ["s3:GetObject", "s3:GetObjectVersion"];
  const look = ["s3:GetBucketVersioning", "s3:GetBucketAcl", "s3:GetBucketLocation"];
  const admittedUsers = users.flatMap(({ arn }) => {
    // The role itself is the principal: its own policies know nothing of this bucket.
    const user = { Effect: "Allow", Principal: { AWS: arn } };
    return [
      { ...user, Action: [...read, "s3:PutObject"], Resource: objects },
      { ...user, Action: look, Resource: bucketArn },
    ];
  });
  const admittedReaders = readers.flatMap((role) => {
    const reader = admitting(role, placeOf(parent));
    return [
      { ...reader, Action: read, Resource: readKeys.map((key) => pulumi.interpolate`${bucketArn}/${key}`) },
      { ...reader, Action: look, Resource: bucketArn },
    ];
  });
  const others = admitted?.(bucketArn) ?? [];
  const statements = [tlsOnly, ...admittedUsers, ...admittedReaders, ...others];
  return pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements });
}
