import * as pulumi from "@pulumi/pulumi";
import { NAMESPACE } from "./config/namespace";

/** A value that the rules of stack config promise: TypeScript does not see what rules see to. */
export function promised<T>(value: T | undefined, key: string): T {
  if (value === undefined) throw new pulumi.RunError(`${NAMESPACE}:${key}: expected a value, it is not set`);
  return value;
}
