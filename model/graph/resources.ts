import type { Finding, RecordedGraph, RecordedResource } from "./graph";
import { oncePerGraph } from "./once";
import { textOf } from "./read";

/** Type tokens that more than one rule looks for. */
export const TYPES = {
  pipeline: "aws:codepipeline/pipeline:Pipeline",
  project: "aws:codebuild/project:Project",
  workflow: "ecs-delivery:index:DeliveryWorkflow",
  workflowStep: "ecs-delivery:index:WorkflowStep",
  service: "aws:ecs/service:Service",
  taskDefinition: "aws:ecs/taskDefinition:TaskDefinition",
  cluster: "aws:ecs/cluster:Cluster",
  loadBalancer: "aws:lb/loadBalancer:LoadBalancer",
  listener: "aws:lb/listener:Listener",
  listenerRule: "aws:lb/listenerRule:ListenerRule",
  targetGroup: "aws:lb/targetGroup:TargetGroup",
  deploymentGroup: "aws:codedeploy/deploymentGroup:DeploymentGroup",
  repository: "aws:ecr/repository:Repository",
  repositoryPolicy: "aws:ecr/repositoryPolicy:RepositoryPolicy",
  lifecyclePolicy: "aws:ecr/lifecyclePolicy:LifecyclePolicy",
  role: "aws:iam/role:Role",
  rolePolicy: "aws:iam/rolePolicy:RolePolicy",
  policy: "aws:iam/policy:Policy",
  policyAttachment: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  eventRule: "aws:cloudwatch/eventRule:EventRule",
  eventTarget: "aws:cloudwatch/eventTarget:EventTarget",
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
  securityGroup: "aws:ec2/securityGroup:SecurityGroup",
  vpcEndpoint: "aws:ec2/vpcEndpoint:VpcEndpoint",
  queue: "aws:sqs/queue:Queue",
  queuePolicy: "aws:sqs/queuePolicy:QueuePolicy",
  topic: "aws:sns/topic:Topic",
  bucket: "aws:s3/bucket:Bucket",
  bucketEncryption: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  bucketPolicy: "aws:s3/bucketPolicy:BucketPolicy",
  topicPolicy: "aws:sns/topicPolicy:TopicPolicy",
  key: "aws:kms/key:Key",
  parameter: "aws:ssm/parameter:Parameter",
  secret: "aws:secretsmanager/secret:Secret",
  compositeAlarm: "aws:cloudwatch/compositeAlarm:CompositeAlarm",
  stateMachine: "aws:sfn/stateMachine:StateMachine",
  schedule: "aws:scheduler/schedule:Schedule",
  flowLog: "aws:ec2/flowLog:FlowLog",
  lambda: "aws:lambda/function:Function",
  metricAlarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
  notificationRule: "aws:codestarnotifications/notificationRule:NotificationRule",
  slackChannel: "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration",
  teamsChannel: "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration",
} as const;

/** The resources of a type, in the order the program registered them. */
export function ofType(graph: RecordedGraph, type: string): readonly RecordedResource[] {
  return byType(graph).get(type) ?? [];
}

const byType = oncePerGraph((graph) => {
  const known = new Map<string, RecordedResource[]>();
  for (const resource of graph.resources) {
    const alike = known.get(resource.type);
    if (alike) alike.push(resource);
    else known.set(resource.type, [resource]);
  }
  return known;
});

/** A property as text: what the program gave, else what AWS would answer. */
export function propertyOf(resource: RecordedResource, key: string): string | undefined {
  return textOf(resource.inputs[key] ?? resource.outputs[key]);
}

/** The ARN AWS would give. */
export function arnOf(resource: RecordedResource): string | undefined {
  return textOf(resource.outputs.arn) ?? (resource.id?.startsWith("arn:") ? resource.id : undefined);
}

/** The physical name; for what Pulumi names itself, the name it would give. */
export function physicalName(resource: RecordedResource): string {
  return textOf(resource.inputs.name) ?? textOf(resource.outputs.name) ?? resource.name;
}

/** The resource of a type that a reference means: by ARN, id or physical name. */
export function referredBy(graph: RecordedGraph, type: string, reference: unknown): RecordedResource | undefined {
  const text = textOf(reference);
  if (text === undefined || text === "") return undefined;
  const all = ofType(graph, type);
  return (
    all.find((resource) => arnOf(resource) === text || resource.id === text) ??
    all.find((resource) => physicalName(resource) === text)
  );
}

/** The bucket of a name: a bucket's id is its name in AWS. */
export function bucketNamed(graph: RecordedGraph, name: string | undefined): RecordedResource | undefined {
  return ofType(graph, TYPES.bucket).find(({ id }) => id !== undefined && id === name);
}

/** A type token as the program writes it: `aws.ecs.Service` for `aws:ecs/service:Service`, the class of a component. */
export function className(type: string): string {
  const [pkg = "", module = "", name = ""] = type.split(":");
  const first = module.split("/", 1)[0] ?? "";
  return first === "index" || first === "" ? name : [pkg, first, name].join(".");
}

/** A resource as messages name it: `aws.ecs.Service "api"`. */
export function label(resource: RecordedResource): string {
  return `${className(resource.type)} "${resource.name}"`;
}

/** A finding about a resource; its message starts with the resource. */
export function finding(
  rule: string,
  resource: RecordedResource,
  text: string,
  level: Finding["level"] = "error",
): Finding {
  return { level, rule, urn: resource.urn, message: `${label(resource)}${text.startsWith(",") ? "" : ": "}${text}` };
}

/** Something about a resource that deserves a look, and stops nothing. */
export function notice(rule: string, resource: RecordedResource, text: string): Finding {
  return finding(rule, resource, text, "notice");
}

/** The partition, region and account that a resource's ARN names. */
export interface ArnPlace {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** Where a resource is, by its ARN. */
export function arnPlace(arn: string | undefined): ArnPlace | undefined {
  const [, partition = "", , region = "", account = ""] = (arn ?? "").split(":");
  return partition && region && account ? { partition, region, account } : undefined;
}

/** An ARN in a place. */
export function arnIn(place: ArnPlace, service: string, rest: string): string {
  return `arn:${place.partition}:${service}:${place.region}:${place.account}:${rest}`;
}

/** The ARN of a parameter of Systems Manager, by its name or as it is. */
export function parameterArnIn(place: ArnPlace, name: string): string {
  return name.startsWith("arn:") ? name : arnIn(place, "ssm", `parameter/${name.replace(/^\//, "")}`);
}

const namesById = oncePerGraph((graph) => new Map(graph.resources.map(({ id, name }) => [id, name])));

/** What the program calls what AWS knows by this id; the id where it is none of the graph's. */
export function nameById(graph: RecordedGraph, id: string): string {
  return namesById(graph).get(id) ?? id;
}
