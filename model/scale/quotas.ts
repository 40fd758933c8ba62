/** When the quotas below were held against copies of AWS's pages, the oldest of which is of August 2022. */
export const QUOTAS_OF = "November 2026";

/** What has the room: all stacks of an account, those of a region, or something that they have in common. */
export type QuotaPlace =
  | "account"
  | "region"
  | "load balancer"
  | "VPC"
  | "security group"
  | "event rule"
  | "cluster"
  | "pipeline";

/** How many of something AWS has room for, by default. */
export interface Quota {
  /** As settings have it. */
  readonly name: string;
  readonly what: string;
  /** What counts, where that is not plain. */
  readonly note?: string;
  readonly most: number;
  readonly per: QuotaPlace;
  /** Service as Service Quotas calls it. */
  readonly service: string;
  readonly page: string;
  /** `asked`: who asks gets more. `raised`: AWS gives more by itself to who uses it. `fixed`: nobody gets more. */
  readonly more: "asked" | "raised" | "fixed";
  /** How to stay below it without asking. */
  readonly way: string;
}

const PAGE = {
  vpc: "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html",
  addresses: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html",
  application: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html",
  network: "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-limits.html",
  ecs: "https://docs.aws.amazon.com/general/latest/gr/ecs-service.html",
  events: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html",
  iam: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
  pipelines: "https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html",
  builds: "https://docs.aws.amazon.com/codebuild/latest/userguide/limits.html",
  deployments: "https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html",
  parameters: "https://docs.aws.amazon.com/general/latest/gr/ssm.html",
  alarms: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html",
  scaling: "https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-limits.html",
  buckets: "https://docs.aws.amazon.com/general/latest/gr/s3.html",
} as const;

const SHARE_NETWORK = "one network for several stacks (`network.existing`)";
const SHARE_BALANCER = "several services behind one (`loadBalancerOf`, `targets.shared`)";
const PART_BALANCER = "a second load balancer for some of the services";
const PART_REGION = "an account for some of the stacks";

/** AWS's default quotas that stacks of this program come near to, those that are met first at the top. */
export const QUOTAS = [
  {
    name: "vpcs",
    what: "VPCs of a region",
    note: "with the one that AWS makes in each",
    most: 5,
    per: "region",
    service: "vpc",
    page: PAGE.vpc,
    more: "asked",
    way: SHARE_NETWORK,
  },
  {
    name: "addresses",
    what: "Elastic IP addresses of a region",
    note: "one for each NAT gateway",
    most: 5,
    per: "region",
    service: "ec2",
    page: PAGE.addresses,
    more: "asked",
    way: `endpoints in their place (\`network.egress\`), or ${SHARE_NETWORK}`,
  },
  {
    name: "vcpus",
    what: "vCPUs of Fargate on demand in a region",
    note: "of all tasks that scaling lets run",
    most: 6,
    per: "region",
    service: "fargate",
    page: PAGE.ecs,
    more: "raised",
    way: "smaller tasks, or `FARGATE_SPOT`, which has a quota of its own",
  },
  {
    name: "builds",
    what: "builds that one run starts at the same time",
    note: "of which a new account runs one, keeps five waiting and refuses the others",
    most: 6,
    per: "pipeline",
    service: "codebuild",
    page: "https://docs.aws.amazon.com/codebuild/latest/userguide/builds-working.html",
    more: "raised",
    way: "a pipeline for each service (`pipelines: perService`)",
  },
  {
    name: "gatewayEndpoints",
    what: "gateway endpoints of a region",
    most: 20,
    per: "region",
    service: "vpc",
    page: PAGE.vpc,
    more: "asked",
    way: SHARE_NETWORK,
  },
  {
    name: "interfaceEndpoints",
    what: "interface endpoints of one VPC",
    most: 50,
    per: "VPC",
    service: "vpc",
    page: PAGE.vpc,
    more: "asked",
    way: "the endpoints that the network has already",
  },
  {
    name: "applicationBalancers",
    what: "application load balancers in a region",
    most: 50,
    per: "region",
    service: "elasticloadbalancing",
    page: PAGE.application,
    more: "asked",
    way: SHARE_BALANCER,
  },
  {
    name: "networkBalancers",
    what: "network load balancers in a region",
    most: 50,
    per: "region",
    service: "elasticloadbalancing",
    page: PAGE.network,
    more: "asked",
    way: "application load balancers, which services can share",
  },
  {
    name: "certificates",
    what: "certificates of one load balancer",
    note: "besides the first one of each listener",
    most: 25,
    per: "load balancer",
    service: "elasticloadbalancing",
    page: PAGE.application,
    more: "asked",
    way: `one certificate for several names, or ${PART_BALANCER}`,
  },
  {
    name: "listeners",
    what: "listeners of one load balancer",
    most: 50,
    per: "load balancer",
    service: "elasticloadbalancing",
    page: PAGE.application,
    more: "asked",
    way: PART_BALANCER,
  },
  {
    name: "listenerRules",
    what: "rules of one load balancer",
    most: 100,
    per: "load balancer",
    service: "elasticloadbalancing",
    page: PAGE.application,
    more: "asked",
    way: PART_BALANCER,
  },
  {
    name: "balancerTargetGroups",
    what: "target groups of one load balancer",
    most: 100,
    per: "load balancer",
    service: "elasticloadbalancing",
    page: PAGE.application,
    more: "fixed",
    way: PART_BALANCER,
  },
  {
    name: "targetGroups",
    what: "target groups in a region",
    most: 3000,
    per: "region",
    service: "elasticloadbalancing",
    page: PAGE.application,
    more: "asked",
    way: PART_REGION,
  },
  {
    name: "securityGroups",
    what: "security groups in a region",
    most: 2500,
    per: "region",
    service: "vpc",
    page: PAGE.vpc,
    more: "asked",
    way: PART_REGION,
  },
  {
    name: "egressRules",
    what: "outbound rules of one security group",
    most: 60,
    per: "security group",
    service: "vpc",
    page: PAGE.vpc,
    more: "asked",
    way: "a prefix list, or wider ranges",
  },
  {
    name: "ingressRules",
    what: "inbound rules of one security group",
    most: 60,
    per: "security group",
    service: "vpc",
    page: PAGE.vpc,
    more: "asked",
    way: "a prefix list, or wider ranges",
  },
  {
    name: "eventRules",
    what: "rules of an event bus",
    most: 300,
    per: "region",
    service: "events",
    page: PAGE.events,
    more: "asked",
    way: "a connection as source, whose pushes start a pipeline without a rule",
  },
  {
    name: "ruleTargets",
    what: "targets of one event rule",
    most: 5,
    per: "event rule",
    service: "events",
    page: PAGE.events,
    more: "fixed",
    way: "a second rule",
  },
  {
    name: "roles",
    what: "roles of an account",
    most: 1000,
    per: "account",
    service: "iam",
    page: PAGE.iam,
    more: "asked",
    way: "roles that exist (`buildRole`, `testRole`, `confirmRole`)",
  },
  {
    name: "policies",
    what: "managed policies that an account has made",
    most: 1500,
    per: "account",
    service: "iam",
    page: PAGE.iam,
    more: "asked",
    way: "stacks of fewer services: a role's statements then fit without one",
  },
  {
    name: "pipelines",
    what: "pipelines in a region",
    most: 1000,
    per: "region",
    service: "codepipeline",
    page: PAGE.pipelines,
    more: "asked",
    way: "one pipeline for all services of a stack (`pipelines: one`)",
  },
  {
    name: "projects",
    what: "build projects in a region",
    most: 5000,
    per: "region",
    service: "codebuild",
    page: PAGE.builds,
    more: "asked",
    way: "projects that exist (`projects` of a stack of its own)",
  },
  {
    name: "applications",
    what: "applications of CodeDeploy in a region",
    most: 1000,
    per: "region",
    service: "codedeploy",
    page: PAGE.deployments,
    more: "asked",
    way: "ECS's own strategies, which need none",
  },
  {
    name: "deploymentConfigurations",
    what: "own deployment configurations of CodeDeploy in a region",
    most: 50,
    per: "region",
    service: "codedeploy",
    page: PAGE.deployments,
    more: "fixed",
    way: "AWS's own configurations (`trafficRouting`), or ECS's own strategies",
  },
  {
    name: "services",
    what: "services of one cluster",
    most: 5000,
    per: "cluster",
    service: "ecs",
    page: PAGE.ecs,
    more: "asked",
    way: "a cluster for each stack, which is the default",
  },
  {
    name: "scalableTargets",
    what: "services that scale in a region",
    most: 3000,
    per: "region",
    service: "application-autoscaling",
    page: PAGE.scaling,
    more: "asked",
    way: PART_REGION,
  },
  {
    name: "parameters",
    what: "standard parameters in a region",
    most: 10_000,
    per: "region",
    service: "ssm",
    page: PAGE.parameters,
    more: "fixed",
    way: PART_REGION,
  },
  {
    name: "alarms",
    what: "alarms in a region",
    most: 5000,
    per: "region",
    service: "monitoring",
    page: PAGE.alarms,
    more: "asked",
    way: PART_REGION,
  },
  {
    name: "buckets",
    what: "buckets of an account",
    most: 10_000,
    per: "account",
    service: "s3",
    page: PAGE.buckets,
    more: "asked",
    way: "artifact buckets that exist (`artifactBuckets`)",
  },
] as const satisfies readonly Quota[];

/** A quota's word, as settings have it. */
export type QuotaName = (typeof QUOTAS)[number]["name"];
