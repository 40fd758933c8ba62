import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Input } from "@pulumi/pulumi";
import { CIDR_RANGE } from "../network/cidrBlock";
import { port, text } from "../settings/setting";
import { type ArgsOf, settings } from "../settings/settings";
import type { EcsServiceArgs } from "./args";
import { fileSystemsOf } from "./taskPermissions";

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html */
const DESCRIPTION = {
  pattern: /^[A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]+$/,
  max: 255,
  expected: "up to 255 letters, digits, spaces and . _ - : / ( ) # , @ [ ] + = & ; { } ! $ *",
};

/** Something tasks may open connections to. */
export const OUTBOUND = settings({
  /** TCP port. */
  port: port({ example: 5432 }),
  /** Where to: an IPv4 range, for example 10.0.0.0/16. */
  cidrBlock: CIDR_RANGE,
  /** What is there; shown in the security group. @default - range and port */
  description: text(DESCRIPTION, { example: "database" }).optional(),
});

/** Something tasks may open connections to. */
export interface Outbound extends ArgsOf<typeof OUTBOUND> {}

/** The group of these tasks alone, and all groups they are put into. */
interface ServiceSecurityGroups {
  readonly own: aws.ec2.SecurityGroup;
  readonly securityGroupIds: Input<string>[];
  readonly rules: readonly pulumi.Resource[];
}

/**
 * The security groups of a service's tasks. The load balancer's and the endpoints' rules are theirs: a task only joins
 * the group they admit. Where nothing is known of endpoints, tasks may open HTTPS to anywhere the VPC's routes lead.
 */
export function defineServiceSecurityGroups(
  name: string,
  args: Pick<EcsServiceArgs, "network" | "targets" | "outbound" | "container" | "sidecars" | "serviceConnect">,
  parent: pulumi.Resource,
): ServiceSecurityGroups {
  const { network, targets, outbound = [] } = args;
  const own = new aws.ec2.SecurityGroup(
    `${name}-tasks`,
    { vpcId: network.vpcId, description: `Tasks of ${name}` },
    { parent },
  );
  const https: Outbound = { port: 443, cidrBlock: "0.0.0.0/0", description: "Image pulls, logs, secrets" };
  const all = network.endpointClientSecurityGroupId === undefined ? [https, ...outbound] : outbound;
  // AWS refuses a rule that is there already, whatever its description.
  const distinct = new Map(all.map((to) => [`${to.cidrBlock} ${to.port}`, to])).values();
  const rules = [...distinct].map(
    (to) =>
      new aws.vpc.SecurityGroupEgressRule(
        `${name}-to-${to.cidrBlock.replace(/[./]/g, "-")}-${to.port}`,
        {
          securityGroupId: own.id,
          ipProtocol: "tcp",
          fromPort: to.port,
          toPort: to.port,
          cidrIpv4: to.cidrBlock,
          description: to.description ?? `To ${to.cidrBlock} port ${to.port}`,
        },
        { parent },
      ),
  );
  const joined = [
    own.id,
    targets?.targetSecurityGroupId,
    network.endpointClientSecurityGroupId,
    args.serviceConnect?.securityGroupId,
  ];
  const mounts = mountRules(name, args, own, parent);
  return { own, securityGroupIds: joined.filter((id) => id !== undefined), rules: [...rules, ...mounts] };
}

/** NFS to the mount targets of the file systems; what admits it there is theirs. */
function mountRules(
  name: string,
  args: Pick<EcsServiceArgs, "container" | "sidecars">,
  own: aws.ec2.SecurityGroup,
  parent: pulumi.Resource,
): pulumi.Resource[] {
  const groups = [...new Set(fileSystemsOf(args).map(({ securityGroupId }) => securityGroupId))];
  return groups.map(
    (group) =>
      new aws.vpc.SecurityGroupEgressRule(
        `${name}-to-${group}-nfs`,
        {
          securityGroupId: own.id,
          referencedSecurityGroupId: group,
          ipProtocol: "tcp",
          fromPort: 2049,
          toPort: 2049,
          description: "File system",
        },
        { parent },
      ),
  );
}
