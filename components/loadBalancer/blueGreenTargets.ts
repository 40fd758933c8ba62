import * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { AUTONAMED_MAX, fittedName } from "../checks/names";
import type { ListenerRules, TrafficTargets } from "../refs";
import { withDefaults } from "../settings/settings";
import { BALANCER_PREFIX } from "../storage/logBucket";
import type { BlueGreenTargetsArgs } from "./args";
import { checkTargets } from "./check";
import { defineAlias, defineCertificate } from "./domain";
import { defineListeners } from "./listeners";
import { portsOf } from "./ports";
import { defineLoadBalancerSecurityGroups } from "./securityGroups";
import { LOAD_BALANCER } from "./settings";
import { defineTargetGroup, targetGroupName } from "./targetGroup";

export type { HealthCheck } from "./settings";

/**
 * An application or network load balancer whose production and test listener choose between a blue and a green target group.
 * Blue serves both at the start; afterwards deployments decide, and Pulumi leaves the listeners' actions alone.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/introduction.html
 */
export class BlueGreenTargets extends pulumi.ComponentResource implements TrafficTargets {
  readonly loadBalancer: aws.lb.LoadBalancer;
  readonly productionListener: aws.lb.Listener;
  readonly testListener: aws.lb.Listener;
  readonly blue: aws.lb.TargetGroup;
  readonly green: aws.lb.TargetGroup;
  /** Ports of its production and its test listener. */
  readonly ports: readonly number[];
  /** Security group of the load balancer. */
  readonly securityGroupId: Output<string>;
  readonly targetSecurityGroupId: Output<string>;
  /** Where users reach the service. */
  readonly url: Output<string>;
  /** Where the new version is tried before users get it. */
  readonly testUrl: Output<string>;
  readonly isShared: boolean;
  readonly type: "application" | "network";
  /** A network load balancer has no rules: deployments shift the traffic of its listeners. */
  readonly rules: ListenerRules | undefined;

  constructor(name: string, given: BlueGreenTargetsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ecs-delivery:index:BlueGreenTargets", name, { containerPort: given.containerPort }, opts);
    checkTargets(given)
      .add(given.certificateArn === undefined && !given.domain ? versionProblem(given.protocolVersion) : undefined)
      .throwFor(this, `BlueGreenTargets "${name}"`);
    const args = withCertificate(name, given, this);
    this.isShared = given.isShared ?? false;
    this.type = given.type ?? "application";
    const groups = defineLoadBalancerSecurityGroups(name, args, this);
    this.securityGroupId = groups.loadBalancer.id;
    this.targetSecurityGroupId = groups.targets.id;
    this.loadBalancer = defineLoadBalancer(name, args, groups.loadBalancer, this);
    defineWebAcl(name, args, this.loadBalancer, this);
    this.blue = defineTargetGroup(targetGroupName(name, "blue"), args, this);
    this.green = defineTargetGroup(targetGroupName(name, "green"), args, this);
    const listeners = defineListeners(name, args, this);
    this.productionListener = listeners.production;
    this.testListener = listeners.test;
    this.rules = this.type === "network" ? listeners : undefined;
    const ports = portsOf(args);
    this.ports = [ports.production, ports.test];
    if (args.domain) defineAlias(name, args.domain, this.loadBalancer, this);
    const host = args.domain?.name ?? this.loadBalancer.dnsName;
    this.url = urlOf(host, args, ports.production);
    this.testUrl = urlOf(host, args, ports.test);
    this.registerOutputs({ url: this.url, testUrl: this.testUrl });
  }
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html */
function versionProblem(version: BlueGreenTargetsArgs["protocolVersion"] = "HTTP1"): string | undefined {
  if (version === "HTTP1") return undefined;
  return `protocolVersion: ${version} takes listeners that speak HTTPS: expected a certificateArn or a domain beside it, or HTTP1`;
}

/** A name of one's own brings its certificate, unless one is given: a wildcard's, say. */
function withCertificate(name: string, args: BlueGreenTargetsArgs, parent: pulumi.Resource): BlueGreenTargetsArgs {
  if (!args.domain || args.certificateArn !== undefined) return args;
  return { ...args, certificateArn: defineCertificate(name, args.domain, parent) };
}

function urlOf(host: Input<string>, args: BlueGreenTargetsArgs, port: number): Output<string> {
  const isSecure = args.certificateArn !== undefined;
  // A port is part of every address that is no web address.
  if (args.type === "network") return pulumi.interpolate`${isSecure ? "tls" : "tcp"}://${host}:${port}`;
  const [scheme, usual] = isSecure ? ["https", 443] : ["http", 80];
  return pulumi.interpolate`${scheme}://${host}${port === usual ? "" : `:${port}`}`;
}

function defineLoadBalancer(
  name: string,
  args: BlueGreenTargetsArgs,
  securityGroup: aws.ec2.SecurityGroup,
  parent: pulumi.Resource,
): aws.lb.LoadBalancer {
  const { network, deletionProtection } = args;
  const { internal, type } = withDefaults(LOAD_BALANCER, args);
  return new aws.lb.LoadBalancer(
    fittedName(name, AUTONAMED_MAX.loadBalancer),
    {
      loadBalancerType: type,
      internal,
      subnets: internal ? network.privateSubnetIds : network.publicSubnetIds,
      securityGroups: [securityGroup.id],
      ...attributesOf(name, args),
      enableDeletionProtection: deletionProtection ?? false,
    },
    { parent },
  );
}

/** What a load balancer does with requests; with connections alone it reaches the tasks of every zone. */
function attributesOf(
  name: string,
  args: BlueGreenTargetsArgs,
): Pick<
  aws.lb.LoadBalancerArgs,
  "idleTimeout" | "dropInvalidHeaderFields" | "desyncMitigationMode" | "accessLogs" | "enableCrossZoneLoadBalancing"
> {
  const { accessLogs } = args;
  const { idleTimeoutSeconds, type } = withDefaults(LOAD_BALANCER, args);
  if (type === "network") return { enableCrossZoneLoadBalancing: true };
  return {
    // AWS's own default is left out: nothing looks changed where it was left out before.
    idleTimeout: idleTimeoutSeconds === 60 ? undefined : idleTimeoutSeconds,
    dropInvalidHeaderFields: true,
    desyncMitigationMode: "defensive",
    accessLogs: accessLogs && { enabled: true, bucket: accessLogs.bucket, prefix: `${BALANCER_PREFIX}/${name}` },
  };
}

/** Requests pass the web ACL before they come to a listener. */
function defineWebAcl(
  name: string,
  { webAclArn }: BlueGreenTargetsArgs,
  { arn: resourceArn }: aws.lb.LoadBalancer,
  parent: pulumi.Resource,
): void {
  if (webAclArn === undefined) return;
  // A load balancer has one: deleting the former association later would take away the new one.
  new aws.wafv2.WebAclAssociation(name, { webAclArn, resourceArn }, { parent, deleteBeforeReplace: true });
}
