import * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { placeOf } from "../arn";
import type { ServicePlan } from "../deployment/strategy";
import { withDefaults } from "../settings/settings";
import type { EcsServiceArgs } from "./args";
import { capacityOf, isPlainFargate, runsOnFargate } from "./capacity";
import { logConfiguration } from "./containerDefinitions";
import { groupsOf, type LiveService } from "./liveService";
import { SERVICE } from "./settings";
import type { ServiceParts } from "./task";
import { taskNetwork } from "./taskNetwork";

type Made = ServiceParts & {
  readonly plan: ServicePlan;
  readonly securityGroupIds: Input<string>[];
  readonly rules: readonly pulumi.Resource[];
  readonly parent: pulumi.Resource;
  /** What others call it. */
  readonly name: string;
};

/** The ECS service. It waits at a desired count of 0 while nothing was delivered; the first delivery raises it. */
export function defineService(
  name: string,
  args: EcsServiceArgs & { readonly serviceName: string; readonly desiredCount: number },
  made: Made,
): aws.ecs.Service {
  const { targets, cluster, network } = args;
  const { plan, deliveredImage } = made;
  return new aws.ecs.Service(
    name,
    {
      name: args.serviceName,
      cluster: cluster.arn,
      taskDefinition: made.taskDefinition.arn,
      desiredCount: pulumi
        .all([deliveredImage.image, made.live])
        .apply(([image, live]) => (image === undefined ? (live.desiredCount ?? 0) : args.desiredCount)),
      ...placement(args),
      forceNewDeployment: plan.forcesDeployment ? true : undefined,
      networkConfiguration: {
        ...taskNetwork(network),
        securityGroups: made.securityGroupIds,
      },
      ...balancing(args, plan, made.live),
      enableExecuteCommand: args.executeCommand ? true : undefined,
      ...connection(args, made),
      enableEcsManagedTags: true,
      propagateTags: "SERVICE",
      ...plan.serviceArgs,
    },
    {
      parent: made.parent,
      // The name is fixed, so a replacement must make room for itself.
      deleteBeforeReplace: true,
      // What scaling decides, Pulumi does not.
      ignoreChanges: [...new Set([...plan.changedByDeployment, ...(args.scaling ? ["desiredCount"] : [])])],
      // A target group is of no use to ECS before a listener has it.
      dependsOn: [
        ...made.rules,
        ...plan.dependsOn,
        ...made.executionRole.policies,
        ...made.taskRole.policies,
        ...(pulumi.Resource.isInstance(targets) ? [targets] : []),
      ],
    },
  );
}

function balancing(args: EcsServiceArgs, plan: ServicePlan, live: Output<LiveService>) {
  const { targets, container } = args;
  if (!targets) return {};
  const { serving, other } = groupsOf(live, targets, plan.advancedConfiguration !== undefined);
  const balancer = {
    // A service that replaces another one registers where production leads.
    targetGroupArn: serving,
    containerName: container.name,
    containerPort: container.port ?? 0,
    advancedConfiguration: plan.advancedConfiguration && {
      ...plan.advancedConfiguration,
      alternateTargetGroupArn: other,
    },
  };
  return {
    loadBalancers: [balancer],
    healthCheckGracePeriodSeconds: withDefaults(SERVICE, args).healthCheckGracePeriodSeconds,
  };
}

/** The service's name for the others, and theirs for it. */
function connection(
  { serviceConnect, container }: EcsServiceArgs,
  { logGroup, parent, name }: Made,
): Pick<aws.ecs.ServiceArgs, "serviceConnectConfiguration"> {
  if (!serviceConnect) return {};
  const alias = { portName: container.name, discoveryName: name };
  return {
    serviceConnectConfiguration: {
      enabled: true,
      namespace: serviceConnect.namespaceArn,
      services:
        container.port === undefined ? [] : [{ ...alias, clientAlias: [{ dnsName: name, port: container.port }] }],
      logConfiguration: logConfiguration(logGroup.name, placeOf(parent).region, "service-connect"),
    },
  };
}

/** A capacity provider where the cluster is known to have it: from one to another a service changes in place. */
function placement(args: EcsServiceArgs): Partial<aws.ecs.ServiceArgs> {
  const capacity = capacityOf(args);
  const associated = args.cluster.capacityProviders?.includes("FARGATE") ?? false;
  if (isPlainFargate(capacity) && !associated) return { launchType: "FARGATE", platformVersion: "LATEST" };
  return {
    capacityProviderStrategies: [...capacity],
    platformVersion: runsOnFargate(args) ? "LATEST" : undefined,
  };
}
