import { type Answer, type Asked, answerText, hex, idLike } from "./asked";

/** NAT gateways: the component's default is one in each zone. */
function natCount(strategy: unknown, zones: number): number {
  if (strategy === "None") return 0;
  return strategy === "Single" ? 1 : zones;
}

function zonesOf({ availabilityZoneNames, numberOfAvailabilityZones }: Asked["inputs"]): number {
  return Array.isArray(availabilityZoneNames) ? availabilityZoneNames.length : Number(numberOfAvailabilityZones ?? 3);
}

function strategyOf({ natGateways }: Asked["inputs"]): unknown {
  return typeof natGateways === "object" && natGateways !== null && "strategy" in natGateways
    ? natGateways.strategy
    : undefined;
}

/** Its own children are made by the awsx provider, which no preview runs: this is what it gives back. */
const vpc: Answer = (asked) => {
  const { inputs, hash } = asked;
  const zones = zonesOf(inputs);
  const vpcId = idLike("vpc", hash);
  const made = (prefix: string, kind: string, count = zones) =>
    Array.from({ length: count }, (_, index) => `${prefix}-0${kind}${index}${hex(hash, 14)}`);
  const [publicSubnetIds, privateSubnetIds] = [made("subnet", "a"), made("subnet", "b")];
  const subnetIds = [...publicSubnetIds, ...privateSubnetIds];
  const inVpc = (kind: string) => (id: string) => ({ id, vpcId, arn: asked.arn("ec2", `${kind}/${id}`) });
  const subnets = subnetIds.map(inVpc("subnet"));
  const gateways = natCount(strategyOf(inputs), zones);
  const routeTableOf = (subnetId: string) => subnetId.replace("subnet-", "rtb-");
  return {
    id: vpcId,
    vpcId,
    publicSubnetIds,
    privateSubnetIds,
    isolatedSubnetIds: [],
    vpc: { ...inVpc("vpc")(vpcId), cidrBlock: answerText(inputs.cidrBlock) ?? "10.0.0.0/16" },
    subnets,
    publicSubnets: subnets.slice(0, zones),
    privateSubnets: subnets.slice(zones),
    isolatedSubnets: [],
    routeTables: subnetIds.map(routeTableOf).map(inVpc("route-table")),
    routeTableAssociations: subnetIds.map((subnetId) => ({
      id: subnetId.replace("subnet-", "rtbassoc-"),
      subnetId,
      routeTableId: routeTableOf(subnetId),
    })),
    internetGateway: inVpc("internet-gateway")(idLike("igw", hash)),
    eips: made("eipalloc", "a", gateways).map((id) => ({ id, allocationId: id })),
    natGateways: made("nat", "a", gateways).map((id, index) => ({ id, subnetId: publicSubnetIds[index] })),
  };
};

/** Components of awsx. */
export const awsxAnswers: Readonly<Record<string, Answer>> = { "awsx:ec2:Vpc": vpc };
