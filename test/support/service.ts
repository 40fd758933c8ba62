import { document } from "../../components/iam/policyDocument";
import type { BlueGreenTargetsArgs } from "../../components/loadBalancer/args";
import { BlueGreenTargets } from "../../components/loadBalancer/blueGreenTargets";
import type {
  ArtifactStoreRef,
  ClusterRef,
  NetworkRef,
  ProjectRef,
  RepositoryRef,
  TrafficTargets,
} from "../../components/refs";
import type { EcsServiceArgs } from "../../components/service/args";
import { EcsService } from "../../components/service/ecsService";
import type { RecordOptions } from "../../preview/record/recordGraph";
import { type Graph, recordGraph } from "./graph";

/** ARN in the preview's account. */
export function arn(service: string, resource: string): string {
  return `arn:aws:${service}:eu-west-1:111122223333:${resource}`;
}

const balancer = "app/shop/50dc6c495c0c9188";

// Things that are someone else's: none of them adds a resource to a graph.
export const CLUSTER = { arn: arn("ecs", "cluster/shop"), name: "shop" } satisfies ClusterRef;
export const TEST_NETWORK = {
  vpcId: "vpc-1",
  publicSubnetIds: ["subnet-a", "subnet-b"],
  privateSubnetIds: ["subnet-c", "subnet-d"],
} satisfies NetworkRef;
export const REPOSITORY = {
  arn: arn("ecr", "repository/shop/api"),
  name: "shop/api",
  repositoryUrl: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/api",
} satisfies RepositoryRef;
export const STORE = {
  bucket: "artifacts",
  arn: "arn:aws:s3:::artifacts",
  kmsKeyArn: arn("kms", "key/0a1b"),
} satisfies ArtifactStoreRef;
export const PROJECT = { arn: arn("codebuild", "project/tests"), name: "tests" } satisfies ProjectRef;
export const TARGETS = {
  blue: { arn: arn("elasticloadbalancing", "targetgroup/blue/73e2d6bc24d8a067"), name: "blue" },
  green: { arn: arn("elasticloadbalancing", "targetgroup/green/83e2d6bc24d8a067"), name: "green" },
  productionListener: { arn: arn("elasticloadbalancing", `listener/${balancer}/f2f7dc8efc522ab2`) },
  testListener: { arn: arn("elasticloadbalancing", `listener/${balancer}/a2f7dc8efc522ab2`) },
  targetSecurityGroupId: "sg-targets",
} satisfies TrafficTargets;

/** An image that was delivered, and the record of it. */
export const IMAGE = `${REPOSITORY.repositoryUrl}@sha256:${"4".repeat(64)}`;
export const DELIVERED: RecordOptions = {
  parameters: { "/ecs-delivery/api/delivered-image": JSON.stringify({ image: IMAGE, commit: "c0ffee" }) },
};

const SERVICE: EcsServiceArgs = {
  cluster: CLUSTER,
  network: TEST_NETWORK,
  repository: REPOSITORY,
  container: { name: "api", port: 8080 },
};

/** The graph of one service "api" without a load balancer, and as outputs what a pipeline sees of it. */
export function serviceGraph(changes: Partial<EcsServiceArgs> = {}, options?: RecordOptions): Promise<Graph> {
  return recordGraph(() => outputsOf(new EcsService("api", { ...SERVICE, ...changes })), options);
}

/** As `serviceGraph`, behind a load balancer "api" of its own. */
export function targetedGraph(
  changes: Partial<EcsServiceArgs> = {},
  options?: RecordOptions,
  balancing: Partial<BlueGreenTargetsArgs> = {},
): Promise<Graph> {
  return recordGraph(() => {
    const targets = new BlueGreenTargets("api", { network: TEST_NETWORK, containerPort: 8080, ...balancing });
    return outputsOf(new EcsService("api", { ...SERVICE, targets, ...changes }));
  }, options);
}

function outputsOf({ deployment }: EcsService) {
  const action = deployment.deployAction({ name: "deploy", input: { name: "image" } });
  return {
    action: action.declaration,
    actionPolicy: document(action.permissions),
    buildFiles: deployment.buildFiles.map(({ path }) => path),
    buildEnvironment: deployment.buildEnvironment,
    buildPolicy: document(deployment.buildPermissions),
  };
}
