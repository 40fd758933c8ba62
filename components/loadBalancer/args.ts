import type { Input } from "@pulumi/pulumi";
import type { NetworkRef } from "../refs";
import type { ArgsOf } from "../settings/settings";
import type { LogBucketRef } from "../storage/privateBucket";
import type { Domain } from "./domain";
import type { HealthCheck, LOAD_BALANCER } from "./settings";

/** Arguments of `BlueGreenTargets`. */
export interface BlueGreenTargetsArgs extends ArgsOf<typeof LOAD_BALANCER> {
  readonly network: NetworkRef;
  /** Port the container listens on, 1 to 65535. */
  readonly containerPort: number;
  /**
   * Port that tasks of before may still listen on: until they are gone, the load balancer reaches both, and what is between.
   * @default - the same
   */
  readonly formerContainerPort?: Input<number | undefined>;
  readonly healthCheck?: HealthCheck;
  /** Bucket that its requests are logged in; a network load balancer has none. @default - requests are not logged */
  readonly accessLogs?: LogBucketRef | undefined;
  /**
   * A name of one's own: the record that leads to the load balancer, and its certificate where no `certificateArn` is given.
   * @default - the name that AWS gives it
   */
  readonly domain?: Domain | undefined;
  /** Whether other services share the load balancer, by rules of its listeners. @default false */
  readonly isShared?: boolean;
  /** Refuse to delete the load balancer. @default false */
  readonly deletionProtection?: boolean;
}
