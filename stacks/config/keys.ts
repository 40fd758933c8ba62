import { z } from "zod";
import { checkLifecyclePolicy } from "../../components/images/lifecyclePolicy/grammar";
import type { LifecyclePolicySetting } from "../../components/images/lifecyclePolicy/policy";
import { CIDR_BLOCK } from "../../components/network/cidrBlock";
import { EGRESS } from "../../components/network/egress";
import { profiles } from "../profiles";
import { approvalSchema, chatSchema, deliveredBySchema, gatesSchema, releaseToSchema, testsSchema } from "./delivery";
import { deploymentSchema } from "./deployment";
import { existing, flag, leaf, oneOf, rule, text, wholeNumber } from "./leaf";
import { serviceSchema } from "./service";
import { sourceSchema } from "./source";

const ARN = (service: string) => new RegExp(`^arn:aws[\\w-]*:${service}:`);
const ZONE = /^[a-z]{2}(?:-[a-z]+)+-\d[a-z]$/;
const cidr = text({ pattern: CIDR_BLOCK, expected: "an IPv4 range like 10.0.0.0/8" }, "10.0.0.0/8");
const port = (example: number) => wholeNumber(1, 65_535, example);
const subnets = z
  .record(
    text({ pattern: ZONE, expected: "an availability zone like eu-west-1a" }, "eu-west-1b"),
    text({ pattern: /^subnet-[0-9a-z]+$/, expected: "a subnet id" }, "subnet-0a1b2c3d"),
  )
  .refine((zones) => Object.keys(zones).length >= 2)
  .meta({ expected: "subnets in two or more availability zones, each zone with its subnet", example: "" });

const network = z.strictObject({
  existing: z
    .strictObject({
      vpcId: text({ pattern: /^vpc-[0-9a-z]+$/, expected: "a VPC id" }, "vpc-0a1b2c3d").describe("VPC id"),
      publicSubnets: subnets.optional().describe("Zone to subnet, for load balancers; needed unless they are internal"),
      privateSubnets: subnets.describe("Zone to subnet, for tasks"),
    })
    .optional()
    .describe("A VPC that is there already; nothing of a network is created then"),
  egress: oneOf(EGRESS)
    .optional()
    .describe(
      "How tasks in private subnets reach AWS: VPC endpoints (no way to the internet), one NAT gateway, or one in each zone. Default `endpoints`",
    ),
  cidrBlock: cidr.optional().describe("IPv4 range of the VPC. Default `10.0.0.0/16`"),
  availabilityZones: z
    .union([wholeNumber(2, 6, 2), z.array(z.string().regex(ZONE)).refine((zones) => new Set(zones).size >= 2)])
    .meta({ expected: "a number from 2 to 6, or the names of two or more different zones", example: 2 })
    .optional()
    .describe("How many zones, or their names. Default `2`"),
});

const loadBalancer = z.strictObject({
  certificateArn: text(
    { pattern: ARN("acm"), expected: "the ARN of an ACM certificate" },
    "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b",
  )
    .optional()
    .describe("Certificate of both listeners; with it they speak HTTPS and port 80 redirects. Default: HTTP"),
  productionPort: port(80).optional().describe("Port users come to. Default `443` with a certificate, else `80`"),
  testPort: port(8080)
    .optional()
    .describe("Port the new version is tried on. Default `8443` with a certificate, else `8080`"),
  testIngressCidrBlocks: z.array(cidr).optional().describe("Who may reach the test port. Default: nobody"),
  ingressCidrBlocks: z
    .array(cidr)
    .optional()
    .describe("Who may reach the production port. Default: everyone; private ranges when internal"),
  internal: flag(true).optional().describe("No public address. Default `false`"),
  deregistrationDelaySeconds: wholeNumber(0, 3600, 30, "seconds")
    .optional()
    .describe("Seconds a leaving task keeps its open connections. Default `30`"),
});

/** Text, object or shorthand; checked against ECR's grammar, each problem at its own path. */
const lifecyclePolicy = z
  .custom<LifecyclePolicySetting>((value) => ["string", "object"].includes(typeof value))
  .superRefine((value, context) => {
    for (const problem of checkLifecyclePolicy(value)) {
      context.addIssue({ code: "custom", message: problem, input: value, params: { said: true } });
    }
  })
  .meta({ expected: "a lifecycle policy", example: '{"keepImages":5}' });

const branch = text(
  { pattern: /^(?!\/)(?!.*(?:\.\.|\/\/|@\{|\.lock$|\/$))[^\s~^:?*[\\]{1,250}$/, expected: "a branch name" },
  "main",
);

/** The key that picks a shape out of these. */
export function environmentSchema(names: readonly string[]) {
  const known = z.string().refine((name) => names.includes(name));
  return leaf(known, `one of ${names.join(", ")}`, names[0] ?? "").describe(
    "Shape of the environment: a file in `stacks/`. Default: the stack's name",
  );
}

/** A list in which no two have the same name. */
function namedOnce<T extends z.ZodType>(schema: z.ZodArray<T>) {
  return schema.refine(
    ...rule(
      z.array(z.looseObject({ name: z.string() })),
      (items) => {
        const names = items.map(({ name }) => name);
        const twice = names.find((name, index) => names.indexOf(name) !== index);
        return twice === undefined ? undefined : `names that differ, but "${twice}" is there twice`;
      },
      { path: [] },
    ),
  );
}

/** Every key a stack file may have below `ecs-delivery:`, in the order of the reference. */
export const stackConfigKeys = z.strictObject({
  environment: environmentSchema(Object.keys(profiles)),
  branch: branch
    .optional()
    .describe("Branch whose head is delivered to this environment; needed for CodeCommit and connections"),
  source: sourceSchema
    .optional()
    .describe("Where the code comes from; needed unless another stack's pipeline delivers (`deliveredBy`)"),
  services: namedOnce(z.array(serviceSchema).min(1).max(20))
    .meta({ expected: "a list of 1 to 20 services", example: "" })
    .describe("What is built and run"),
  deployment: deploymentSchema
    .optional()
    .describe(
      "How a new image comes into service: a word, or `{ strategy: <word>, ... }` with its settings. Default: the profile's",
    ),
  tests: namedOnce(z.array(testsSchema).min(1).max(20))
    .meta({ expected: "a list of 1 to 20 tests", example: "" })
    .optional()
    .describe("Tests against the running environment, for the profiles that have a stage for them"),
  gates: gatesSchema.optional().describe("What holds a delivery back: a window, alarms, findings of the image scan"),
  approval: approvalSchema.optional().describe("How a person is asked, where the profile has an approval"),
  releaseTo: releaseToSchema
    .optional()
    .describe("Another stack of this program that the pipeline goes on to, in this account or another"),
  deliveredBy: deliveredBySchema
    .optional()
    .describe("The stack whose pipeline delivers to this one, which then has none of its own"),
  pipelines: oneOf(["one", "perService"])
    .optional()
    .describe(
      "`one` pipeline for all services, or one for each, which starts when files of its folder change (monorepo). Default `one`",
    ),
  network: network.optional().describe("The VPC; created unless it exists"),
  loadBalancer: loadBalancer.optional().describe("Listeners of every service that has a port"),
  serviceConnect: flag(true)
    .optional()
    .describe(
      "Whether services reach one another by name, as `http://<name>:<port>` (Service Connect). Default `false`",
    ),
  cluster: existing("the name or ARN of an ECS cluster", "shared")
    .optional()
    .describe("Cluster the services run in; created unless it exists"),
  lifecyclePolicy: lifecyclePolicy
    .optional()
    .describe(
      "Which images repositories keep: ECR's JSON as text or object, or `{ keepImages, expireUntaggedAfterDays }`. Default: the newest 5. A repository that exists gets a policy only if one is given; what is delivered is then tagged there as in one of this stack's, unless a `confirmProject` exists, whose role is not this stack's to widen",
    ),
  artifactBucket: existing("the name or ARN of an S3 bucket", "acme-artifacts")
    .optional()
    .describe("Bucket for the pipeline's artifacts; created unless it exists"),
  kmsKey: existing("the ARN of a KMS key", "arn:aws:kms:eu-west-1:111122223333:key/0a1b", ARN("kms"))
    .optional()
    .describe("Key that encrypts artifacts, logs and notifications; created unless it exists"),
  topic: existing("the ARN of an SNS topic", "arn:aws:sns:eu-west-1:111122223333:deliveries", ARN("sns"))
    .optional()
    .describe(
      "Topic that is told of approvals, how deliveries end, and rollbacks; created where one is needed unless it exists",
    ),
  deliveryEvents: flag(true)
    .optional()
    .describe(
      "Whether the topic is told how deliveries end and of rollbacks, which takes a notification rule and a role. Default: `true`, but `false` for a topic that exists",
    ),
  notificationEmails: z
    .array(leaf(z.email(), "an e-mail address", "team@example.com"))
    .optional()
    .describe("Subscribers of the topic that is created"),
  chat: chatSchema.optional().describe("Chat channels that are told what the topic is told"),
  pipelineRole: existing("the name or ARN of an IAM role", "delivery-pipeline")
    .optional()
    .describe("Role the pipeline runs in; created unless it exists"),
  buildRole: existing("the name or ARN of an IAM role", "delivery-build")
    .optional()
    .describe("Role every build runs in, at most ten projects; one is created for each project unless it exists"),
  triggerRole: existing("the name or ARN of an IAM role", "delivery-trigger")
    .optional()
    .describe("Role EventBridge starts the pipeline in; created unless it exists"),
  confirmProject: existing("the name of a CodeBuild project", "confirm-delivery")
    .optional()
    .describe("Project that confirms each deployment; created where `verify` says so, unless it exists"),
  verify: flag(false)
    .optional()
    .describe(
      "Whether builds of this stack verify deliveries: before a deployment, that the image which a build of your own pushed is there and its tag does not move; after it, that the service runs that image. Default: `true`, but `false` where services and build projects are all there already, so that a stack makes nothing but its pipeline; a `confirmProject` or `projects.resolve` that is given is used all the same",
    ),
  retain: flag(true)
    .optional()
    .describe(
      "Whether repositories, artifact bucket, records of delivered images and load balancers are protected from deletion. With `false`, `pulumi destroy` deletes repository and bucket with what is in them. Default: the profile's, `true` in prod",
    ),
});

/** A stack's configuration, checked. */
export type StackConfig = z.output<typeof stackConfigKeys>;
