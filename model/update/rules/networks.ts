import { isDeepStrictEqual } from "node:util";
import { settled } from "../../environment/advance";
import type { Environment } from "../../environment/environment";
import { mapOf, textsOf } from "../../graph/read";
import { label, TYPES } from "../../graph/resources";
import { type AwsRule, changedKeys } from "./rule";

const AWSX_VPC = "awsx:ec2:Vpc";
const AWSX_PAGE = "https://www.pulumi.com/docs/iac/guides/clouds/aws/vpc/";

const rangeStays: AwsRule = {
  name: "network-range-stays",
  page: "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html",
  refuses: ({ step, resource }) =>
    step.kind === "update" && resource.type === AWSX_VPC && changedKeys(step).includes("cidrBlock")
      ? "the IPv4 range of a VPC cannot be changed: the VPC, its subnets and all that is in them would be made anew, and AWS deletes none of the old ones while tasks and load balancers are there"
      : undefined,
};

const subnetsStay: AwsRule = {
  name: "subnet-ranges-stay",
  page: AWSX_PAGE,
  refuses: ({ step, resource }) => {
    if (step.kind !== "update" || resource.type !== AWSX_VPC || !step.before) return undefined;
    const [was, is] = [zonesOf(step.before.inputs), zonesOf(resource.inputs)];
    if (isDeepStrictEqual(was, is)) return undefined;
    // awsx gives each zone an equal share of the range: a power of two of shares, so that other numbers are other ranges.
    if (bits(was.length) !== bits(is.length)) {
      return `${is.length} zones in place of ${was.length} give every subnet another range: each would be made anew, in a range that the old ones still have`;
    }
    const moved = was.slice(0, is.length).some((zone, index) => zone !== is[index]);
    if (moved)
      return "the subnets of a zone that goes, or changes its place in the list, would be made anew in a range that the old ones still have";
    return is.length < was.length
      ? "the subnets of a zone that goes are in use: tasks and load balancers have to leave them first"
      : undefined;
  },
};

const LETTERS: readonly string[] = [..."abcdef"];

function zonesOf(inputs: Readonly<Record<string, unknown>>): readonly string[] {
  const { availabilityZoneNames, numberOfAvailabilityZones } = inputs;
  // By number, awsx takes the first ones of the region: a zone's letter says which it is.
  if (Array.isArray(availabilityZoneNames)) return textsOf(availabilityZoneNames).map((zone) => zone.slice(-1));
  return LETTERS.slice(0, Number(numberOfAvailabilityZones ?? 3));
}

function bits(zones: number): number {
  return Math.ceil(Math.log2(zones));
}

/**
 * Minutes that the provider goes on trying to delete a security group.
 * https://www.pulumi.com/registry/packages/aws/api-docs/ec2/securitygroup/
 */
const PATIENCE_SECONDS = 15 * 60;

const groupInUse: AwsRule = {
  name: "security-group-in-use",
  page: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html",
  refuses: ({ step, resource, environment }) => {
    if (step.kind !== "delete" || resource.type !== TYPES.securityGroup) return undefined;
    const id = String(resource.id);
    const user = environment.resources.find((one) => usedBy(one.type, one.inputs).includes(id));
    if (user) return `${label(user)} is still in it`;
    const later = afterPatience(environment);
    const stays = later.tasks.find(({ securityGroups }) => securityGroups.includes(id));
    return stays && `tasks of ${nameOf(environment, stays.service)} are still in it`;
  },
};

/** What runs once the provider has given up: a deployment that ends in time has taken the old tasks away. */
function afterPatience(environment: Environment): Environment {
  const end = environment.clock + PATIENCE_SECONDS;
  const ending = environment.deployments.filter(({ starts }) => starts.readyAt <= end);
  return ending.length > 0 ? settled({ ...environment, deployments: ending }) : environment;
}

/** Ids of the security groups that something is in, which has network interfaces. */
function usedBy(type: string, inputs: Readonly<Record<string, unknown>>): readonly string[] {
  switch (type) {
    case TYPES.service:
      return textsOf(mapOf(inputs.networkConfiguration).securityGroups);
    case TYPES.loadBalancer:
      return textsOf(inputs.securityGroups);
    case TYPES.vpcEndpoint:
      return textsOf(inputs.securityGroupIds);
    default:
      return [];
  }
}

const networkInUse: AwsRule = {
  name: "network-in-use",
  page: "https://docs.aws.amazon.com/vpc/latest/userguide/delete-vpc.html",
  refuses: ({ step, resource, environment }) => {
    if (step.kind !== "delete" || resource.type !== AWSX_VPC) return undefined;
    const subnets = [resource.outputs.publicSubnetIds, resource.outputs.privateSubnetIds].flatMap(textsOf);
    const user = environment.resources.find(({ type, inputs }) => {
      const own = type === TYPES.service ? mapOf(inputs.networkConfiguration).subnets : inputs.subnets;
      return (
        [TYPES.service, TYPES.loadBalancer].some((one) => one === type) &&
        textsOf(own).some((id) => subnets.includes(id))
      );
    });
    return user && `${label(user)} is still in its subnets`;
  },
};

function nameOf({ resources }: Environment, urn: string): string {
  const found = resources.find((one) => one.urn === urn);
  return found ? label(found) : "a service";
}

/** What EC2 refuses. */
export const NETWORK_RULES: readonly AwsRule[] = [rangeStays, subnetsStay, groupInUse, networkInUse];
