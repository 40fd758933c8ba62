import type { Finding, RecordedGraph, RecordedResource, Rule } from "../../model/graph/graph";
import { textOf } from "../../model/graph/read";
import { finding, ofType, TYPES } from "../../model/graph/resources";

/** How many of something an account has room for, until someone asks AWS for more. */
interface Quota {
  readonly type: string;
  readonly most: number;
  readonly what: string;
  /** Service as Service Quotas calls it. */
  readonly service: string;
  /** What has the room, for each of which it is counted apart. @default - the account */
  readonly within?: (resource: RecordedResource) => string | undefined;
}

/**
 * AWS's default quotas that a stack can come near to.
 * https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html
 */
const QUOTAS: readonly Quota[] = [
  {
    type: TYPES.loadBalancer,
    most: 50,
    what: "application load balancers in a region",
    service: "elasticloadbalancing",
    within: ({ inputs }) => (inputs.loadBalancerType === "network" ? undefined : ""),
  },
  {
    type: TYPES.loadBalancer,
    most: 50,
    what: "network load balancers in a region",
    service: "elasticloadbalancing",
    within: ({ inputs }) => (inputs.loadBalancerType === "network" ? "" : undefined),
  },
  {
    type: TYPES.listenerRule,
    most: 100,
    what: "rules of one load balancer",
    service: "elasticloadbalancing",
    within: ({ inputs }) => /:listener(?:-rule)?\/(.*)\/[^/]+$/.exec(textOf(inputs.listenerArn) ?? "")?.[1],
  },
  { type: TYPES.targetGroup, most: 3000, what: "target groups in a region", service: "elasticloadbalancing" },
  {
    type: TYPES.vpcEndpoint,
    most: 50,
    what: "interface endpoints of one VPC",
    service: "vpc",
    within: ({ inputs }) => (inputs.vpcEndpointType === "Interface" ? (textOf(inputs.vpcId) ?? "") : undefined),
  },
  {
    type: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    most: 60,
    what: "outbound rules of one security group",
    service: "vpc",
    within: ({ inputs }) => textOf(inputs.securityGroupId),
  },
  {
    type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    most: 60,
    what: "inbound rules of one security group",
    service: "vpc",
    within: ({ inputs }) => textOf(inputs.securityGroupId),
  },
  { type: TYPES.eventRule, most: 300, what: "rules of an event bus", service: "events" },
  { type: TYPES.role, most: 1000, what: "roles of an account", service: "iam" },
  { type: TYPES.pipeline, most: 1000, what: "pipelines in a region", service: "codepipeline" },
  { type: TYPES.securityGroup, most: 2500, what: "security groups in a region", service: "vpc" },
];

/** A stack that by itself takes all that AWS has room for, unless the account was given more. */
export const quotas: Rule = (graph) => QUOTAS.flatMap((quota) => quotaFindings(graph, quota));

function quotaFindings(graph: RecordedGraph, { type, most, what, service, within = () => "" }: Quota): Finding[] {
  const groups = new Map<string, RecordedResource[]>();
  for (const resource of ofType(graph, type)) {
    const place = within(resource);
    if (place !== undefined) groups.set(place, [...(groups.get(place) ?? []), resource]);
  }
  return [...groups.values()].flatMap((resources) => {
    const [first] = resources;
    if (!first || resources.length < most) return [];
    const text =
      `one of ${resources.length} ${what}, and AWS allows ${most} until it is asked for more: ` +
      `aws service-quotas list-service-quotas --service-code ${service} shows what this account has`;
    return [finding("quotas", first, text, "warning")];
  });
}
