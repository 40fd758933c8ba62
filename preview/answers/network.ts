import { type Answer, type Asked, byArn, hex, resourceId, textOf } from "./asked";

/** Load balancers and target groups: AWS takes 32 characters, and autonaming adds eight. */
const MAX_NAME = 32;

function balanced(asked: Asked): string {
  if (asked.name.length <= MAX_NAME) return asked.name;
  throw new Error(
    `"${asked.logicalName}": name "${asked.name}" is ${asked.name.length} characters, AWS takes ${MAX_NAME}`,
  );
}

const loadBalancer: Answer = (asked) => {
  const suffix = `app/${balanced(asked)}/${hex(asked.hash, 16)}`;
  const arn = asked.arn("elasticloadbalancing", `loadbalancer/${suffix}`);
  const internal = asked.inputs.internal === true ? "internal-" : "";
  const dnsName = `${internal}${asked.name}-1234567890.${asked.region}.elb.amazonaws.com`;
  return { id: arn, arn, name: asked.name, arnSuffix: suffix, dnsName, zoneId: "Z32O12XQLNTSW2" };
};

const targetGroup: Answer = (asked) => {
  const arnSuffix = `targetgroup/${balanced(asked)}/${hex(asked.hash, 16)}`;
  const arn = asked.arn("elasticloadbalancing", arnSuffix);
  return { id: arn, arn, name: asked.name, arnSuffix };
};

function below(kind: string, parent: string): Answer {
  return ({ inputs, hash }) => {
    const above = textOf(inputs[parent]) ?? "";
    const arn = `${above.replace(/:(loadbalancer|listener)\//, `:${kind}/`)}/${hex(hash, 16)}`;
    return { id: arn, arn };
  };
}

const vpcEndpoint: Answer = (asked) => ({
  id: `vpce-0${hex(asked.hash, 16)}`,
  arn: asked.arn("ec2", `vpc-endpoint/vpce-0${hex(asked.hash, 16)}`),
  state: "available",
  ...(asked.inputs.vpcEndpointType === "Gateway" && { prefixListId: `pl-${hex(asked.hash, 8)}` }),
});

/** Its own children are made by the awsx provider, which no preview runs: this is what it gives back. */
const vpc: Answer = ({ inputs, hash }) => {
  const names = inputs.availabilityZoneNames;
  const zones = Array.isArray(names) ? names.length : Number(inputs.numberOfAvailabilityZones ?? 3);
  const subnets = (kind: string) =>
    Array.from({ length: zones }, (_, index) => `subnet-${kind}${index}${hex(hash, 14)}`);
  const [publicSubnetIds, privateSubnetIds] = [subnets("a"), subnets("b")];
  return {
    id: `vpc-0${hex(hash, 16)}`,
    vpcId: `vpc-0${hex(hash, 16)}`,
    ...{ publicSubnetIds, privateSubnetIds, isolatedSubnetIds: [] },
    routeTableAssociations: [...publicSubnetIds, ...privateSubnetIds].map((subnetId) => ({
      ...{ id: subnetId.replace("subnet-", "rtbassoc-"), subnetId },
      routeTableId: subnetId.replace("subnet-", "rtb-"),
    })),
  };
};

/** VPCs and load balancers. */
export const networkAnswers: Readonly<Record<string, Answer>> = {
  "awsx:ec2:Vpc": vpc,
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": resourceId("sg"),
  "aws:ec2/flowLog:FlowLog": resourceId("fl"),
  "aws:ec2/securityGroup:SecurityGroup": (asked) => {
    const id = `sg-0${hex(asked.hash, 16)}`;
    return { id, arn: asked.arn("ec2", `security-group/${id}`), name: asked.name };
  },
  "aws:ec2/vpcEndpoint:VpcEndpoint": vpcEndpoint,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": resourceId("sgr"),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": resourceId("sgr"),
  "aws:lb/listener:Listener": below("listener", "loadBalancerArn"),
  "aws:lb/listenerRule:ListenerRule": below("listener-rule", "listenerArn"),
  "aws:lb/loadBalancer:LoadBalancer": loadBalancer,
  "aws:lb/targetGroup:TargetGroup": targetGroup,
  "aws:servicediscovery/httpNamespace:HttpNamespace": byArn(
    "servicediscovery",
    (_, { hash }) => `namespace/ns-${hex(hash, 16)}`,
  ),
};
