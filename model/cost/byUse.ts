import type { PriceName } from "../../components/cost/prices";
import type { RecordedGraph } from "../graph/graph";
import { className, ofType, TYPES } from "../graph/resources";
import { networkOf } from "./network";

/** Something that is paid for by what is used of it, so that it is in no sum. */
export interface ByUse {
  readonly what: string;
  /** Its price, where the table has it. */
  readonly price?: PriceName;
}

/** Types that cost something when they are used, and what for. */
const USED: Readonly<Record<string, string>> = {
  [TYPES.loadBalancer]: "capacity units of load balancers (LCU): requests, connections, bytes",
  [TYPES.eventRule]: "events that rules match",
  [TYPES.schedule]: "calls of schedules, and the tasks that they start",
  [TYPES.stateMachine]: "steps of state machines",
  [TYPES.lambda]: "calls of functions",
  [TYPES.queue]: "requests to queues, dead-letter queues among them",
  [TYPES.topic]: "messages of topics",
  [TYPES.bucket]: "requests to buckets",
  [TYPES.key]: "requests to keys, and more a month after each of a key's first two yearly rotations",
};

/** What is known of such a price where the table has the region's, in dollars. */
const PRICED_BY_USE: Readonly<Record<string, string>> = {
  [TYPES.key]: "requests to keys, and $1 more a month after each of a key's first two yearly rotations",
};

/** Types that are in the sum, whole or in part. */
const IN_THE_SUM: ReadonlySet<string> = new Set([
  TYPES.service,
  TYPES.pipeline,
  TYPES.vpcEndpoint,
  TYPES.loadBalancer,
  TYPES.metricAlarm,
  TYPES.compositeAlarm,
  TYPES.key,
  TYPES.secret,
  TYPES.logGroup,
  TYPES.repository,
  TYPES.bucket,
  TYPES.parameter,
  "aws:kms/replicaKey:ReplicaKey",
  "aws:route53/zone:Zone",
  "aws:ec2/natGateway:NatGateway",
  "aws:ec2/eip:Eip",
  "aws:cloudwatch/dashboard:Dashboard",
  "aws:appautoscaling/policy:Policy",
]);

/**
 * Types that AWS asks nothing for: beginnings of type tokens. What runs because of them is paid for elsewhere, for example
 * builds of a project by the minute.
 */
const FREE: readonly string[] = [
  "pulumi:",
  "pulumiservice:",
  "random:",
  "aws:acm/certificate",
  "aws:appautoscaling/scheduledAction:",
  "aws:appautoscaling/target:",
  "aws:chatbot/",
  "aws:cloudwatch/eventTarget:",
  "aws:codebuild/",
  "aws:codedeploy/",
  "aws:codestarnotifications/",
  "aws:ec2/defaultSecurityGroup:",
  "aws:ec2/flowLog:",
  "aws:ec2/internetGateway:",
  "aws:ec2/route",
  "aws:ec2/securityGroup",
  "aws:ec2/subnet:",
  "aws:ec2/vpc:",
  "aws:ecr/",
  "aws:ecs/cluster",
  "aws:ecs/taskDefinition:",
  "aws:iam/",
  "aws:kms/alias:",
  "aws:lambda/permission:",
  "aws:lb/",
  "aws:route53/record:",
  "aws:s3/bucket",
  "aws:servicediscovery/httpNamespace:",
  "aws:sns/topic",
  "aws:sqs/queuePolicy:",
  "aws:vpc/",
  "aws:wafv2/webAclAssociation:",
];

/** What a graph has that is paid for by its use; in dollars where the table has prices of its region. */
export function byUseOf(graph: RecordedGraph, isPriced: boolean): readonly ByUse[] {
  const { endpoints, nats } = networkOf(graph);
  const types = Object.keys(USED).filter((type) => ofType(graph, type).length > 0);
  return [
    ...(ofType(graph, TYPES.pipeline).length > 0
      ? [{ what: "minutes of builds and of a pipeline's actions, as each delivery has them" }]
      : []),
    ...(endpoints.length > 0 ? [{ what: "what goes through interface endpoints", price: "endpointGb" } as const] : []),
    ...(nats > 0 ? [{ what: "what goes through NAT gateways", price: "natGb" } as const] : []),
    ...(ofType(graph, TYPES.logGroup).length > 0
      ? [{ what: "what is written to logs, Container Insights' own among it", price: "logGb" } as const]
      : []),
    ...(ofType(graph, "aws:cloudwatch/dashboard:Dashboard").length > 0
      ? [
          {
            what: `dashboards where the account has more than the three that cost nothing${isPriced ? ", $3 each" : ""}`,
          },
        ]
      : []),
    ...types.map((type) => ({ what: (isPriced ? PRICED_BY_USE[type] : undefined) ?? USED[type] ?? type })),
    { what: "bytes that leave AWS or go between zones and regions" },
  ];
}

/** Types of which nobody here knows what they cost. */
export function unknownTypes(graph: RecordedGraph): readonly string[] {
  const types = graph.resources.filter(({ custom }) => custom).map(({ type }) => type);
  return [...new Set(types)]
    .filter((type) => !IN_THE_SUM.has(type) && !(type in USED) && !FREE.some((beginning) => type.startsWith(beginning)))
    .map(className);
}
