import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Input } from "@pulumi/pulumi";
import { CIDR_RANGE } from "../network/cidrBlock";
import { flag, port, text } from "../settings/setting";
import { type ArgsOf, settings } from "../settings/settings";
import type { EcsServiceArgs } from "./args";
import { fileSystemsOf } from "./taskPermissions";

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html */
const DESCRIPTION = {
  pattern: /^[A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]+$/,
  max: 255,
  expected: "up to 255 letters, digits, spaces and . _ - : / ( ) # , @ [ ] + = & ; { } ! $ *",
};

const EC2_ID = (kind: string) => new RegExp(`^${kind}-(?:[0-9a-f]{8}|[0-9a-f]{17})$`);

/** Something tasks may open connections to, by one of range, security group and prefix list. */
export const OUTBOUND = settings({
  /** TCP port. */
  port: port({ example: 5432 }),
  /** Where to: an IPv4 range, for example 10.0.0.0/16. @default - what is named otherwise */
  cidrBlock: CIDR_RANGE.optional(),
  /** Where to: security group of a database, a cache or another service in this VPC. @default - what is named otherwise */
  securityGroupId: text(
    { pattern: EC2_ID("sg"), expected: "a security group id", owned: true },
    { example: "sg-0a1b2c3d" },
  ).optional(),
  /** Where to: a prefix list, of an AWS service or of one's own. @default - what is named otherwise */
  prefixListId: text(
    { pattern: EC2_ID("pl"), expected: "a prefix list id", owned: true },
    { example: "pl-0a1b2c3d" },
  ).optional(),
  /** Whether that security group gets the rule that admits these tasks, too. @default false */
  admit: flag({ default: false, example: true }),
  /** What is there; shown in the security group. @default - where to, and the port */
  description: text(DESCRIPTION, { example: "database" }).optional(),
});

/** Something tasks may open connections to: a range, a security group or a prefix list. */
export interface Outbound extends Omit<ArgsOf<typeof OUTBOUND>, "securityGroupId" | "prefixListId"> {
  /** Security group of a database, a cache or another service in this VPC. @default - what is named otherwise */
  readonly securityGroupId?: Input<string> | undefined;
  /** A prefix list. @default - what is named otherwise */
  readonly prefixListId?: Input<string> | undefined;
}

/** What is expected where it leads nowhere, or to several. */
export function destinationProblem(to: Readonly<Record<string, unknown>>): string | undefined {
  const named = ["cidrBlock", "securityGroupId", "prefixListId"].filter((key) => to[key] !== undefined);
  if (named.length === 1) return undefined;
  return `one of cidrBlock, securityGroupId and prefixListId, ${named.length === 0 ? "none is there" : `not ${named.join(" and ")}`}`;
}

/** What is expected where nothing is there that could admit tasks. */
export function admitProblem({ admit, securityGroupId }: Readonly<Record<string, unknown>>): string | undefined {
  const impossible = admit === true && securityGroupId === undefined;
  return impossible ? "false: a security group can admit tasks, a range or a prefix list cannot" : undefined;
}

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
  const distinct = new Map(all.map((to, index) => [`${placeNamed(to, index)}-${to.port}`, to]));
  const rules = [...distinct].flatMap(([where, to]) => outboundRules(name, where, to, own, parent));
  const joined = [
    own.id,
    targets?.targetSecurityGroupId,
    network.endpointClientSecurityGroupId,
    args.serviceConnect?.securityGroupId,
  ];
  const mounts = mountRules(name, args, own, parent);
  return { own, securityGroupIds: joined.filter((id) => id !== undefined), rules: [...rules, ...mounts] };
}

/** Where something is, as names of resources say it; what is not known yet goes by its place in the list. */
function placeNamed({ cidrBlock, securityGroupId, prefixListId }: Outbound, index: number): string {
  const where = cidrBlock ?? securityGroupId ?? prefixListId;
  return typeof where === "string" ? where.replace(/[./]/g, "-") : `outbound-${index + 1}`;
}

/** The way out, and where it is asked for the way in on the other side. */
function outboundRules(
  name: string,
  where: string,
  to: Outbound,
  own: aws.ec2.SecurityGroup,
  parent: pulumi.Resource,
): pulumi.Resource[] {
  const { cidrBlock, securityGroupId, prefixListId, admit, description } = to;
  const ports = { ipProtocol: "tcp", fromPort: to.port, toPort: to.port };
  const out = new aws.vpc.SecurityGroupEgressRule(
    `${name}-to-${where}`,
    {
      ...ports,
      securityGroupId: own.id,
      cidrIpv4: cidrBlock,
      referencedSecurityGroupId: securityGroupId,
      prefixListId,
      description: description ?? (cidrBlock ? `To ${cidrBlock} port ${to.port}` : `To port ${to.port}`),
    },
    { parent },
  );
  if (!admit || securityGroupId === undefined) return [out];
  const inward = new aws.vpc.SecurityGroupIngressRule(
    `${name}-into-${where}`,
    { ...ports, securityGroupId, referencedSecurityGroupId: own.id, description: `Tasks of ${name}` },
    { parent },
  );
  return [out, inward];
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
