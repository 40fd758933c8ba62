import type { Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { type Place, regionalArn } from "../components/arn";
import type { ClusterRef, RepositoryRef, ServiceRef } from "../components/refs";
import { deliveredImageParameter } from "../components/service/deliveredImage";
import type { StackConfig } from "./config/load";
import { existingRepository } from "./existing";
import { confirmRoleIn, deployRoleIn, repositoryNameIn, serviceNameIn } from "./names";

/** The stack that a pipeline goes on to. Nothing is looked up there: all follows from its name. */
export interface ReleaseTarget {
  readonly stack: string;
  readonly place: Place;
  /** Its account, if it is another one. */
  readonly account?: string;
  /** Its region, if it is another one. */
  readonly region?: string;
  readonly cluster: ClusterRef;
  readonly deployRoleArn: Output<string>;
  readonly confirmRoleArn: Output<string>;
  readonly desiredCount: number;
  readonly timeoutInMinutes?: number;
  service(name: string): ServiceRef;
  repository(service: string): RepositoryRef;
  deliveredImageParameter(service: string): string;
}

/** The stack that `releaseTo` names. */
export function releaseTarget(given: NonNullable<StackConfig["releaseTo"]>, here: Place): ReleaseTarget {
  const { stack, account, region, cluster = stack, desiredCount = 2, timeoutInMinutes } = given;
  const place: Place = {
    partition: here.partition,
    accountId: account === undefined ? here.accountId : pulumi.output(account),
    region: region === undefined ? here.region : pulumi.output(region),
  };
  const role = (name: string) => pulumi.interpolate`arn:${place.partition}:iam::${place.accountId}:role/${name}`;
  const arn = (service: string, resource: string) => regionalArn(place, service, resource);
  return {
    stack,
    place,
    desiredCount,
    account,
    region,
    timeoutInMinutes,
    cluster: { name: cluster, arn: arn("ecs", `cluster/${cluster}`) },
    deployRoleArn: role(deployRoleIn(stack)),
    confirmRoleArn: role(confirmRoleIn(stack)),
    service: (name) => {
      const service = serviceNameIn(stack, name);
      return { name: service, arn: arn("ecs", `service/${cluster}/${service}`) };
    },
    repository: (service) => existingRepository(repositoryNameIn(stack, service), place),
    deliveredImageParameter: (service) => deliveredImageParameter(serviceNameIn(stack, service)),
  };
}
