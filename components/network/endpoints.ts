import * as aws from "@pulumi/aws";
import type { Vpc } from "@pulumi/awsx/ec2";
import type { Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { placeOf } from "../arn";
import { type EndpointService, endpointServiceName } from "./egress";

interface EndpointsArgs {
  readonly vpc: Vpc;
  /** Interface endpoints; none where tasks have a NAT gateway. */
  readonly services: readonly EndpointService[];
}

/**
 * The endpoints that take the place of a way to the internet: S3 (image layers) on the private route tables, and the
 * interface endpoints, which admit one security group only. Gives that group; tasks join it.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
 */
export function defineEndpoints(
  name: string,
  args: EndpointsArgs,
  parent: pulumi.Resource,
): aws.ec2.SecurityGroup | undefined {
  const { vpc, services } = args;
  const { region } = placeOf(parent);
  const s3 = new aws.ec2.VpcEndpoint(
    `${name}-s3`,
    {
      vpcId: vpc.vpcId,
      serviceName: pulumi.interpolate`com.amazonaws.${region}.s3`,
      vpcEndpointType: "Gateway",
      routeTableIds: privateRouteTableIds(vpc),
    },
    { parent },
  );
  if (services.length === 0) return undefined;
  const groups = defineGroups(name, args, s3.prefixListId, parent);
  for (const service of new Set(services)) {
    new aws.ec2.VpcEndpoint(
      `${name}-${service.replace(".", "-")}`,
      {
        vpcId: vpc.vpcId,
        serviceName: region.apply((here) => endpointServiceName(here, service)),
        vpcEndpointType: "Interface",
        subnetIds: vpc.privateSubnetIds,
        securityGroupIds: [groups.endpoints.id],
        privateDnsEnabled: true,
      },
      { parent },
    );
  }
  return groups.clients;
}

function defineGroups(name: string, args: EndpointsArgs, s3PrefixListId: Output<string>, parent: pulumi.Resource) {
  const vpcAndTags = { vpcId: args.vpc.vpcId };
  const opts = { parent };
  const https = { ipProtocol: "tcp", fromPort: 443, toPort: 443 };
  const endpoints = new aws.ec2.SecurityGroup(
    `${name}-endpoints`,
    { ...vpcAndTags, description: `VPC endpoints of ${name}: tasks reach them` },
    opts,
  );
  const clients = new aws.ec2.SecurityGroup(
    `${name}-endpoint-clients`,
    { ...vpcAndTags, description: `May reach the VPC endpoints of ${name}; tasks are put into it` },
    opts,
  );
  new aws.vpc.SecurityGroupIngressRule(
    `${name}-endpoints-from-clients`,
    { ...https, securityGroupId: endpoints.id, referencedSecurityGroupId: clients.id, description: "From tasks" },
    opts,
  );
  new aws.vpc.SecurityGroupEgressRule(
    `${name}-clients-to-endpoints`,
    { ...https, securityGroupId: clients.id, referencedSecurityGroupId: endpoints.id, description: "To endpoints" },
    opts,
  );
  new aws.vpc.SecurityGroupEgressRule(
    `${name}-clients-to-s3`,
    { ...https, securityGroupId: clients.id, prefixListId: s3PrefixListId, description: "Image layers in S3" },
    opts,
  );
  return { endpoints, clients };
}

/** Route tables of the private subnets, by their associations: a public one needs no endpoint. */
function privateRouteTableIds(vpc: Vpc): Output<string[]> {
  return pulumi
    .all([vpc.routeTableAssociations, vpc.privateSubnetIds])
    .apply(([associations, subnetIds]) =>
      pulumi
        .all(associations.map(({ subnetId, routeTableId }) => pulumi.all([subnetId, routeTableId])))
        .apply((pairs) => pairs.filter(([subnetId]) => subnetId && subnetIds.includes(subnetId)).map(([, id]) => id)),
    );
}
