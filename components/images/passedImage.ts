import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Output } from "@pulumi/pulumi";
import { NOTHING_DELIVERED } from "./deliveredImage";

/** The record of the images that passed a service's tests. */
export interface PassedImageRef {
  readonly name: Output<string>;
  readonly arn: Output<string>;
}

/**
 * The record of the images that passed: each version of the parameter names one, and SSM keeps a hundred. A release
 * refuses every other image. Pulumi creates it, pipelines write it.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html
 */
export function definePassedImage(
  name: string,
  parameterName: string,
  opts: pulumi.CustomResourceOptions,
): PassedImageRef {
  return new aws.ssm.Parameter(
    name,
    {
      name: parameterName,
      type: "String",
      value: NOTHING_DELIVERED,
      description: "Image that last passed its tests, by digest; written by the pipeline",
    },
    { ...opts, ignoreChanges: ["value"] },
  );
}
