import * as aws from "@pulumi/aws";
import type { Input } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import type { NetworkRef } from "../refs";
import type { BuildNetwork } from "./args";

/** A load balancer that tests reach by its own security group. */
export interface TestedBalancer {
  readonly securityGroupId: Input<string>;
  /** Ports of its listeners. */
  readonly ports: readonly number[];
}

/** Arguments of `TestNetwork`. */
export interface TestNetworkArgs {
  /** Its private subnets have a way to what builds need: by a NAT gateway, or by endpoints. */
  readonly network: NetworkRef;
}

/** Where builds find packages and services of AWS, in networks that lead to the internet. */
const WEB_PORTS = [443, 80];

/**
 * The place of tests in a VPC, which reach what is reached from there alone: private subnets, with a security group of their
 * own that load balancers can admit. Where endpoints serve the VPC they join those that endpoints admit.
 * https://docs.aws.amazon.com/codebuild/latest/userguide/vpc-support.html
 */
export class TestNetwork extends pulumi.ComponentResource implements BuildNetwork {
  readonly vpcId: Input<string>;
  readonly subnetIds: Input<Input<string>[]>;
  readonly securityGroupIds: Input<string>[];
  private readonly group: aws.ec2.SecurityGroup;
  private readonly reached = new Set<string>();

  constructor(
    private readonly name: string,
    { network }: TestNetworkArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("ecs-delivery:index:TestNetwork", name, {}, opts);
    const { endpointClientSecurityGroupId: clients } = network;
    this.group = new aws.ec2.SecurityGroup(
      name,
      { vpcId: network.vpcId, description: "Tests that run in the VPC" },
      { parent: this },
    );
    this.vpcId = network.vpcId;
    this.subnetIds = network.privateSubnetIds;
    this.securityGroupIds = clients === undefined ? [this.group.id] : [this.group.id, clients];
    if (clients === undefined) for (const port of WEB_PORTS) this.reachPort(port);
    this.registerOutputs({ securityGroupId: this.group.id });
  }

  /** Lets tests open a port of any address: routes decide how far they get. */
  reachPort(port: number): void {
    if (this.isKnown(`anywhere-${port}`)) return;
    new aws.vpc.SecurityGroupEgressRule(
      `${this.name}-to-anywhere-${port}`,
      {
        ...onPort(port),
        securityGroupId: this.group.id,
        cidrIpv4: "0.0.0.0/0",
        description: `To port ${port}`,
      },
      { parent: this },
    );
  }

  /** Lets tests reach the listeners of a load balancer, and has it admit them. */
  reachBalancer(name: string, { securityGroupId, ports }: TestedBalancer): void {
    if (this.isKnown(name)) return;
    for (const port of ports) {
      new aws.vpc.SecurityGroupEgressRule(
        `${this.name}-to-${name}-${port}`,
        {
          ...onPort(port),
          securityGroupId: this.group.id,
          referencedSecurityGroupId: securityGroupId,
          description: `To the load balancer of ${name}`,
        },
        { parent: this },
      );
      new aws.vpc.SecurityGroupIngressRule(
        `${name}-from-tests-${port}`,
        {
          ...onPort(port),
          securityGroupId,
          referencedSecurityGroupId: this.group.id,
          description: "Tests that run in the VPC",
        },
        { parent: this },
      );
    }
  }

  private isKnown(what: string): boolean {
    const known = this.reached.has(what);
    this.reached.add(what);
    return known;
  }
}

function onPort(port: number) {
  return { ipProtocol: "tcp", fromPort: port, toPort: port };
}
