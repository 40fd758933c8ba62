import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
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
    allow(write ? [...READ_OBJECTS, "s3:PutObject"] : READ_OBJECTS, [pulumi.interpolate`${store.arn}/*`]),
    ...(store.kmsKeyArn === undefined
      ? []
      : [
          allow(write ? [...READ_KEY, "kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"] : READ_KEY, [
            store.kmsKeyArn,
          ]),
        ]),
  ];
}
