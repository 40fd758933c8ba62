import type { Input } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { type Place, regionalArn } from "../arn";
import { allow, type Conditions, type Statement } from "./policyDocument";

/** Whether a `valueFrom` names a Secrets Manager secret; everything else is an SSM parameter. */
export function isSecretsManager(valueFrom: string): boolean {
  return /^arn:[^:]+:secretsmanager:/.test(valueFrom);
}

/** ARN of an SSM parameter given by name or ARN. */
export function parameterArn(parameter: string, place: Place): Input<string> {
  if (parameter.startsWith("arn:")) return parameter;
  return regionalArn(place, "ssm", `parameter/${parameter.replace(/^\//, "")}`);
}

/** The secret's own ARN: a `valueFrom` may go on with JSON key, stage and version. */
export function secretArn(valueFrom: string): string {
  return valueFrom.split(":").slice(0, 7).join(":");
}

/** Reading these parameters and secrets, by name or ARN. */
export function secretPermissions(given: readonly string[], place: Place): Statement[] {
  const parameters = given.filter((name) => !isSecretsManager(name)).map((name) => parameterArn(name, place));
  const secrets = given.filter(isSecretsManager).map(secretArn);
  return [
    ...(parameters.length > 0 ? [allow(["ssm:GetParameters"], parameters)] : []),
    ...(secrets.length > 0 ? [allow(["secretsmanager:GetSecretValue"], secrets)] : []),
  ];
}

/** Secrets that one statement names: a policy is parted between statements where AWS takes no longer one. */
const SECRETS_IN_CONDITION = 20;

/**
 * Decrypting these parameters and secrets with keys of one's own: for nothing else, and through the service that keeps them
 * alone.
 * https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
 * https://docs.aws.amazon.com/kms/latest/developerguide/services-secrets-manager.html
 */
export function secretKeyPermissions(
  given: readonly string[],
  keyArns: readonly Input<string>[],
  place: Place,
): Statement[] {
  return decryptions(given, place).flatMap(({ region, conditions }) => {
    // A key decrypts what is in its own region.
    const keys = keyArns.filter(
      (arn) => typeof arn !== "string" || region === undefined || arn.split(":")[3] === region,
    );
    return keys.length > 0 ? [allow(["kms:Decrypt"], keys, conditions)] : [];
  });
}

/** The conditions under which secrets are decrypted, some secrets at a time. */
export function decryptions(
  given: readonly string[],
  place: Place,
): { readonly region: string | undefined; readonly conditions: Conditions }[] {
  const kept = given.map((name) => ({
    service: isSecretsManager(name) ? ("secretsmanager" as const) : ("ssm" as const),
    region: name.startsWith("arn:") ? name.split(":")[3] : undefined,
    arn: isSecretsManager(name) ? secretArn(name) : parameterArn(name, place),
  }));
  const keepers = [...new Set(kept.map(({ service, region }) => `${service} ${region ?? ""}`))];
  return keepers.flatMap((keeper) => {
    const here = kept.filter(({ service, region }) => keeper === `${service} ${region ?? ""}`);
    const [first] = here;
    if (!first) return [];
    const { service, region } = first;
    const arns = [...new Set(here.map(({ arn }) => arn))];
    const parts = Array.from({ length: Math.ceil(arns.length / SECRETS_IN_CONDITION) }, (_, index) =>
      arns.slice(index * SECRETS_IN_CONDITION, (index + 1) * SECRETS_IN_CONDITION),
    );
    return parts.map((part) => ({
      region,
      conditions: {
        StringEquals: {
          "kms:ViaService": pulumi.interpolate`${service}.${region ?? place.region}.amazonaws.com`,
          [ENCRYPTION_CONTEXT[service]]: part,
        },
      },
    }));
  });
}

/** What each service says to KMS of what it decrypts. */
const ENCRYPTION_CONTEXT = {
  ssm: "kms:EncryptionContext:PARAMETER_ARN",
  secretsmanager: "kms:EncryptionContext:SecretARN",
} as const;
