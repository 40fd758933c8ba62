/** Calls to one AWS service, as IAM writes them after the service's prefix. */
interface ServiceCalls {
  /** What tells how resources are set up, and not what is in them: no object, image, plain text or log line. */
  readonly read: readonly string[];
  /** What makes, changes and deletes them. */
  readonly change: readonly string[];
}

const LOOK = ["Describe*", "List*"] as const;
const EVERYTHING = ["*"] as const;

/** What the provider looks at for networks, security groups and flow logs, with the defaults of a VPC that it reads along. */
const NETWORK_READS = [
  "Addresses",
  "AddressesAttribute",
  "AvailabilityZones",
  "FlowLogs",
  "InternetGateways",
  "ManagedPrefixLists",
  "NatGateways",
  "NetworkAcls",
  "PrefixLists",
  "RouteTables",
  "SecurityGroupRules",
  "SecurityGroups",
  "Subnets",
  "VpcAttribute",
  "VpcEndpoints",
  "Vpcs",
] as const;

/**
 * What a stack of this program is made of, by IAM prefix; roles are apart (`roleStatements`). Services that hold data,
 * keys or machines list their calls: whoever updates needs no object, no plain text and no instance.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export const MANAGED_SERVICES = {
  acm: {
    read: ["DescribeCertificate", "ListTagsForCertificate"],
    change: ["AddTagsToCertificate", "DeleteCertificate", "RemoveTagsFromCertificate", "RequestCertificate"],
  },
  "application-autoscaling": { read: LOOK, change: EVERYTHING },
  chatbot: { read: [...LOOK, "GetMicrosoftTeamsChannelConfiguration"], change: EVERYTHING },
  cloudwatch: { read: LOOK, change: EVERYTHING },
  codebuild: { read: ["BatchGetProjects"], change: EVERYTHING },
  codeconnections: { read: ["GetConnection"], change: ["PassConnection", "UseConnection"] },
  codedeploy: { read: ["BatchGet*", "Get*", "List*"], change: EVERYTHING },
  codepipeline: { read: ["GetPipeline", "ListTagsForResource"], change: EVERYTHING },
  "codestar-connections": { read: ["GetConnection"], change: ["PassConnection", "UseConnection"] },
  "codestar-notifications": { read: LOOK, change: EVERYTHING },
  ec2: {
    // By name: among the others are the user data of machines and the keys of VPN connections.
    read: [...NETWORK_READS.map((what) => `Describe${what}`), "GetManagedPrefixListEntries"],
    change: [
      "*Address",
      "*FlowLogs",
      "*InternetGateway",
      "*NatGateway",
      "*Route",
      "*RouteTable",
      "*SecurityGroup*",
      "*Subnet",
      "*SubnetAttribute",
      "*Tags",
      "*Vpc",
      "*VpcAttribute",
      "*VpcEndpoint*",
      // Deleting a security group or a subnet waits for what still stands in it.
      "DescribeNetworkInterfaces",
    ],
  },
  ecr: {
    read: [
      "DescribePullThroughCacheRules",
      "DescribeRepositories",
      "GetLifecyclePolicy",
      "GetRepositoryPolicy",
      "ListTagsForResource",
    ],
    change: EVERYTHING,
  },
  ecs: { read: LOOK, change: EVERYTHING },
  elasticloadbalancing: { read: ["Describe*"], change: EVERYTHING },
  events: { read: LOOK, change: EVERYTHING },
  kms: {
    read: ["DescribeKey", "GetKeyPolicy", "GetKeyRotationStatus", "List*"],
    change: [
      "*Alias",
      "*KeyDeletion",
      "*KeyRotation",
      "CreateKey",
      "PutKeyPolicy",
      "TagResource",
      "UntagResource",
      "UpdateKeyDescription",
    ],
  },
  logs: {
    read: ["DescribeLogGroups", "DescribeResourcePolicies", "ListTagsForResource", "ListTagsLogGroup"],
    change: [
      "*KmsKey",
      "*RetentionPolicy",
      "CreateLogGroup",
      "DeleteLogGroup",
      "TagLogGroup",
      "TagResource",
      "UntagLogGroup",
      "UntagResource",
    ],
  },
  route53: {
    read: ["GetChange", "GetHostedZone", "ListResourceRecordSets"],
    // In the zones that are named alone, in `permissions.ts`.
    change: [],
  },
  s3: {
    read: ["Get*Configuration", "GetBucket*", "ListBucket", "ListTagsForResource"],
    // Destroying a bucket empties it first, and emptying one takes no reading.
    change: ["*Bucket*", "DeleteObject", "DeleteObjectVersion", "Put*Configuration", "TagResource", "UntagResource"],
  },
  scheduler: { read: ["Get*", "List*"], change: EVERYTHING },
  servicediscovery: { read: ["Get*", "List*"], change: EVERYTHING },
  sns: { read: ["GetSubscriptionAttributes", "GetTopicAttributes", "List*"], change: EVERYTHING },
  sqs: {
    read: ["GetQueueAttributes", "GetQueueUrl", "ListQueueTags"],
    // What is in a queue is none of an update's business.
    change: ["CreateQueue", "DeleteQueue", "SetQueueAttributes", "TagQueue", "UntagQueue"],
  },
  ssm: {
    read: ["DescribeParameters", "ListTagsForResource"],
    // A stack's own parameters alone, in `permissions.ts`.
    change: [],
  },
  // The provider has a changed definition checked by AWS while it plans.
  states: { read: ["DescribeStateMachine", "List*", "ValidateStateMachineDefinition"], change: EVERYTHING },
  // A web ACL is someone else's: the stack puts its load balancers behind it, and changes nothing of it.
  wafv2: { read: ["GetWebACLForResource"], change: ["AssociateWebACL", "DisassociateWebACL", "GetWebACL"] },
} as const satisfies Readonly<Record<string, ServiceCalls>>;

/** Services that take a role which the program makes. */
export const ROLE_TAKERS = [
  "chatbot",
  "codebuild",
  "codedeploy",
  "codepipeline",
  "ecs",
  "ecs-tasks",
  "events",
  "s3",
  "scheduler",
  "states",
  "vpc-flow-logs",
] as const;

/** Every call of one kind, in full: `ecs:Describe*`. */
export function callsOf(kind: keyof ServiceCalls): readonly string[] {
  return Object.entries<ServiceCalls>(MANAGED_SERVICES).flatMap(([prefix, calls]) =>
    calls[kind].map((call) => `${prefix}:${call}`),
  );
}
