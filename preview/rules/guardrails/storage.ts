import { z } from "zod";
import type { RecordedGraph, RecordedResource } from "../../../model/graph/graph";
import { statementsIn } from "../../../model/graph/iam";
import { listOf, mapOf, numberOf, textOf } from "../../../model/graph/read";
import { arnOf, ofType, physicalName, TYPES } from "../../../model/graph/resources";
import { principalsOf } from "../../../model/permissions/roleAccess";
import { guardrail, IN_PRODUCTION, type NamedRule, NO_OPTIONS } from "../rule";

const imageNotScanned = guardrail({
  name: "image-not-scanned",
  enforcement: "advisory",
  looksAt: "resource",
  description: "Every pushed image is looked through for known weaknesses",
  remedy: "set imageScanningConfiguration.scanOnPush, or let the registry scan all (then switch this rule off)",
  types: [TYPES.repository],
  options: NO_OPTIONS,
  problems: ({ inputs }) =>
    mapOf(inputs.imageScanningConfiguration).scanOnPush === true ? [] : ["nobody scans what is pushed"],
});

const logsKeptForever = guardrail({
  name: "logs-kept-forever",
  enforcement: "advisory",
  looksAt: "resource",
  description: "Logs are deleted after a time that somebody chose",
  remedy: "set retentionInDays; CloudWatch keeps and bills them without end otherwise",
  types: [TYPES.logGroup],
  options: z.strictObject({
    maximumDays: z.int().min(1).max(3653).default(3653).describe("Longest time, in days"),
  }),
  problems: ({ inputs }, { maximumDays }) => {
    const days = numberOf(inputs.retentionInDays) ?? 0;
    if (days === 0) return ["retentionInDays is not set"];
    return days > maximumDays ? [`retentionInDays: expected at most ${maximumDays}, got ${days}`] : [];
  },
});

const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const BLOCKED = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"] as const;

const publicBucket = guardrail({
  name: "public-bucket",
  enforcement: "mandatory",
  looksAt: "resource",
  description: "No bucket can be read or written by everybody",
  remedy: "block public access (all four settings of BucketPublicAccessBlock), and name who may read it",
  types: [BLOCK, TYPES.bucketPolicy, TYPES.bucket, "aws:s3/bucketAcl:BucketAcl", "aws:s3/bucketV2:BucketV2"],
  options: NO_OPTIONS,
  problems: ({ type, inputs }) => {
    if (type === BLOCK) return BLOCKED.flatMap((key) => (inputs[key] === true ? [] : [`${key} is not true`]));
    const acl = textOf(inputs.acl) ?? "";
    return [
      ...(acl.startsWith("public-") || acl === "authenticated-read" ? [`acl: ${acl}`] : []),
      ...statementsIn(inputs.policy)
        .filter((statement) => statement.effect === "Allow" && principalsOf(statement).aws.includes("*"))
        .filter(({ condition }) => Object.keys(condition).length === 0)
        .map(({ actions }) => `everybody may ${actions.join(", ")}`),
    ];
  },
});

const plainHttpToBucket = guardrail({
  name: "bucket-without-tls",
  enforcement: "advisory",
  looksAt: "stack",
  description: "Buckets refuse what does not come by TLS",
  remedy: 'add a bucket policy that denies s3:* where "aws:SecureTransport" is "false"',
  types: [TYPES.bucket, "aws:s3/bucketV2:BucketV2"],
  options: NO_OPTIONS,
  problems: (bucket, _options, graph) =>
    policiesOfBucket(graph, bucket).some((policy) =>
      statementsIn(policy.inputs.policy).some((one) => deniesPlainHttp(one, ["s3:*"])),
    )
      ? []
      : ["takes requests without TLS"],
});

const plainHttpToTopic = guardrail({
  name: "topic-without-tls",
  enforcement: "advisory",
  looksAt: "stack",
  description: "Topics refuse what does not come by TLS",
  remedy: 'add a topic policy that denies sns:Publish where "aws:SecureTransport" is "false"',
  types: [TYPES.topic],
  options: NO_OPTIONS,
  problems: (topic, _options, graph) => {
    const beside = ofType(graph, TYPES.topicPolicy).filter(({ inputs }) => textOf(inputs.arn) === arnOf(topic));
    const statements = [topic, ...beside].flatMap(({ inputs }) => statementsIn(inputs.policy));
    // Without a policy of its own a topic takes calls of its account alone.
    const isStated = topic.inputs.policy !== undefined || beside.length > 0;
    return !isStated || statements.some((one) => deniesPlainHttp(one, ["sns:*", "sns:Publish"]))
      ? []
      : ["takes requests without TLS"];
  },
});

function policiesOfBucket(graph: RecordedGraph, bucket: RecordedResource): readonly RecordedResource[] {
  const names = [bucket.id, physicalName(bucket), arnOf(bucket), textOf(bucket.outputs.bucket)];
  return ofType(graph, TYPES.bucketPolicy).filter(({ inputs }) => names.includes(textOf(inputs.bucket)));
}

function deniesPlainHttp(statement: ReturnType<typeof statementsIn>[number], every: readonly string[]): boolean {
  const { effect, condition, actions } = statement;
  const said = listOf(mapOf(condition.Bool)["aws:SecureTransport"]).map(textOf);
  const everybody = principalsOf(statement).aws.includes("*");
  return (
    effect === "Deny" && said.includes("false") && everybody && actions.some((one) => [...every, "*"].includes(one))
  );
}

const keyDoesNotRotate = guardrail({
  name: "key-does-not-rotate",
  enforcement: "advisory",
  looksAt: "resource",
  description: "Keys of one's own are renewed every year",
  remedy: "set enableKeyRotation; what was encrypted stays readable",
  types: [TYPES.key],
  options: NO_OPTIONS,
  problems: ({ inputs }) => {
    // AWS rotates symmetric keys whose material is its own.
    const symmetric = [undefined, "", "SYMMETRIC_DEFAULT"].includes(textOf(inputs.customerMasterKeySpec));
    return symmetric && inputs.enableKeyRotation !== true ? ["enableKeyRotation is not true"] : [];
  },
});

const KEPT = [
  TYPES.repository,
  TYPES.bucket,
  "aws:efs/fileSystem:FileSystem",
  "aws:rds/instance:Instance",
  "aws:rds/cluster:Cluster",
  "aws:dynamodb/table:Table",
];

const unprotectedData = guardrail({
  name: "unprotected-data",
  enforcement: "advisory",
  looksAt: "resource",
  description: "What cannot be made again is not deleted by a mistake in a stack file",
  remedy: "give it the resource option protect",
  types: KEPT,
  options: IN_PRODUCTION,
  problems: ({ protect, retainOnDelete }, { stacks }, { stack }) =>
    protect || retainOnDelete || !stacks.includes(stack) ? [] : [`${stack} would delete it without asking`],
});

export const storageRules: readonly NamedRule[] = [
  imageNotScanned,
  logsKeptForever,
  publicBucket,
  plainHttpToBucket,
  plainHttpToTopic,
  keyDoesNotRotate,
  unprotectedData,
];
