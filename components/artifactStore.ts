import * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { allow, type Statement } from "./iam/policyDocument";
import type { ArtifactStoreRef } from "./refs";

/** Arguments of `ArtifactStore`. */
export interface ArtifactStoreArgs {
  /** Key that encrypts the artifacts. */
  readonly kmsKeyArn: Input<string>;
  /** Days after which an artifact is deleted. @default 90 */
  readonly expireAfterDays?: number;
  /** Delete the bucket with what is in it. @default false */
  readonly forceDestroy?: boolean;
}

/**
 * The bucket CodePipeline keeps artifacts in: private, encrypted, versioned, TLS only, emptied after a while.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/welcome-introducing-artifacts.html
 */
export class ArtifactStore extends pulumi.ComponentResource implements ArtifactStoreRef {
  readonly bucket: Output<string>;
  readonly arn: Output<string>;
  readonly kmsKeyArn: Output<string>;

  constructor(name: string, args: ArtifactStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ecs-delivery:index:ArtifactStore", name, {}, opts);
    const { forceDestroy = false } = args;
    const bucket = new aws.s3.Bucket(name, { forceDestroy }, { parent: this });
    const settings = defineBucketSettings(name, bucket, args, this);
    // Whoever uses the bucket waits for its settings: an artifact written earlier would miss its encryption.
    this.bucket = pulumi.all([bucket.bucket, pulumi.all(settings)]).apply(([id]) => id);
    this.arn = bucket.arn;
    this.kmsKeyArn = pulumi.output(args.kmsKeyArn);
    this.registerOutputs({ bucket: this.bucket, arn: this.arn });
  }
}

function defineBucketSettings(
  name: string,
  bucket: aws.s3.Bucket,
  args: ArtifactStoreArgs,
  parent: pulumi.Resource,
): Output<string>[] {
  const of = { bucket: bucket.id };
  const opts = { parent };
  const versioning = new aws.s3.BucketVersioning(name, { ...of, versioningConfiguration: { status: "Enabled" } }, opts);
  const encryption = new aws.s3.BucketServerSideEncryptionConfiguration(
    name,
    {
      ...of,
      rules: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: args.kmsKeyArn },
          bucketKeyEnabled: true,
        },
      ],
    },
    opts,
  );
  new aws.s3.BucketOwnershipControls(name, { ...of, rule: { objectOwnership: "BucketOwnerEnforced" } }, opts);
  const closed = new aws.s3.BucketPublicAccessBlock(
    name,
    { ...of, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
    opts,
  );
  const policy = { policy: tlsOnly(bucket.arn) };
  new aws.s3.BucketPolicy(name, { ...of, ...policy }, { parent, dependsOn: [closed] });
  defineExpiry(name, bucket, args.expireAfterDays ?? 90, { parent, dependsOn: [versioning] });
  return [versioning.id, encryption.id];
}

function defineExpiry(name: string, bucket: aws.s3.Bucket, days: number, opts: pulumi.CustomResourceOptions): void {
  new aws.s3.BucketLifecycleConfiguration(
    name,
    {
      bucket: bucket.id,
      rules: [
        {
          id: "expire-artifacts",
          status: "Enabled",
          filter: {},
          expiration: { days },
          noncurrentVersionExpiration: { noncurrentDays: 7 },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
        },
      ],
    },
    opts,
  );
}

function tlsOnly(bucketArn: Output<string>): Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [bucketArn, pulumi.interpolate`${bucketArn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
}

const READ_OBJECTS = ["s3:GetObject", "s3:GetObjectVersion"];
const READ_KEY = ["kms:DescribeKey", "kms:Decrypt"];

/**
 * What reading, or reading and writing, artifacts takes.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html
 */
export function artifactPermissions(store: ArtifactStoreRef, access: "read" | "write"): Statement[] {
  const write = access === "write";
  return [
    allow(["s3:GetBucketVersioning", "s3:GetBucketAcl", "s3:GetBucketLocation"], [store.arn]),
    allow(write ? [...READ_OBJECTS, "s3:PutObject", "s3:PutObjectAcl"] : READ_OBJECTS, [
      pulumi.interpolate`${store.arn}/*`,
    ]),
    ...(store.kmsKeyArn === undefined
      ? []
      : [
          allow(write ? [...READ_KEY, "kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"] : READ_KEY, [
            store.kmsKeyArn,
          ]),
        ]),
  ];
}
