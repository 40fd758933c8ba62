/** What other programs use: components, ways to deploy, steps of a pipeline, what builds run, and what they refer to. */

export { DeploymentRoles, type DeploymentRolesArgs } from "./access/deploymentRoles";
export { ReviewBoundary, type ReviewBoundaryArgs } from "./access/reviewBoundary";
export type { IdentityProvider, TokenHolder } from "./access/webIdentity";
export type { Place } from "./arn";
export { placeOf } from "./arn";
export type { BuildNetwork, BuildProjectArgs } from "./build/args";
export { BuildProject } from "./build/buildProject";
export type { BeforeDeploymentPermissionsArgs } from "./build/buildspec/beforeDeployment";
export { beforeDeploymentBuildspec, beforeDeploymentPermissions } from "./build/buildspec/beforeDeployment";
export type { ConfirmDeliveryBuildspecArgs, ConfirmDeliveryPermissionsArgs } from "./build/buildspec/confirmDelivery";
export { confirmDeliveryBuildspec, confirmDeliveryPermissions } from "./build/buildspec/confirmDelivery";
export { type BuildFile, imageDefinitions, imageDetail } from "./build/buildspec/deploymentFiles";
export type { DockerImageBuildspecArgs, DockerImagePermissionsArgs } from "./build/buildspec/dockerImage";
export { dockerImageBuildspec, dockerImagePermissions } from "./build/buildspec/dockerImage";
export type { EnvironmentTestBuildspecArgs } from "./build/buildspec/environmentTest";
export { environmentTestBuildspec } from "./build/buildspec/environmentTest";
export type { PassportRunPermissionsArgs } from "./build/buildspec/passport";
export { passportParameterPermissions, passportRunPermissions } from "./build/buildspec/passport";
export type { PromoteImageBuildspecArgs, PromoteImagePermissionsArgs } from "./build/buildspec/promoteImage";
export { promoteImageBuildspec, promoteImagePermissions } from "./build/buildspec/promoteImage";
export type { RecordPassedPermissionsArgs } from "./build/buildspec/recordPassed";
export { recordPassedBuildspec, recordPassedPermissions } from "./build/buildspec/recordPassed";
export type { ScanGatePermissionsArgs } from "./build/buildspec/scanGate";
export { scanGateBuildspec, scanGatePermissions } from "./build/buildspec/scanGate";
export type { SourceImageBuildspecArgs } from "./build/buildspec/sourceImage";
export { sourceImageBuildspec } from "./build/buildspec/sourceImage";
export type { UnitTestBuildspecArgs, UnitTestReports } from "./build/buildspec/unitTest";
export { unitTestBuildspec } from "./build/buildspec/unitTest";
export type { ComputeType } from "./build/computeTypes";
export type { BuildKind } from "./build/kind";
export { type TestedBalancer, TestNetwork, type TestNetworkArgs } from "./build/testNetwork";
export type { TaskSize } from "./cost/taskPrice";
export type { WatchedCost } from "./dashboard/costWidgets";
export { EnvironmentDashboard, type EnvironmentDashboardArgs } from "./dashboard/environmentDashboard";
export type { WatchedService, WatchedTraffic } from "./dashboard/widgets";
export { type StrategyKind, strategies } from "./deployment";
export type { GuardArgs } from "./deployment/alarms";
export type { CodeDeployBlueGreenArgs } from "./deployment/codeDeployBlueGreen";
export { codeDeployBlueGreen } from "./deployment/codeDeployBlueGreen";
export type { EcsCanaryArgs, EcsLinearArgs, EcsNativeArgs } from "./deployment/ecsNative";
export { ecsBlueGreen, ecsCanary, ecsLinear } from "./deployment/ecsNative";
export type { DeploymentPause } from "./deployment/lifecycleHooks";
export type { RollingArgs } from "./deployment/rolling";
export { rolling } from "./deployment/rolling";
export type {
  BoundScope,
  DeployActionArgs,
  Deployment,
  DeploymentScope,
  DeploymentServiceArgs,
  DeploymentStrategy,
  PreparationScope,
  ServicePlan,
} from "./deployment/strategy";
export type { OtherRole } from "./iam/otherAccount";
export type { Conditions, ConditionValue } from "./iam/policyDocument";
export { allow, type Statement } from "./iam/policyDocument";
export type { DeliveredImage } from "./images/deliveredImage";
export { ImageRepository, type ImageRepositoryArgs } from "./images/imageRepository";
export type { LifecyclePolicySetting } from "./images/lifecyclePolicy/policy";
export type {
  LifecycleAction,
  LifecyclePolicy,
  LifecycleRule,
  LifecycleSelection,
  LifecycleShorthand,
} from "./images/lifecyclePolicy/schema";
export type { PassedImageRef } from "./images/passedImage";
export { definePassedImage } from "./images/passedImage";
export type { Passport, PassportFacts, PassportRead, PassportRef } from "./images/passport";
export { definePassport, passportParameter, passportText, readPassport } from "./images/passport";
export type { PullThroughCache } from "./images/pullThroughCache";
export type { BlueGreenTargetsArgs } from "./loadBalancer/args";
export { BlueGreenTargets, type HealthCheck } from "./loadBalancer/blueGreenTargets";
export type { Domain } from "./loadBalancer/domain";
export {
  ListenerRuleTargets,
  type ListenerRuleTargetsArgs,
  type SharedLoadBalancer,
} from "./loadBalancer/listenerRuleTargets";
export type { ListenerRule } from "./loadBalancer/settings";
export { SharedTargets, type SharedTargetsArgs } from "./loadBalancer/sharedTargets";
export type { TargetGroupArgs } from "./loadBalancer/targetGroup";
export type { EndpointService } from "./network/egress";
export { Network, type NetworkArgs } from "./network/network";
export { ChatChannel, type ChatChannelArgs } from "./notify/chatChannel";
export type { ChatClient, SlackChannel, TeamsChannel } from "./notify/chatClient";
export type { DeploymentGroupNames, PipelineEvent } from "./notify/deliveryNotifications";
export { DeliveryNotifications, type DeliveryNotificationsArgs } from "./notify/deliveryNotifications";
export { NotificationTopic, type NotificationTopicArgs, type TopicPublisher } from "./notify/notificationTopic";
export type { PausingService } from "./notify/pausedDeployment";
export type {
  ActionDeclaration,
  ActionTarget,
  Artifact,
  BuildAction,
  DeploymentTime,
  PipelineAction,
  PipelineStage,
  SourceAction,
  SourceTrigger,
  WorkflowDeployment,
  WorkflowSeat,
} from "./pipeline/action";
export { artifactOf, inOrder, inTarget, stage } from "./pipeline/action";
export type { ManualApprovalArgs } from "./pipeline/approval/manual";
export { manualApproval } from "./pipeline/approval/manual";
export type { StoredArtifact } from "./pipeline/artifactKeys";
export type { BuildVariable, CodeBuildActionArgs, VariableType } from "./pipeline/build/codeBuild";
export { codeBuildAction, variableOf } from "./pipeline/build/codeBuild";
export type { AlarmQuietArgs, DeploymentWindowArgs, RuleDeclaration, StageRule } from "./pipeline/condition";
export { alarmQuiet, deploymentWindow } from "./pipeline/condition";
export { type DeliverServiceArgs, type DeliverySteps, deliverService, usualStages } from "./pipeline/deliverService";
export { DeliveryPipeline, type DeliveryPipelineArgs } from "./pipeline/deliveryPipeline";
export { DeliveryTarget, type DeliveryTargetArgs } from "./pipeline/deliveryTarget";
export type { CodeCommitSource, CodeCommitSourceArgs } from "./pipeline/source/codeCommit";
export { codeCommitSource } from "./pipeline/source/codeCommit";
export type { CodeStarSourceConnectionArgs, ConnectionSource } from "./pipeline/source/codeStarSourceConnection";
export { codeStarSourceConnection } from "./pipeline/source/codeStarSourceConnection";
export type { EcrSource, EcrSourceArgs } from "./pipeline/source/ecr";
export { ecrSource } from "./pipeline/source/ecr";
export type { S3SourceArgs } from "./pipeline/source/s3";
export { s3Source } from "./pipeline/source/s3";
export type * from "./refs";
export type { ApplicationPermission } from "./service/applicationPermissions";
export type { EcsServiceArgs } from "./service/args";
export type { BeforeDeployment, BeforeDeploymentArgs } from "./service/beforeDeployment";
export type { Capacity, CapacityShare } from "./service/capacity";
export type { Container, ContainerHealthCheck, MountedFileSystem, Sidecar } from "./service/container";
export { DeadLetterQueue, type DeadLetterQueueArgs } from "./service/deadLetterQueue";
export { EcsService } from "./service/ecsService";
export { EventTask, type EventTaskArgs } from "./service/eventTask";
export type { OwnTaskRun, TaskRetry } from "./service/ownTask";
export { runTaskCommand } from "./service/runTask";
export type { ScalingArgs, ScalingMetric, ScalingQueue, ScalingSchedule } from "./service/scaling";
export { ScheduledTask, type ScheduledTaskArgs } from "./service/scheduledTask";
export type { Outbound } from "./service/securityGroups";
export { ServiceConnectNamespace, type ServiceConnectNamespaceArgs } from "./service/serviceConnect";
export type { CpuArchitecture } from "./service/settings";
export type { ArgsOf, Settings } from "./settings/settings";
export { ArtifactStore, type ArtifactStoreArgs } from "./storage/artifactStore";
export { EncryptionKey, type EncryptionKeyArgs, type SecretReader } from "./storage/encryptionKey";
export { LogBucket, type LogBucketArgs } from "./storage/logBucket";
export type { LogBucketRef } from "./storage/privateBucket";
export type { ReplicaRef } from "./storage/replication";
export { SourceBucket, type SourceBucketArgs } from "./storage/sourceBucket";
export { type GitHubCheckoutArgs, gitHubCheckout } from "./workflow/checkout";
export { DeliveryWorkflow, type DeliveryWorkflowArgs } from "./workflow/deliveryWorkflow";
export { type EnvironmentGateArgs, environmentGate } from "./workflow/environmentGate";
export type { JobStep } from "./workflow/jobStep";
export type { WorkflowJob } from "./workflow/jobs";
