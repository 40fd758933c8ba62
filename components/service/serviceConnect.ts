import * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import type { ServiceConnectRef } from "../refs";

/** Arguments of `ServiceConnectNamespace`. */
export interface ServiceConnectNamespaceArgs {
  /** Name in the account. */
  readonly namespaceName: string;
  readonly vpcId: Input<string>;
  /** Ports that services in it listen on; members reach one another on these. */
  readonly ports: readonly number[];
}

/**
 * Services that find one another by name: a namespace, and a security group whose members may connect to one another.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect.html
 */
export class ServiceConnectNamespace extends pulumi.ComponentResource implements ServiceConnectRef {
  readonly namespaceArn: Output<string>;
  readonly securityGroupId: Output<string>;

  constructor(name: string, args: ServiceConnectNamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ecs-delivery:index:ServiceConnectNamespace", name, {}, opts);
    const namespace = new aws.servicediscovery.HttpNamespace(name, { name: args.namespaceName }, { parent: this });
    const group = new aws.ec2.SecurityGroup(
      `${name}-members`,
      { vpcId: args.vpcId, description: `Services of ${name}: they reach one another` },
      { parent: this },
    );
    for (const port of new Set(args.ports)) {
      const itself = {
        securityGroupId: group.id,
        referencedSecurityGroupId: group.id,
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
      };
      const from = { ...itself, description: `From members, port ${port}` };
      new aws.vpc.SecurityGroupIngressRule(`${name}-from-members-${port}`, from, { parent: this });
      const to = { ...itself, description: `To members, port ${port}` };
      new aws.vpc.SecurityGroupEgressRule(`${name}-to-members-${port}`, to, { parent: this });
    }
    this.namespaceArn = namespace.arn;
    this.securityGroupId = group.id;
    this.registerOutputs({ namespaceArn: this.namespaceArn });
  }
}
