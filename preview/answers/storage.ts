import { type Answer, byArn, hex, settingOf, textOf } from "./asked";

const bucket: Answer = (asked) => {
  const name = textOf(asked.inputs.bucket) ?? asked.name;
  const bucketDomainName = `${name}.s3.amazonaws.com`;
  return { id: name, bucket: name, arn: `arn:aws:s3:::${name}`, bucketDomainName, region: asked.region };
};

const repository: Answer = (asked) => ({
  id: asked.name,
  name: asked.name,
  arn: asked.arn("ecr", `repository/${asked.name}`),
  registryId: asked.account,
  repositoryUrl: `${asked.account}.dkr.ecr.${asked.region}.amazonaws.com/${asked.name}`,
});

const key: Answer = (asked) => {
  const digits =
    hex(asked.hash, 32)
      .match(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/)
      ?.slice(1) ?? [];
  const keyId = digits.join("-");
  return { id: keyId, keyId, arn: asked.arn("kms", `key/${keyId}`) };
};

const ofBucket = settingOf("bucket");

/** Buckets, repositories, keys, parameters. */
export const storageAnswers: Readonly<Record<string, Answer>> = {
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": settingOf("repository"),
  "aws:ecr/repository:Repository": repository,
  "aws:ecr/repositoryPolicy:RepositoryPolicy": settingOf("repository"),
  "aws:kms/alias:Alias": (asked) => {
    const name = textOf(asked.inputs.name) ?? `alias/${asked.name}`;
    return { id: name, name, arn: asked.arn("kms", name) };
  },
  "aws:kms/key:Key": key,
  "aws:s3/bucket:Bucket": bucket,
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ofBucket,
  "aws:s3/bucketLogging:BucketLogging": ofBucket,
  "aws:s3/bucketNotification:BucketNotification": ofBucket,
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ofBucket,
  "aws:s3/bucketPolicy:BucketPolicy": ofBucket,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ofBucket,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": ofBucket,
  "aws:s3/bucketVersioning:BucketVersioning": ofBucket,
  "aws:secretsmanager/secret:Secret": byArn("secretsmanager", (name, { hash }) => `secret:${name}-${hex(hash, 6)}`),
  "aws:ssm/parameter:Parameter": (asked) => ({
    id: asked.name,
    name: asked.name,
    arn: asked.arn("ssm", `parameter/${asked.name.replace(/^\//, "")}`),
    version: 1,
  }),
};
