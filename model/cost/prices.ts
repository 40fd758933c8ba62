/** When the prices below were AWS's list prices. */
export const PRICES_OF = "September 2026";

/** Hours that AWS itself reckons a month as. */
export const HOURS_A_MONTH = 730;

/**
 * What is paid for, with AWS's page of its price. In US dollars, without taxes, discounts, savings plans and free tiers, of
 * which nobody here knows what is left in an account.
 */
export const PRICED = {
  vcpuHour: ["a vCPU of Fargate, an hour", "https://aws.amazon.com/fargate/pricing/"],
  gibHour: ["a GiB of memory on Fargate, an hour", "https://aws.amazon.com/fargate/pricing/"],
  armVcpuHour: ["a vCPU of Fargate on ARM, an hour", "https://aws.amazon.com/fargate/pricing/"],
  armGibHour: ["a GiB of memory on Fargate on ARM, an hour", "https://aws.amazon.com/fargate/pricing/"],
  storageGibHour: ["a GiB of a task's storage above 20, an hour", "https://aws.amazon.com/fargate/pricing/"],
  balancerHour: ["a load balancer, an hour", "https://aws.amazon.com/elasticloadbalancing/pricing/"],
  endpointHour: ["an interface endpoint in a zone, an hour", "https://aws.amazon.com/privatelink/pricing/"],
  endpointGb: ["a GB through interface endpoints", "https://aws.amazon.com/privatelink/pricing/"],
  natHour: ["a NAT gateway, an hour", "https://aws.amazon.com/vpc/pricing/"],
  natGb: ["a GB through a NAT gateway", "https://aws.amazon.com/vpc/pricing/"],
  addressHour: ["a public IPv4 address, an hour", "https://aws.amazon.com/vpc/pricing/"],
  alarmMetric: ["a metric of an alarm, a month", "https://aws.amazon.com/cloudwatch/pricing/"],
  quickAlarmMetric: [
    "a metric of an alarm that looks more than once a minute, a month",
    "https://aws.amazon.com/cloudwatch/pricing/",
  ],
  compositeAlarm: ["a composite alarm, a month", "https://aws.amazon.com/cloudwatch/pricing/"],
  dashboard: ["a dashboard, a month", "https://aws.amazon.com/cloudwatch/pricing/"],
  customMetric: ["a custom metric, a month", "https://aws.amazon.com/cloudwatch/pricing/"],
  logGbStored: ["a GB kept in CloudWatch Logs, a month", "https://aws.amazon.com/cloudwatch/pricing/"],
  logGb: ["a GB written to CloudWatch Logs", "https://aws.amazon.com/cloudwatch/pricing/"],
  key: ["a KMS key, a month", "https://aws.amazon.com/kms/pricing/"],
  secret: ["a secret, a month", "https://aws.amazon.com/secrets-manager/pricing/"],
  advancedParameter: ["an advanced parameter, a month", "https://aws.amazon.com/systems-manager/pricing/"],
  zone: ["a hosted zone, a month", "https://aws.amazon.com/route53/pricing/"],
  imageGb: ["a GB of images in ECR, a month", "https://aws.amazon.com/ecr/pricing/"],
  objectGb: ["a GB in S3, a month", "https://aws.amazon.com/s3/pricing/"],
  pipeline: ["an active pipeline of type V1, a month", "https://aws.amazon.com/codepipeline/pricing/"],
  actionMinute: ["a minute of an action in a pipeline of type V2", "https://aws.amazon.com/codepipeline/pricing/"],
  smallMinute: ["a minute of BUILD_GENERAL1_SMALL", "https://aws.amazon.com/codebuild/pricing/"],
  mediumMinute: ["a minute of BUILD_GENERAL1_MEDIUM", "https://aws.amazon.com/codebuild/pricing/"],
  largeMinute: ["a minute of BUILD_GENERAL1_LARGE", "https://aws.amazon.com/codebuild/pricing/"],
  xlargeMinute: ["a minute of BUILD_GENERAL1_XLARGE", "https://aws.amazon.com/codebuild/pricing/"],
  armSmallMinute: ["a minute of BUILD_GENERAL1_SMALL on ARM", "https://aws.amazon.com/codebuild/pricing/"],
  armLargeMinute: ["a minute of BUILD_GENERAL1_LARGE on ARM", "https://aws.amazon.com/codebuild/pricing/"],
} as const satisfies Readonly<Record<string, readonly [what: string, page: string]>>;

/** Something that has a price. */
export type PriceName = keyof typeof PRICED;

/** Prices of one region. What is left out is not known here: it is said in words, and never counts as nothing. */
export type Prices = Readonly<Partial<Record<PriceName, number>>>;

/** What is one price in every region below. */
const EVERYWHERE = {
  addressHour: 0.005,
  endpointGb: 0.01,
  alarmMetric: 0.1,
  quickAlarmMetric: 0.3,
  compositeAlarm: 0.5,
  dashboard: 3,
  customMetric: 0.3,
  logGbStored: 0.03,
  key: 1,
  secret: 0.4,
  advancedParameter: 0.05,
  zone: 0.5,
  imageGb: 0.1,
  objectGb: 0.023,
  pipeline: 1,
  actionMinute: 0.002,
  vcpuHour: 0.04048,
  gibHour: 0.004445,
  armVcpuHour: 0.03238,
  armGibHour: 0.00356,
  smallMinute: 0.005,
  mediumMinute: 0.01,
  largeMinute: 0.02,
} as const satisfies Prices;

/** North Virginia, Ohio and Oregon have one price list. */
const UNITED_STATES = {
  ...EVERYWHERE,
  storageGibHour: 0.000111,
  balancerHour: 0.0225,
  endpointHour: 0.01,
  natHour: 0.045,
  natGb: 0.045,
  logGb: 0.5,
  xlargeMinute: 0.0798,
  armSmallMinute: 0.0034,
  armLargeMinute: 0.015,
} as const satisfies Prices;

const IRELAND = {
  ...EVERYWHERE,
  balancerHour: 0.0252,
  endpointHour: 0.011,
  natHour: 0.048,
  natGb: 0.048,
  logGb: 0.57,
} as const satisfies Prices;

/**
 * AWS's list prices by region. Those of Fargate, load balancers, endpoints, NAT gateways, addresses, images, pipelines and
 * builds were held against copies of AWS's price list and pages from May to September 2026; what could not be is below.
 */
export const PRICES: Readonly<Record<string, Prices>> = {
  "us-east-1": UNITED_STATES,
  "us-east-2": UNITED_STATES,
  "us-west-2": UNITED_STATES,
  "eu-west-1": IRELAND,
};

/**
 * What was not found again in AWS's own words: these stand as they have long been. Ohio and Oregon were not looked up one by
 * one. In Ireland, storage of tasks, `BUILD_GENERAL1_XLARGE` and builds on ARM were not found at all, so they have no price.
 */
export const NOT_FOUND_AGAIN: readonly PriceName[] = [
  "quickAlarmMetric",
  "compositeAlarm",
  "customMetric",
  "logGbStored",
  "advancedParameter",
  "zone",
  "xlargeMinute",
];

/** Of a price on demand, what capacity that AWS may take back costs at best: it moves, AWS says "up to 70 % less". */
export const SPOT_SHARE = 0.3;

/**
 * Metrics that Container Insights makes of a cluster, of each kind of task and of each service, by AWS's own example, which
 * was not found again; where the cluster says `enhanced`, there are more, of another price.
 * https://aws.amazon.com/cloudwatch/pricing/
 */
export const INSIGHTS_METRICS = { cluster: 8, task: 6, service: 11 } as const;

/** GB that are taken to be kept in each log group, repository and bucket. */
export const KEPT_GB = 1;
