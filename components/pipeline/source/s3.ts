import * as pulumi from "@pulumi/pulumi";
import { usedThrough } from "../../iam/keyUse";
import { allow, type Statement } from "../../iam/policyDocument";
import { artifactOf, declare, type SourceAction } from "../action";

/** Arguments of `s3Source`. */
export interface S3SourceArgs {
  /** Action name; its artifact and variable namespace are named after it. */
  readonly name: string;
  /** Name of a versioned bucket that sends its events to EventBridge, as `SourceBucket` does. */
  readonly bucket: pulumi.Input<string>;
  /** Bucket ARN. */
  readonly bucketArn: pulumi.Input<string>;
  /** Key of the zip file whose new versions are delivered. */
  readonly objectKey: string;
  /** Key the object is encrypted with. @default - S3's own encryption */
  readonly kmsKeyArn?: pulumi.Input<string>;
}

/**
 * S3 source, started by an EventBridge rule on new versions of the object; nothing polls. The event's version goes along:
 * the run delivers what was uploaded, even when the next upload is there already. Its `commitId` is that version.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-S3.html
 */
export function s3Source(args: S3SourceArgs): SourceAction {
  const { name, bucket, objectKey } = args;
  const output = artifactOf(name);
  const namespace = `${name}Variables`;
  return {
    declaration: declare("Source", "S3", {
      name,
      namespace,
      outputArtifacts: [output.name],
      configuration: { S3Bucket: bucket, S3ObjectKey: objectKey, PollForSourceChanges: "false" },
    }),
    permissions: fetchPermissions(args),
    output,
    commitId: `#{${namespace}.VersionId}`,
    trigger: {
      kind: "event",
      pattern: pulumi.jsonStringify({
        source: ["aws.s3"],
        "detail-type": ["Object Created"],
        detail: { bucket: { name: [bucket] }, object: { key: [objectKey] } },
      }),
      revision: { type: "S3_OBJECT_VERSION_ID", path: "$.detail.object.version-id" },
    },
  };
}

function fetchPermissions({ bucketArn, objectKey, kmsKeyArn }: S3SourceArgs): Statement[] {
  const fetch = ["s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectTagging", "s3:GetObjectVersionTagging"];
  return [
    allow(["s3:GetBucketVersioning", "s3:GetBucketAcl", "s3:GetBucketLocation"], [bucketArn]),
    allow(fetch, [pulumi.interpolate`${bucketArn}/${objectKey}`]),
    ...(kmsKeyArn === undefined ? [] : [allow(["kms:Decrypt"], [kmsKeyArn], usedThrough("s3", kmsKeyArn))]),
  ];
}
