import type { Input } from "@pulumi/pulumi";
import type { ListenerRef, NetworkRef } from "../refs";

/** How the load balancer finds out whether a task serves. */
export interface HealthCheck {
  /** @default "/" */
  readonly path?: string;
  /** Status codes that mean healthy: one, a list or a range. @default "200-299" */
  readonly matcher?: string;
  /** Seconds between checks, 5 to 300. @default 10 */
  readonly intervalSeconds?: number;
  /** Seconds to wait for an answer, 2 to 120, less than the interval. @default 5 */
  readonly timeoutSeconds?: number;
  /** Good answers in a row that make a task healthy, 2 to 10. @default 2 */
  readonly healthyThreshold?: number;
  /** Failures in a row that make it unhealthy, 2 to 10. @default 3 */
  readonly unhealthyThreshold?: number;
}

/** Arguments of `BlueGreenTargets`. */
export interface BlueGreenTargetsArgs {
  readonly network: NetworkRef;
  /** Port the container listens on, 1 to 65535. */
  readonly containerPort: number;
  /** ACM certificate of the production and the test listener. @default - HTTP listeners, no TLS */
  readonly certificateArn?: Input<string>;
  /** @default 443 with a certificate, else 80 */
  readonly productionPort?: number;
  /** @default 8443 with a certificate, else 8080 */
  readonly testPort?: number;
  /** IPv4 ranges that may reach the production listener. @default everyone, or the VPC's callers when internal */
  readonly ingressCidrBlocks?: readonly string[];
  /** IPv4 ranges that may reach the test listener. @default - none: it is closed */
  readonly testIngressCidrBlocks?: readonly string[];
  readonly healthCheck?: HealthCheck;
  /** Seconds a task that leaves keeps its open connections, 0 to 3600. @default 30 */
  readonly deregistrationDelaySeconds?: number;
  /** In the private subnets, without a public address. @default false */
  readonly internal?: boolean;
  /** Refuse to delete the load balancer. @default false */
  readonly deletionProtection?: boolean;
}

/** Arguments of `SharedTargets`. */
export interface SharedTargetsArgs {
  readonly network: NetworkRef;
  /** Port the container listens on, 1 to 65535. */
  readonly containerPort: number;
  /** Listener of a load balancer that is there already. */
  readonly listener: ListenerRef;
  /** Security group that admits that load balancer to the container port; tasks join it. */
  readonly targetSecurityGroupId: Input<string>;
  /** Host names whose requests come here, 1 to 5; `*` stands for any text. */
  readonly hosts: readonly string[];
  /** Which rule of the listener is looked at first, 1 to 50000, each once. @default - worked out from the name and the hosts */
  readonly priority?: number;
  readonly healthCheck?: HealthCheck;
  /** Seconds a task that leaves keeps its open connections, 0 to 3600. @default 30 */
  readonly deregistrationDelaySeconds?: number;
}
