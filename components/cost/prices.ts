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
  key: 1,
  secret: 0.4,
  advancedParameter: 0.05,
  zone: 0.5,
  imageGb: 0.1,
  pipeline: 1,
  actionMinute: 0.002,
  smallMinute: 0.005,
  mediumMinute: 0.01,
  largeMinute: 0.02,
} as const satisfies Prices;

/** North Virginia, Ohio and Oregon have one price list. */
const UNITED_STATES = {
  ...EVERYWHERE,
  vcpuHour: 0.04048,
  gibHour: 0.004445,
  armVcpuHour: 0.03238,
  armGibHour: 0.00356,
  storageGibHour: 0.000111,
  balancerHour: 0.0225,
  endpointHour: 0.01,
  natHour: 0.045,
  natGb: 0.045,
  logGb: 0.5,
  logGbStored: 0.03,
  objectGb: 0.023,
  xlargeMinute: 0.0798,
  armSmallMinute: 0.0034,
  armLargeMinute: 0.015,
} as const satisfies Prices;

const IRELAND = {
  ...EVERYWHERE,
  vcpuHour: 0.04048,
  gibHour: 0.004445,
  armVcpuHour: 0.03238,
  armGibHour: 0.00356,
  balancerHour: 0.0252,
  endpointHour: 0.011,
  natHour: 0.048,
  natGb: 0.048,
  logGb: 0.57,
  logGbStored: 0.03,
  objectGb: 0.023,
} as const satisfies Prices;

const LONDON = {
  ...EVERYWHERE,
  vcpuHour: 0.04656,
  gibHour: 0.00511,
  armVcpuHour: 0.03725,
  armGibHour: 0.00409,
  storageGibHour: 0.000129,
  balancerHour: 0.02646,
  endpointHour: 0.011,
  natHour: 0.05,
  natGb: 0.05,
  logGb: 0.5985,
  logGbStored: 0.0315,
  objectGb: 0.024,
} as const satisfies Prices;

const FRANKFURT = {
  ...EVERYWHERE,
  vcpuHour: 0.04656,
  gibHour: 0.00511,
  armVcpuHour: 0.03725,
  armGibHour: 0.00409,
  balancerHour: 0.027,
  endpointHour: 0.012,
  natHour: 0.052,
  natGb: 0.052,
  logGb: 0.63,
  logGbStored: 0.0324,
  objectGb: 0.0245,
} as const satisfies Prices;

/**
 * AWS's list prices by region, held against copies of AWS's price list and pages from May to October 2026 where there were
 * any; what could not be is below. Not found at all, and so without a price: in Ireland and Frankfurt storage of tasks,
 * outside the United States `BUILD_GENERAL1_XLARGE` and builds on ARM, and everywhere `BUILD_GENERAL1_2XLARGE`.
 */
export const PRICES: Readonly<Record<string, Prices>> = {
  "us-east-1": UNITED_STATES,
  "us-east-2": UNITED_STATES,
  "us-west-2": UNITED_STATES,
  "eu-west-1": IRELAND,
  "eu-west-2": LONDON,
  "eu-central-1": FRANKFURT,
};

const NOWHERE: readonly PriceName[] = ["quickAlarmMetric", "compositeAlarm", "dashboard"];
const EUROPE: readonly PriceName[] = [...NOWHERE, "smallMinute", "mediumMinute", "largeMinute"];

/** What was not found again in AWS's price list, and stands as it has long been; Ohio and Oregon were not looked up one by one. */
export const NOT_FOUND_AGAIN: Readonly<Record<string, readonly PriceName[]>> = {
  "us-east-1": [...NOWHERE, "logGbStored"],
  "us-east-2": [...NOWHERE, "logGbStored"],
  "us-west-2": [...NOWHERE, "logGbStored"],
  "eu-west-1": [...EUROPE, "logGb", "logGbStored", "objectGb"],
  "eu-west-2": EUROPE,
  "eu-central-1": [...EUROPE, "armVcpuHour", "armGibHour", "natGb", "logGb", "logGbStored", "objectGb"],
};

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
