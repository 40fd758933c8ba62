import * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { type Place, placeOf } from "../arn";
import { environmentNameIn } from "../checks/names";
import { allow, document, type Statement } from "../iam/policyDocument";
import { POLICY_MAX } from "../iam/policySize";
import { PARAMETERS } from "../parameters";
import { callsOf } from "./managedServices";
import { DEPLOYMENT_PATH, READ_ROLES, roleStatements } from "./permissions";

/** Names of review stacks. */
export const REVIEW_STACKS = "pr-*";

/** What review stacks of a project call what they make. */
export function reviewNames(project?: string): string {
  return environmentNameIn(REVIEW_STACKS, project);
}

/** Tag by which what has no name of its own is told apart: the committed stack files have it among the default tags. */
const ENVIRONMENT_TAG = "environment";

/** Arguments of `ReviewBoundary`. */
export interface ReviewBoundaryArgs {
  /** What stands before the stacks' names in what is named after them. @default - nothing */
  readonly project?: string | undefined;
  /** Stacks whose cluster, network and load balancer review stacks share. @default - none: each has its own */
  readonly shares?: readonly string[];
  /** Parameters and secrets that their tasks read, by ARN; with `*` several. @default - none */
  readonly reads?: readonly string[];
}

/**
 * The most that a review stack, whoever makes it and every role of it may do, whatever their policies say: what is called
 * `pr-...`, and of what has ids instead of names what is not tagged as another environment's. It lies beside the roles that
 * deploy, where none of them may change it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export class ReviewBoundary extends pulumi.ComponentResource {
  readonly arn: Output<string>;

  constructor(name: string, args: ReviewBoundaryArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("ecs-delivery:index:ReviewBoundary", name, {}, opts);
    const place = placeOf(this);
    const policyName = `ecs-delivery-${name}-boundary`;
    const own = pulumi.interpolate`arn:${place.partition}:iam::${place.accountId}:policy${DEPLOYMENT_PATH}${policyName}`;
    const policy = document(boundaryStatements(args, own, place)).apply((text) => fitting(text, this));
    this.arn = new aws.iam.Policy(name, { name: policyName, path: DEPLOYMENT_PATH, policy }, { parent: this }).arn;
    this.registerOutputs({ arn: this.arn });
  }
}

function fitting(text: string, parent: pulumi.Resource): string {
  if (text.length <= POLICY_MAX.managed) return text;
  const problem = `review: the boundary would have ${text.length} characters, AWS takes ${POLICY_MAX.managed}; let shares and reads name less, parameters by their beginning and *`;
  throw new pulumi.ResourceError(problem, parent, true);
}

const everyCall = (service: string) => `${service}:*`;

/** Services whose resources are named after their stack. */
const NAMED = ["codebuild", "codepipeline", "ecr", "ecs", "events", "logs", "s3", "sns", "ssm"];

/** Services whose resources have ids, or names of their own: the tag says whose they are. */
const TAGGED = [
  "application-autoscaling",
  "cloudwatch",
  "codestar-notifications",
  "elasticloadbalancing",
  "servicediscovery",
];

/** The same, of which not every call is taken. */
const TAGGED_IN_PART = ["ec2", "kms"];

const ofServices = (calls: readonly string[], services: readonly string[]) =>
  calls.filter((call) => services.some((service) => call.startsWith(`${service}:`)));

/** Calls on what has an id: of builds in a VPC and of what is encrypted, too. */
const TAGGED_CALLS = [
  ...TAGGED.map(everyCall),
  ...ofServices(callsOf("change"), TAGGED_IN_PART),
  ...["CreateNetworkInterface*", "DeleteNetworkInterface"].map((one) => `ec2:${one}`),
  ...["Decrypt", "Encrypt", "GenerateDataKey*", "ReEncrypt*"].map((one) => `kms:${one}`),
];

/** What tells how things are set up; of the services in `TAGGED` every call is taken. */
const READS = ofServices(callsOf("read"), [...NAMED, ...TAGGED_IN_PART]);

/** Calls that AWS confines to nothing, or that only fetch the code. */
const ANYWHERE = [
  "codecommit:BatchGet*",
  "codecommit:CancelUploadArchive",
  "codecommit:Get*",
  "codecommit:GitPull",
  "codecommit:UploadArchive",
  "codeconnections:*Connection",
  "codestar-connections:*Connection",
  "ecr:GetAuthorizationToken",
  "ecs:DeregisterTaskDefinition",
  "ssmmessages:*",
];

function boundaryStatements(
  { project, shares = [], reads = [] }: ReviewBoundaryArgs,
  permissionsBoundaryArn: Input<string>,
  place: Place,
): Statement[] {
  const own = reviewNames(project);
  const clusters = shares.map((share) => environmentNameIn(share, project));
  return [
    allow([...READS, ...READ_ROLES, ...ANYWHERE], ["*"]),
    allow(NAMED.map(everyCall), namedResources(own, clusters, place)),
    allow(TAGGED_CALLS, ["*"]),
    {
      effect: "Deny",
      actions: [...TAGGED, ...TAGGED_IN_PART].map(everyCall),
      resources: ["*"],
      conditions: {
        StringNotLike: { [`aws:ResourceTag/${ENVIRONMENT_TAG}`]: [REVIEW_STACKS, ...shares] },
        Null: { [`aws:ResourceTag/${ENVIRONMENT_TAG}`]: "false" },
      },
    },
    {
      effect: "Deny",
      actions: ["ecs:RunTask", "ecs:StartTask"],
      resources: ["*"],
      conditions: { ArnNotLike: { "ecs:cluster": clustersOf([own, ...clusters], place) } },
    },
    ...(reads.length > 0 ? [allow(["secretsmanager:GetSecretValue", "ssm:GetParameters"], reads)] : []),
    ...roleStatements({ stack: own, permissionsBoundaryArn }, place),
  ];
}

function clustersOf(names: readonly string[], { partition, accountId }: Place): Output<string>[] {
  return names.map((cluster) => pulumi.interpolate`arn:${partition}:ecs:*:${accountId}:cluster/${cluster}`);
}

/** What review stacks call so; a service in a cluster that they share is called so too. */
function namedResources(own: string, shares: readonly string[], { partition, accountId }: Place): Output<string>[] {
  const here = (service: string, resource: string) =>
    pulumi.interpolate`arn:${partition}:${service}:*:${accountId}:${resource}`;
  const clusters = shares.flatMap((share) =>
    ["service", "service-deployment", "task"].map((kind) => `${kind}/${share}/${own}`),
  );
  return [
    ...["project", "report-group", "build"].map((kind) => here("codebuild", `${kind}/${own}`)),
    here("codepipeline", own),
    here("ecr", `repository/${own}`),
    ...["cluster", "service", "service-deployment", "task", "task-definition"].map((kind) =>
      here("ecs", `${kind}/${own}`),
    ),
    ...clusters.map((resource) => here("ecs", resource)),
    here("events", `rule/${own}`),
    ...[own, `/aws/codebuild/${own}`, `/ecs/${own}`].map((group) => here("logs", `log-group:${group}`)),
    pulumi.interpolate`arn:${partition}:s3:::${own}`,
    here("sns", own),
    here("ssm", `parameter${PARAMETERS}/${own}`),
  ];
}
