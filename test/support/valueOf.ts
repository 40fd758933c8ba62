import type { Output } from "@pulumi/pulumi";

/** The value of an output; undefined where it is not known. Unlike in `apply`, one that fails rejects. */
export function valueOfOutput<T>(output: Output<T>): Promise<T> {
  // What every Output has at run time, and the typings keep to themselves.
  return (output as unknown as { promise(): Promise<T> }).promise();
}
