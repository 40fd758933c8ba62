import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Input } from "@pulumi/pulumi";
import { placeOf, revisionsOf } from "../arn";
import type { BoundScope } from "../deployment/strategy";
import type { EcsServiceArgs } from "./args";
import { capacityOf } from "./capacity";
import { deliveredContainers } from "./container";
import type { ServiceParts } from "./task";
import { taskNetwork } from "./taskNetwork";

/** What the strategy may know of the service, now that it is there. */
export function boundScope(
  name: string,
  args: EcsServiceArgs & { readonly serviceName: string },
  made: ServiceParts & {
    readonly service: aws.ecs.Service;
    readonly securityGroupIds: Input<string>[];
    readonly parent: pulumi.Resource;
  },
): BoundScope {
  const { service, parent, taskRole, executionRole } = made;
  return {
    name,
    alarmTopic: args.alarmTopic,
    parent,
    cluster: args.cluster,
    targets: args.targets,
    container: args.container,
    serviceName: args.serviceName,
    service: { arn: service.id, name: service.name },
    taskDefinitionArnPattern: revisionsOf(args.taskDefinitionFrom?.family ?? args.serviceName, placeOf(parent)),
    templateInSource: args.taskDefinitionFrom !== undefined,
    passRoleArns: [taskRole.arn, executionRole.arn],
    taskDefinitionTemplate: made.template,
    network: { ...taskNetwork(args.network), securityGroups: made.securityGroupIds },
    deploymentFiles: args.deploymentFiles,
    furtherContainers: deliveredContainers(args.sidecars),
    capacity: capacityOf(args),
  };
}
