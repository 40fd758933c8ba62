import type { Input } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import type { Conditions } from "./policyDocument";

/**
 * A key is used by one service alone, in the caller's name, in the region of what it keeps.
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
export function usedThrough(service: "s3" | "sns", ofArn: Input<string>): Conditions {
  const through = pulumi.output(ofArn).apply((arn) => `${service}.${arn.split(":")[3] ?? ""}.amazonaws.com`);
  return { StringEquals: { "kms:ViaService": through } };
}
