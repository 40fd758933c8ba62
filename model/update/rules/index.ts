import { DELETION_RULES } from "./deletions";
import { LOAD_BALANCER_RULES } from "./loadBalancers";
import { NETWORK_RULES } from "./networks";
import type { AwsRule } from "./rule";
import { SERVICE_RULES } from "./services";

export type { AwsRule } from "./rule";

/** Everything that AWS, its provider or the engine refuses, as far as it is known here. */
export const AWS_RULES: readonly AwsRule[] = [
  ...DELETION_RULES,
  ...SERVICE_RULES,
  ...LOAD_BALANCER_RULES,
  ...NETWORK_RULES,
];
