import { z } from "zod";
import { jsonOf, mapOf, textOf } from "../../../model/graph/read";
import { guardrail, type NamedRule } from "../rule";

/** Types that can have tags; a test holds them against the installed @pulumi/aws. */
export const TAGGABLE: readonly string[] = [
  "aws:cloudwatch/eventRule:EventRule",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:cloudwatch/metricAlarm:MetricAlarm",
  "aws:codebuild/project:Project",
  "aws:codecommit/repository:Repository",
  "aws:codedeploy/application:Application",
  "aws:codedeploy/deploymentGroup:DeploymentGroup",
  "aws:codepipeline/pipeline:Pipeline",
  "aws:dynamodb/table:Table",
  "aws:ec2/instance:Instance",
  "aws:ec2/securityGroup:SecurityGroup",
  "aws:ec2/subnet:Subnet",
  "aws:ec2/vpc:Vpc",
  "aws:ec2/vpcEndpoint:VpcEndpoint",
  "aws:ecr/repository:Repository",
  "aws:ecs/cluster:Cluster",
  "aws:ecs/service:Service",
  "aws:ecs/taskDefinition:TaskDefinition",
  "aws:efs/fileSystem:FileSystem",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  "aws:iam/policy:Policy",
  "aws:iam/role:Role",
  "aws:kms/key:Key",
  "aws:lambda/function:Function",
  "aws:lb/listener:Listener",
  "aws:lb/loadBalancer:LoadBalancer",
  "aws:lb/targetGroup:TargetGroup",
  "aws:rds/cluster:Cluster",
  "aws:rds/instance:Instance",
  "aws:s3/bucket:Bucket",
  "aws:secretsmanager/secret:Secret",
  "aws:sfn/stateMachine:StateMachine",
  "aws:sns/topic:Topic",
  "aws:sqs/queue:Queue",
  "aws:ssm/parameter:Parameter",
];

const missingTag = guardrail({
  name: "missing-tag",
  enforcement: "mandatory",
  looksAt: "resource",
  description: "Resources have the tags that the company asks for",
  remedy: "add it to the resource, or for all of a stack under aws:defaultTags in its file",
  types: TAGGABLE,
  options: z.strictObject({
    tags: z.array(z.string()).default([]).describe("Tags that every resource has that can have some"),
  }),
  problems: ({ inputs }, { tags }, { defaultTags }) => {
    const given = { ...defaultTags, ...mapOf(jsonOf(inputs.tagsAll)), ...mapOf(jsonOf(inputs.tags)) };
    return tags.filter((tag) => (textOf(given[tag]) ?? "") === "").map((tag) => `tag ${tag} is not set`);
  },
});

export const tagRules: readonly NamedRule[] = [missingTag];
