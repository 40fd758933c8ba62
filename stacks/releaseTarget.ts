import type { Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { type Place, regionalArn } from "../components/arn";
import { deliveredImageParameter } from "../components/images/deliveredImage";
import type { ClusterRef, RepositoryRef, ServiceRef } from "../components/refs";
import type { StackConfig } from "./config/load";
import { existingRepository } from "./existing";
import { confirmRoleIn, deployRoleIn, repositoryNameIn, rolePathIn, serviceNameIn } from "./names";

/** The stack that a pipeline goes on to. Nothing is looked up there: all follows from its name. */
export interface ReleaseTarget {
  readonly stack: string;
  readonly place: Place;
  /** Its environment on GitHub. */
  readonly environment: string;
  /** Its account, if it is another one. */
  readonly account?: string;
  /** Its region, if it is another one. */
  readonly region?: string;
  readonly cluster: ClusterRef;
  readonly deployRoleArn: Output<string>;
  readonly confirmRoleArn: Output<string>;
  readonly desiredCount: number;
  readonly timeoutInMinutes?: number;
  /** What it has of a service. */
  service(name: string): ReleasedService;
}

/** A service of the stack that a pipeline goes on to. */
export interface ReleasedService extends ServiceRef {
  /** Name of the container that serves. @default - this stack's */
  readonly containerName?: string | undefined;
  readonly repository: RepositoryRef;
  /** SSM parameter with a tag that its releases get besides. @default - the commit alone */
  readonly tagParameter?: string | undefined;
  /** Whether the repository is that stack's: delivered images are tagged there. */
  readonly ownsRepository: boolean;
  /** Name of the record of its delivered image. @default - the service is someone else's, and has none */
  readonly record?: string | undefined;
}

/** The stack that `releaseTo` names. */
export function releaseTarget(given: NonNullable<StackConfig["releaseTo"]>, here: Place): ReleaseTarget {
  const { stack, account, region, cluster = stack, services = {}, desiredCount = 2, timeoutInMinutes } = given;
  const place: Place = {
    partition: here.partition,
    accountId: account === undefined ? here.accountId : pulumi.output(account),
    region: region === undefined ? here.region : pulumi.output(region),
  };
  const path = rolePathIn(stack, given.rolePath);
  const role = (name: string) => pulumi.interpolate`arn:${place.partition}:iam::${place.accountId}:role${path}${name}`;
  const arn = (service: string, resource: string) => regionalArn(place, service, resource);
  return {
    stack,
    place,
    environment: given.environment ?? stack,
    desiredCount,
    account,
    region,
    timeoutInMinutes,
    cluster: { name: cluster, arn: arn("ecs", `cluster/${cluster}`) },
    deployRoleArn: role(deployRoleIn(stack)),
    confirmRoleArn: role(confirmRoleIn(stack)),
    service: (name) => {
      const { container, service: theirs, repository, tagParameter } = services[name] ?? {};
      const service = theirs?.existing ?? serviceNameIn(stack, name);
      const ownsRepository = !repository || "name" in repository;
      return {
        name: service,
        arn: arn("ecs", `service/${cluster}/${service}`),
        ownsRepository,
        repository: existingRepository(repositoryOf(name, stack, repository), place),
        containerName: container,
        tagParameter,
        record: theirs ? undefined : deliveredImageParameter(service),
      };
    },
  };
}

type Given = NonNullable<NonNullable<StackConfig["releaseTo"]>["services"]>[string];

function repositoryOf(service: string, stack: string, given: Given["repository"]): string {
  if (!given) return repositoryNameIn(stack, service);
  return "name" in given ? given.name : given.existing;
}
