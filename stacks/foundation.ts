import * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import type { Place } from "../components/arn";
import type { BuildKind } from "../components/build/kind";
import type { OtherRole } from "../components/iam/otherAccount";
import { isSecretsManager } from "../components/iam/secrets";
import type { ServiceLinkedRoleUse } from "../components/iam/serviceLinkedRoleNames";
import { checkServiceLinkedRole, defineServiceLinkedRole } from "../components/iam/serviceLinkedRoles";
import type { EndpointService } from "../components/network/egress";
import { Network } from "../components/network/network";
import { NotificationTopic } from "../components/notify/notificationTopic";
import { artifactOf } from "../components/pipeline/action";
import { artifactKeys } from "../components/pipeline/artifactKeys";
import type {
  ArtifactStoreRef,
  ClusterRef,
  NetworkRef,
  RoleRef,
  ServiceConnectRef,
  TopicRef,
} from "../components/refs";
import { containerSecrets } from "../components/service/container";
import { ServiceConnectNamespace } from "../components/service/serviceConnect";
import { ArtifactStore } from "../components/storage/artifactStore";
import { EncryptionKey } from "../components/storage/encryptionKey";
import { LogBucket } from "../components/storage/logBucket";
import type { LogBucketRef } from "../components/storage/privateBucket";
import type { ReplicaRef } from "../components/storage/replication";
import { type BuildRoles, buildRoles, distinctRoles } from "./buildRoles";
import type { StackConfig } from "./config/load";
import { existingArtifactStore, existingRef } from "./existing";
import { deployRoleIn, releaseActionIn, rolePathIn } from "./names";
import { topicPublishers } from "./notifications";
import { once } from "./once";
import { pipelineNameOf } from "./parts/artifacts";
import type { EnvironmentProfile } from "./profile";
import { secretReaders } from "./secretsKeys";

/** What services and pipeline of an environment stand on. Each is made when it is first asked for, and not at all if nobody asks. */
export interface Foundation {
  readonly artifactStore: () => ArtifactStoreRef;
  /** Stores of the regions that a pipeline goes on to, by region. */
  readonly regionalStores: () => Readonly<Record<string, ArtifactStoreRef>>;
  readonly cluster: () => ClusterRef;
  readonly network: () => NetworkRef;
  readonly topic: () => TopicRef;
  /** Where load balancers and buckets log requests, if that is wanted. */
  readonly logBucket: () => LogBucketRef | undefined;
  /** Where services find one another, if stack config wants that. */
  readonly serviceConnect: () => ServiceConnectRef | undefined;
  readonly kmsKeyArn: () => Input<string>;
  /** Key of the logs of builds. In a role that is someone else's, none is made for them alone. */
  readonly buildLogKeyArn: (kind: BuildKind) => Input<string> | undefined;
  /** What has to be there before what takes a service-linked role. Undefined where stack config leaves that to AWS. */
  readonly serviceLinked: (...uses: readonly ServiceLinkedRoleUse[]) => Output<pulumi.Resource[]> | undefined;
  readonly roles: { readonly pipeline?: RoleRef; readonly builds: BuildRoles; readonly trigger?: RoleRef };
}

interface FoundationArgs {
  readonly config: StackConfig;
  readonly profile: EnvironmentProfile;
  readonly retain: boolean;
  readonly place: Place;
}

/** Create or adopt: the one place where that is decided. Only config decides, so every preview shows the same resources. */
export function defineFoundation(name: string, { config, profile, retain, place }: FoundationArgs): Foundation {
  const { near, far } = artifactReaders(config);
  const role = (given: { existing: string } | undefined) => given && existingRef("role", given.existing, place);
  const [pipeline, trigger] = [config.pipelineRole, config.triggerRole].map(role);
  const builds = buildRoles(config, place);
  const artifactUsers = config.artifactBucket ? [] : [...(pipeline ? [pipeline] : []), ...distinctRoles(config, place)];
  const publishers = topicPublishers(config, profile);
  const readKeys = releasedKeys(name, config);
  const kmsKeyArn = once(
    () =>
      config.kmsKey?.existing ??
      new EncryptionKey(name, {
        description: `Delivery of ${name}`,
        publishers,
        artifactUsers,
        artifactReaders: near,
        secretReaders: secretReaders(config, place),
      }).arn,
  );
  const logBucketIn = logBuckets(name, config, profile, retain);
  const network = once(() => defineNetwork(name, config, kmsKeyArn));
  const serviceLinked = serviceLinkedRoles(name, config);
  return {
    kmsKeyArn,
    serviceLinked,
    buildLogKeyArn: (kind) => (builds[kind] && !needsKey(config) ? config.kmsKey?.existing : kmsKeyArn()),
    artifactStore: once(() =>
      config.artifactBucket
        ? existingArtifactStore(config.artifactBucket.existing, config.kmsKey?.existing, place)
        : new ArtifactStore(
            `${name}-artifacts`,
            {
              kmsKeyArn: kmsKeyArn(),
              forceDestroy: !retain,
              users: artifactUsers,
              readers: near,
              readKeys,
              accessLogs: logBucketIn(),
              replica: replicaOf(config, place),
            },
            { protect: retain },
          ),
    ),
    logBucket: logBucketIn,
    regionalStores: once(() => defineRegionalStores(name, config, { readers: far, retain, logBucketIn })),
    cluster: once(() =>
      config.cluster
        ? existingRef("cluster", config.cluster.existing, place)
        : defineCluster(name, kmsKeyArn(), serviceLinked("ecs")),
    ),
    network,
    serviceConnect: once(() => (config.serviceConnect ? defineServiceConnect(name, config, network()) : undefined)),
    topic: once(() =>
      config.topic
        ? { arn: config.topic.existing, kmsKeyArn: config.topic.kmsKey }
        : new NotificationTopic(name, {
            kmsKeyArn: kmsKeyArn(),
            publishers,
            emails: config.notificationEmails ?? [],
          }),
    ),
    roles: { pipeline, builds, trigger },
  };
}

/** Each role is made, or looked for, when it is first asked for. */
function serviceLinkedRoles(name: string, { serviceLinkedRoles: how }: StackConfig): Foundation["serviceLinked"] {
  const known = new Map<ServiceLinkedRoleUse, Output<pulumi.Resource[]>>();
  return (...uses) => {
    if (how === undefined) return undefined;
    const ready = uses.map((use) => {
      const one =
        known.get(use) ??
        (how === "created"
          ? pulumi.output<pulumi.Resource[]>([defineServiceLinkedRole(`${name}-${use}`, use)])
          : checkServiceLinkedRole(use));
      known.set(use, one);
      return one;
    });
    return pulumi.all(ready).apply((all) => all.flat());
  };
}

/** The bucket of a region that requests are logged in: S3 and load balancers write to no other region. */
function logBuckets(name: string, config: StackConfig, profile: EnvironmentProfile, retain: boolean) {
  const { accessLogs = profile.accessLogs ?? false, accessLogRetentionInDays: expireAfterDays } = config;
  const made = new Map<string | undefined, LogBucketRef>();
  return (region?: string): LogBucketRef | undefined => {
    if (!accessLogs) return undefined;
    const bucket =
      made.get(region) ??
      new LogBucket(
        region === undefined ? `${name}-logs` : `${name}-logs-${region}`,
        { region, sourceBucketPrefix: `${name}-`, forceDestroy: !retain, expireAfterDays },
        { protect: retain },
      );
    made.set(region, bucket);
    return bucket;
  };
}

function replicaOf({ artifactReplica }: StackConfig, place: Place): ReplicaRef | undefined {
  if (!artifactReplica) return undefined;
  const { bucket, kmsKey } = artifactReplica;
  return { bucketArn: existingRef("bucket", bucket.existing, place).arn, kmsKeyArn: kmsKey };
}

/** Whether something that the stack makes beside build projects is encrypted with a key. */
function needsKey({ artifactBucket, cluster, services }: StackConfig): boolean {
  return !artifactBucket || !cluster || services.some(({ service }) => !service);
}

/** Roles of another account that read artifacts: here (`near`), or in the region that the pipeline goes on to (`far`). */
function artifactReaders({ releaseTo, delivery }: StackConfig): Record<"near" | "far", OtherRole[]> {
  // A workflow keeps what it deploys in its jobs.
  if (releaseTo?.account === undefined || delivery) return { near: [], far: [] };
  const { account: accountId, rolePath, stack } = releaseTo;
  const readers = [{ accountId, roleName: deployRoleIn(stack), path: rolePathIn(stack, rolePath) }];
  return releaseTo.region === undefined ? { near: readers, far: [] } : { near: [], far: readers };
}

/** What a role of another account reads: what is released to its stack. */
function releasedKeys(stack: string, config: StackConfig): string[] {
  return config.services
    .filter(({ imageOf }) => imageOf === undefined)
    .map((one) =>
      artifactKeys({
        pipelineName: pipelineNameOf(one, { stack, config }),
        name: artifactOf(releaseActionIn(one.name)).name,
      }),
    );
}

/** CodePipeline wants a store, with a key, in each region that an action works in. */
function defineRegionalStores(
  name: string,
  config: StackConfig,
  {
    readers,
    retain,
    logBucketIn,
  }: {
    readonly readers: readonly OtherRole[];
    readonly retain: boolean;
    readonly logBucketIn: (region: string) => LogBucketRef | undefined;
  },
): Record<string, ArtifactStoreRef> {
  const region = config.releaseTo?.region;
  if (region === undefined) return {};
  const key = new EncryptionKey(`${name}-${region}`, {
    region,
    description: `Delivery of ${name} to ${region}`,
    artifactReaders: readers,
  });
  const store = new ArtifactStore(
    `${name}-artifacts-${region}`,
    {
      region,
      kmsKeyArn: key.arn,
      forceDestroy: !retain,
      readers,
      readKeys: releasedKeys(name, config),
      accessLogs: logBucketIn(region),
    },
    { protect: retain },
  );
  return { [region]: store };
}

/** A cluster with Container Insights, whose services may ask for Fargate and Fargate Spot. */
function defineCluster(
  name: string,
  kmsKeyArn: Input<string>,
  dependsOn: pulumi.CustomResourceOptions["dependsOn"],
): ClusterRef {
  const cluster = new aws.ecs.Cluster(
    name,
    {
      name,
      settings: [{ name: "containerInsights", value: "enabled" }],
      configuration: { executeCommandConfiguration: { kmsKeyId: kmsKeyArn, logging: "DEFAULT" } },
    },
    { dependsOn },
  );
  const capacityProviders = ["FARGATE", "FARGATE_SPOT"];
  const capacity = new aws.ecs.ClusterCapacityProviders(
    name,
    { clusterName: cluster.name, capacityProviders },
    { parent: cluster },
  );
  // A service that asks for Fargate Spot needs the cluster to have it: whoever uses the ARN waits for that.
  const arn = pulumi.all([cluster.arn, capacity.id]).apply(([known]) => known);
  return { arn, name: cluster.name, capacityProviders };
}

function defineNetwork(name: string, config: StackConfig, kmsKeyArn: () => Input<string>): NetworkRef {
  const { existing, ...args } = config.network ?? {};
  if (existing) {
    return {
      vpcId: existing.vpcId,
      publicSubnetIds: Object.values(existing.publicSubnets ?? {}),
      privateSubnetIds: Object.values(existing.privateSubnets),
      publicTasks: args.egress === "public",
    };
  }
  return new Network(name, { ...args, endpointServices: endpointServices(config), kmsKeyArn: kmsKeyArn() });
}

function defineServiceConnect(name: string, { services }: StackConfig, { vpcId }: NetworkRef): ServiceConnectRef {
  const ports = services.flatMap(({ container }) => container.port ?? []);
  return new ServiceConnectNamespace(name, { namespaceName: name, vpcId, ports });
}

/** Endpoints that tasks need besides: for each kind of secret, a shell, and finding one another. */
function endpointServices({ services, serviceConnect, cluster, tests = [] }: StackConfig): EndpointService[] {
  const inVpc = tests.filter(({ network }) => network);
  const parameters = inVpc.flatMap((test) => Object.values(test.parameters ?? {}));
  const shell = services.some(({ executeCommand }) => executeCommand);
  const secrets = services.flatMap(({ container, sidecars = [] }) => containerSecrets([container, ...sidecars]));
  return [
    ...([...secrets, ...parameters].some((secret) => !isSecretsManager(secret)) ? (["ssm"] as const) : []),
    ...([...secrets, ...parameters].some(isSecretsManager) ? (["secretsmanager"] as const) : []),
    // Test results are published by the build.
    ...(inVpc.some(({ reports, buildspec }) => reports ?? buildspec) ? (["codebuild"] as const) : []),
    ...(shell ? (["ssmmessages"] as const) : []),
    // The agent in the task asks for the key of a session; of another's cluster nobody knows whether it has one.
    ...(shell && !cluster ? (["kms"] as const) : []),
    ...(serviceConnect ? (["ecs-agent"] as const) : []),
  ];
}
