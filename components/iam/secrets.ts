import type { Input } from "@pulumi/pulumi";
import { type Place, regionalArn } from "../arn";

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
