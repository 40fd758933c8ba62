import * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import type { NetworkRef, TrafficTargets } from "../refs";
import { checkTargets } from "./check";
import { defineListeners } from "./listeners";
import { defineLoadBalancerSecurityGroups } from "./securityGroups";

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

/**
 * An application load balancer whose production and test listener choose between a blue and a green target group.
 * Blue serves both at the start; afterwards deployments decide, and Pulumi leaves the listeners' actions alone.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/introduction.html
 */
export class BlueGreenTargets extends pulumi.ComponentResource implements TrafficTargets {
  readonly loadBalancer: aws.lb.LoadBalancer;
  readonly productionListener: aws.lb.Listener;
  readonly testListener: aws.lb.Listener;
  readonly blue: aws.lb.TargetGroup;
  readonly green: aws.lb.TargetGroup;
  /** Security group of the load balancer. */
  readonly securityGroupId: Output<string>;
  readonly targetSecurityGroupId: Output<string>;
  /** Where users reach the service. */
  readonly url: Output<string>;
  /** Where the new version is tried before users get it. */
  readonly testUrl: Output<string>;

  constructor(name: string, args: BlueGreenTargetsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ecs-delivery:index:BlueGreenTargets", name, { containerPort: args.containerPort }, opts);
    checkTargets(name, args).throwFor(this, `BlueGreenTargets "${name}"`);
    const groups = defineLoadBalancerSecurityGroups(name, args, this);
    this.securityGroupId = groups.loadBalancer.id;
    this.targetSecurityGroupId = groups.targets.id;
    this.loadBalancer = defineLoadBalancer(name, args, groups.loadBalancer, this);
    this.blue = defineTargetGroup(`${name}-blue`, args, this);
    this.green = defineTargetGroup(`${name}-green`, args, this);
    const listeners = defineListeners(name, args, this);
    this.productionListener = listeners.production;
    this.testListener = listeners.test;
    const ports = portsOf(args);
    this.url = urlOf(this.loadBalancer.dnsName, args, ports.production);
    this.testUrl = urlOf(this.loadBalancer.dnsName, args, ports.test);
    this.registerOutputs({ url: this.url, testUrl: this.testUrl });
  }
}

/** The listeners' ports, with the defaults filled in. */
export interface Ports {
  readonly production: number;
  readonly test: number;
  /** Port that only redirects to production: with a certificate, unless a listener has port 80 itself. */
  readonly redirect?: number;
}

/** Works out the listeners' ports. */
export function portsOf(args: Pick<BlueGreenTargetsArgs, "certificateArn" | "productionPort" | "testPort">): Ports {
  const secure = args.certificateArn !== undefined;
  const { productionPort: production = secure ? 443 : 80, testPort: test = secure ? 8443 : 8080 } = args;
  return { production, test, redirect: secure && production !== 80 && test !== 80 ? 80 : undefined };
}

function urlOf(host: Output<string>, args: BlueGreenTargetsArgs, port: number): Output<string> {
  const [scheme, usual] = args.certificateArn === undefined ? ["http", 80] : ["https", 443];
  return pulumi.interpolate`${scheme}://${host}${port === usual ? "" : `:${port}`}`;
}

function defineLoadBalancer(
  name: string,
  args: BlueGreenTargetsArgs,
  securityGroup: aws.ec2.SecurityGroup,
  parent: pulumi.Resource,
): aws.lb.LoadBalancer {
  const { network, internal = false } = args;
  return new aws.lb.LoadBalancer(
    name,
    {
      loadBalancerType: "application",
      internal,
      subnets: internal ? network.privateSubnetIds : network.publicSubnetIds,
      securityGroups: [securityGroup.id],
      dropInvalidHeaderFields: true,
      desyncMitigationMode: "defensive",
      enableDeletionProtection: args.deletionProtection ?? false,
    },
    { parent },
  );
}

/** Checked often and drained briefly: the defaults of AWS alone make a deployment minutes longer. */
export function defineTargetGroup(
  name: string,
  args: Pick<BlueGreenTargetsArgs, "network" | "containerPort" | "healthCheck" | "deregistrationDelaySeconds">,
  parent: pulumi.Resource,
): aws.lb.TargetGroup {
  const { healthCheck = {} } = args;
  return new aws.lb.TargetGroup(
    name,
    {
      vpcId: args.network.vpcId,
      targetType: "ip",
      protocol: "HTTP",
      port: args.containerPort,
      deregistrationDelay: args.deregistrationDelaySeconds ?? 30,
      healthCheck: {
        enabled: true,
        protocol: "HTTP",
        path: healthCheck.path ?? "/",
        matcher: healthCheck.matcher ?? "200-299",
        interval: healthCheck.intervalSeconds ?? 10,
        timeout: healthCheck.timeoutSeconds ?? 5,
        healthyThreshold: healthCheck.healthyThreshold ?? 2,
        unhealthyThreshold: healthCheck.unhealthyThreshold ?? 3,
      },
    },
    { parent },
  );
}
