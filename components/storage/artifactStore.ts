import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { usedThrough } from "../iam/keyUse";
import type { OtherRole } from "../iam/otherAccount";
import { allow, type Statement } from "../iam/policyDocument";
import type { ArtifactStoreRef, RoleRef } from "../refs";
import { definePrivateBucket, type LogBucketRef } from "./privateBucket";
import { defineReplication, type ReplicaRef } from "./replication";

/** Arguments of `ArtifactStore`. */
export interface ArtifactStoreArgs {
  /** Key that encrypts the artifacts. */
  readonly kmsKeyArn: Input<string>;
  /** Days after which an artifact is deleted. @default 90 */
  readonly expireAfterDays?: number;
  /** Delete the bucket with what is in it. @default false */
  readonly forceDestroy?: boolean;
  /** Region of the bucket and its key. @default - the provider's */
  readonly region?: string;
  /** Roles of this account, made by someone else, that read and write artifacts. @default - none */
  readonly users?: readonly RoleRef[];
  /** Bucket that every request to this one is logged in. @default - requests are not logged */
  readonly accessLogs?: LogBucketRef | undefined;
  /** Bucket of another region that gets a copy of every artifact. @default - none does */
  readonly replica?: ReplicaRef | undefined;
  /** Roles of other accounts that read artifacts: those in which a pipeline deploys there. @default - none */
  readonly readers?: readonly OtherRole[];
  /** Patterns of the keys of what those read. @default - all */
  readonly readKeys?: readonly string[];
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
    const { expireAfterDays: days = 90, replica, ...rest } = args;
    const expiry = {
      id: "expire-artifacts",
      expiration: { days },
      noncurrentVersionExpiration: { noncurrentDays: 7 },
    };
    const { bucket, name: bucketName } = definePrivateBucket(name, { ...rest, expiry }, this);
    if (replica) defineReplication(name, { bucket, name: bucketName, kmsKeyArn: args.kmsKeyArn, replica }, this);
    this.bucket = bucketName;
    this.arn = bucket.arn;
    this.kmsKeyArn = pulumi.output(args.kmsKeyArn);
    this.registerOutputs({ bucket: this.bucket, arn: this.arn });
  }
}

/** What someone does with artifacts: patterns of the keys of those that are read, and of those that are written. */
export interface ArtifactAccess {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** What is asked of the bucket itself. */
  readonly looks: readonly string[];
}

/** https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html */
export const ACTION_LOOKS = ["s3:GetBucketVersioning", "s3:GetBucketAcl", "s3:GetBucketLocation"];

/** https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html */
export const BUILD_LOOKS = ["s3:GetBucketAcl", "s3:GetBucketLocation"];

const READ_KEY = ["kms:DescribeKey", "kms:Decrypt"];
const WRITE_KEY = ["kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"];

/**
 * What reading and writing these artifacts takes. The key is used by S3 alone, in the caller's name.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/S3-artifact-encryption.html
 */
export function artifactPermissions(store: ArtifactStoreRef, { reads, writes, looks }: ArtifactAccess): Statement[] {
  const objects = (keys: readonly string[]) => [...new Set(keys)].map((key) => pulumi.interpolate`${store.arn}/${key}`);
  const keyActions = [...READ_KEY, ...(writes.length > 0 ? WRITE_KEY : [])];
  return [
    allow(looks, [store.arn]),
    ...(reads.length > 0 ? [allow(["s3:GetObject", "s3:GetObjectVersion"], objects(reads))] : []),
    ...(writes.length > 0 ? [allow(["s3:PutObject"], objects(writes))] : []),
    ...(store.kmsKeyArn === undefined
      ? []
      : [allow(keyActions, [store.kmsKeyArn], usedThrough("s3", store.kmsKeyArn))]),
  ];
}
