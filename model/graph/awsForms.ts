import type { RecordedResource } from "./graph";
import { jsonOf, listOf, mapOf, numberOf, textOf } from "./read";
import { TYPES } from "./resources";

/** What AWS takes as a value. */
interface Form {
  readonly pattern?: RegExp;
  /** Characters. */
  readonly max?: number;
  readonly range?: readonly [min: number, max: number];
  readonly words?: readonly string[];
  /** Items of a list. */
  readonly items?: readonly [min: number, max: number];
  /** Bytes of the value as JSON. */
  readonly bytes?: number;
}

const ARN = /^arn:[\w-]+:[\w-]+:[\w-]*:(?:\d{12}|aws)?:\S+$/;
const ROLE_ARN: Form = { pattern: /^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/ };
const KEY: Form = { pattern: /^(?:arn:[\w-]+:kms:[\w-]+:\d{12}:(?:key|alias)\/[\w/-]+|alias\/[\w/-]+|[\w-]+)$/ };
const PORT: Form = { range: [1, 65_535] };
const GROUP_TEXT: Form = { pattern: /^[A-Za-z0-9 ._:/()#,@[\]+=&;{}!$*-]*$/, max: 255 };
const SECRET: Form = {
  pattern:
    /^(?:arn:[\w-]+:(?:ssm:[\w-]+:\d{12}:parameter\/[\w./-]+|secretsmanager:[\w-]+:\d{12}:secret:\S+)|[\w./-]+)$/,
};
const ENV_NAME: Form = { pattern: /^[^=\p{Cc}]+$/u, max: 512 };
const TIME_ZONE: Form = { pattern: /^[\w+/:-]+$/, max: 50 };
const SCHEDULE: Form = { pattern: /^(?:cron|rate|at)\([^()]+\)$/, max: 256 };
const CIDR: Form = { pattern: /^(?:\d{1,3}\.){3}\d{1,3}\/(?:\d|[12]\d|3[0-2])$/ };
const NAMESPACE: Form = { pattern: /^[^:\p{Cc}][^\p{Cc}]*$/u, max: 255 };
const METRIC_NAME: Form = { pattern: /^[\x20-\x7e]+$/, max: 255 };
const STATISTICS = ["SampleCount", "Average", "Sum", "Minimum", "Maximum"];
/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html */
const EXTENDED_STATISTIC =
  /^(?:IQM|(?:p|tm|tc|ts|wm)(?:\d{1,2}(?:\.\d{1,10})?|100)|(?:PR|TM|TC|TS|WM)\([\d.%]*:[\d.%]*\))$/;
const STAT = new RegExp(`^(?:${STATISTICS.join("|")}|${EXTENDED_STATISTIC.source.slice(1, -1)})$`);
const LOG_GROUP: Form = { pattern: /^[\w./#-]+$/, max: 512 };

const RULE: Readonly<Record<string, Form>> = {
  description: GROUP_TEXT,
  cidrIpv4: CIDR,
  fromPort: { range: [-1, 65_535] },
  toPort: { range: [-1, 65_535] },
};

/** Bytes that all containers of a task definition take at most, and the value of a parameter. */
export const BYTES_MAX = { containers: 64 * 1024, parameter: 8192 } as const;

/**
 * What AWS's own references say of the properties that the program sets, by type and path: `[]` goes into each item, `{}`
 * into each key of a map, `<json>` reads a text. A second opinion: it shares nothing with the checks of the settings.
 */
const FORMS: Readonly<Record<string, Readonly<Record<string, Form>>>> = {
  // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
  [TYPES.taskDefinition]: {
    family: { pattern: /^[\w-]+$/, max: 255 },
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html
    containerDefinitions: { bytes: BYTES_MAX.containers },
    executionRoleArn: ROLE_ARN,
    taskRoleArn: ROLE_ARN,
    "containerDefinitions.<json>": { items: [1, 10] },
    "containerDefinitions.<json>[].name": { pattern: /^[\w-]+$/, max: 255 },
    "containerDefinitions.<json>[].image": { max: 255 },
    "containerDefinitions.<json>[].portMappings[].containerPort": PORT,
    "containerDefinitions.<json>[].portMappings[].name": { pattern: /^[a-z0-9_][a-z0-9_-]*$/, max: 64 },
    "containerDefinitions.<json>[].environment[].name": ENV_NAME,
    "containerDefinitions.<json>[].secrets[].name": ENV_NAME,
    "containerDefinitions.<json>[].secrets[].valueFrom": SECRET,
    "containerDefinitions.<json>[].healthCheck.interval": { range: [5, 300] },
    "containerDefinitions.<json>[].healthCheck.timeout": { range: [2, 60] },
    "containerDefinitions.<json>[].healthCheck.retries": { range: [1, 10] },
    "containerDefinitions.<json>[].healthCheck.startPeriod": { range: [0, 300] },
    "containerDefinitions.<json>[].stopTimeout": { range: [2, 120] },
    "containerDefinitions.<json>[].dependsOn[].condition": { words: ["START", "COMPLETE", "SUCCESS", "HEALTHY"] },
    "containerDefinitions.<json>[].logConfiguration.logDriver": { words: ["awslogs", "awsfirelens", "splunk"] },
    "containerDefinitions.<json>[].logConfiguration.options.awslogs-group": LOG_GROUP,
  },
  // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
  [TYPES.service]: {
    desiredCount: { range: [0, 5000] },
    healthCheckGracePeriodSeconds: { range: [0, 2_147_483_647] },
    deploymentMinimumHealthyPercent: { range: [0, 100] },
    deploymentMaximumPercent: { range: [100, 200] },
    "networkConfiguration.securityGroups": { items: [0, 5] },
    "networkConfiguration.subnets": { items: [1, 16] },
    "loadBalancers[].containerPort": PORT,
    "alarms.alarmNames[]": { pattern: /^\S.*$/, max: 255 },
    "deploymentController.type": { words: ["ECS", "CODE_DEPLOY", "EXTERNAL"] },
    "deploymentConfiguration.strategy": { words: ["ROLLING", "BLUE_GREEN", "LINEAR", "CANARY"] },
    "deploymentConfiguration.bakeTimeInMinutes": { range: [0, 1440] },
    "deploymentConfiguration.linearConfiguration.stepPercent": { range: [3, 100] },
    "deploymentConfiguration.linearConfiguration.stepBakeTimeInMinutes": { range: [0, 1440] },
    "deploymentConfiguration.canaryConfiguration.canaryPercent": { range: [0.1, 100] },
    "deploymentConfiguration.canaryConfiguration.canaryBakeTimeInMinutes": { range: [0, 1440] },
    "serviceConnectConfiguration.services[].portName": { pattern: /^[a-z0-9_][a-z0-9_-]*$/, max: 64 },
    "serviceConnectConfiguration.services[].discoveryName": { pattern: /^[a-z0-9_][a-z0-9_-]*$/, max: 64 },
    "serviceConnectConfiguration.services[].clientAlias[].dnsName": { pattern: /^[a-z0-9_.-]+$/, max: 127 },
  },
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
  [TYPES.targetGroup]: {
    port: PORT,
    protocol: { words: ["HTTP", "HTTPS", "TCP", "TLS"] },
    targetType: { words: ["ip", "instance", "lambda"] },
    deregistrationDelay: { range: [0, 3600] },
    "healthCheck.interval": { range: [5, 300] },
    "healthCheck.timeout": { range: [2, 120] },
    "healthCheck.healthyThreshold": { range: [2, 10] },
    "healthCheck.unhealthyThreshold": { range: [2, 10] },
    protocolVersion: { words: ["HTTP1", "HTTP2", "GRPC"] },
    "healthCheck.matcher": { pattern: /^(?:[2-4]\d\d(?:[,-][2-4]\d\d)*|\d{1,2}(?:[,-]\d{1,2})*)$/ },
    "healthCheck.path": { pattern: /^\/[\x21-\x7e]*$/, max: 1024 },
  },
  [TYPES.loadBalancer]: { subnets: { items: [2, 20] }, securityGroups: { items: [1, 5] } },
  [TYPES.listener]: {
    port: PORT,
    protocol: { words: ["HTTP", "HTTPS", "TCP", "TLS"] },
    certificateArn: { pattern: /^arn:[\w-]+:(?:acm|iam):[\w-]*:\d{12}:(?:certificate|server-certificate)\/[\w-]+$/ },
  },
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html
  [TYPES.listenerRule]: {
    priority: { range: [1, 50_000] },
    "conditions[].hostHeader.values": { items: [1, 5] },
    "conditions[].hostHeader.values[]": { pattern: /^[A-Za-z0-9.*?-]+$/, max: 128 },
    "conditions[].pathPattern.values": { items: [1, 5] },
    "conditions[].pathPattern.values[]": { pattern: /^[A-Za-z0-9_\-.$/~"'@:+&*?]+$/, max: 128 },
  },
  // https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html
  [TYPES.project]: {
    description: { max: 255 },
    serviceRole: ROLE_ARN,
    encryptionKey: KEY,
    buildTimeout: { range: [5, 2160] },
    "environment.type": { words: ["LINUX_CONTAINER", "ARM_CONTAINER", "LINUX_GPU_CONTAINER"] },
    "environment.computeType": {
      pattern: /^(?:BUILD_GENERAL1_(?:SMALL|MEDIUM|LARGE|XLARGE|2XLARGE)|BUILD_LAMBDA_\d+GB|ATTRIBUTE_BASED_COMPUTE)$/,
    },
    "environment.environmentVariables[].name": { pattern: /^[A-Za-z_]\w*$/ },
    "environment.environmentVariables[].type": { words: ["PLAINTEXT", "PARAMETER_STORE", "SECRETS_MANAGER"] },
    "vpcConfig.subnets": { items: [1, 16] },
    "vpcConfig.securityGroupIds": { items: [1, 5] },
  },
  // https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_CreatePipeline.html
  [TYPES.pipeline]: {
    roleArn: ROLE_ARN,
    "stages[].actions[].roleArn": ROLE_ARN,
    "stages[].actions[].timeoutInMinutes": { range: [5, 86_400] },
    "stages[].actions[].inputArtifacts": { items: [0, 5] },
    "stages[].actions[].outputArtifacts": { items: [0, 5] },
    "stages[].actions[].configuration.{}": { max: 1000 },
    "stages[].beforeEntry.condition.rules": { items: [1, 5] },
    "artifactStores[].location": { pattern: /^[a-zA-Z0-9.-]+$/, max: 63 },
  },
  // https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeploymentGroup.html
  [TYPES.deploymentGroup]: {
    deploymentGroupName: { max: 100 },
    serviceRoleArn: ROLE_ARN,
    "alarmConfiguration.alarms": { items: [0, 10] },
    "blueGreenDeploymentConfig.terminateBlueInstancesOnDeploymentSuccess.terminationWaitTimeInMinutes": {
      range: [0, 2880],
    },
  },
  "aws:codedeploy/deploymentConfig:DeploymentConfig": {
    "trafficRoutingConfig.timeBasedCanary.percentage": { range: [1, 99] },
    "trafficRoutingConfig.timeBasedLinear.percentage": { range: [1, 99] },
  },
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  [TYPES.role]: {
    description: { pattern: /^[\t\n\r\x20-\x7e\u00a1-\u00ff]*$/, max: 1000 },
    assumeRolePolicy: { max: 4096 },
    maxSessionDuration: { range: [3600, 43_200] },
  },
  [TYPES.policy]: { policy: { max: 6144 } },
  [TYPES.securityGroup]: { description: GROUP_TEXT },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": RULE,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": RULE,
  [TYPES.logGroup]: { kmsKeyId: { pattern: /^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/[\w-]+$/ } },
  // https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
  [TYPES.eventRule]: { description: { max: 512 }, eventPattern: { max: 4096 }, scheduleExpression: SCHEDULE },
  [TYPES.eventTarget]: {
    arn: { pattern: ARN, max: 1600 },
    roleArn: ROLE_ARN,
    input: { max: 8192 },
    "inputTransformer.inputTemplate": { max: 8192 },
    "retryPolicy.maximumRetryAttempts": { range: [0, 185] },
    "retryPolicy.maximumEventAgeInSeconds": { range: [60, 86_400] },
    "ecsTarget.taskCount": { range: [1, 10] },
    "ecsTarget.networkConfiguration.securityGroups": { items: [1, 5] },
  },
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
  [TYPES.queue]: { messageRetentionSeconds: { range: [60, 1_209_600] }, delaySeconds: { range: [0, 900] } },
  // https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
  "aws:ssm/parameter:Parameter": {
    name: { pattern: /^[\w./-]+$/, max: 1011 },
    description: { max: 1024 },
    value: { bytes: BYTES_MAX.parameter },
  },
  // https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html
  [TYPES.key]: { description: { max: 8192 }, policy: { max: 32_768 }, deletionWindowInDays: { range: [7, 30] } },
  "aws:kms/alias:Alias": { name: { pattern: /^alias\/[\w/-]+$/, max: 256 } },
  [TYPES.topic]: { kmsMasterKeyId: KEY },
  "aws:sns/topicSubscription:TopicSubscription": { protocol: { words: ["email", "https", "sqs", "lambda"] } },
  [TYPES.bucketPolicy]: { policy: { bytes: 20 * 1024 } },
  // https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutLifecyclePolicy.html
  [TYPES.lifecyclePolicy]: { policy: { max: 30_720 } },
  // https://docs.aws.amazon.com/autoscaling/application/APIReference/API_CustomizedMetricSpecification.html
  "aws:appautoscaling/policy:Policy": {
    "targetTrackingScalingPolicyConfiguration.customizedMetricSpecification.namespace": NAMESPACE,
    "targetTrackingScalingPolicyConfiguration.customizedMetricSpecification.metricName": METRIC_NAME,
    "targetTrackingScalingPolicyConfiguration.customizedMetricSpecification.statistic": { words: STATISTICS },
    "targetTrackingScalingPolicyConfiguration.customizedMetricSpecification.dimensions": { items: [0, 30] },
    "targetTrackingScalingPolicyConfiguration.customizedMetricSpecification.metrics[].metricStat.stat": {
      pattern: STAT,
    },
    "targetTrackingScalingPolicyConfiguration.customizedMetricSpecification.metrics[].metricStat.metric.namespace":
      NAMESPACE,
  },
  "aws:appautoscaling/target:Target": { minCapacity: { range: [0, 5000] }, maxCapacity: { range: [0, 5000] } },
  "aws:appautoscaling/scheduledAction:ScheduledAction": {
    schedule: SCHEDULE,
    timezone: TIME_ZONE,
    "scalableTargetAction.minCapacity": { range: [0, 5000] },
    "scalableTargetAction.maxCapacity": { range: [0, 5000] },
  },
  // https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
  "aws:scheduler/schedule:Schedule": {
    scheduleExpression: SCHEDULE,
    scheduleExpressionTimezone: TIME_ZONE,
    "target.roleArn": ROLE_ARN,
    "target.input": { max: 8192 },
    "target.retryPolicy.maximumRetryAttempts": { range: [0, 185] },
    "target.retryPolicy.maximumEventAgeInSeconds": { range: [60, 86_400] },
    "target.ecsParameters.networkConfiguration.securityGroups": { items: [1, 5] },
  },
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    alarmDescription: { max: 1024 },
    alarmActions: { items: [0, 5] },
    okActions: { items: [0, 5] },
    insufficientDataActions: { items: [0, 5] },
    namespace: NAMESPACE,
    metricName: METRIC_NAME,
    "dimensions.{}": { pattern: /^[\x20-\x7e]+$/, max: 1024 },
    statistic: { words: STATISTICS },
    extendedStatistic: { pattern: EXTENDED_STATISTIC },
    comparisonOperator: {
      words: [
        "GreaterThanOrEqualToThreshold",
        "GreaterThanThreshold",
        "LessThanThreshold",
        "LessThanOrEqualToThreshold",
        "LessThanLowerOrGreaterThanUpperThreshold",
        "LessThanLowerThreshold",
        "GreaterThanUpperThreshold",
      ],
    },
    period: { range: [10, 86_400] },
    evaluationPeriods: { range: [1, 86_400] },
    datapointsToAlarm: { range: [1, 86_400] },
    treatMissingData: { words: ["breaching", "notBreaching", "ignore", "missing"] },
    metricQueries: { items: [1, 20] },
    "metricQueries[].id": { pattern: /^[a-z]\w*$/, max: 255 },
    "metricQueries[].expression": { max: 2048 },
    "metricQueries[].metric.namespace": NAMESPACE,
    "metricQueries[].metric.metricName": METRIC_NAME,
    "metricQueries[].metric.stat": { pattern: STAT },
    "metricQueries[].metric.period": { range: [1, 86_400] },
  },
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
  [TYPES.compositeAlarm]: {
    alarmName: { pattern: /^[^\p{Cc}]+$/u, max: 255 },
    alarmRule: { max: 10_240 },
    alarmActions: { items: [0, 5] },
    okActions: { items: [0, 5] },
  },
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
  "aws:cloudwatch/dashboard:Dashboard": {
    dashboardName: { pattern: /^[\w-]+$/, max: 255 },
    "dashboardBody.<json>.start": { pattern: /^(?:-?P\w+|\d{4}-\d\d-\d\dT[\d:.]+Z)$/ },
    "dashboardBody.<json>.periodOverride": { words: ["auto", "inherit"] },
    "dashboardBody.<json>.widgets": { items: [0, 500] },
    "dashboardBody.<json>.widgets[].type": { words: ["metric", "log", "text", "alarm", "explorer", "chart", "custom"] },
    "dashboardBody.<json>.widgets[].x": { range: [0, 23] },
    "dashboardBody.<json>.widgets[].y": { range: [0, Number.MAX_SAFE_INTEGER] },
    "dashboardBody.<json>.widgets[].width": { range: [1, 24] },
    "dashboardBody.<json>.widgets[].height": { range: [1, 1000] },
    "dashboardBody.<json>.widgets[].properties.region": { pattern: /^[a-z]{2}(?:-[a-z]+)+-\d$/ },
    "dashboardBody.<json>.widgets[].properties.stat": { pattern: STAT },
    "dashboardBody.<json>.widgets[].properties.view": {
      words: ["timeSeries", "singleValue", "gauge", "bar", "pie", "table"],
    },
    "dashboardBody.<json>.widgets[].properties.metrics": { items: [0, 500] },
    "dashboardBody.<json>.widgets[].properties.alarms": { items: [0, 100] },
  },
  // https://docs.aws.amazon.com/chatbot/latest/APIReference/API_CreateSlackChannelConfiguration.html
  [TYPES.slackChannel]: {
    slackTeamId: { pattern: /^[0-9A-Z]+$/, max: 255 },
    slackChannelId: { pattern: /^[A-Za-z0-9]+$/, max: 255 },
  },
};

/** What AWS would refuse of the values that a resource is given: which one, and why. */
export function formProblems({ type, inputs }: RecordedResource): readonly string[] {
  return Object.entries(FORMS[type] ?? {}).flatMap(([path, form]) =>
    valuesAt(inputs, path.split(/\.|(?=\[\])/)).flatMap(({ where, value }) => {
      const expected = wrong(form, value);
      return expected === undefined ? [] : [`${where}: expected ${expected}, got ${shortened(value)}`];
    }),
  );
}

/** Types and paths that the table knows. */
export function knownForms(): readonly string[] {
  return Object.entries(FORMS).flatMap(([type, paths]) => Object.keys(paths).map((path) => `${type} ${path}`));
}

interface Found {
  readonly where: string;
  readonly value: unknown;
}

function valuesAt(within: unknown, [step, ...rest]: readonly string[], where = ""): readonly Found[] {
  if (within === undefined || within === null || within === "") return [];
  if (step === undefined) return [{ where, value: within }];
  if (step === "[]") return listOf(within).flatMap((item, index) => valuesAt(item, rest, `${where}[${index}]`));
  if (step === "<json>") return valuesAt(jsonOf(within), rest, where);
  if (step === "{}") {
    return Object.entries(mapOf(within)).flatMap(([key, value]) => valuesAt(value, rest, `${where}.${key}`));
  }
  return valuesAt(mapOf(within)[step], rest, where === "" ? step : `${where}.${step}`);
}

function wrong({ pattern, max, range, words, items, bytes }: Form, value: unknown): string | undefined {
  const text = textOf(value);
  if (items) {
    const { length } = listOf(value);
    return length < items[0] || length > items[1] ? `${items[0]} to ${items[1]} of them` : undefined;
  }
  if (bytes !== undefined) {
    const size = Buffer.byteLength(text ?? JSON.stringify(value));
    return size > bytes ? `at most ${bytes} bytes; this is ${size}` : undefined;
  }
  if (range) {
    const number = numberOf(value);
    return number === undefined || number < range[0] || number > range[1] ? `${range[0]} to ${range[1]}` : undefined;
  }
  if (words && !words.includes(text ?? "")) return `one of ${words.join(", ")}`;
  if (max !== undefined && (text ?? "").length > max)
    return `at most ${max} characters; these are ${text?.length ?? 0}`;
  return pattern && !pattern.test(text ?? "") ? `text like ${pattern.source}` : undefined;
}

function shortened(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 100 ? `${text.slice(0, 100)}...` : text;
}
