import * as aws from "@pulumi/aws";
import type { Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import type { NetworkRef, TrafficTargets } from "../refs";
import { type ArgsOf, withDefaults } from "../settings/settings";
import { checkTargets } from "./check";
import { defineListeners } from "./listeners";
import { defineLoadBalancerSecurityGroups } from "./securityGroups";
import { HEALTH_CHECK, type HealthCheck, LOAD_BALANCER } from "./settings";

export type { HealthCheck } from "./settings";

/** Arguments of `BlueGreenTargets`. */
export interface BlueGreenTargetsArgs extends ArgsOf<typeof LOAD_BALANCER> {
  readonly network: NetworkRef;
  /** Port the container listens on, 1 to 65535. */
  readonly containerPort: number;
  readonly healthCheck?: HealthCheck;
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
  const { network, deletionProtection } = args;
  const { internal } = withDefaults(LOAD_BALANCER, args);
  return new aws.lb.LoadBalancer(
    name,
    {
      loadBalancerType: "application",
      internal,
      subnets: internal ? network.privateSubnetIds : network.publicSubnetIds,
      securityGroups: [securityGroup.id],
      dropInvalidHeaderFields: true,
      desyncMitigationMode: "defensive",
      enableDeletionProtection: deletionProtection ?? false,
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
  const check = withDefaults(HEALTH_CHECK, args.healthCheck ?? {});
  const { deregistrationDelaySeconds } = LOAD_BALANCER;
  return new aws.lb.TargetGroup(
    name,
    {
      vpcId: args.network.vpcId,
      targetType: "ip",
      protocol: "HTTP",
      port: args.containerPort,
      deregistrationDelay: withDefaults({ deregistrationDelaySeconds }, args).deregistrationDelaySeconds,
      healthCheck: {
        enabled: true,
        protocol: "HTTP",
        path: check.path,
        matcher: check.matcher,
        interval: check.intervalSeconds,
        timeout: check.timeoutSeconds,
        healthyThreshold: check.healthyThreshold,
        unhealthyThreshold: check.unhealthyThreshold,
      },
    },
    { parent },
  );
}
