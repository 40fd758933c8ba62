import * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { usedThrough } from "../iam/keyUse";
import { allow, type Statement } from "../iam/policyDocument";
import { defineRole } from "../iam/role";

/** A bucket of another region that gets a copy of every object. */
export interface ReplicaRef {
  /** Its ARN; it keeps versions. */
  readonly bucketArn: Input<string>;
  /** Key of its region that encrypts the copies. */
  readonly kmsKeyArn: Input<string>;
}

/** What is copied, and where to. */
interface ReplicationArgs {
  readonly bucket: aws.s3.Bucket;
  /** The bucket's name once versions are on: S3 copies from no other. */
  readonly name: Output<string>;
  readonly kmsKeyArn: Input<string>;
  readonly replica: ReplicaRef;
}

/**
 * Copies every new object of a bucket to another region, in a role that may do that alone.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html
 */
export function defineReplication(name: string, args: ReplicationArgs, parent: pulumi.Resource): void {
  const { replica } = args;
  const statements = permissions(args);
  const role = defineRole(`${name}-replication`, { service: "s3.amazonaws.com", statements }, parent);
  new aws.s3.BucketReplicationConfig(
    name,
    {
      bucket: args.name,
      role: role.arn,
      rules: [
        {
          id: "everything",
          status: "Enabled",
          priority: 1,
          filter: {},
          deleteMarkerReplication: { status: "Disabled" },
          sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
          destination: {
            bucket: replica.bucketArn,
            encryptionConfiguration: { replicaKmsKeyId: replica.kmsKeyArn },
          },
        },
      ],
    },
    { parent, dependsOn: [...role.policies] },
  );
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html */
function permissions({ bucket, kmsKeyArn, replica }: ReplicationArgs): Statement[] {
  const objects = pulumi.interpolate`${bucket.arn}/*`;
  return [
    allow(["s3:GetReplicationConfiguration", "s3:ListBucket"], [bucket.arn]),
    allow(["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"], [objects]),
    allow(["s3:ReplicateObject", "s3:ReplicateTags"], [pulumi.interpolate`${replica.bucketArn}/*`]),
    allow(["kms:Decrypt"], [kmsKeyArn], usedThrough("s3", kmsKeyArn)),
    allow(["kms:Encrypt"], [replica.kmsKeyArn], usedThrough("s3", replica.kmsKeyArn)),
  ];
}
