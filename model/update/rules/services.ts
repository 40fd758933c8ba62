import { balancersOf, containerPorts, controllerOf, shiftsTraffic, strategyOf } from "../../environment/service";
import { balancersOfGroup } from "../../environment/traffic";
import { type Action, pipelinesOf, variableGiven } from "../../graph/pipelines";
import { mapOf, mapsOf, textOf } from "../../graph/read";
import { label, physicalName, referredBy, TYPES } from "../../graph/resources";
import { clusterName, serviceNamed } from "../../graph/services";
import { type Attempt, type AwsRule, changedKeys, PAGES } from "./rule";

/** What UpdateService takes for a service that CodeDeploy deploys to; what Pulumi alone knows of is no part of the call. */
const OPEN_UNDER_CODE_DEPLOY: readonly string[] = [
  "deploymentCircuitBreaker",
  "deploymentConfiguration",
  "deploymentMaximumPercent",
  "deploymentMinimumHealthyPercent",
  "desiredCount",
  "enableEcsManagedTags",
  "healthCheckGracePeriodSeconds",
  "orderedPlacementStrategies",
  "placementConstraints",
  "propagateTags",
  "tags",
  "tagsAll",
  "waitForSteadyState",
];

const codeDeployControlled: AwsRule = {
  name: "code-deploy-controls",
  page: PAGES.updateService,
  refuses: ({ step, resource }) => {
    if (step.kind !== "update" || !isService(resource.type) || strategyOf(resource) !== "CODE_DEPLOY") return undefined;
    const closed = changedKeys(step).filter((key) => !OPEN_UNDER_CODE_DEPLOY.includes(key));
    if (closed.length > 0)
      return `only a CodeDeploy deployment may change ${closed.join(", ")} of a service that it deploys to`;
    return resource.inputs.forceNewDeployment === true
      ? "a new deployment cannot be forced on a service that CodeDeploy deploys to"
      : undefined;
  },
};

const capacityNeedsDeployment: AwsRule = {
  name: "capacity-needs-deployment",
  page: "https://www.pulumi.com/registry/packages/aws/api-docs/ecs/service/#capacityproviderstrategies_nodejs",
  refuses: ({ step, resource, environment }) => {
    // Said while it plans, so that of a replacement nothing happens either.
    const changing = isService(resource.type) && (step.kind === "update" || step.replaces);
    if (!changing || !changedKeys(step).includes("capacityProviderStrategies")) return undefined;
    const after = step.after ?? environment.program.resources.find(({ urn }) => urn === resource.urn);
    return after?.inputs.forceNewDeployment === true
      ? undefined
      : "the provider changes capacityProviderStrategies only with forceNewDeployment: true";
  },
};

const strategyNeedsBalancer: AwsRule = {
  name: "strategy-needs-load-balancer-configuration",
  page: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/update-rolling-to-bluegreen.html",
  refuses: ({ step, resource, environment }) => {
    if (step.kind === "delete" || !isService(resource.type) || !shiftsTraffic(strategyOf(resource))) return undefined;
    const lacks = (balancers: ReturnType<typeof balancersOf>) =>
      balancers.length > 0 && balancers.some(({ advanced }) => !advanced?.productionRule);
    const strategy = strategyOf(resource);
    if (lacks(balancersOf(resource))) {
      const stays = step.after && !shiftsTraffic(strategyOf(step.after));
      return stays
        ? `the program says no deploymentConfiguration, so the service stays ${strategy}, which needs advancedConfiguration in loadBalancers`
        : `strategy ${strategy} needs advancedConfiguration in loadBalancers`;
    }
    const present = environment.resources.find(({ urn, id }) => urn === step.before?.urn && id === step.before?.id);
    if (step.kind !== "update" || !present || shiftsTraffic(strategyOf(present))) return undefined;
    return lacks(balancersOf(present))
      ? `strategy ${strategy} needs a service whose tasks run with advancedConfiguration already, by a rolling deployment`
      : undefined;
  },
};

const groupUnattached: AwsRule = {
  name: "target-group-without-load-balancer",
  page: PAGES.updateService,
  refuses: ({ step, resource, environment }) => {
    if (!isService(resource.type) || step.kind === "delete") return undefined;
    if (step.kind === "update" && !changedKeys(step).includes("loadBalancers")) return undefined;
    const groups = balancersOf(resource).flatMap(({ groupArn, advanced }) => [groupArn, advanced?.alternateArn]);
    const known = groups.flatMap((arn) => referredBy(environment, TYPES.targetGroup, arn) ?? []);
    const loose = known.find((group) => balancersOfGroup(environment, String(group.id)).length === 0);
    return loose && `no listener of a load balancer leads to target group "${loose.name}"`;
  },
};

const containerMissing: AwsRule = {
  name: "container-not-in-task-definition",
  page: PAGES.updateService,
  refuses: ({ step, resource, environment }) => {
    if (!isService(resource.type) || step.kind === "delete") return undefined;
    const keys = changedKeys(step);
    if (step.kind === "update" && !keys.includes("loadBalancers") && !keys.includes("taskDefinition")) return undefined;
    const ports = containerPorts(environment, resource);
    if (Object.keys(ports).length === 0) return undefined;
    for (const { container, port } of balancersOf(resource)) {
      if (!ports[container])
        return `loadBalancers names container ${container}, which the task definition does not have`;
      if (!ports[container].includes(port)) {
        return `loadBalancers names port ${port} of container ${container}, which listens on ${ports[container].join(", ") || "none"}`;
      }
    }
    return undefined;
  },
};

const connectUnderCodeDeploy: AwsRule = {
  name: "service-connect-under-code-deploy",
  page: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html",
  refuses: ({ step, resource }) =>
    step.kind !== "delete" &&
    isService(resource.type) &&
    controllerOf(resource.inputs.deploymentController) === "CODE_DEPLOY" &&
    mapOf(resource.inputs.serviceConnectConfiguration).enabled === true
      ? "a service that CodeDeploy deploys to cannot use Service Connect"
      : undefined,
};

const clusterLacksProvider: AwsRule = {
  name: "capacity-provider-not-in-cluster",
  page: PAGES.createService,
  refuses: ({ step, resource, environment }) => {
    if (!isService(resource.type) || step.kind === "delete") return undefined;
    const cluster = referredBy(environment, TYPES.cluster, resource.inputs.cluster);
    const offered = environment.resources.find(
      ({ type, inputs }) =>
        type === CAPACITY && cluster !== undefined && inputs.clusterName === textOf(cluster.inputs.name),
    );
    if (!offered) return undefined;
    const names = offeredBy(offered.inputs.capacityProviders);
    const lacking = providersOf({ resource }).find((name) => !names.includes(name));
    return lacking && `the cluster has no capacity provider ${lacking}: it has ${names.join(", ")}`;
  },
};

const nameInUse: AwsRule = {
  name: "service-name-in-use",
  page: PAGES.createService,
  refuses: ({ step, resource, environment }) => {
    if (step.kind !== "create" || step.replaces || !isService(resource.type)) return undefined;
    const [cluster, name] = [clusterName(environment, resource), physicalName(resource)];
    // What the stack made itself, its claim to the name says.
    if (serviceNamed(environment, cluster, name)) return undefined;
    const user = pipelinesOf(environment).find(({ actions }) => actions.some((one) => deploysTo(one, cluster, name)));
    return user && `cluster ${cluster} has a service ${name} already, which ${label(user.resource)} delivers to`;
  },
};

/** Whether an action deploys to a service, or confirms what was deployed to it. */
function deploysTo(action: Action, cluster: string, name: string): boolean {
  const { ClusterName, ServiceName } = action.configuration;
  return (
    (ClusterName === cluster && ServiceName === name) ||
    (variableGiven(action, "CLUSTER_NAME") === cluster && variableGiven(action, "SERVICE_NAME") === name)
  );
}

/** Type of the capacity providers of a cluster. */
export const CAPACITY = "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders";

/** Names of the capacity providers that a service asks for. */
export function providersOf({ resource }: Pick<Attempt, "resource">): readonly string[] {
  return mapsOf(resource.inputs.capacityProviderStrategies).flatMap(
    ({ capacityProvider }) => textOf(capacityProvider) ?? [],
  );
}

function offeredBy(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.flatMap((one) => textOf(one) ?? []) : [];
}

function isService(type: string): boolean {
  return type === TYPES.service;
}

/** What ECS refuses of a service. */
export const SERVICE_RULES: readonly AwsRule[] = [
  codeDeployControlled,
  capacityNeedsDeployment,
  strategyNeedsBalancer,
  groupUnattached,
  containerMissing,
  connectUnderCodeDeploy,
  clusterLacksProvider,
  nameInUse,
];
