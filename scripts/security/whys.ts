/** What a call is there for, where `about` stands in its statement. */
interface Why {
  /** The call; `*` stands for any text. */
  readonly action: string;
  readonly why: string;
  /** What the statement says, as JSON. @default - anything */
  readonly about?: RegExp;
}

/** What calls are there for, by the first that fits: every call of every role has one. */
export const WHYS: readonly Why[] = [
  { action: "kms:Decrypt", about: /EncryptionContext/, why: "decrypts the secrets that it reads, and nothing else" },
  { action: "kms:*", about: /"sns\./, why: "the topic is encrypted with this key" },
  { action: "kms:Encrypt", about: /ViaService/, why: "writes what is encrypted with this key" },
  { action: "kms:Decrypt", why: "reads what is encrypted with this key" },
  { action: "kms:DescribeKey", why: "reads what is encrypted with this key" },
  { action: "kms:*", why: "writes what is encrypted with this key" },
  { action: "logs:Describe*", why: "finds the log that it writes" },
  { action: "logs:*", why: "writes its log" },
  { action: "s3:GetObjectVersion?*", why: "reads what is copied" },
  { action: "s3:Replicate*", why: "writes the copies" },
  { action: "s3:GetReplicationConfiguration", why: "learns what is copied" },
  { action: "s3:ListBucket", why: "learns what is copied" },
  { action: "s3:GetBucket*", why: "finds the artifacts" },
  { action: "s3:Get*", why: "reads artifacts" },
  { action: "s3:PutObject", why: "leaves artifacts for later actions" },
  { action: "sns:Publish", why: "tells people" },
  { action: "ssm:GetParameterHistory", why: "looks whether an image passed its tests" },
  { action: "ssm:GetParameter", why: "takes the newest settings of a release" },
  { action: "ssm:GetParameters", why: "reads the secrets that are named" },
  { action: "secretsmanager:GetSecretValue", why: "reads the secrets that are named" },
  { action: "ssm:PutParameter", why: "records what was delivered, or that an image passed its tests" },
  { action: "ssmmessages:*", why: "opens a shell in a container, for whom IAM lets do so" },
  { action: "sts:AssumeRole", why: "acts in the other stack, in the role that it has for that" },
  { action: "states:StartExecution", why: "pauses scaling while CodeDeploy works on the service" },
  { action: "application-autoscaling:*", why: "pauses scaling while CodeDeploy works on the service" },
  { action: "cloudwatch:DescribeAlarms", why: "looks at the alarms that hold a deployment back or stop it" },
  { action: "cloudwatch:*", why: "shows a metric in a notification" },
  { action: "codebuild:*", why: "starts builds and follows them" },
  { action: "codebuild:*Report*", why: "publishes results of tests" },
  { action: "codecommit:*", why: "brings the source in" },
  { action: "code*:UseConnection", why: "brings the source in" },
  { action: "codedeploy:*", why: "deploys by CodeDeploy" },
  { action: "codepipeline:StartPipelineExecution", why: "starts the pipeline when its source changes" },
  { action: "ecr:GetAuthorizationToken", why: "logs in to ECR, which has no resource level" },
  { action: "ecr:*Scan*", why: "looks at what the scan of an image found" },
  { action: "inspector2:*", why: "looks at what the scan of an image found, which has no resource level" },
  { action: "ecr:DescribeImages", why: "looks whether the image is there already" },
  { action: "ecr:BatchGetImage", why: "pulls the image, or finds its digest" },
  { action: "ecr:GetDownloadUrlForLayer", why: "pulls the image" },
  { action: "ecr:BatchCheckLayerAvailability", why: "pulls or pushes layers" },
  { action: "ecr:*", why: "pushes the image, or its tag" },
  { action: "ecs:UpdateService", why: "brings a revision into service, or starts its first tasks" },
  { action: "ecs:RegisterTaskDefinition", why: "makes a revision, which has no resource level" },
  {
    action: "ecs:DeregisterTaskDefinition",
    why: "takes away the revision of a deployment that failed, which has no resource level",
  },
  { action: "ecs:TagResource", why: "tags what it makes" },
  { action: "ecs:RunTask", why: "starts the task at its time" },
  { action: "ecs:*TaskSet", why: "moves a service from one set of tasks to the other" },
  { action: "ecs:*", why: "sees what a service runs" },
  { action: "elasticloadbalancing:Describe*", why: "finds what it moves traffic between, which has no resource level" },
  { action: "elasticloadbalancing:*", why: "moves traffic between target groups" },
  { action: "iam:PassRole", why: "hands the service's own roles to what starts its tasks, and no others" },
  { action: "ec2:*", why: "gives builds an address in the VPC" },
];
