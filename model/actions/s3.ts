import { NAMES } from "../../components/checks/names";
import type { RecordedGraph } from "../graph/graph";
import { mapOf, mapsOf, textOf } from "../graph/read";
import { ofType, TYPES } from "../graph/resources";
import { keyCalls } from "../permissions/need";
import { callsTo, source } from "./provider";

/** https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-S3.html */
export const s3 = source({
  required: ["S3Bucket", "S3ObjectKey"],
  optional: ["PollForSourceChanges", "AllowOverrideForS3ObjectKey"],
  values: {
    S3Bucket: NAMES.bucket,
    S3ObjectKey: { pattern: /^[^*]+$/, max: 1024, expected: "the key of one object" },
  },
  target: (given) => `s3://${given.S3Bucket ?? ""}/${given.S3ObjectKey ?? ""}`,
  calls: (graph, { configuration: given }, place) => {
    const bucket = `arn:${place.partition}:s3:::${given.S3Bucket ?? ""}`;
    const verbs = ["GetObject", "GetObjectVersion", "GetObjectTagging", "GetObjectVersionTagging"];
    const key = keyOf(graph, given.S3Bucket);
    return [
      callsTo("s3", ["GetBucketVersioning", "GetBucketAcl", "GetBucketLocation"], bucket),
      callsTo("s3", verbs, `${bucket}/${given.S3ObjectKey ?? ""}`),
      ...(key?.includes(":key/") ? [keyCalls(["kms:Decrypt"], key, "s3", place.region)] : []),
    ];
  },
  starts: {
    watched: (given) => `object s3://${given.S3Bucket}/${given.S3ObjectKey}`,
    revisionType: "S3_OBJECT_VERSION_ID",
    event: (given, { partition }) => ({
      source: "aws.s3",
      "detail-type": "Object Created",
      resources: [`arn:${partition}:s3:::${given.S3Bucket ?? ""}`],
      detail: {
        bucket: { name: given.S3Bucket },
        reason: "PutObject",
        object: { key: given.S3ObjectKey, "version-id": "0a1b2c3" },
      },
    }),
    bucket: (given) => given.S3Bucket,
  },
});

/** Key that a bucket of the graph encrypts with. */
function keyOf(graph: RecordedGraph, bucket: string | undefined): string | undefined {
  const settings = ofType(graph, TYPES.bucketEncryption).find(({ inputs }) => inputs.bucket === bucket);
  const [rule] = mapsOf(settings?.inputs.rules);
  return textOf(mapOf(rule?.applyServerSideEncryptionByDefault).kmsMasterKeyId);
}
