import type { RecordedResource } from "../../model/graph/graph";
import { mapsOf } from "../../model/graph/read";
import { ofType, referredBy, TYPES } from "../../model/graph/resources";
import { answerText, hostsOf, type Lookup, lastPart, textOr } from "./asked";

const cluster: Lookup = ({ inputs, region, arn }) => {
  const clusterName = textOr(inputs.clusterName);
  const clusterArn = arn("ecs", `cluster/${clusterName}`);
  return {
    id: clusterArn,
    arn: clusterArn,
    clusterName,
    region,
    status: "ACTIVE",
    tags: {},
    pendingTasksCount: 0,
    runningTasksCount: 1,
    registeredContainerInstancesCount: 0,
    settings: [],
    serviceConnectDefaults: [],
  };
};

const service: Lookup = ({ inputs, region, arn }, { live }) => {
  const serviceName = textOr(inputs.serviceName);
  const there = live && ofType(live, TYPES.service).find((one) => one.inputs.name === serviceName);
  const serviceArn = arn("ecs", `service/${lastPart(inputs.clusterArn, "default")}/${serviceName}`);
  return {
    id: serviceArn,
    arn: serviceArn,
    serviceName,
    clusterArn: inputs.clusterArn,
    region,
    status: "ACTIVE",
    desiredCount: 1,
    runningCount: 1,
    pendingCount: 0,
    launchType: "FARGATE",
    schedulingStrategy: "REPLICA",
    taskDefinition: arn("ecs", `task-definition/${serviceName}:1`),
    loadBalancers: [],
    tags: {},
    ...(there && whatRuns(there)),
  };
};

function whatRuns({ inputs }: RecordedResource): Record<string, unknown> {
  const { taskDefinition: revision, desiredCount } = inputs;
  const loadBalancers = mapsOf(inputs.loadBalancers).map(({ advancedConfiguration: advanced, ...balancer }) => ({
    ...balancer,
    advancedConfigurations: advanced === undefined ? [] : [advanced],
  }));
  return { taskDefinition: revision, desiredCount, runningCount: desiredCount, loadBalancers };
}

/** Asked for by family, by family and revision, or by ARN. */
const taskDefinition: Lookup = ({ inputs, region, arn }, { live }) => {
  const there = live && referredBy(live, TYPES.taskDefinition, inputs.taskDefinition);
  const [family = "", revision = "1"] = lastPart(inputs.taskDefinition).split(":");
  const arnWithoutRevision = arn("ecs", `task-definition/${family}`);
  return {
    id: `${arnWithoutRevision}:${revision}`,
    arn: `${arnWithoutRevision}:${revision}`,
    arnWithoutRevision,
    taskDefinition: textOr(inputs.taskDefinition),
    family,
    revision: Number(revision),
    status: "ACTIVE",
    containerDefinitions: textOr(there?.inputs.containerDefinitions, "[]"),
    cpu: "256",
    memory: "512",
    networkMode: "awsvpc",
    region,
    requiresCompatibilities: ["FARGATE"],
    executionRoleArn: "",
    taskRoleArn: "",
  };
};

const repository: Lookup = ({ inputs, account, region, partition, arn }) => {
  const name = textOr(inputs.name);
  return {
    id: name,
    name,
    arn: arn("ecr", `repository/${name}`),
    registryId: account,
    region,
    tags: {},
    repositoryUrl: `${account}.dkr.ecr.${region}.${hostsOf({ partition })}/${name}`,
    imageTagMutability: "IMMUTABLE",
    mostRecentImageTags: [],
  };
};

const image: Lookup = ({ inputs, account, region, partition, hash }) => {
  const repositoryName = textOr(inputs.repositoryName);
  const imageDigest = answerText(inputs.imageDigest) ?? `sha256:${hash}`;
  const imageTag = answerText(inputs.imageTag);
  return {
    id: imageDigest,
    imageDigest,
    repositoryName,
    registryId: account,
    region,
    imageTag: imageTag || undefined,
    imageTags: imageTag ? [imageTag] : [],
    imagePushedAt: 1704067200,
    imageSizeInBytes: 10_000_000,
    imageUri: `${account}.dkr.ecr.${region}.${hostsOf({ partition })}/${repositoryName}@${imageDigest}`,
  };
};

/** Look-ups of clusters, services and images. */
export const containerLookups: Readonly<Record<string, Lookup>> = {
  "aws:ecr/getImage:getImage": image,
  "aws:ecr/getRepository:getRepository": repository,
  "aws:ecs/getCluster:getCluster": cluster,
  "aws:ecs/getService:getService": service,
  "aws:ecs/getTaskDefinition:getTaskDefinition": taskDefinition,
};
