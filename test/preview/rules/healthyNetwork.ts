import type { RecordedResource } from "../../../model/graph/graph";
import { resource } from "./handMade";

type Inputs = Readonly<Record<string, unknown>>;

/** An endpoint of the healthy graph's VPC. */
export function endpoint(service: string, inputs: Inputs = {}): RecordedResource {
  return resource("aws:ec2/vpcEndpoint:VpcEndpoint", service, {
    vpcId: "vpc-1",
    serviceName: `com.amazonaws.eu-west-1.${service}`,
    ...(service === "s3"
      ? { vpcEndpointType: "Gateway", routeTableIds: ["rtb-1"] }
      : { vpcEndpointType: "Interface", privateDnsEnabled: true, securityGroupIds: ["sg-endpoints"] }),
    ...inputs,
  });
}

/** An opening of a security group of the healthy graph. */
export function ingress(name: string, securityGroupId: string, port: number, from: Inputs): RecordedResource {
  const inputs = { securityGroupId, ipProtocol: "tcp", fromPort: port, toPort: port, ...from };
  return resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", name, inputs);
}

/** VPC, security groups and endpoints of the healthy graph. */
export function networkParts(): readonly RecordedResource[] {
  const group = (id: string) =>
    resource("aws:ec2/securityGroup:SecurityGroup", id, { vpcId: "vpc-1", name: id.replace("sg-", "") }, { id });
  return [
    resource(
      "awsx:ec2:Vpc",
      "dev",
      { natGateways: { strategy: "None" } },
      { custom: false, outputs: { vpcId: "vpc-1", privateSubnetIds: ["subnet-1"] } },
    ),
    ...["sg-tasks", "sg-clients", "sg-endpoints", "sg-balancer"].map(group),
    ...["ecr.api", "ecr.dkr", "logs", "s3"].map((service) => endpoint(service)),
    ingress("endpoints", "sg-endpoints", 443, { referencedSecurityGroupId: "sg-clients" }),
    ingress("production", "sg-balancer", 80, { cidrIpv4: "0.0.0.0/0" }),
  ];
}
