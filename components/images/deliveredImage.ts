import * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { parameterName } from "../parameters";

/** Value of the record before anything was delivered. */
export const NOTHING_DELIVERED = "none";

/** Name of the record of a service's delivered image. */
export function deliveredImageParameter(serviceName: string): string {
  return parameterName(serviceName, "delivered-image");
}

/** The record of what was last delivered, and the image in it. */
export interface DeliveredImage {
  readonly parameter: aws.ssm.Parameter;
  /** Image URI by digest; undefined until the first delivery. */
  readonly image: Output<string | undefined>;
  /** Whether a person has written the record: what they say holds, whatever runs. */
  readonly writtenByHand: Output<boolean>;
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
  const image = recorded.insecureValue.apply((record) => imageOf(record, args.parameterName));
  const byHand = ([record, first]: [string | undefined, string]) => {
    const text = record?.trim() ?? "";
    return !text.startsWith("{") && text !== "" && text !== first;
  };
  const first = args.firstImage ?? NOTHING_DELIVERED;
  return { parameter, image, writtenByHand: pulumi.all([recorded.insecureValue, first]).apply(byHand) };
}

/**
 * The image in a record: a JSON object's `image`, or the bare URI that a person may have written. Throws at anything
 * else: taken for "nothing delivered", it would stop a service that runs.
 */
export function imageOf(record: string | undefined, parameterName: string): string | undefined {
  const text = record?.trim() ?? "";
  if (text === "") return undefined;
  const image = text.startsWith("{") ? imageInJson(text) : text;
  if (image === NOTHING_DELIVERED) return undefined;
  if (image !== undefined && /^\S+$/.test(image)) return image;
  throw new pulumi.RunError(
    `${parameterName}: expected the delivered image, as its URI or as {"image":"<URI>"}, got "${text}"; write back what ` +
      `runs: aws ssm put-parameter --overwrite --name ${parameterName} --value <repository URI>@sha256:<digest>`,
  );
}

function imageInJson(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const image = typeof value === "object" && value !== null && "image" in value ? value.image : undefined;
    return typeof image === "string" ? image : undefined;
  } catch {
    return undefined;
  }
}
