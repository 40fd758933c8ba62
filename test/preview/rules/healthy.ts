import type { RecordedGraph, RecordedResource } from "../../../model/graph/graph";
import { type Allowed, arnHere, graphOf, policy, resource, trust } from "./handMade";
import { networkParts } from "./healthyNetwork";

const BUCKET = "arn:aws:s3:::artifacts";
const KEY = arnHere("kms", "key/0a1b");
const PIPELINE = arnHere("codepipeline", "dev");
const REPOSITORY = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/dev/api";
const BLUE = arnHere("elasticloadbalancing", "targetgroup/api-blue/1");
const GREEN = arnHere("elasticloadbalancing", "targetgroup/api-green/2");
const BALANCER = arnHere("elasticloadbalancing", "loadbalancer/app/api/3");
const PASSED = { StringEquals: { "iam:PassedToService": ["ecs.amazonaws.com", "ecs-tasks.amazonaws.com"] } };
const REGISTERED = { StringEquals: { "ecs:CreateAction": "RegisterTaskDefinition" } };
const THROUGH_S3 = { StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } };
const KEY_CALLS = ["kms:DescribeKey", "kms:Decrypt", "kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"];

function role(name: string, service: string, ...statements: readonly Allowed[]): readonly RecordedResource[] {
  const outputs = { arn: healthyRole(name) };
  return [
    resource("aws:iam/role:Role", name, { assumeRolePolicy: trust(service) }, { outputs }),
    ...(statements.length > 0
      ? [resource("aws:iam/rolePolicy:RolePolicy", name, { role: name, policy: policy(...statements) })]
      : []),
  ];
}

/** ARN of a role of the healthy graph. */
export function healthyRole(name: string): string {
  return `arn:aws:iam::111122223333:role/${name}`;
}

type Action = Readonly<Record<string, unknown>>;

/** The source action of the healthy graph. */
export const SOURCE_ACTION: Action = {
  name: "Source",
  category: "Source",
  provider: "CodeCommit",
  owner: "AWS",
  version: "1",
  namespace: "SourceVariables",
  outputArtifacts: ["source"],
  configuration: { RepositoryName: "shop", BranchName: "main", PollForSourceChanges: "false" },
};

/** The build action of the healthy graph. */
export const BUILD_ACTION: Action = {
  name: "api-image",
  category: "Build",
  provider: "CodeBuild",
  owner: "AWS",
  version: "1",
  inputArtifacts: ["source"],
  outputArtifacts: ["image"],
  configuration: {
    ProjectName: "dev-api-image",
    EnvironmentVariables: JSON.stringify([{ name: "CONTAINER_NAME", value: "api", type: "PLAINTEXT" }]),
  },
};

/** The deploy action of the healthy graph. */
export const DEPLOY_ACTION: Action = {
  name: "api-deploy",
  category: "Deploy",
  provider: "ECS",
  owner: "AWS",
  version: "1",
  inputArtifacts: ["image"],
  configuration: { ClusterName: "dev", ServiceName: "api", FileName: "imagedefinitions.json" },
};

/** Stages of the healthy graph, with other actions where they are given. */
export function stages(actions: { source?: Action; build?: Action; deploy?: Action; more?: readonly Action[] } = {}) {
  return [
    { name: "Source", actions: [actions.source ?? SOURCE_ACTION] },
    { name: "Build", actions: [actions.build ?? BUILD_ACTION, ...(actions.more ?? [])] },
    { name: "Deploy", actions: [actions.deploy ?? DEPLOY_ACTION] },
  ];
}

function pipelineParts(): readonly RecordedResource[] {
  const eventPattern = JSON.stringify({
    source: ["aws.codecommit"],
    "detail-type": ["CodeCommit Repository State Change"],
    resources: [arnHere("codecommit", "shop")],
    detail: { event: ["referenceCreated", "referenceUpdated"], referenceType: ["branch"], referenceName: ["main"] },
  });
  return [
    resource("aws:codepipeline/pipeline:Pipeline", "dev", {
      name: "dev",
      pipelineType: "V2",
      executionMode: "SUPERSEDED",
      roleArn: healthyRole("dev-pipeline"),
      triggers: [],
      artifactStores: [{ location: "artifacts", type: "S3", encryptionKey: { id: KEY, type: "KMS" } }],
      stages: stages(),
    }),
    resource("aws:cloudwatch/eventRule:EventRule", "dev-on-Source", { eventPattern }),
    resource("aws:cloudwatch/eventTarget:EventTarget", "dev-on-Source", {
      rule: "dev-on-Source",
      arn: PIPELINE,
      roleArn: healthyRole("dev-on-Source"),
    }),
    ...role("dev-on-Source", "events.amazonaws.com", [["codepipeline:StartPipelineExecution"], [PIPELINE]]),
    ...role(
      "dev-pipeline",
      "codepipeline.amazonaws.com",
      [["s3:GetBucketVersioning", "s3:GetBucketAcl", "s3:GetBucketLocation"], [BUCKET]],
      [["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"], [`${BUCKET}/dev/*`]],
      [KEY_CALLS, [KEY], THROUGH_S3],
      [codeCommitCalls(), [arnHere("codecommit", "shop")]],
      [
        ["codebuild:StartBuild", "codebuild:BatchGetBuilds", "codebuild:StopBuild"],
        [arnHere("codebuild", "project/dev-api-image")],
      ],
      [["ecs:DescribeTaskDefinition"], ["*"]],
      [["ecs:DescribeServices", "ecs:UpdateService"], [arnHere("ecs", "service/dev/api")]],
      [["ecs:RegisterTaskDefinition"], [arnHere("ecs", "task-definition/api:*")]],
      [["ecs:TagResource"], [arnHere("ecs", "task-definition/api:*")], REGISTERED],
      [["iam:PassRole"], [healthyRole("api-task"), healthyRole("api-execution")], PASSED],
    ),
  ];
}

function codeCommitCalls(): string[] {
  const verbs = ["GetBranch", "GetCommit", "UploadArchive", "GetUploadArchiveStatus", "CancelUploadArchive"];
  return verbs.map((verb) => `codecommit:${verb}`);
}

function buildParts(): readonly RecordedResource[] {
  return [
    resource(
      "aws:codebuild/project:Project",
      "api-image",
      {
        name: "dev-api-image",
        serviceRole: healthyRole("api-image"),
        environment: { environmentVariables: [] },
        logsConfig: { cloudwatchLogs: { status: "ENABLED", groupName: "/aws/codebuild/dev-api-image" } },
      },
      { outputs: { arn: arnHere("codebuild", "project/dev-api-image") } },
    ),
    ...role(
      "api-image",
      "codebuild.amazonaws.com",
      [["logs:CreateLogStream", "logs:PutLogEvents"], [arnHere("logs", "log-group:/aws/codebuild/dev-api-image:*")]],
      [["s3:GetBucketAcl", "s3:GetBucketLocation"], [BUCKET]],
      [
        ["s3:GetObject", "s3:GetObjectVersion"],
        [`${BUCKET}/dev/source/*`, `${BUCKET}/dev/image/*`],
      ],
      [["s3:PutObject"], [`${BUCKET}/dev/image/*`]],
      [KEY_CALLS, [KEY], THROUGH_S3],
    ),
    resource(
      "aws:ecr/repository:Repository",
      "api",
      { name: "dev/api", imageTagMutability: "IMMUTABLE", imageScanningConfiguration: { scanOnPush: true } },
      { outputs: { arn: arnHere("ecr", "repository/dev/api") } },
    ),
    resource("aws:ecr/lifecyclePolicy:LifecyclePolicy", "api", {
      repository: "dev/api",
      policy: JSON.stringify({
        rules: [
          {
            rulePriority: 1,
            selection: {
              tagStatus: "tagged",
              tagPrefixList: ["released-"],
              countType: "imageCountMoreThan",
              countNumber: 5,
            },
            action: { type: "expire" },
          },
          {
            rulePriority: 2,
            selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 5 },
            action: { type: "expire" },
          },
        ],
      }),
    }),
  ];
}

/** The container definition of the healthy graph. */
export const HEALTHY_CONTAINER: Action = {
  name: "api",
  image: `${REPOSITORY}:0a1b2c3`,
  readonlyRootFilesystem: true,
  portMappings: [{ containerPort: 8080 }],
  secrets: [],
  logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "/ecs/api", "awslogs-region": "eu-west-1" } },
};

function serviceParts(): readonly RecordedResource[] {
  return [
    resource("aws:ecs/cluster:Cluster", "dev", { name: "dev" }, { outputs: { arn: arnHere("ecs", "cluster/dev") } }),
    resource(
      "aws:ecs/taskDefinition:TaskDefinition",
      "api",
      {
        family: "api",
        cpu: "256",
        memory: "1024",
        networkMode: "awsvpc",
        requiresCompatibilities: ["FARGATE"],
        executionRoleArn: healthyRole("api-execution"),
        taskRoleArn: healthyRole("api-task"),
        containerDefinitions: JSON.stringify([HEALTHY_CONTAINER]),
      },
      { outputs: { arn: arnHere("ecs", "task-definition/api:1") } },
    ),
    resource("aws:ecs/service:Service", "api", {
      deploymentCircuitBreaker: { enable: true, rollback: true },
      name: "api",
      cluster: arnHere("ecs", "cluster/dev"),
      taskDefinition: arnHere("ecs", "task-definition/api:1"),
      desiredCount: 2,
      launchType: "FARGATE",
      healthCheckGracePeriodSeconds: 60,
      networkConfiguration: {
        subnets: ["subnet-1"],
        securityGroups: ["sg-tasks", "sg-clients"],
        assignPublicIp: false,
      },
      loadBalancers: [{ targetGroupArn: BLUE, containerName: "api", containerPort: 8080 }],
    }),
    ...role("api-task", "ecs-tasks.amazonaws.com"),
    ...role(
      "api-execution",
      "ecs-tasks.amazonaws.com",
      [["ecr:GetAuthorizationToken"], ["*"]],
      [
        ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"],
        [arnHere("ecr", "repository/dev/api")],
      ],
      [["logs:CreateLogStream", "logs:PutLogEvents"], [arnHere("logs", "log-group:/ecs/api:*")]],
    ),
    resource("aws:cloudwatch/logGroup:LogGroup", "api", { name: "/ecs/api", retentionInDays: 30 }),
  ];
}

function balancerParts(): readonly RecordedResource[] {
  const group = (name: string, groupArn: string) =>
    resource(
      "aws:lb/targetGroup:TargetGroup",
      name,
      { targetType: "ip", port: 8080, healthCheck: { interval: 10, timeout: 5 } },
      { outputs: { arn: groupArn } },
    );
  const targetGroups = [
    { arn: BLUE, weight: 100 },
    { arn: GREEN, weight: 0 },
  ];
  const listener = (name: string, port: number) =>
    resource("aws:lb/listener:Listener", name, {
      loadBalancerArn: BALANCER,
      port,
      protocol: "HTTP",
      defaultActions: [{ type: "forward", forward: { targetGroups } }],
    });
  return [
    resource(
      "aws:lb/loadBalancer:LoadBalancer",
      "api",
      { internal: false, securityGroups: ["sg-balancer"], dropInvalidHeaderFields: true },
      { outputs: { arn: BALANCER } },
    ),
    listener("api-production", 80),
    listener("api-test", 8080),
    group("api-blue", BLUE),
    group("api-green", GREEN),
  ];
}

/** A whole delivery in which no rule finds an error. */
export const healthy: RecordedGraph = graphOf(
  ...pipelineParts(),
  ...buildParts(),
  ...serviceParts(),
  ...balancerParts(),
  ...networkParts(),
);
