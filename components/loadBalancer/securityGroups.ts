import * as aws from "@pulumi/aws";
import type { Input } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import type { BlueGreenTargetsArgs } from "./args";
import { portsOf } from "./ports";

/** The load balancer's group, and the group that its targets join. */
interface LoadBalancerSecurityGroups {
  readonly loadBalancer: aws.ec2.SecurityGroup;
  readonly targets: aws.ec2.SecurityGroup;
}

/** Clients reach the listeners, the load balancer reaches the container port, and nothing else passes. */
export function defineLoadBalancerSecurityGroups(
  name: string,
  args: BlueGreenTargetsArgs,
  parent: pulumi.Resource,
): LoadBalancerSecurityGroups {
  const loadBalancer = defineGroup(`${name}-load-balancer`, `Load balancer of ${name}`, args, parent);
  const targets = defineTargetsSecurityGroup(name, args, loadBalancer.id, parent);
  admitClients(name, args, loadBalancer, parent);
  return { loadBalancer, targets };
}

/** The group of a service's targets, which the load balancer of this security group reaches at the container port alone. */
export function defineTargetsSecurityGroup(
  name: string,
  args: Pick<BlueGreenTargetsArgs, "network" | "containerPort" | "formerContainerPort">,
  loadBalancerGroupId: Input<string>,
  parent: pulumi.Resource,
): aws.ec2.SecurityGroup {
  const targets = defineGroup(`${name}-targets`, `Targets of ${name}: the load balancer reaches them`, args, parent);
  const { containerPort: port } = args;
  // A rule that leads to the new port alone would cut off the tasks that still serve.
  const former = pulumi.output(args.formerContainerPort).apply((known) => known ?? port);
  const range = {
    ipProtocol: "tcp",
    fromPort: former.apply((other) => Math.min(port, other)),
    toPort: former.apply((other) => Math.max(port, other)),
  };
  const opts = { parent };
  new aws.vpc.SecurityGroupEgressRule(
    `${name}-to-targets`,
    {
      ...range,
      securityGroupId: loadBalancerGroupId,
      referencedSecurityGroupId: targets.id,
      description: "To the container port",
    },
    opts,
  );
  new aws.vpc.SecurityGroupIngressRule(
    `${name}-from-load-balancer`,
    {
      ...range,
      securityGroupId: targets.id,
      referencedSecurityGroupId: loadBalancerGroupId,
      description: "From the load balancer",
    },
    opts,
  );
  return targets;
}

function defineGroup(
  name: string,
  description: string,
  { network }: Pick<BlueGreenTargetsArgs, "network">,
  parent: pulumi.Resource,
) {
  return new aws.ec2.SecurityGroup(name, { vpcId: network.vpcId, description }, { parent });
}

function admitClients(
  name: string,
  args: BlueGreenTargetsArgs,
  group: aws.ec2.SecurityGroup,
  parent: pulumi.Resource,
): void {
  const { redirect, ...ports } = portsOf(args);
  const production = args.ingressCidrBlocks ?? (args.internal ? PRIVATE_RANGES : ["0.0.0.0/0"]);
  const admitted = [
    ...production.map((cidr) => ({ to: "production", port: ports.production, cidr })),
    ...(redirect === undefined ? [] : production.map((cidr) => ({ to: "redirect", port: redirect, cidr }))),
    ...(args.testIngressCidrBlocks ?? []).map((cidr) => ({ to: "test", port: ports.test, cidr })),
  ];
  const ofProduction = new Map<string, pulumi.Resource>();
  for (const { to, port, cidr } of admitted) {
    const rule = new aws.vpc.SecurityGroupIngressRule(
      `${name}-${to}-from-${cidr.replace(/[./]/g, "-")}`,
      {
        securityGroupId: group.id,
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
        cidrIpv4: cidr,
        description: `Clients of the ${to} listener`,
      },
      // Production may have had the port of the redirect: a security group takes no rule twice.
      { parent, dependsOn: to === "redirect" ? ofProduction.get(cidr) : undefined },
    );
    if (to === "production") ofProduction.set(cidr, rule);
  }
}

/** Addresses that are never on the internet: who may call an internal load balancer unless someone says otherwise. */
const PRIVATE_RANGES = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"] as const;
