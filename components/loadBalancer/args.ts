import type { NetworkRef } from "../refs";
import type { ArgsOf } from "../settings/settings";
import type { HealthCheck, LOAD_BALANCER } from "./settings";

/** Arguments of `BlueGreenTargets`. */
export interface BlueGreenTargetsArgs extends ArgsOf<typeof LOAD_BALANCER> {
  readonly network: NetworkRef;
  /** Port the container listens on, 1 to 65535. */
  readonly containerPort: number;
  readonly healthCheck?: HealthCheck;
  /** Refuse to delete the load balancer. @default false */
  readonly deletionProtection?: boolean;
}
