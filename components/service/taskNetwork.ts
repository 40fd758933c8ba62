import type { Input } from "@pulumi/pulumi";
import type { NetworkRef } from "../refs";

/** Subnets that tasks run in, and whether they get public addresses there: without one, a public subnet leads nowhere. */
export function taskNetwork({ publicTasks = false, publicSubnetIds, privateSubnetIds }: NetworkRef): {
  readonly subnets: Input<Input<string>[]>;
  readonly assignPublicIp: boolean;
} {
  return { subnets: publicTasks ? publicSubnetIds : privateSubnetIds, assignPublicIp: publicTasks };
}
