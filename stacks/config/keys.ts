import { z } from "zod";
import { STACK_NAME } from "../../components/checks/names";
import { checkLifecyclePolicy } from "../../components/images/lifecyclePolicy/grammar";
import type { LifecyclePolicySetting } from "../../components/images/lifecyclePolicy/policy";
import { LOAD_BALANCER } from "../../components/loadBalancer/settings";
import { NETWORK } from "../../components/network/network";
import { KEY_ARN, POLICY_ARN, ROLE_PATH } from "../../components/settings/arns";
import { ZONE_NAME } from "../../components/settings/places";
import { flag, listSetting, mapSetting, oneOf, setting, text } from "../../components/settings/setting";
import { settings } from "../../components/settings/settings";
import { ACCESS_LOGS } from "../../components/storage/logBucket";
import { profiles } from "../profiles";
import { CHAT, DELIVERED_BY, DELIVERY, GATES, PASSPORT, RELEASE_TO, STACK_APPROVAL, testsSchema } from "./delivery";
import { deploymentSchema } from "./deployment";
import { EXISTING_KEY, EXISTING_TOPIC, existing, existingOrCreated, SECRETS_KEY, taken } from "./existing";
import { rule } from "./rule";
import { outboundSchema, serviceSchema } from "./service";
import { sourceSchema } from "./source";

const SUBNET = { pattern: /^subnet-[0-9a-z]+$/, expected: "a subnet id", owned: true };
const subnets = setting(
  mapSetting(ZONE_NAME, text(SUBNET, { example: "subnet-0a1b2c3d" })).refine(
    (zones) => Object.keys(zones).length >= 2 && new Set(Object.values(zones)).size === Object.keys(zones).length,
  ),
  { expected: "subnets in two or more availability zones, each zone with its own subnet" },
  { example: "" },
);

/** A VPC that is there already. */
export const EXISTING_NETWORK = settings({
  /** VPC id. */
  vpcId: text({ pattern: /^vpc-[0-9a-z]+$/, expected: "a VPC id", owned: true }, { example: "vpc-0a1b2c3d" }),
  /** Zone to subnet, for load balancers. @default - none: load balancers are internal */
  publicSubnets: subnets.optional(),
  /** Zone to subnet, for tasks. */
  privateSubnets: subnets,
});

/** The VPC. */
export const STACK_NETWORK = settings({
  /** A VPC that is there already; nothing of a network is created then. @default - one is created */
  existing: z.strictObject(EXISTING_NETWORK).optional(),
  ...NETWORK,
});

/** Where copies of artifacts go. */
export const ARTIFACT_REPLICA = settings({
  /** The bucket, which keeps versions, by its name or ARN. */
  bucket: existing("bucket", "acme-artifact-copies"),
  /** Key of its region that encrypts the copies. */
  kmsKey: KEY_ARN,
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
  {
    // What git allows, as check-ref-format has it; #{ would be a variable of the pipeline.
    pattern: /^(?![/.-]|refs\/)(?!@$)(?!.*(?:\.\.|\/\/|\/\.|@\{|#\{|\.lock(?:\/|$)|[/.]$))[^\s\p{Cc}~^:?*[\\]{1,256}$/u,
    expected: "a branch name",
  },
  { example: "main" },
);

/** The key that picks a shape out of these. */
export function environmentSchema(names: readonly string[]) {
  const known = z.string().refine((name) => names.includes(name));
  return setting(known, { expected: `one of ${names.join(", ")}` }, { example: names[0] ?? "" });
}

/** A list in which no two have the same name. */
function namedOnce<T extends z.ZodType>(schema: z.ZodArray<T>) {
  return schema.refine(
    ...rule(
      z.array(z.looseObject({ name: z.string() })),
      (items) => {
        const twice = items[secondOfName(items)];
        return twice && `names that differ, but "${twice.name}" is there twice`;
      },
      { path: [], at: (items) => [secondOfName(items), "name"] },
    ),
  );
}

function secondOfName(items: readonly { readonly name: string }[]): number {
  const names = items.map(({ name }) => name);
  return names.findIndex((name, index) => names.indexOf(name) !== index);
}

/** Every key a stack file may have below `ecs-delivery:`, in the order of the reference. */
export const STACK_KEYS = settings({
  /** Shape of the environment: a file in `stacks/`. Default: the stack's name */
  environment: environmentSchema(Object.keys(profiles)),
  /**
   * What stands before the stack's name in everything that is named after it, so that two programs with a stack of one name live in
   * one account: `shop` makes cluster `shop-dev` of stack `dev`. The stacks in `releaseTo` and `deliveredBy` have the same one. In an
   * environment that runs, another one is another environment. @default - nothing: names begin with the stack's
   */
  project: text(
    { pattern: STACK_NAME, max: 24, expected: "1 to 24 lower-case letters, digits and single hyphens, a letter first" },
    { example: "shop" },
  ).optional(),
  /** Branch whose head is delivered to this environment; needed for CodeCommit, connections and workflows. @default - none */
  branch: branch.optional(),
  /** Where the code comes from. @default - none: another stack's pipeline delivers (`deliveredBy`), or a workflow (`delivery`) */
  source: sourceSchema.optional(),
  /**
   * How it is delivered where no pipeline of AWS does: by a workflow of GitHub Actions, which `npm run workflow` prints. The stack
   * makes no pipeline, no build projects and no artifact bucket then, but the role that the workflow takes.
   * @default - a pipeline delivers
   */
  delivery: z.strictObject(DELIVERY).optional(),
  /** What is built and run. */
  services: namedOnce(z.array(serviceSchema).min(1).max(50)).meta({
    expected: "a list of 1 to 50 services",
    example: "",
  }),
  /** How a new image comes into service: a word, or `{ strategy: <word>, ... }` with its settings. @default - the profile's */
  deployment: deploymentSchema.optional(),
  /** Tests against the running environment, for the profiles that have a stage for them. @default - none */
  tests: namedOnce(z.array(testsSchema).min(1).max(20))
    .meta({ expected: "a list of 1 to 20 tests", example: "" })
    .optional(),
  /** What holds a delivery back: a window, alarms, findings of the image scan. @default - nothing */
  gates: z.strictObject(GATES).optional(),
  /**
   * The passport of every image that is delivered: commit, digest, tests that passed, scan, who approved. A release asks for it.
   * @default - written where deliveries are verified in roles of this stack; in roles that exist only where this key is there
   */
  passport: z.strictObject(PASSPORT).optional(),
  /** How a person is asked, where the profile has an approval. @default - as every setting's own default says */
  approval: z.strictObject(STACK_APPROVAL).optional(),
  /** Another stack of this program that the pipeline goes on to, in this account or another. @default - none */
  releaseTo: z.strictObject(RELEASE_TO).optional(),
  /** The stack whose pipeline delivers to this one, which then has none of its own. @default - none */
  deliveredBy: z.strictObject(DELIVERED_BY).optional(),
  /**
   * `one` pipeline for all services, or one for each, which starts when files of its folder change (monorepo).
   * @default "one"
   */
  pipelines: oneOf(["one", "perService"], { default: "one" }),
  /** The VPC. @default - one is created */
  network: z.strictObject(STACK_NETWORK).optional(),
  /** What tasks of services that name no `outbound` of their own may connect to beside AWS itself. @default - nothing */
  outbound: outboundSchema.optional(),
  /** Listeners of every service that has a port; a service's own `loadBalancer` says more. @default - as every setting's own default says */
  loadBalancer: z.strictObject(LOAD_BALANCER).optional(),
  /** Whether services reach one another by name, as `http://<name>:<port>` (Service Connect). @default false */
  serviceConnect: flag({ default: false, example: true }),
  /** Cluster the services run in. @default - one is created */
  cluster: existing("cluster", "shared").optional(),
  /**
   * Which images repositories keep: ECR's JSON as text or object, or `{ keepImages, expireUntaggedAfterDays }`. A
   * repository that exists gets a policy only if one is given; what is delivered is then tagged there as in one of this
   * stack's, unless a `confirmProject` exists, whose role is not this stack's to widen. @default - the newest 5
   */
  lifecyclePolicy: lifecyclePolicy.optional(),
  /** Bucket for the pipeline's artifacts. @default - one is created */
  artifactBucket: existing("bucket", "acme-artifacts").optional(),
  /**
   * Bucket of another region that gets a copy of every artifact, for a day without this region: copies cost their storage and
   * the traffic between regions. @default - artifacts stay in their region
   */
  artifactReplica: z.strictObject(ARTIFACT_REPLICA).optional(),
  /**
   * Whether every request to a load balancer, and to a bucket that keeps artifacts or sources, is logged: in a bucket of this
   * stack, which is made for that. What is there already is not touched. The logs cost their storage, about 0.03 USD for a
   * GB and month, and some GB for each million requests. @default - the profile's, `true` in prod
   */
  accessLogs: flag({ example: true }).optional(),
  /** Days after which an access log is deleted. @default 90 */
  accessLogRetentionInDays: ACCESS_LOGS.expireAfterDays,
  /**
   * Whether a CloudWatch dashboard shows the environment: requests with deliveries as marks, 5xx answers, latency, tasks, CPU and
   * memory of every service, and what delivers; `dashboardUrl` among the outputs leads there. The first three dashboards of an
   * account cost nothing, each further one 3 USD a month. @default - the profile's, `true` in prod; `false` where every service is
   * there already
   */
  dashboard: flag({ example: true }).optional(),
  /** Key that encrypts artifacts, logs and notifications. @default - one is created */
  kmsKey: EXISTING_KEY.optional(),
  /**
   * Key that SSM parameters (SecureString) and Secrets Manager secrets are encrypted with, where that is not AWS's own
   * (`aws/ssm`, `aws/secretsmanager`): those of containers, of builds and of tests, and who logs in to a registry. The roles that
   * are created may decrypt with it the secrets that they read, through the service that keeps them, and nothing else.
   * `created`: the key of this stack. A list where there are several. @default - AWS's own keys, which ask for no permission
   */
  secretsKey: SECRETS_KEY.optional(),
  /** Topic that is told of approvals, how deliveries end, and rollbacks. @default - one is created where it is needed */
  topic: EXISTING_TOPIC.optional(),
  /**
   * Whether the topic is told how deliveries end and of rollbacks, which takes a notification rule and a role.
   * @default - `true`, but `false` for a topic that exists
   */
  deliveryEvents: flag({ example: true }).optional(),
  /** Subscribers of the topic that is created. @default - none */
  notificationEmails: listSetting(
    setting(z.email(), { expected: "an e-mail address", owned: true }, { example: "team@example.com" }),
    { distinct: true },
  ).optional(),
  /** Chat channels that are told what the topic is told. @default - none */
  chat: z.strictObject(CHAT).optional(),
  /** Role the pipeline runs in. @default - one is created */
  pipelineRole: existing("role", "delivery-pipeline").optional(),
  /**
   * Role that builds of images run in, those that look up what your own build pushed among them. Tests and confirmations run in
   * it too unless they have a role of their own (`testRole`, `confirmRole`): then a command of a test may do all that any of
   * them needs, and the preview says so. At most ten projects run in one role. @default - one is created for each project, with
   * what it needs alone
   */
  buildRole: existing("role", "delivery-build").optional(),
  /**
   * Role that tests run in, unit tests and those of the running environment: commands of the application's own. It reads
   * artifacts, and writes its log and reports. `created`: one for each project, beside a `buildRole` that exists.
   * @default - `buildRole`; where there is none, one is created for each project
   */
  testRole: existingOrCreated("role", "delivery-test").optional(),
  /**
   * Role that what looks at deliveries and records them runs in: confirmations, the gate on scans, the record of images that
   * passed. `created`: one for each project, beside a `buildRole` that exists. What is delivered to the stack in `releaseTo` is
   * confirmed in a role that is made in any case: that stack admits it by its name.
   * @default - `buildRole`; where there is none, one is created for each project
   */
  confirmRole: existingOrCreated("role", "delivery-confirm").optional(),
  /** Role that releases images to the stack in `releaseTo`. @default - one is created for each project */
  releaseRole: existing("role", "delivery-release").optional(),
  /** Role EventBridge starts the pipeline in. @default - one is created */
  triggerRole: existing("role", "delivery-trigger").optional(),
  /**
   * Path of the roles and policies that this stack makes. A role of another path is another role: in an environment that runs
   * with roles in `/`, the value `/` keeps them. The role that updates the stack must reach the path. @default - `/ecs-delivery/<stack>/`
   */
  rolePath: ROLE_PATH.optional(),
  /** Permissions boundary of every role that this stack makes. @default - none */
  permissionsBoundary: taken(POLICY_ARN).optional(),
  /** Project that confirms each deployment. @default - one is created where `verify` says so */
  confirmProject: existing("project", "confirm-delivery").optional(),
  /**
   * Whether builds of this stack verify deliveries: before a deployment, that the image which a build of your own pushed is
   * there and its tag does not move; after it, that the service runs that image. A `confirmProject` or `projects.resolve`
   * that is given is used all the same. @default - `true`, but `false` where services and build projects are all there
   * already, so that a stack makes nothing but its pipeline
   */
  verify: flag({ example: false }).optional(),
  /**
   * What becomes of the roles that AWS services take by themselves, one of each in an account (ECS, Elastic Load Balancing,
   * Application Auto Scaling, notifications). `checked`: nothing that takes one is made where it is missing; `created`: this
   * stack makes them, one stack of the account may, and they stay when it goes.
   * @default - AWS makes each at its first use, if whoever runs `pulumi up` may (`iam:CreateServiceLinkedRole`)
   */
  serviceLinkedRoles: oneOf(["checked", "created"], { example: "checked" }).optional(),
  /**
   * Whether repositories, artifact bucket, records of delivered images and load balancers are protected from deletion. With
   * `false`, `pulumi destroy` deletes repository and bucket with what is in them. @default - the profile's, `true` in prod
   */
  retain: flag({ example: true }).optional(),
});

/** The keys as one object. */
export const stackConfigKeys = z.strictObject(STACK_KEYS);

/** A stack's configuration, checked. */
export type StackConfig = z.output<typeof stackConfigKeys>;
