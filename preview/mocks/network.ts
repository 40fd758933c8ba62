import { type Answer, answerText, hex, hostsOf, idLike, textOr } from "./asked";

/** What EC2 knows by an id alone: the id's prefix, and the kind in its ARN. */
function inEc2(prefix: string, kind: string): Answer {
  return (asked) => {
    const id = idLike(prefix, asked.hash);
    return { id, arn: asked.arn("ec2", `${kind}/${id}`) };
  };
}

function ownedInEc2(prefix: string, kind: string): Answer {
  return (asked) => ({ ...inEc2(prefix, kind)(asked), ownerId: asked.account });
}

const securityGroup: Answer = (asked) => ({ ...ownedInEc2("sg", "security-group")(asked), name: asked.name });

/** It has been there since its VPC has. */
const defaultSecurityGroup: Answer = (asked) => ({
  ...ownedInEc2("sg", "security-group")(asked),
  name: "default",
  namePrefix: "",
  description: "default VPC security group",
});

const securityGroupRule: Answer = (asked) => {
  const rule = inEc2("sgr", "security-group-rule")(asked);
  return { ...rule, securityGroupRuleId: rule.id };
};

const vpcEndpoint: Answer = (asked) => {
  const { hash, inputs } = asked;
  const gateway = textOr(inputs.vpcEndpointType, "Gateway") === "Gateway";
  const service = textOr(inputs.serviceName).split(".").slice(3).reverse().join(".");
  const dnsName = `vpce-0${hex(hash, 16)}-${hex(hash, 8)}.${service}.${asked.region}.vpce.${hostsOf(asked)}`;
  return {
    ...ownedInEc2("vpce", "vpc-endpoint")(asked),
    state: "available",
    requesterManaged: false,
    prefixListId: gateway ? `pl-${hex(hash, 8)}` : "",
    cidrBlocks: gateway ? ["3.5.64.0/21"] : [],
    dnsEntries: gateway ? [] : [{ dnsName, hostedZoneId: "Z38GZ743OKFT7T" }],
    networkInterfaceIds: gateway ? [] : [idLike("eni", hash)],
  };
};

const vpc: Answer = (asked) => {
  const { hash, inputs } = asked;
  return {
    ...ownedInEc2("vpc", "vpc")(asked),
    cidrBlock: answerText(inputs.cidrBlock) ?? "10.0.0.0/16",
    defaultNetworkAclId: idLike("acl", hash),
    defaultRouteTableId: idLike("rtb", hash),
    defaultSecurityGroupId: idLike("sg", hash),
    mainRouteTableId: idLike("rtb", hash),
    dhcpOptionsId: idLike("dopt", hash),
    ipv6AssociationId: "",
  };
};

const subnet: Answer = (asked) => ({
  ...ownedInEc2("subnet", "subnet")(asked),
  availabilityZone: answerText(asked.inputs.availabilityZone) ?? `${asked.region}a`,
  ipv6CidrBlockAssociationId: "",
});

/** VPCs and what is in them. */
export const networkAnswers: Readonly<Record<string, Answer>> = {
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": defaultSecurityGroup,
  "aws:ec2/flowLog:FlowLog": inEc2("fl", "vpc-flow-log"),
  "aws:ec2/routeTable:RouteTable": ownedInEc2("rtb", "route-table"),
  "aws:ec2/securityGroup:SecurityGroup": securityGroup,
  "aws:ec2/securityGroupRule:SecurityGroupRule": ({ hash }) => ({
    id: `sgrule-${parseInt(hex(hash, 8), 16)}`,
    securityGroupRuleId: idLike("sgr", hash),
  }),
  "aws:ec2/subnet:Subnet": subnet,
  "aws:ec2/vpc:Vpc": vpc,
  "aws:ec2/vpcEndpoint:VpcEndpoint": vpcEndpoint,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": securityGroupRule,
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": securityGroupRule,
};
