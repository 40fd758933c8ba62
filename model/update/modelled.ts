import { TYPES } from "../graph/resources";

/** Types whose change in place concerns neither production nor a delivery under way: AWS takes it, and nothing restarts. */
const QUIET: readonly string[] = [
  "aws:appautoscaling/policy:Policy",
  "aws:appautoscaling/scheduledAction:ScheduledAction",
  "aws:appautoscaling/target:Target",
  "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration",
  "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration",
  "aws:cloudwatch/compositeAlarm:CompositeAlarm",
  "aws:cloudwatch/dashboard:Dashboard",
  "aws:cloudwatch/eventRule:EventRule",
  "aws:cloudwatch/eventTarget:EventTarget",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:cloudwatch/metricAlarm:MetricAlarm",
  "aws:codebuild/project:Project",
  "aws:codebuild/reportGroup:ReportGroup",
  "aws:codecommit/repository:Repository",
  "aws:codedeploy/application:Application",
  "aws:codedeploy/deploymentConfig:DeploymentConfig",
  "aws:codedeploy/deploymentGroup:DeploymentGroup",
  "aws:codepipeline/pipeline:Pipeline",
  "aws:codestarnotifications/notificationRule:NotificationRule",
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  "aws:ec2/flowLog:FlowLog",
  "aws:ec2/vpcEndpoint:VpcEndpoint",
  "aws:ecr/lifecyclePolicy:LifecyclePolicy",
  "aws:ecr/repository:Repository",
  "aws:ecr/repositoryPolicy:RepositoryPolicy",
  "aws:ecs/cluster:Cluster",
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
  "aws:iam/policy:Policy",
  "aws:iam/role:Role",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:iam/serviceLinkedRole:ServiceLinkedRole",
  "aws:kms/alias:Alias",
  "aws:kms/key:Key",
  "aws:lambda/function:Function",
  "aws:lambda/permission:Permission",
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketLogging:BucketLogging",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "aws:s3/bucketNotification:BucketNotification",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketVersioning:BucketVersioning",
  "aws:scheduler/schedule:Schedule",
  "aws:secretsmanager/secret:Secret",
  "aws:secretsmanager/secretPolicy:SecretPolicy",
  "aws:servicediscovery/httpNamespace:HttpNamespace",
  "aws:sfn/stateMachine:StateMachine",
  "aws:sns/topic:Topic",
  "aws:sns/topicPolicy:TopicPolicy",
  "aws:sns/topicSubscription:TopicSubscription",
  "aws:ssm/parameter:Parameter",
  "aws:wafv2/webAclAssociation:WebAclAssociation",
  "aws:ecs/taskDefinition:TaskDefinition",
];

/** Properties of one rule of a security group that may change in place: the same for both directions. */
const SECURITY_GROUP_RULE: readonly string[] = [
  "cidrIpv4",
  "description",
  "fromPort",
  "ipProtocol",
  "prefixListId",
  "referencedSecurityGroupId",
  "tags",
  "toPort",
];

/** Properties of the types that traffic goes through, as far as it is known what their change does. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  [TYPES.service]: [
    "alarms",
    "availabilityZoneRebalancing",
    "capacityProviderStrategies",
    "deploymentCircuitBreaker",
    "deploymentConfiguration",
    "deploymentMaximumPercent",
    "deploymentMinimumHealthyPercent",
    "desiredCount",
    "enableEcsManagedTags",
    "enableExecuteCommand",
    "forceNewDeployment",
    "healthCheckGracePeriodSeconds",
    "launchType",
    "loadBalancers",
    "networkConfiguration",
    "platformVersion",
    "propagateTags",
    "serviceConnectConfiguration",
    "tags",
    "taskDefinition",
    "triggers",
  ],
  [TYPES.listener]: ["certificateArn", "defaultActions", "port", "protocol", "sslPolicy", "tags"],
  [TYPES.listenerRule]: ["actions", "conditions", "priority", "tags"],
  [TYPES.loadBalancer]: [
    "accessLogs",
    "desyncMitigationMode",
    "dropInvalidHeaderFields",
    "enableDeletionProtection",
    "idleTimeout",
    "securityGroups",
    "subnets",
    "tags",
  ],
  [TYPES.targetGroup]: ["deregistrationDelay", "healthCheck", "slowStart", "tags"],
  [TYPES.securityGroup]: ["tags"],
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": SECURITY_GROUP_RULE,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": SECURITY_GROUP_RULE,
  "awsx:ec2:Vpc": [
    "availabilityZoneNames",
    "cidrBlock",
    "enableDnsHostnames",
    "enableDnsSupport",
    "natGateways",
    "numberOfAvailabilityZones",
    "tags",
  ],
};

/** Types of which it is known what adding, changing or removing one does. */
export function isModelled(type: string): boolean {
  return QUIET.includes(type) || type in KNOWN;
}

/** Properties among these of which it is not known what their change does. */
export function unknownProperties(type: string, keys: readonly string[]): readonly string[] {
  const known = KNOWN[type];
  return known ? keys.filter((key) => !known.includes(key)) : [];
}
