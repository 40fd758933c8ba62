import * as aws from "@pulumi/aws";
// The whole of awsx takes a tenth of a second to load.
import { Vpc } from "@pulumi/awsx/ec2";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { NetworkRef } from "../refs";
import { ZONE } from "../settings/places";
import { listSetting, oneOf, setting, wholeNumber } from "../settings/setting";
import { type ArgsOf, settings, withDefaults } from "../settings/settings";
import { VPC_RANGE } from "./cidrBlock";
import { EGRESS, type EndpointService } from "./egress";
import { defineEndpoints } from "./endpoints";
import { defineFlowLog } from "./flowLog";

/** A VPC to create. */
export const NETWORK = settings({
  /**
   * How tasks reach AWS: from private subnets through VPC endpoints (no way to the internet), one NAT gateway, or one in each
   * zone; or `public`, in public subnets with addresses of their own, which costs least, and where one open rule in a security
   * group puts tasks on the internet. @default "endpoints"
   */
  egress: oneOf(EGRESS, { default: "endpoints" }),
  /** IPv4 range of the VPC. @default "10.0.0.0/16" */
  cidrBlock: VPC_RANGE,
  /** How many zones, or their names. @default 2 */
  availabilityZones: setting(
    z.union([wholeNumber(2, 6, { example: 2 }), listSetting(ZONE).refine((zones) => new Set(zones).size >= 2)]),
    { expected: "a number from 2 to 6, or the names of two or more different zones" },
    { default: 2 },
  ),
});

/** Arguments of `Network`. */
export interface NetworkArgs extends ArgsOf<typeof NETWORK> {
  /** What tasks need beside image pulls and logs. @default - nothing */
  readonly endpointServices?: readonly EndpointService[];
  /** Key the flow log is encrypted with; its policy must admit CloudWatch Logs. */
  readonly kmsKeyArn: Input<string>;
}

const NAT_STRATEGY = { endpoints: "None", natSingle: "Single", natPerAz: "OnePerAz", public: "None" } as const;

/**
 * A VPC with public subnets for load balancers and private ones for tasks, and a way for tasks to pull images.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
 */
export class Network extends pulumi.ComponentResource implements NetworkRef {
  readonly vpcId: Output<string>;
  readonly publicSubnetIds: Output<string[]>;
  readonly privateSubnetIds: Output<string[]>;
  readonly endpointClientSecurityGroupId?: Output<string>;
  readonly publicTasks: boolean;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    const { endpointServices = [] } = args;
    const { egress, availabilityZones: zones, cidrBlock } = withDefaults(NETWORK, args);
    super("ecs-delivery:index:Network", name, { egress }, opts);
    if ((typeof zones === "number" ? zones : new Set(zones).size) < 2) {
      const text = `Network "${name}": availabilityZones: a load balancer needs two or more, got ${String(zones)}`;
      throw new pulumi.ResourceError(text, this, true);
    }
    const vpc = new Vpc(
      name,
      {
        cidrBlock,
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
    this.publicTasks = egress === "public";
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
