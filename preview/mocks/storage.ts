import { type Answer, answerText, byArn, hex, hostsOf, settingOf, textOr, uuid } from "./asked";

/** Zone in which AWS keeps the names of buckets; that of eu-west-1 stands for all. */
export const BUCKET_ZONE = "Z1BKCTXD74EZPE";

const bucket: Answer = (asked) => {
  // Names that autonaming makes are lower case: S3 takes no others.
  const name = answerText(asked.inputs.bucket) ?? asked.name.toLowerCase();
  return {
    id: name,
    bucket: name,
    arn: `arn:${asked.partition}:s3:::${name}`,
    region: asked.region,
    bucketRegion: asked.region,
    bucketDomainName: `${name}.s3.${hostsOf(asked)}`,
    hostedZoneId: BUCKET_ZONE,
    bucketRegionalDomainName: `${name}.s3.${asked.region}.${hostsOf(asked)}`,
    websiteDomain: "",
    websiteEndpoint: "",
  };
};

const bucketObject: Answer = ({ inputs, hash, partition }) => {
  const key = textOr(inputs.key);
  return { id: key, arn: `arn:${partition}:s3:::${textOr(inputs.bucket)}/${key}`, versionId: hex(hash, 32) };
};

/** Checksums are there only for an algorithm that was asked for. */
const bucketObjectv2: Answer = (asked) => ({
  ...bucketObject(asked),
  checksumCrc32: "",
  checksumCrc32c: "",
  checksumCrc64nvme: "",
  checksumSha1: "",
  checksumSha256: "",
});

const repository: Answer = (asked) => {
  const name = answerText(asked.inputs.name) ?? asked.name.toLowerCase();
  return {
    id: name,
    name,
    arn: asked.arn("ecr", `repository/${name}`),
    registryId: asked.account,
    repositoryUrl: `${asked.account}.dkr.ecr.${asked.region}.${hostsOf(asked)}/${name}`,
  };
};

const ofRepository: Answer = ({ inputs, account }) => ({ id: textOr(inputs.repository), registryId: account });

const key: Answer = (asked) => {
  const keyId = uuid(asked.hash);
  return { id: keyId, keyId, arn: asked.arn("kms", `key/${keyId}`) };
};

const alias: Answer = (asked) => {
  const name = answerText(asked.inputs.name) ?? `alias/${asked.name}`;
  const target = textOr(asked.inputs.targetKeyId);
  const targetKeyArn = target.startsWith("arn:") ? target : asked.arn("kms", `key/${target}`);
  return { id: name, name, arn: asked.arn("kms", name), targetKeyArn };
};

const ofBucket = settingOf("bucket");

/** Buckets, repositories, keys, parameters. */
export const storageAnswers: Readonly<Record<string, Answer>> = {
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": ofRepository,
  "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": ({ inputs, account }) => ({
    id: textOr(inputs.ecrRepositoryPrefix),
    registryId: account,
  }),
  "aws:ecr/repository:Repository": repository,
  "aws:ecr/repositoryPolicy:RepositoryPolicy": ofRepository,
  "aws:kms/alias:Alias": alias,
  "aws:kms/key:Key": key,
  "aws:s3/bucket:Bucket": bucket,
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ofBucket,
  "aws:s3/bucketLogging:BucketLogging": ofBucket,
  "aws:s3/bucketNotification:BucketNotification": ofBucket,
  "aws:s3/bucketObject:BucketObject": bucketObject,
  "aws:s3/bucketObjectv2:BucketObjectv2": bucketObjectv2,
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ofBucket,
  "aws:s3/bucketPolicy:BucketPolicy": ofBucket,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ofBucket,
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig": ofBucket,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": ofBucket,
  "aws:s3/bucketVersioning:BucketVersioning": ofBucket,
  "aws:secretsmanager/secret:Secret": byArn("secretsmanager", (name, { hash }) => `secret:${name}-${hex(hash, 6)}`),
  "aws:ssm/parameter:Parameter": (asked) => ({
    id: asked.name,
    name: asked.name,
    version: 1,
    hasValueWo: false,
    arn: asked.arn("ssm", `parameter/${asked.name.replace(/^\//, "")}`),
  }),
};
