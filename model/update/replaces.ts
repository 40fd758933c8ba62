import type { RecordedResource } from "../graph/graph";
import type { Difference } from "./differences";

/** Properties that AWS cannot change: a resource with another value is another resource. By type, from the provider. */
const REPLACED_BY: Readonly<Record<string, readonly string[]>> = {
  "aws:appautoscaling/policy:Policy": ["name", "resourceId", "scalableDimension", "serviceNamespace"],
  "aws:appautoscaling/scheduledAction:ScheduledAction": ["name", "resourceId", "serviceNamespace"],
  "aws:appautoscaling/target:Target": ["resourceId", "scalableDimension", "serviceNamespace"],
  "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": ["configurationName"],
  "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration": ["configurationName"],
  "aws:cloudwatch/eventRule:EventRule": ["name", "eventBusName"],
  "aws:cloudwatch/eventTarget:EventTarget": ["rule", "targetId", "eventBusName"],
  "aws:cloudwatch/logGroup:LogGroup": ["name", "logGroupClass"],
  "aws:cloudwatch/metricAlarm:MetricAlarm": ["name"],
  "aws:codebuild/project:Project": ["name"],
  "aws:codedeploy/application:Application": ["computePlatform"],
  "aws:codedeploy/deploymentConfig:DeploymentConfig": ["*"],
  "aws:codedeploy/deploymentGroup:DeploymentGroup": ["appName"],
  "aws:codepipeline/pipeline:Pipeline": ["name"],
  "aws:codestarnotifications/notificationRule:NotificationRule": ["resource"],
  "aws:ec2/flowLog:FlowLog": ["*"],
  "aws:ec2/securityGroup:SecurityGroup": ["name", "description", "vpcId"],
  "aws:ec2/vpcEndpoint:VpcEndpoint": ["serviceName", "vpcEndpointType", "vpcId"],
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": ["policy", "repository"],
  "aws:ecr/repository:Repository": ["name", "encryptionConfigurations"],
  "aws:ecr/repositoryPolicy:RepositoryPolicy": ["repository"],
  "aws:ecs/cluster:Cluster": ["name"],
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": ["clusterName"],
  "aws:ecs/service:Service": ["name", "cluster", "launchType", "schedulingStrategy", "deploymentController", "iamRole"],
  "aws:ecs/taskDefinition:TaskDefinition": ["*"],
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": ["url"],
  "aws:iam/policy:Policy": ["name", "path", "description"],
  "aws:iam/role:Role": ["name", "path"],
  "aws:iam/rolePolicy:RolePolicy": ["name", "role"],
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ["role", "policyArn"],
  "aws:kms/alias:Alias": ["name"],
  "aws:kms/key:Key": ["keyUsage", "customerMasterKeySpec", "multiRegion"],
  "aws:lambda/function:Function": ["name", "packageType"],
  "aws:lb/listener:Listener": ["loadBalancerArn"],
  "aws:lb/listenerRule:ListenerRule": ["listenerArn"],
  "aws:lb/loadBalancer:LoadBalancer": ["name", "internal", "loadBalancerType"],
  "aws:lb/targetGroup:TargetGroup": ["name", "port", "protocol", "protocolVersion", "targetType", "vpcId"],
  "aws:s3/bucket:Bucket": ["bucket", "objectLockEnabled"],
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ["bucket"],
  "aws:s3/bucketNotification:BucketNotification": ["bucket"],
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ["bucket"],
  "aws:s3/bucketPolicy:BucketPolicy": ["bucket"],
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ["bucket"],
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": ["bucket"],
  "aws:s3/bucketVersioning:BucketVersioning": ["bucket"],
  "aws:scheduler/schedule:Schedule": ["name", "groupName"],
  "aws:secretsmanager/secret:Secret": ["name"],
  "aws:servicediscovery/httpNamespace:HttpNamespace": ["name"],
  "aws:sfn/stateMachine:StateMachine": ["name"],
  "aws:sns/topic:Topic": ["name", "fifoTopic"],
  "aws:sns/topicPolicy:TopicPolicy": ["arn"],
  "aws:sns/topicSubscription:TopicSubscription": ["topic", "protocol", "endpoint"],
  "aws:ssm/parameter:Parameter": ["name"],
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ["securityGroupId"],
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ["securityGroupId"],
};

/** Where everything replaces, this does not. */
const NEVER: readonly string[] = ["tags", "skipDestroy", "trackLatest"];

/** Properties that the provider leaves as they are where the program says nothing of them any more. By type. */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  "aws:ecs/service:Service": [
    "availabilityZoneRebalancing",
    "deploymentConfiguration",
    "launchType",
    "platformVersion",
  ],
};

/** Whether a property that the program no longer says stays what it was: the provider reads it from AWS then. */
export function keepsWhenLeftOut(type: string, { path, after }: Difference): boolean {
  return after === undefined && (KEPT[type] ?? []).includes(path);
}

/** Types for which the table says something. */
export const REPLACEABLE = Object.entries(REPLACED_BY);

/** Whether a change at a path replaces a resource of the type. What the table does not know is changed in place. */
export function replaces(type: string, path: string): boolean {
  const [property = ""] = path.split(/[.[]/, 1);
  const replacing = REPLACED_BY[type] ?? [];
  return replacing.includes(property) || (replacing.includes("*") && !NEVER.includes(property));
}

/**
 * Types of which there is one for each of what they belong to: the provider deletes the old one first.
 * https://github.com/pulumi/pulumi-aws/pull/2085
 */
const ONE_OF_ITS_KIND: readonly string[] = ["aws:ecr/lifecyclePolicy:LifecyclePolicy"];

/** Two of the same name cannot be there at once: the provider deletes first, unless Pulumi makes the name up. */
export function deletedFirst(before: RecordedResource, after: RecordedResource): boolean {
  const { name } = after.inputs;
  if (ONE_OF_ITS_KIND.includes(after.type)) return true;
  return after.deleteBeforeReplace || (name !== undefined && before.inputs.name === name);
}

/** What cannot be made again once a resource is gone, by type. */
const LOST: Readonly<Record<string, string>> = {
  "aws:cloudwatch/logGroup:LogGroup": "its log",
  "aws:codecommit/repository:Repository": "its commits and branches",
  "aws:codepipeline/pipeline:Pipeline": "the history of its runs",
  "aws:ecr/repository:Repository": "every image in it",
  "aws:ecs/service:Service": "its running tasks: nobody serves until another one does",
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": "the way in for whoever signs in by it",
  "aws:kms/key:Key": "whatever it has encrypted, once its waiting time is over",
  "aws:lb/loadBalancer:LoadBalancer": "its address",
  "aws:s3/bucket:Bucket": "every object in it",
  "aws:secretsmanager/secret:Secret": "its value",
  "aws:sns/topic:Topic": "its subscriptions, which people have to confirm again",
  "aws:ssm/parameter:Parameter": "its value and the history of it",
};

/** What goes with a resource that is deleted, and whether anything holds that up. Undefined where nothing is lost. */
export function lostWith({ type, inputs, protect, retainOnDelete }: RecordedResource): string | undefined {
  if (retainOnDelete) return undefined;
  const what = LOST[type];
  if (protect) return `${what ?? "nothing"}; it is protected, so pulumi up refuses`;
  const empties = { "aws:ecr/repository:Repository": "forceDelete", "aws:s3/bucket:Bucket": "forceDestroy" }[type];
  if (what === undefined || empties === undefined || inputs[empties] === true) return what;
  return `${what}; AWS refuses until it is empty`;
}
