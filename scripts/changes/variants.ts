/** Values of a stack file below `ecs-delivery:`; `undefined` takes one away. */
export type Keys = Readonly<Record<string, unknown>>;

/** A stack file that differs from the base in one thing: what changes on the way there, and on the way back. */
export interface Variant {
  /** The change from the base, as a reader names it. */
  readonly there: string;
  /** The change back. */
  readonly back: string;
  /** Keys of the stack file. @default - none differ */
  readonly keys?: Keys;
  /** Keys of the service. @default - none differ */
  readonly service?: Keys;
  /** More services, after the first. @default - none */
  readonly services?: readonly Keys[];
  /** What the base has, too. @default - nothing */
  readonly both?: Pick<Variant, "keys" | "service" | "services">;
}

/** Variants under a heading. */
interface Section {
  readonly title: string;
  readonly variants: readonly Variant[];
}

const KEY = "arn:aws:kms:eu-west-1:111122223333:key/0f4c9a1e-7a52-4b8e-9a2d-2f6f3d1c8b70";
const CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b";
const LISTENER = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/shop/50dc6c495c0c9188/";
const GROUP = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/";
const CONNECTION = "arn:aws:codeconnections:eu-west-1:111122223333:connection/0f4c9a1e-7a52-4b8e-9a2d-2f6f3d1c8b70";
const CONTAINER = { name: "api", port: 8080 };
const WEB = { name: "web", container: { name: "web", port: 3000 } };
const API = { name: "api", container: CONTAINER, desiredCount: 2 };
/** A service that nothing but Service Connect leads to. */
const QUIET = { ...WEB, loadBalanced: false };
const SUBNETS = { "eu-west-1a": "subnet-0a1b2c3d", "eu-west-1b": "subnet-1a2b3c4d" };
const SCALING = { minCapacity: 2, maxCapacity: 6 };
const MORNING = { name: "morning", schedule: "cron(0 7 ? * MON-FRI *)", minCapacity: 4, maxCapacity: 8 };
const TARGET_GROUP = "sg-0a1b2c3d";
const SHARED = {
  listener: `${LISTENER}f2f7dc8efc522ab2`,
  hosts: ["api.example.com"],
  targetSecurityGroup: TARGET_GROUP,
};

const TASK: Section = {
  title: "The task",
  variants: [
    {
      there: "`container.port` 8080 to 3000",
      back: "`container.port` 3000 to 8080",
      service: { container: { ...CONTAINER, port: 3000 } },
    },
    {
      there: "`container.name`",
      back: "`container.name`, back",
      service: { container: { ...CONTAINER, name: "app" } },
    },
    { there: "more `cpu` and `memory`", back: "less `cpu` and `memory`", service: { cpu: 512, memory: 2048 } },
    {
      there: "`cpuArchitecture` X86_64 to ARM64",
      back: "`cpuArchitecture` ARM64 to X86_64",
      service: { cpuArchitecture: "ARM64" },
    },
    {
      there: "a variable added",
      back: "a variable removed",
      service: { container: { ...CONTAINER, environment: { LEVEL: "debug" } } },
    },
    {
      there: "a secret added",
      back: "a secret removed",
      service: { container: { ...CONTAINER, secrets: { DB: "/dev/api/db" } } },
    },
    {
      there: "`readonlyRootFilesystem` off",
      back: "`readonlyRootFilesystem` on",
      service: { container: { ...CONTAINER, readonlyRootFilesystem: false } },
    },
    {
      there: "a sidecar added",
      back: "a sidecar removed",
      service: { sidecars: [{ name: "agent", image: "public.ecr.aws/agent:1.0" }] },
    },
    {
      there: "a container health check added",
      back: "a container health check removed",
      service: { container: { ...CONTAINER, healthCheck: { command: "true" } } },
    },
    {
      there: "`image` for the time before the first delivery",
      back: "`image` taken away",
      service: { image: "public.ecr.aws/nginx:1.27" },
    },
    {
      there: "own task role to an existing one",
      back: "existing task role to an own one",
      service: { taskRole: { existing: "api-task" } },
    },
    {
      there: "own execution role to an existing one",
      back: "existing execution role to an own one",
      service: { executionRole: { existing: "api-execution" } },
    },
    { there: "ECS Exec on", back: "ECS Exec off", service: { executeCommand: true } },
    { there: "longer `logRetentionInDays`", back: "shorter `logRetentionInDays`", service: { logRetentionInDays: 90 } },
    {
      there: "a scheduled task added",
      back: "a scheduled task removed",
      service: { scheduledTasks: [{ name: "clean", schedule: "rate(1 day)", command: ["clean"] }] },
    },
    {
      there: "a command before the deployment added",
      back: "a command before the deployment removed",
      service: { beforeDeployment: { command: ["migrate"] } },
    },
    {
      there: "`command` of the container",
      back: "the image's own command",
      service: { container: { ...CONTAINER, command: ["serve"] } },
    },
    {
      there: "`user` of the container",
      back: "the image's own user",
      service: { container: { ...CONTAINER, user: "1000" } },
    },
    {
      there: "longer `stopTimeoutSeconds`",
      back: "shorter `stopTimeoutSeconds`",
      service: { container: { ...CONTAINER, stopTimeoutSeconds: 100 } },
    },
    {
      there: "`writablePaths` added",
      back: "`writablePaths` removed",
      service: { container: { ...CONTAINER, writablePaths: ["/cache"] } },
    },
    {
      there: "a file system added",
      back: "a file system removed",
      service: {
        container: { ...CONTAINER, fileSystems: { "/data": { id: "fs-0a1b2c3d", securityGroupId: "sg-0a1b2c3e" } } },
      },
    },
    {
      there: "`runtime` native to jvm",
      back: "`runtime` jvm to native",
      service: { runtime: "jvm", memory: 2048 },
      both: { service: { memory: 2048 } },
    },
    {
      there: "another value of a variable",
      back: "the former value of a variable",
      service: { container: { ...CONTAINER, environment: { LEVEL: "debug" } } },
      both: { service: { container: { ...CONTAINER, environment: { LEVEL: "info" } } } },
    },
    {
      there: "another image of a sidecar",
      back: "the former image of a sidecar",
      service: { sidecars: [{ name: "agent", image: "public.ecr.aws/agent:2.0" }] },
      both: { service: { sidecars: [{ name: "agent", image: "public.ecr.aws/agent:1.0" }] } },
    },
    {
      there: "another schedule of a scheduled task",
      back: "the former schedule of a scheduled task",
      service: { scheduledTasks: [{ name: "clean", schedule: "rate(2 days)", command: ["clean"] }] },
      both: { service: { scheduledTasks: [{ name: "clean", schedule: "rate(1 day)", command: ["clean"] }] } },
    },
  ],
};

const CAPACITY: Section = {
  title: "How many, and where",
  variants: [
    {
      there: "`capacityProvider` FARGATE to FARGATE_SPOT",
      back: "`capacityProvider` FARGATE_SPOT to FARGATE",
      service: { capacityProvider: "FARGATE_SPOT" },
    },
    {
      there: "`capacityProvider` FARGATE to one of the cluster's own",
      back: "`capacityProvider` of the cluster to FARGATE",
      service: { capacityProvider: "instances" },
      both: { keys: { cluster: { existing: "shared" } } },
    },
    {
      there: "`capacityProvider` to shares (`capacityProviderStrategy`)",
      back: "shares (`capacityProviderStrategy`) to `capacityProvider`",
      service: {
        capacityProviderStrategy: [
          { capacityProvider: "FARGATE", base: 1 },
          { capacityProvider: "FARGATE_SPOT", weight: 3 },
        ],
      },
    },
    { there: "more tasks (`desiredCount`)", back: "fewer tasks (`desiredCount`)", service: { desiredCount: 4 } },
    { there: "no tasks (`desiredCount: 0`)", back: "tasks again", service: { desiredCount: 0 } },
    { there: "scaling on", back: "scaling off", service: { scaling: SCALING } },
    {
      there: "wider limits of scaling",
      back: "narrower limits of scaling",
      service: { scaling: { ...SCALING, maxCapacity: 12 } },
      both: { service: { scaling: SCALING } },
    },
    {
      there: "a schedule of scaling added",
      back: "a schedule of scaling removed",
      service: { scaling: { ...SCALING, schedules: [MORNING] } },
      both: { service: { scaling: SCALING } },
    },
    {
      there: "more memory, while a schedule has moved the limits",
      back: "less memory, while a schedule has moved the limits",
      service: { memory: 1024 },
      both: { service: { scaling: { ...SCALING, schedules: [MORNING] } } },
    },
    {
      there: "a higher `minCapacity`",
      back: "a lower `minCapacity`",
      service: { scaling: { ...SCALING, minCapacity: 4 } },
      both: { service: { scaling: SCALING, desiredCount: 4 } },
    },
    {
      there: "scaling at another load (`targetCpuPercent`)",
      back: "scaling at the former load",
      service: { scaling: { ...SCALING, targetCpuPercent: 40 } },
      both: { service: { scaling: SCALING } },
    },
    {
      there: "scaling by requests, too",
      back: "scaling by requests no more",
      service: { scaling: { ...SCALING, targetRequestsPerMinute: 600 } },
      both: { service: { scaling: SCALING } },
    },
    {
      there: "wider limits, while a schedule moves them",
      back: "narrower limits, while a schedule moves them",
      service: { scaling: { ...SCALING, maxCapacity: 12, schedules: [MORNING] } },
      both: { service: { scaling: { ...SCALING, schedules: [MORNING] } } },
    },
    {
      there: "more tasks (`desiredCount`), while scaling decides",
      back: "fewer tasks (`desiredCount`), while scaling decides",
      service: { desiredCount: 4 },
      both: { service: { scaling: SCALING } },
    },
    {
      there: "other limits of a schedule",
      back: "the former limits of a schedule",
      service: { scaling: { ...SCALING, schedules: [{ ...MORNING, maxCapacity: 10 }] } },
      both: { service: { scaling: { ...SCALING, schedules: [MORNING] } } },
    },
  ],
};

const TRAFFIC: Section = {
  title: "The way in",
  variants: [
    {
      there: "`certificateArn` added",
      back: "`certificateArn` removed",
      keys: { loadBalancer: { certificateArn: CERTIFICATE } },
    },
    {
      there: "another certificate",
      back: "the former certificate",
      keys: { loadBalancer: { certificateArn: `${CERTIFICATE}2` } },
      both: { keys: { loadBalancer: { certificateArn: CERTIFICATE } } },
    },
    {
      there: "`productionPort` 80 to 81",
      back: "`productionPort` 81 to 80",
      keys: { loadBalancer: { productionPort: 81 } },
    },
    { there: "`testPort` 8080 to 82", back: "`testPort` 82 to 8080", keys: { loadBalancer: { testPort: 82 } } },
    {
      there: "the test port opened",
      back: "the test port closed",
      keys: { loadBalancer: { testIngressCidrBlocks: ["10.0.0.0/8"] } },
    },
    {
      there: "production for some addresses only",
      back: "production for everyone",
      keys: { loadBalancer: { ingressCidrBlocks: ["10.0.0.0/8"] } },
    },
    { there: "`internal` on", back: "`internal` off", keys: { loadBalancer: { internal: true } } },
    {
      there: "another health check",
      back: "the former health check",
      service: { healthCheck: { path: "/healthz", intervalSeconds: 5, timeoutSeconds: 2 } },
    },
    { there: "a longer grace period", back: "a shorter grace period", service: { healthCheckGracePeriodSeconds: 120 } },
    { there: "longer draining", back: "shorter draining", keys: { loadBalancer: { deregistrationDelaySeconds: 120 } } },
    {
      there: "no load balancer any more (`loadBalanced: false`)",
      back: "a load balancer again",
      service: { loadBalanced: false },
      both: { keys: { serviceConnect: true } },
    },
    {
      there: "own load balancer to a shared one",
      back: "shared load balancer to an own one",
      service: {
        targets: {
          shared: {
            listener: `${LISTENER}f2f7dc8efc522ab2`,
            hosts: ["api.example.com"],
            targetSecurityGroup: TARGET_GROUP,
          },
        },
      },
    },
    {
      there: "`type: network`",
      back: "`type: application`",
      keys: { loadBalancer: { type: "network" } },
    },
    {
      there: "`protocolVersion` GRPC",
      back: "`protocolVersion` HTTP1",
      keys: { loadBalancer: { certificateArn: CERTIFICATE, protocolVersion: "GRPC" } },
      both: { keys: { loadBalancer: { certificateArn: CERTIFICATE } } },
    },
    {
      there: "own load balancer to that of another service (`loadBalancerOf`)",
      back: "another service's load balancer to an own one",
      service: { loadBalancerOf: "web", listenerRule: { paths: ["/api/*"] } },
      both: { services: [WEB] },
    },
    {
      there: "another service shares the load balancer (`loadBalancerOf`)",
      back: "another service shares the load balancer no more, and goes",
      services: [{ ...WEB, loadBalancerOf: "api", listenerRule: { paths: ["/web/*"] } }],
    },
    {
      there: "`listenerRule` for other paths",
      back: "`listenerRule` for the former paths",
      service: { loadBalancerOf: "web", listenerRule: { paths: ["/v2/*"], priority: 7 } },
      both: { services: [WEB], service: { loadBalancerOf: "web", listenerRule: { paths: ["/api/*"] } } },
    },
    {
      there: "own load balancer to an existing one",
      back: "existing load balancer to an own one",
      service: {
        targets: {
          existing: {
            productionListener: `${LISTENER}f2f7dc8efc522ab2`,
            testListener: `${LISTENER}a2f7dc8efc522ab2`,
            blueTargetGroup: `${GROUP}blue/943f017f100becff`,
            greenTargetGroup: `${GROUP}green/743f017f100becff`,
            targetSecurityGroup: TARGET_GROUP,
          },
        },
      },
    },
    {
      there: "`redirect` off",
      back: "`redirect` on",
      keys: { loadBalancer: { certificateArn: CERTIFICATE, redirect: false } },
      both: { keys: { loadBalancer: { certificateArn: CERTIFICATE } } },
    },
    {
      there: "other answers pass the health check (`matcher`)",
      back: "the former answers pass the health check",
      service: { healthCheck: { matcher: "200" } },
    },
    {
      there: "other thresholds of the health check",
      back: "the former thresholds of the health check",
      service: { healthCheck: { healthyThreshold: 3, unhealthyThreshold: 5 } },
    },
    {
      there: "another host name on a shared load balancer",
      back: "the former host name on a shared load balancer",
      service: { targets: { shared: { ...SHARED, hosts: ["shop.example.com"] } } },
      both: { service: { targets: { shared: SHARED } } },
    },
    {
      there: "another priority on a shared load balancer",
      back: "the former priority on a shared load balancer",
      service: { targets: { shared: { ...SHARED, priority: 20 } } },
      both: { service: { targets: { shared: { ...SHARED, priority: 10 } } } },
    },
  ],
};

const NETWORK: Section = {
  title: "The network",
  variants: [
    {
      there: "`network.cidrBlock`",
      back: "`network.cidrBlock`, back",
      keys: { network: { cidrBlock: "10.1.0.0/16" } },
    },
    { there: "two zones to three", back: "three zones to two", keys: { network: { availabilityZones: 3 } } },
    {
      there: "three zones to four",
      back: "four zones to three",
      keys: { network: { availabilityZones: 4 } },
      both: { keys: { network: { availabilityZones: 3 } } },
    },
    {
      there: "`egress` endpoints to a NAT gateway",
      back: "`egress` NAT gateway to endpoints",
      keys: { network: { egress: "natSingle" } },
    },
    {
      there: "`egress` endpoints to public addresses",
      back: "`egress` public addresses to endpoints",
      keys: { network: { egress: "public" } },
    },
    {
      there: "own network to an existing one",
      back: "existing network to an own one",
      keys: { network: { existing: { vpcId: "vpc-0a1b2c3d", publicSubnets: SUBNETS, privateSubnets: SUBNETS } } },
    },
    {
      there: "`outbound` added",
      back: "`outbound` removed",
      service: { outbound: [{ port: 5432, cidrBlock: "10.0.0.0/16" }] },
    },
    { there: "Service Connect on", back: "Service Connect off", keys: { serviceConnect: true } },
    {
      there: "zones by number to zones by name",
      back: "zones by name to zones by number",
      keys: { network: { availabilityZones: ["eu-west-1a", "eu-west-1b"] } },
    },
    {
      there: "one NAT gateway to one in each zone",
      back: "a NAT gateway in each zone to one",
      keys: { network: { egress: "natPerAz" } },
      both: { keys: { network: { egress: "natSingle" } } },
    },
    {
      there: "`outbound` to the internet, where only endpoints are",
      back: "`outbound` to the internet removed, where only endpoints are",
      service: { outbound: [{ port: 443, cidrBlock: "203.0.113.0/24" }] },
    },
    {
      there: "`outbound` to another port",
      back: "`outbound` to the former port",
      service: { outbound: [{ port: 3306, cidrBlock: "10.0.0.0/16" }] },
      both: { service: { outbound: [{ port: 5432, cidrBlock: "10.0.0.0/16" }] } },
    },
    {
      there: "Service Connect off, with a service that nothing else leads to",
      back: "Service Connect on, with a service that nothing else led to",
      keys: { serviceConnect: false },
      services: [QUIET],
      both: { keys: { serviceConnect: true }, services: [QUIET] },
    },
    {
      there: "`container.port` of a service that others reach by name",
      back: "the former `container.port` of a service that others reach by name",
      services: [{ ...QUIET, container: { name: "web", port: 4000 } }],
      both: { keys: { serviceConnect: true }, services: [QUIET] },
    },
  ],
};

const STANDS_ON: Section = {
  title: "What it stands on",
  variants: [
    {
      there: "roles of the stack to `/` (`rolePath`)",
      back: "roles in `/` to the path of the stack",
      keys: { rolePath: "/" },
    },
    {
      there: "a permissions boundary on every role",
      back: "no permissions boundary any more",
      keys: { permissionsBoundary: { existing: "arn:aws:iam::111122223333:policy/boundary" } },
    },
    {
      there: "own cluster to an existing one",
      back: "existing cluster to an own one",
      keys: { cluster: { existing: "shared" } },
    },
    {
      there: "own repository to an existing one",
      back: "existing repository to an own one",
      service: { repository: { existing: "acme/api" } },
    },
    {
      there: "another name of the repository",
      back: "the former name of the repository",
      service: { repository: { name: "acme/api" } },
    },
    {
      there: "own artifact bucket and key to existing ones",
      back: "existing artifact bucket and key to own ones",
      keys: { artifactBucket: { existing: "acme-artifacts" }, kmsKey: { existing: KEY } },
    },
    { there: "own key to an existing one", back: "existing key to an own one", keys: { kmsKey: { existing: KEY } } },
    {
      there: "own pipeline role to an existing one",
      back: "existing pipeline role to an own one",
      keys: { pipelineRole: { existing: "delivery-pipeline" } },
    },
    {
      there: "own build roles to an existing one",
      back: "existing build role to own ones",
      keys: { buildRole: { existing: "delivery-build" } },
    },
    {
      there: "own roles of tests to an existing one",
      back: "existing role of tests to own ones",
      keys: { testRole: { existing: "delivery-test" } },
    },
    {
      there: "own roles of confirmations to an existing one",
      back: "existing role of confirmations to own ones",
      keys: { confirmRole: { existing: "delivery-confirm" } },
    },
    {
      there: "a key of secrets",
      back: "no key of secrets",
      keys: { secretsKey: { existing: KEY } },
    },
    {
      there: "access logs of load balancers and buckets",
      back: "no access logs of load balancers and buckets",
      keys: { accessLogs: true },
    },
    { there: "a dashboard", back: "no dashboard", keys: { dashboard: true } },
    {
      there: "a web ACL in front of load balancers",
      back: "no web ACL in front of load balancers",
      keys: {
        loadBalancer: { webAclArn: "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/shop/0a1b" },
      },
    },
    {
      there: "copies of artifacts in another region",
      back: "no copies of artifacts",
      keys: {
        artifactReplica: {
          bucket: { existing: "acme-artifact-copies" },
          kmsKey: KEY.replace("eu-west-1", "eu-central-1"),
        },
      },
    },
    {
      there: "own trigger role to an existing one",
      back: "existing trigger role to an own one",
      keys: { triggerRole: { existing: "delivery-trigger" } },
    },
    {
      there: "own topic to an existing one",
      back: "existing topic to an own one",
      keys: { topic: { existing: "arn:aws:sns:eu-west-1:111122223333:deliveries" } },
    },
    {
      there: "another lifecycle policy",
      back: "the default lifecycle policy",
      keys: { lifecyclePolicy: { keepImages: 20 } },
    },
    { there: "`retain` on", back: "`retain` off", keys: { retain: true } },
    {
      there: "service-linked roles created here",
      back: "service-linked roles not created here any more",
      keys: { serviceLinkedRoles: "created" },
    },
  ],
};

const SERVICES: Section = {
  title: "Services",
  variants: [
    { there: "a service added", back: "a service removed", services: [WEB] },
    {
      there: "a service added, in a stack that retains",
      back: "a service removed, in a stack that retains",
      services: [WEB],
      both: { keys: { retain: true } },
    },
    { there: "a service renamed", back: "a service renamed back", service: { name: "shop" } },
    { there: "a `url` of its own", back: "no `url` of its own", service: { url: "https://api.example.com" } },
    {
      there: "services in another order",
      back: "services in the former order",
      service: { ...WEB, desiredCount: 2 },
      services: [API],
      both: { services: [{ ...WEB, desiredCount: 2 }] },
    },
    {
      there: "a service added that others reach by name",
      back: "a service removed that others reach by name",
      services: [WEB],
      both: { keys: { serviceConnect: true } },
    },
    {
      there: "own service to an existing one",
      back: "existing service to an own one",
      service: { service: { existing: "dev-api" } },
      both: {
        keys: { cluster: { existing: "shared" } },
        service: { executionRole: { existing: "api-execution" }, taskRole: { existing: "api-task" } },
      },
    },
    {
      there: "a worker in its place (no `container.port`)",
      back: "no worker any more",
      service: { container: { name: "api" } },
    },
  ],
};

const PIPELINE: Section = {
  title: "The delivery",
  variants: [
    { there: "`branch`", back: "`branch`, back", keys: { branch: "release" } },
    {
      there: "source CodeCommit to a connection",
      back: "source connection to CodeCommit",
      keys: { source: { provider: "CodeStarSourceConnection", connectionArn: CONNECTION, repository: "acme/shop" } },
    },
    {
      there: "source CodeCommit to a zip file in S3",
      back: "source S3 to CodeCommit",
      keys: { source: { provider: "S3" } },
    },
    {
      there: "one pipeline to one for each service",
      back: "one for each service to one pipeline",
      keys: { pipelines: "perService" },
      services: [WEB],
      both: { services: [WEB] },
    },
    { there: "unit tests added", back: "unit tests removed", service: { unitTests: { commands: ["npm test"] } } },
    {
      there: "tests of the environment added",
      back: "tests of the environment removed",
      keys: { tests: [{ name: "end-to-end", commands: ["npm test"] }] },
    },
    {
      there: "gates added",
      back: "gates removed",
      keys: {
        gates: {
          deploymentWindow: { cron: "* * 9-16 ? * MON-THU *" },
          alarms: ["orders-failing"],
          maximumScanSeverity: "HIGH",
        },
      },
    },
    {
      there: "e-mail notifications",
      back: "no e-mail notifications",
      keys: { notificationEmails: ["team@example.com"] },
    },
    {
      there: "a chat channel",
      back: "no chat channel",
      keys: { chat: { slack: { teamId: "T0123ABCD", channelId: "C0123ABCD" } } },
    },
    { there: "profile dev to prod: an approval, `retain`", back: "profile prod to dev", keys: { environment: "prod" } },
    { there: "profile dev to qa", back: "profile qa to dev", keys: { environment: "qa" } },
    {
      there: "another stack's pipeline delivers (`deliveredBy`)",
      back: "a pipeline of its own again",
      keys: {
        source: undefined,
        branch: undefined,
        deliveredBy: { stack: "staging", artifactBucket: "staging-artifacts-0a1b2c3", kmsKey: KEY },
      },
    },
    {
      there: "a pipeline to a workflow of GitHub Actions (`delivery`)",
      back: "a workflow of GitHub Actions to a pipeline",
      keys: { source: undefined, delivery: { gitHubActions: { repository: "acme/shop" } } },
    },
    {
      there: "a pipeline that goes on to another stack (`releaseTo`) to a workflow of GitHub Actions that does",
      back: "a workflow of GitHub Actions that goes on to another stack to a pipeline that does",
      keys: { source: undefined, delivery: { gitHubActions: { repository: "acme/shop" } } },
      both: { keys: { environment: "commitToProduction", releaseTo: { stack: "production" } } },
    },
    {
      there: "profile dev to commitToProduction: its pipeline goes on to another stack",
      back: "profile commitToProduction to dev",
      keys: { environment: "commitToProduction", releaseTo: { stack: "production" } },
    },
    {
      there: "another `computeType`",
      back: "the former `computeType`",
      service: { computeType: "BUILD_GENERAL1_LARGE" },
    },
    { there: "another Dockerfile", back: "the former Dockerfile", service: { dockerfile: "docker/api.Dockerfile" } },
    { there: "`folder` of the service", back: "no `folder` of the service", service: { folder: "backend" } },
    {
      there: "variables of the builds from parameters",
      back: "no variables of the builds",
      service: { parameters: { NPM_TOKEN: "/dev/npm-token" } },
    },
    {
      there: "another deployment window",
      back: "the former deployment window",
      keys: { gates: { deploymentWindow: { cron: "* * 9-12 ? * MON-THU *" } } },
      both: { keys: { gates: { deploymentWindow: { cron: "* * 9-16 ? * MON-THU *" } } } },
    },
    {
      there: "another e-mail address",
      back: "the former e-mail address",
      keys: { notificationEmails: ["shop@example.com"] },
      both: { keys: { notificationEmails: ["team@example.com"] } },
    },
    {
      there: "`deliveryEvents` off",
      back: "`deliveryEvents` on",
      keys: { deliveryEvents: false },
      both: { keys: { notificationEmails: ["team@example.com"] } },
    },
    {
      there: "own confirm project to an existing one",
      back: "existing confirm project to an own one",
      keys: { confirmProject: { existing: "confirm-delivery" } },
    },
    {
      there: "a shorter `approval`",
      back: "a longer `approval`",
      keys: { approval: { timeoutInMinutes: 60 } },
      both: { keys: { environment: "prod" } },
    },
    {
      there: "a tag starts the pipeline",
      back: "a branch starts the pipeline",
      keys: {
        source: {
          provider: "CodeStarSourceConnection",
          connectionArn: CONNECTION,
          repository: "acme/shop",
          tags: ["v*"],
        },
      },
      both: {
        keys: { source: { provider: "CodeStarSourceConnection", connectionArn: CONNECTION, repository: "acme/shop" } },
      },
    },
  ],
};

/** Every change that is tried, but for one strategy to another. */
export const SECTIONS: readonly Section[] = [TASK, CAPACITY, TRAFFIC, NETWORK, STANDS_ON, SERVICES, PIPELINE];

/** Settings of each strategy that can be changed within it: the base, and another. */
export const STRATEGIES: Readonly<Record<string, Keys>> = {
  rolling: { minimumHealthyPercent: 50 },
  codeDeployBlueGreen: { terminationWaitTimeInMinutes: 60 },
  ecsBlueGreen: { bakeTimeInMinutes: 20 },
  ecsLinear: { stepPercent: 50 },
  ecsCanary: { canaryPercent: 20 },
};
