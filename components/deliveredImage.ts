import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Input, Output } from "@pulumi/pulumi";

/** Value of the record before anything was delivered. */
export const NOTHING_DELIVERED = "none";

/** The record of what was last delivered, and the image in it. */
export interface DeliveredImage {
  readonly parameter: aws.ssm.Parameter;
  /** Image URI by digest; undefined until the first delivery. */
  readonly image: Output<string | undefined>;
}

/**
 * The record that settles who owns the image: the pipeline writes it after a good deployment, Pulumi only reads it.
 * Everything about the parameter is constant: a pending change would make the image unknown and plan a new revision.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html
 */
export function defineDeliveredImage(
  name: string,
  args: { readonly parameterName: string; readonly firstImage?: Input<string> },
  opts: pulumi.CustomResourceOptions & { parent: pulumi.Resource },
): DeliveredImage {
  const parameter = new aws.ssm.Parameter(
    name,
    {
      name: args.parameterName,
      type: "String",
      value: args.firstImage ?? NOTHING_DELIVERED,
      description: "Image last delivered, by digest; written by the pipeline after a good deployment",
    },
    { ...opts, ignoreChanges: ["value", "description", "tags", "tagsAll"] },
  );
  const recorded = aws.ssm.getParameterOutput({ name: parameter.name }, { parent: opts.parent });
  return { parameter, image: recorded.insecureValue.apply(imageOf) };
}

/** The image in a record: a JSON object's `image`, or the bare URI that a person may have written. */
export function imageOf(record: string | undefined): string | undefined {
  const text = record?.trim() ?? "";
  if (text === "" || text === NOTHING_DELIVERED) return undefined;
  if (!text.startsWith("{")) return text;
  const value: unknown = JSON.parse(text);
  const image = typeof value === "object" && value !== null && "image" in value ? value.image : undefined;
  return typeof image === "string" && image !== NOTHING_DELIVERED ? image : undefined;
}
