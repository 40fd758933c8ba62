import * as aws from "@pulumi/aws";
// The whole of awsx takes a tenth of a second to load.
import { Vpc } from "@pulumi/awsx/ec2";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import type { NetworkRef } from "../refs";
import type { Egress, EndpointService } from "./egress";
import { defineEndpoints } from "./endpoints";
import { defineFlowLog } from "./flowLog";

/** Arguments of `Network`. */
export interface NetworkArgs {
  /** IPv4 range of the VPC. @default "10.0.0.0/16" */
  readonly cidrBlock?: string;
  /** How many zones, 2 or more, or their names. @default 2 */
  readonly availabilityZones?: number | readonly string[];
  /** @default "endpoints": tasks have no way to the internet */
  readonly egress?: Egress;
  /** What tasks need beside image pulls and logs. @default - nothing */
  readonly endpointServices?: readonly EndpointService[];
  /** Key the flow log is encrypted with; its policy must admit CloudWatch Logs. */
  readonly kmsKeyArn: Input<string>;
}

const NAT_STRATEGY = { endpoints: "None", natSingle: "Single", natPerAz: "OnePerAz" } as const;

/**
 * A VPC with public subnets for load balancers and private ones for tasks, and a way for tasks to pull images.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
 */
export class Network extends pulumi.ComponentResource implements NetworkRef {
  readonly vpcId: Output<string>;
  readonly publicSubnetIds: Output<string[]>;
  readonly privateSubnetIds: Output<string[]>;
  readonly endpointClientSecurityGroupId?: Output<string>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    const { egress = "endpoints", availabilityZones: zones = 2, endpointServices = [] } = args;
    super("ecs-delivery:index:Network", name, { egress }, opts);
    if ((typeof zones === "number" ? zones : new Set(zones).size) < 2) {
      const text = `Network "${name}": availabilityZones: a load balancer needs two or more, got ${String(zones)}`;
      throw new pulumi.ResourceError(text, this, true);
    }
    const vpc = new Vpc(
      name,
      {
        cidrBlock: args.cidrBlock ?? "10.0.0.0/16",
        numberOfAvailabilityZones: typeof zones === "number" ? zones : undefined,
        availabilityZoneNames: typeof zones === "number" ? undefined : [...zones],
        natGateways: { strategy: NAT_STRATEGY[egress] },
        subnetStrategy: "Auto",
        enableDnsHostnames: true,
        enableDnsSupport: true,
      },
      { parent: this },
    );
    this.vpcId = vpc.vpcId;
    this.publicSubnetIds = vpc.publicSubnetIds;
    this.privateSubnetIds = vpc.privateSubnetIds;
    // Whoever forgets a security group gets one that lets nothing through.
    new aws.ec2.DefaultSecurityGroup(name, { vpcId: vpc.vpcId }, { parent: this });
    defineFlowLog(name, { vpcId: vpc.vpcId, kmsKeyArn: args.kmsKeyArn }, this);
    const services: EndpointService[] =
      egress === "endpoints" ? ["ecr.api", "ecr.dkr", "logs", ...endpointServices] : [];
    const clients = defineEndpoints(name, { vpc, services }, this);
    if (clients) this.endpointClientSecurityGroupId = clients.id;
    this.registerOutputs({ vpcId: this.vpcId });
  }
}
