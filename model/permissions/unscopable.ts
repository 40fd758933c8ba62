/** A call that AWS cannot confine to a resource. */
interface UnscopableCall {
  /** The call; `*` stands for any text. */
  readonly action: string;
  /** Whether a condition must confine it instead. */
  readonly needsCondition?: true;
}

/**
 * The calls that may be allowed on every resource, because AWS takes nothing narrower.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export const UNSCOPABLE: readonly UnscopableCall[] = [
  { action: "ecr:GetAuthorizationToken" },
  { action: "ecs:DescribeTaskDefinition" },
  { action: "ecs:DeregisterTaskDefinition" },
  { action: "ecs:ListTaskDefinitions" },
  { action: "ecs:RegisterTaskDefinition" },
  { action: "ecs:ListTasks", needsCondition: true },
  { action: "elasticloadbalancing:Describe*" },
  { action: "cloudwatch:DescribeAlarms" },
  { action: "cloudwatch:DescribeAlarmsForMetric" },
  { action: "cloudwatch:GetMetricData" },
  { action: "cloudwatch:GetMetricStatistics" },
  { action: "cloudwatch:GetMetricWidgetImage" },
  { action: "cloudwatch:ListMetrics" },
  { action: "cloudwatch:PutMetricData", needsCondition: true },
  { action: "ssmmessages:CreateControlChannel" },
  { action: "ssmmessages:CreateDataChannel" },
  { action: "ssmmessages:OpenControlChannel" },
  { action: "ssmmessages:OpenDataChannel" },
  { action: "ec2:CreateNetworkInterface" },
  { action: "ec2:DeleteNetworkInterface" },
  { action: "ec2:DescribeNetworkInterfaces" },
  { action: "ec2:DescribeSubnets" },
  { action: "ec2:DescribeSecurityGroups" },
  { action: "ec2:DescribeDhcpOptions" },
  { action: "ec2:DescribeVpcs" },
  { action: "application-autoscaling:Describe*" },
  { action: "lambda:ListFunctions" },
  { action: "codepipeline:PutJobSuccessResult" },
  { action: "codepipeline:PutJobFailureResult" },
  { action: "inspector-scan:ScanSbom" },
  { action: "inspector2:ListCoverage" },
  { action: "inspector2:ListFindings" },
  { action: "logs:DescribeLogGroups" },
  { action: "xray:PutTraceSegments" },
  { action: "xray:PutTelemetryRecords" },
  { action: "sts:GetCallerIdentity" },
];
