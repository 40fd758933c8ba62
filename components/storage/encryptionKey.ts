import * as aws from "@pulumi/aws";
import type { Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { type Place, placeOf, regionalArn } from "../arn";
import { admitting, type OtherRole } from "../iam/otherAccount";
import { decryptions } from "../iam/secrets";
import type { TopicPublisher } from "../notify/notificationTopic";
import type { RoleRef } from "../refs";

/** Arguments of `EncryptionKey`. */
export interface EncryptionKeyArgs {
  /** What the key is for, shown in the console. */
  readonly description: string;
  /** Days between deletion and the key being gone, 7 to 30. @default 30 */
  readonly deletionWindowInDays?: number;
  /** Region of the key. @default - the provider's */
  readonly region?: string;
  /** What publishes to a topic encrypted with it, without a role of its own. @default - nothing */
  readonly publishers?: readonly TopicPublisher[];
  /** Roles of this account, made by someone else, that read and write artifacts encrypted with it. @default - none */
  readonly artifactUsers?: readonly RoleRef[];
  /**
   * Roles of this account, made by someone else, and the parameters and secrets (by name or ARN) that each decrypts with it,
   * through the service that keeps them alone. @default - none
   */
  readonly secretReaders?: readonly SecretReader[];
  /** Roles of other accounts that read artifacts encrypted with it, through S3 alone. @default - none */
  readonly artifactReaders?: readonly OtherRole[];
}

/** A role, and the secrets that it reads. */
export interface SecretReader {
  readonly role: RoleRef;
  /** SSM parameters by name or ARN, Secrets Manager secrets by ARN. */
  readonly secrets: readonly string[];
}

/**
 * The key of one environment: artifacts, log groups and the notification topic are encrypted with it. It rotates, the
 * account's policies decide who uses it, and besides them only the AWS services that write to those three.
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 * https://docs.aws.amazon.com/dtconsole/latest/userguide/set-up-sns.html
 */
export class EncryptionKey extends pulumi.ComponentResource {
  readonly arn: Output<string>;

  constructor(name: string, args: EncryptionKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ecs-delivery:index:EncryptionKey", name, {}, opts);
    const { description, deletionWindowInDays = 30 } = args;
    const where = args.region === undefined ? {} : { region: args.region };
    const policy = keyPolicy(args, this);
    const key = new aws.kms.Key(
      name,
      { ...where, description, deletionWindowInDays, enableKeyRotation: true, policy },
      { parent: this },
    );
    new aws.kms.Alias(name, { ...where, targetKeyId: key.keyId }, { parent: this });
    this.arn = key.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

function keyPolicy(
  { region: given, artifactReaders = [], artifactUsers = [], secretReaders = [], publishers = [] }: EncryptionKeyArgs,
  parent: pulumi.Resource,
): Output<string> {
  const here = placeOf(parent);
  const place: Place = given === undefined ? here : { ...here, region: pulumi.output(given) };
  const { accountId, partition, region } = place;
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AccountDecides",
        Effect: "Allow",
        Principal: { AWS: pulumi.interpolate`arn:${partition}:iam::${accountId}:root` },
        Action: "kms:*",
        Resource: "*",
      },
      {
        Sid: "LogGroups",
        Effect: "Allow",
        Principal: { Service: pulumi.interpolate`logs.${region}.amazonaws.com` },
        Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
        Resource: "*",
        Condition: {
          ArnLike: { "kms:EncryptionContext:aws:logs:arn": regionalArn(place, "logs", "log-group:*") },
        },
      },
      ...publishers.map((one) => publisherStatement(one, place)),
      ...artifactUsers.map(useForArtifacts),
      ...artifactReaders.map((role) => readThroughS3(role, place)),
      ...secretReaders.flatMap((reader) => decryptSecrets(reader, place)),
    ],
  });
}

/** What publishes to an encrypted topic without a role. EventBridge has one: it takes no conditions here. */
function publisherStatement(publisher: TopicPublisher, place: Place) {
  const use = { Effect: "Allow", Resource: "*", Action: ["kms:GenerateDataKey*", "kms:Decrypt"] };
  switch (publisher) {
    case "notifications":
      return {
        ...use,
        Sid: "Notifications",
        Principal: { Service: "codestar-notifications.amazonaws.com" },
        Condition: throughService("sns", place),
      };
    case "alarms":
      return {
        ...use,
        Sid: "Alarms",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Condition: { StringEquals: { "aws:SourceAccount": place.accountId } },
      };
    default: {
      const never: never = publisher;
      return never;
    }
  }
}

function throughService(service: string, { region }: Place) {
  return { StringEquals: { "kms:ViaService": pulumi.interpolate`${service}.${region}.amazonaws.com` } };
}

/** The role itself is the principal: its own policies know nothing of this key. */
function useForArtifacts({ arn }: RoleRef) {
  return {
    Effect: "Allow",
    Principal: { AWS: arn },
    Action: ["kms:DescribeKey", "kms:Decrypt", "kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"],
    Resource: "*",
  };
}

function decryptSecrets({ role, secrets }: SecretReader, place: Place) {
  return decryptions(secrets, place).map(({ conditions }) => ({
    Effect: "Allow",
    Principal: { AWS: role.arn },
    Action: "kms:Decrypt",
    Resource: "*",
    Condition: conditions,
  }));
}

function readThroughS3(role: OtherRole, place: Place) {
  const { Condition, ...principal } = admitting(role, place);
  return {
    ...principal,
    Action: ["kms:Decrypt", "kms:DescribeKey"],
    Resource: "*",
    Condition: { ...Condition, ...throughService("s3", place) },
  };
}
