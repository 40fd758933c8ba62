import type { RecordedGraph, RecordedResource } from "./graph";
import { mapOf, mapsOf, textOf, textsOf, type Values } from "./read";
import { ofType, TYPES } from "./resources";
import { securityGroupsOf } from "./services";

const AWSX_VPC = "awsx:ec2:Vpc";
const PLAIN_VPC = "aws:ec2/vpc:Vpc";

/** A VPC that the program makes. */
export interface Vpc {
  readonly resource: RecordedResource;
  readonly id: string;
  /** Whether private subnets have a NAT gateway to the internet. */
  readonly hasNat: boolean;
}

/** The VPC that a service's tasks are in, where the program makes it. */
export function vpcOf(graph: RecordedGraph, service: RecordedResource): Vpc | undefined {
  const groups = securityGroupsOf(service);
  const ids = ofType(graph, TYPES.securityGroup)
    .filter(({ id }) => id !== undefined && groups.includes(id))
    .map(({ inputs }) => textOf(inputs.vpcId));
  const subnets = textsOf(mapOf(service.inputs.networkConfiguration).subnets);
  return vpcsOf(graph).find(
    ({ resource, id }) => ids.includes(id) || subnets.some((subnet) => subnetsOf(graph, resource, id).includes(subnet)),
  );
}

/** The VPC of an id, where the program makes it. */
export function vpcNamed(graph: RecordedGraph, id: string | undefined): Vpc | undefined {
  return id === undefined ? undefined : vpcsOf(graph).find((one) => one.id === id);
}

function vpcsOf(graph: RecordedGraph): readonly Vpc[] {
  const awsx = ofType(graph, AWSX_VPC).map((resource) => ({
    resource,
    id: textOf(resource.outputs.vpcId) ?? "",
    hasNat: textOf(mapOf(resource.inputs.natGateways).strategy) !== "None",
  }));
  const own = ofType(graph, PLAIN_VPC).map((resource) => {
    const id = resource.id ?? "";
    const subnets = subnetsOf(graph, resource, id);
    const nats = ofType(graph, "aws:ec2/natGateway:NatGateway");
    return { resource, id, hasNat: nats.some(({ inputs }) => subnets.includes(textOf(inputs.subnetId) ?? "")) };
  });
  return [...awsx, ...own];
}

function subnetsOf(graph: RecordedGraph, vpc: RecordedResource, id: string): readonly string[] {
  const own = ofType(graph, "aws:ec2/subnet:Subnet").filter(({ inputs }) => inputs.vpcId === id);
  return [...own.flatMap((subnet) => subnet.id ?? []), ...textsOf(vpc.outputs.privateSubnetIds)];
}

/** A VPC endpoint: the AWS service it leads to, as the end of its service name, and how it is set up. */
export interface Endpoint {
  readonly resource: RecordedResource;
  readonly service: string;
  readonly gateway: boolean;
  readonly privateDns: boolean;
  readonly securityGroups: readonly string[];
  readonly routeTables: readonly string[];
}

/** The AWS service that an endpoint leads to: `ecr.api`. */
export function endpointLeadsTo({ serviceName }: Values): string {
  return (textOf(serviceName) ?? "").replace(/^(?:cn\.com|com|eu)\.amazonaws\.[a-z0-9-]+\./, "");
}

/** The endpoints of a VPC. */
export function endpointsOf(graph: RecordedGraph, { id, resource: vpc }: Vpc): readonly Endpoint[] {
  const own = ofType(graph, TYPES.vpcEndpoint)
    .filter(({ inputs }) => inputs.vpcId === id)
    .map((resource) => ({ resource, inputs: resource.inputs }));
  const inComponent = mapsOf(vpc.inputs.vpcEndpointSpecs).map((inputs) => ({ resource: vpc, inputs }));
  return [...own, ...inComponent].map(({ resource, inputs }) => ({
    resource,
    service: endpointLeadsTo(inputs),
    gateway: (textOf(inputs.vpcEndpointType) ?? "Gateway") === "Gateway",
    privateDns: inputs.privateDnsEnabled === true,
    securityGroups: textsOf(inputs.securityGroupIds),
    // The component puts a gateway endpoint on its own route tables.
    routeTables: resource === vpc ? ["its own"] : textsOf(inputs.routeTableIds),
  }));
}
